"""Experts of a contest as the staff see them: the list with loads, one card, and the register of conflicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from judging.domain.errors import N_
from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.lifecycle.review import OCCUPIED
from judging.models import Application, Cluster, ClusterMember, Conflict, Contest, Expert, Organisation, Review, User
from judging.queries.paging import Page, windowed
from judging.queries.searching import contains_words


class Invitation(StrEnum):
    """How far an expert's invitation is."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


INVITATION_LABELS: Mapping[Invitation, str] = {
    Invitation.NOT_INVITED: N_("Not invited"),
    Invitation.INVITED: N_("Invited, no answer yet"),
    Invitation.ACCEPTED: N_("Joined"),
    Invitation.DECLINED: N_("Declined"),
}
_STATES: Mapping[Invitation, ColumnElement[bool]] = {
    Invitation.NOT_INVITED: and_(Expert.user_id.is_(None), Expert.invited_at.is_(None)),
    Invitation.INVITED: and_(Expert.user_id.is_(None), Expert.invited_at.is_not(None), Expert.declined_at.is_(None)),
    Invitation.ACCEPTED: Expert.user_id.is_not(None),
    Invitation.DECLINED: and_(Expert.user_id.is_(None), Expert.declined_at.is_not(None)),
}


def _reviews(*statuses: ReviewStatus) -> ColumnElement[int]:
    """How many reviews of admitted applications an expert has; the board of the assignment counts the same."""
    return (
        select(func.count(Review.id))
        .join(Application, Application.id == Review.application_id)
        .where(Review.expert_id == Expert.id, Review.status.in_(statuses))
        .where(Application.status == ApplicationStatus.ADMITTED)
        .scalar_subquery()
    )


def _conflicts() -> ColumnElement[int]:
    return select(func.count(Conflict.id)).where(Conflict.expert_id == Expert.id).scalar_subquery()


ORDERS: Mapping[str, ColumnElement[Any]] = {
    "name": Expert.sort_name.expression,
    "organisation": func.coalesce(Organisation.sort_name, ""),
    "region": Expert.region.expression,
    "load": _reviews(*OCCUPIED),
    "handed_in": _reviews(ReviewStatus.SUBMITTED),
    "conflicts": _conflicts(),
}


@dataclass(frozen=True)
class ExpertFilter:
    """What the list is narrowed to; ``sort`` is a key of :data:`ORDERS`, with a minus for descending."""

    text: str = ""
    region: str = ""
    state: Invitation | None = None
    sort: str = "name"
    page: int = 1


@dataclass(frozen=True)
class ExpertRow:
    """A line of the list: ``assigned`` tasks on admitted applications, ``handed_in`` of them submitted."""

    id: int
    name: str
    email: str
    organisation: str | None
    region: str
    topics: list[str]
    max_load: int
    assigned: int
    handed_in: int
    conflicts: int
    user_id: int | None
    invited_at: datetime | None
    declined_reason: str | None = None

    @property
    def state(self) -> Invitation:
        """How far the invitation is."""
        if self.user_id is not None:
            return Invitation.ACCEPTED
        if self.declined_reason is not None:
            return Invitation.DECLINED
        return Invitation.INVITED if self.invited_at else Invitation.NOT_INVITED


def experts_page(session: Session, contest_id: int, wanted: ExpertFilter) -> Page[ExpertRow]:
    """One page of the experts: two selects."""
    conditions = _conditions(contest_id, wanted)
    total = session.scalar(select(func.count(Expert.id)).where(*conditions)) or 0
    order = ORDERS[wanted.sort.removeprefix("-")]
    found = (
        select(
            Expert.id, Expert.name, Expert.email, Organisation.name, Expert.region, Expert.topics, Expert.max_load,
            _reviews(*OCCUPIED), _reviews(ReviewStatus.SUBMITTED), _conflicts(), Expert.user_id, Expert.invited_at,
            Expert.declined_reason,
        )
        .outerjoin(Organisation, Organisation.id == Expert.organisation_id)
        .where(*conditions)
        .order_by(order.desc() if wanted.sort.startswith("-") else order, Expert.id)
    )  # fmt: skip
    rows: Any = session.execute(windowed(found, wanted.page, total))
    return Page([ExpertRow(*row) for row in rows], wanted.page, total)


def _conditions(contest_id: int, wanted: ExpertFilter) -> list[ColumnElement[bool]]:
    conditions = [Expert.contest_id == contest_id, *contains_words(Expert.search_text, wanted.text)]
    if wanted.region:
        conditions.append(Expert.region == wanted.region)
    if wanted.state is not None:
        conditions.append(_STATES[wanted.state])
    return conditions


def regions_of(session: Session, contest_id: int) -> Sequence[str]:
    """The codes of the regions that the contest's experts are from."""
    return session.scalars(
        select(Expert.region).where(Expert.contest_id == contest_id).distinct().order_by(Expert.region)
    ).all()


def state_counts(session: Session, contest_id: int) -> dict[Invitation, int]:
    """How many experts are in each state of invitation: one select."""
    columns = [func.count(Expert.id).filter(condition) for condition in _STATES.values()]
    row = session.execute(select(*columns).where(Expert.contest_id == contest_id)).one()
    return dict(zip(_STATES, row, strict=True))


def by_id(session: Session, expert_id: int) -> Expert:
    """An expert's card with employer and contest; raise NoResultFound where there is none."""
    return session.scalars(_cards().where(Expert.id == expert_id)).one()


def uninvited(session: Session, contest_id: int) -> Sequence[Expert]:
    """The cards of everybody who was not invited yet, by name."""
    return session.scalars(
        _cards()
        .where(Expert.contest_id == contest_id, _STATES[Invitation.NOT_INVITED])
        .order_by(Expert.sort_name, Expert.id)
    ).all()


def _cards() -> Select[Expert]:
    return select(Expert).options(joinedload(Expert.organisation), joinedload(Expert.contest))


def id_of_email(session: Session, contest_id: int, email: str) -> int | None:
    """The card with this address in the contest."""
    return session.scalar(select(Expert.id).where(Expert.contest_id == contest_id, Expert.email == email))


def ids_of_emails(session: Session, contest_id: int) -> Mapping[str, int]:
    """Return the id of every expert of the contest by e-mail."""
    rows = session.execute(select(Expert.email, Expert.id).where(Expert.contest_id == contest_id))
    return {row.email: row.id for row in rows}


def names_by_email(session: Session, contest_id: int) -> Mapping[str, str]:
    """The names of a contest's experts by e-mail."""
    rows = session.execute(select(Expert.email, Expert.name).where(Expert.contest_id == contest_id))
    return {row.email: row.name for row in rows}


def has_reviews(session: Session, expert_id: int) -> bool:
    """Whether the expert has a review of any state, proposed ones included."""
    return bool(session.scalar(select(exists().where(Review.expert_id == expert_id))))


def organisation(session: Session, contest_id: int, inn: str) -> Organisation | None:
    """The contest's organisation with this ИНН: the one that is no team's own where there are several."""
    return session.scalars(
        select(Organisation)
        .where(Organisation.contest_id == contest_id, Organisation.inn == inn)
        .order_by(Organisation.team_id.is_not(None), Organisation.id)
        .limit(1)
    ).first()


MOST_CHOICES = 5000


def employer_choices(session: Session, contest_id: int) -> Sequence[tuple[str, str]]:
    """(ИНН, name) of the organisations that an expert may work at, by name; one of a kind by ИНН.

    Organisations that a team has entered and not used in a submitted application are the team's own business.
    """
    submitted = select(Application.cluster_id).where(Application.number.is_not(None))
    in_cluster = exists().where(
        ClusterMember.organisation_id == Organisation.id, ClusterMember.cluster_id.in_(submitted)
    )
    manages = exists().where(Cluster.managing_organisation_id == Organisation.id, Cluster.id.in_(submitted))
    rows: Any = session.execute(
        select(Organisation.inn, func.min(Organisation.name))
        .where(Organisation.contest_id == contest_id, or_(Organisation.team_id.is_(None), in_cluster, manages))
        .group_by(Organisation.inn)
        .order_by(func.min(Organisation.sort_name), Organisation.inn)
        .limit(MOST_CHOICES)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class CardTask:
    """A review of one expert, for the card."""

    review_id: int
    application_id: int
    number: str
    title: str
    status: str
    submitted_at: datetime | None
    application_status: str

    @property
    def loads(self) -> bool:
        """Whether it counts as the expert's load: a task on an admitted application."""
        return self.status in OCCUPIED and self.application_status == ApplicationStatus.ADMITTED


def tasks_of(session: Session, expert_id: int) -> Sequence[CardTask]:
    """Every review of an expert, by number of the application: one select."""
    rows: Any = session.execute(
        select(
            Review.id, Application.id, Application.number, Application.title, Review.status, Review.submitted_at,
            Application.status,
        )
        .join(Application, Application.id == Review.application_id)
        .where(Review.expert_id == expert_id)
        .order_by(Application.sort_number, Review.id)
    )  # fmt: skip
    return [CardTask(*row) for row in rows]


KINDS = ("detected", "declared", "entered")
CONFLICT_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "expert": Expert.sort_name.expression,
    "application": Application.sort_number.expression,
    "when": Conflict.created_at.expression,
}


@dataclass(frozen=True)
class ConflictFilter:
    """What the register of conflicts is narrowed to."""

    text: str = ""
    kind: str = ""
    expert: int | None = None
    sort: str = "-when"
    page: int = 1


@dataclass(frozen=True)
class ConflictRow:
    """A line of the register; ``reason`` as stored, ``review`` the status of the pair's task, if there is one."""

    id: int
    expert_id: int
    expert: str
    organisation: str | None
    application_id: int
    number: str
    title: str
    kind: str
    reason: str
    created_at: datetime
    created_by: str | None
    review: str | None


def conflicts_page(session: Session, contest_id: int, wanted: ConflictFilter) -> Page[ConflictRow]:
    """One page of the contest's conflicts: two selects."""
    conditions = _conflict_conditions(contest_id, wanted)
    total = session.scalar(_conflict_rows(func.count(Conflict.id)).where(*conditions)) or 0
    order = CONFLICT_ORDERS[wanted.sort.removeprefix("-")]
    found = (
        _conflict_rows(*_CONFLICT_COLUMNS)
        .where(*conditions)
        .order_by(order.desc() if wanted.sort.startswith("-") else order, Conflict.id)
    )
    rows: Any = session.execute(windowed(found, wanted.page, total))
    return Page([ConflictRow(*row) for row in rows], wanted.page, total)


def conflict_row(session: Session, conflict_id: int) -> ConflictRow:
    """One conflict as a line of the register; raise NoResultFound where it is not."""
    return ConflictRow(*session.execute(_conflict_rows(*_CONFLICT_COLUMNS).where(Conflict.id == conflict_id)).one())


_CONFLICT_COLUMNS = (
    Conflict.id, Expert.id, Expert.name, Organisation.name, Application.id, Application.number, Application.title,
    Conflict.kind, Conflict.reason, Conflict.created_at, User.name, Review.status,
)  # fmt: skip


def _conflict_rows(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Conflict)
        .join(Expert, Expert.id == Conflict.expert_id)
        .join(Application, Application.id == Conflict.application_id)
        .outerjoin(Organisation, Organisation.id == Expert.organisation_id)
        .outerjoin(User, User.id == Conflict.created_by_id)
        .outerjoin(
            Review, and_(Review.expert_id == Conflict.expert_id, Review.application_id == Conflict.application_id)
        )
    )


def _conflict_conditions(contest_id: int, wanted: ConflictFilter) -> list[ColumnElement[bool]]:
    text = Expert.search_text + " " + Application.search_text
    conditions = [Conflict.contest_id == contest_id, *contains_words(text, wanted.text)]
    if wanted.kind:
        conditions.append(Conflict.kind == wanted.kind)
    if wanted.expert is not None:
        conditions.append(Conflict.expert_id == wanted.expert)
    return conditions


def expert_choices(session: Session, contest_id: int) -> Sequence[tuple[int, str]]:
    """(id, name and address) of the contest's experts, by name."""
    rows: Any = session.execute(
        select(Expert.id, Expert.name, Expert.email)
        .where(Expert.contest_id == contest_id)
        .order_by(Expert.sort_name, Expert.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, f"{row.name}, {row.email}") for row in rows]


def application_choices(session: Session, contest_id: int) -> Sequence[tuple[int, str]]:
    """(id, number and title) of the contest's numbered applications, by number."""
    rows: Any = session.execute(
        select(Application.id, Application.number, Application.title)
        .where(Application.contest_id == contest_id, Application.number.is_not(None))
        .order_by(Application.sort_number, Application.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, f"{row.number}: {row.title[:80]}") for row in rows]


def contest_of(session: Session, code: str) -> Contest:
    """The contest with this code; routes check their scope first."""
    return session.scalars(select(Contest).where(Contest.code == code)).one()
