"""Places of applications and loads of experts: what every other question about the assignment starts from.

A *place* of an application is filled by a regular review that is proposed, assigned, in work or handed in, whose pair
is not in conflict and which is not set aside. An expert's *load* counts every such task, the additional ones and those
set aside too, on admitted applications.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, Subquery, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from judging.domain.affinity import Affinity, affinity_of
from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.lifecycle.review import DECLARED, OCCUPIED, UNFINISHED
from judging.models import Application, Cluster, Conflict, Expert, Review

MOST_COUNTED = 3
"""The coverage counts applications with so many filled places or more together."""


@dataclass(frozen=True)
class PresentTask:
    """A review as the plan sees it."""

    id: int
    expert_id: int
    application_id: int
    status: ReviewStatus
    additional: bool
    set_aside: bool = False


@dataclass(frozen=True)
class ExpertLoad:
    """An expert with the present load; ``joined``: the invitation was accepted; ``declined``: it was not."""

    id: int
    name: str
    email: str
    region: str
    topics: tuple[str, ...]
    max_load: int
    joined: bool
    load: int
    declined: bool = False

    @property
    def room(self) -> int:
        """How many more tasks fit; none where the invitation was declined."""
        return 0 if self.declined else max(0, self.max_load - self.load)

    def affinity(self, topics: Sequence[str]) -> Affinity:
        """How well the expert's field fits an application with these topics."""
        return affinity_of(self.topics, topics)


@dataclass(frozen=True)
class Coverage:
    """Admitted applications by their number of filled places (the last number means «or more») and experts by load.

    ``accepted`` counts only the places whose expert has accepted the task or handed the review in.
    """

    filled: tuple[int, ...]
    accepted: tuple[int, ...]
    short: int
    missing: int
    proposed: int
    idle: int
    full: int
    overloaded: int

    @property
    def applications(self) -> int:
        """How many admitted applications there are."""
        return sum(self.filled)


def in_conflict() -> ColumnElement[bool]:
    """The condition that a review's pair is in conflict."""
    return exists().where(Conflict.expert_id == Review.expert_id, Conflict.application_id == Review.application_id)


def is_heard() -> ColumnElement[bool]:
    """The condition that a review fills its place: its pair is not in conflict and nobody set it aside."""
    return and_(~in_conflict(), Review.set_aside_at.is_(None))


def not_barred() -> ColumnElement[bool]:
    """The condition that a review is not an unfinished one of a pair in conflict, which nobody waits for."""
    return or_(Review.status.not_in(UNFINISHED), ~in_conflict())


def admitted(contest_id: int) -> ColumnElement[bool]:
    """The condition that an application of the contest is admitted."""
    return (Application.contest_id == contest_id) & (Application.status == ApplicationStatus.ADMITTED)


def tasks(session: Session, contest_id: int) -> list[PresentTask]:
    """Every review of an admitted application, in the order of creation."""
    query = (
        select(
            Review.id, Review.expert_id, Review.application_id, Review.status, Review.additional,
            Review.set_aside_at.is_not(None).label("set_aside"),
        )
        .join(Application)
        .where(admitted(contest_id))
        .order_by(Review.id)
    )  # fmt: skip
    return [PresentTask(**{**row._mapping, "status": ReviewStatus(row.status)}) for row in session.execute(query)]


def filled_places(contest_id: int, statuses: Sequence[ReviewStatus] = OCCUPIED) -> Subquery:
    """Select (application_id, places): filled places by application; applications without any are not in it."""
    return (
        select(Review.application_id, func.count().label("places"))
        .where(Review.contest_id == contest_id, _fills_a_place(statuses))
        .group_by(Review.application_id)
        .subquery()
    )


def filled_of_application(contest_id: int) -> ScalarSelect[int]:
    """Select the filled places of the application at hand."""
    return (
        select(func.count())
        .select_from(Review)
        .where(Review.application_id == Application.id, Review.contest_id == contest_id, _fills_a_place(OCCUPIED))
        .correlate(Application)
        .scalar_subquery()
    )


def load_of_expert() -> ScalarSelect[int]:
    """Select the load of the expert at hand."""
    return (
        select(func.count())
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .where(Review.expert_id == Expert.id, Review.status.in_(OCCUPIED))
        .where(Application.status == ApplicationStatus.ADMITTED)
        .correlate(Expert)
        .scalar_subquery()
    )


def _fills_a_place(statuses: Sequence[ReviewStatus]) -> ColumnElement[bool]:
    """The condition that a review of one of these statuses takes a place of its application."""
    return and_(Review.status.in_(statuses), Review.additional.is_(False), is_heard())


def experts(session: Session, contest_id: int) -> list[ExpertLoad]:
    """Every expert of the contest with their load, by name."""
    return [expert_row(row) for row in session.execute(experts_query(contest_id).order_by(Expert.sort_name, Expert.id))]


def experts_query(contest_id: int) -> Select[*tuple[Any, ...]]:
    """Select the columns of :class:`ExpertLoad`."""
    loads = (
        select(Review.expert_id, func.count().label("load"))
        .join(Application)
        .where(admitted(contest_id), Review.status.in_(OCCUPIED))
        .group_by(Review.expert_id)
        .subquery()
    )
    columns = (Expert.id, Expert.name, Expert.email, Expert.region, Expert.topics, Expert.max_load, Expert.user_id)
    return (
        select(*columns, Expert.declined_at, func.coalesce(loads.c.load, 0).label("load"))
        .outerjoin(loads, loads.c.expert_id == Expert.id)
        .where(Expert.contest_id == contest_id)
    )


def expert_row(row: Row[*tuple[Any, ...]]) -> ExpertLoad:
    """Make an :class:`ExpertLoad` of a row of :func:`experts_query`."""
    values = dict(row._mapping)
    joined = values.pop("user_id") is not None
    declined = values.pop("declined_at") is not None
    return ExpertLoad(**{**values, "topics": tuple(values["topics"]), "joined": joined, "declined": declined})


@dataclass(frozen=True)
class Overview:
    """What the board shows of a whole contest: nothing of it changes unless a status or the ranking's revision does."""

    loads: tuple[ExpertLoad, ...]
    coverage: Coverage
    regions: tuple[str, ...]


def overview(session: Session, contest_id: int, wanted: int) -> Overview:
    """Read every load and count every place."""
    loads = tuple(experts(session, contest_id))
    return Overview(loads, coverage(session, contest_id, wanted, loads), tuple(regions(session, contest_id)))


def coverage(session: Session, contest_id: int, wanted: int, loads: Sequence[ExpertLoad]) -> Coverage:
    """Count places and loads; ``wanted`` experts an application, ``loads`` from :func:`experts`."""
    filled = _by_places(session, contest_id, OCCUPIED)
    accepted = _by_places(session, contest_id, DECLARED)
    proposed = select(func.count()).where(Review.contest_id == contest_id, Review.status == ReviewStatus.PROPOSED)
    return Coverage(
        filled=_capped(filled),
        accepted=_capped(accepted),
        short=sum(number for places, number in filled.items() if places < wanted),
        missing=sum((wanted - places) * number for places, number in filled.items() if places < wanted),
        proposed=session.scalar(proposed) or 0,
        idle=sum(expert.load == 0 for expert in loads),
        full=sum(expert.load == expert.max_load > 0 for expert in loads),
        overloaded=sum(expert.load > expert.max_load for expert in loads),
    )


@dataclass(frozen=True)
class Judged:
    """Admitted applications by the reviews that count: as many as are wanted, some, none at all."""

    enough: int
    some: int
    none: int


def judged(session: Session, contest_id: int, wanted: int) -> Judged:
    """Count the applications by the reviews that are handed in and heard: one select."""
    found = _by_places(session, contest_id, (ReviewStatus.SUBMITTED,))
    enough = sum(number for places, number in found.items() if places >= wanted)
    return Judged(enough, sum(number for places, number in found.items() if 0 < places < wanted), found[0])


def _by_places(session: Session, contest_id: int, statuses: Sequence[ReviewStatus]) -> Counter[int]:
    """How many admitted applications have how many places filled by reviews of these statuses."""
    places = filled_places(contest_id, statuses)
    number = func.coalesce(places.c.places, 0)
    query = (
        select(number.label("places"), func.count(Application.id).label("applications"))
        .outerjoin(places, places.c.application_id == Application.id)
        .where(admitted(contest_id))
        .group_by(number)
    )
    return Counter({row.places: row.applications for row in session.execute(query)})


def _capped(counts: Counter[int]) -> tuple[int, ...]:
    found = [0] * (MOST_COUNTED + 1)
    for places, number in counts.items():
        found[min(places, MOST_COUNTED)] += number
    return tuple(found)


def regions(session: Session, contest_id: int) -> list[str]:
    """The regions (two-digit codes) of the clusters with admitted applications and of the experts, ascending."""
    clusters = (
        select(Cluster.region).join(Application, Application.cluster_id == Cluster.id).where(admitted(contest_id))
    )
    experts = select(Expert.region).where(Expert.contest_id == contest_id)
    return sorted(session.scalars(clusters.where(admitted(contest_id)).union(experts)))
