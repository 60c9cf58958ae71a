"""The register of applications as the staff see it: numbered applications only, drafts are nobody's but the team's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.lifecycle.review import GIVEN
from judging.models import Application, Cluster, Conflict, Document, Expert, Organisation, Review, User
from judging.queries.boards import has_number, numbered
from judging.queries.corrections import submitted_documents
from judging.queries.paging import PER_PAGE, Page, windowed
from judging.queries.searching import contains_words, ordered

STATUSES = tuple(status.value for status in ApplicationStatus if status is not ApplicationStatus.DRAFT)
ORDERS: Mapping[str, ColumnElement[Any]] = {
    "number": Application.sort_number.expression,
    "submitted": Application.submitted_at.expression,
    "cluster": Cluster.sort_name.expression,
    "title": Application.sort_title.expression,
    "requested": Application.requested.expression,
}


@dataclass(frozen=True)
class RegisterFilter:
    """What the register is narrowed to; ``sort`` is a key of :data:`ORDERS`, with a minus for descending."""

    text: str = ""
    status: str = ""
    region: str = ""
    cluster: int | None = None
    nomination: int | None = None
    sort: str = "number"
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out of the register."""
        return bool(self.text or self.status or self.region or self.cluster or self.nomination)


@dataclass(frozen=True)
class RegisterRow:
    """A line of the register; money in kopecks. Reviews of experts in conflict are not counted.

    ``nomination`` is the id of the one that the application is in.
    """

    id: int
    number: str
    version: int
    submitted_at: datetime
    cluster: str
    region: str
    initiator: str | None
    title: str
    requested: int | None
    status: str
    lateness: str | None
    documents: int
    handed_in: int
    assigned: int
    conflicts: int
    nomination: int | None


@dataclass(frozen=True)
class RegisterPage(Page[RegisterRow]):
    """A page of the register; ``requested`` is the sum over every row found, in kopecks."""

    requested: int = 0


def register_page(session: Session, contest_id: int, wanted: RegisterFilter) -> RegisterPage:
    """One page of the register with the totals of everything found: two selects."""
    conditions = _conditions(contest_id, wanted)
    total, requested = session.execute(_totals(contest_id, wanted)).one()
    found = ordered(_rows().where(*conditions), ORDERS, wanted.sort, "number", Application.id)
    rows: Any = session.execute(windowed(found, wanted.page, total))
    return RegisterPage([RegisterRow(*row) for row in rows], wanted.page, total, PER_PAGE, int(requested or 0))


def _totals(contest_id: int, wanted: RegisterFilter) -> Select[Any, Any]:
    """The number and the sum of what was found.

    Whatever is neither a draft nor withdrawn has a number (a constraint says so): unless words are looked for, an index
    has all the rest.
    """
    number, requested = func.count(Application.id), func.coalesce(func.sum(Application.requested), 0)
    query = select(number, requested).select_from(Application).where(*_conditions(contest_id, wanted))
    return query.join(Cluster, Cluster.id == Application.cluster_id) if wanted.region else query


def _conditions(contest_id: int, wanted: RegisterFilter) -> list[ColumnElement[bool]]:
    conditions = [Application.contest_id == contest_id, has_number()]
    conditions += contains_words(Application.search_text, wanted.text)
    if wanted.status:
        conditions.append(Application.status == wanted.status)
    if wanted.region:
        conditions.append(Cluster.region == wanted.region)
    if wanted.cluster is not None:
        conditions.append(Application.cluster_id == wanted.cluster)
    if wanted.nomination is not None:
        conditions.append(Application.nomination_id == wanted.nomination)
    return conditions


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Application.id, Application.number, Application.version, Application.submitted_at, Cluster.name,
            Cluster.region, Organisation.name, Application.title, Application.requested, Application.status,
            Application.lateness, _documents(), _reviews(ReviewStatus.SUBMITTED), _reviews(*GIVEN), _conflicts(),
            Application.nomination_id,
        )
        .join(Cluster, Cluster.id == Application.cluster_id)
        .outerjoin(Organisation, Organisation.id == Application.initiator_id)
    )  # fmt: skip


def _documents() -> ColumnElement[int]:
    return (
        select(func.count(Document.id))
        .where(Document.application_id == Application.id, submitted_documents())
        .scalar_subquery()
    )


def _reviews(*statuses: ReviewStatus) -> ColumnElement[int]:
    barred = select(Conflict.id).where(
        Conflict.expert_id == Review.expert_id, Conflict.application_id == Review.application_id
    )
    return (
        select(func.count(Review.id))
        .where(Review.application_id == Application.id, Review.status.in_(statuses), ~barred.exists())
        .where(Review.set_aside_at.is_(None))
        .scalar_subquery()
    )


def _conflicts() -> ColumnElement[int]:
    return select(func.count(Conflict.id)).where(Conflict.application_id == Application.id).scalar_subquery()


def status_counts(session: Session, contest_id: int) -> dict[str, int]:
    """How many numbered applications there are in each status; one that has none is left out."""
    counts = numbered(session, contest_id)
    return {status: number for status, number in counts.items() if number and status != ApplicationStatus.DRAFT}


def clusters_of(session: Session, contest_id: int) -> Sequence[tuple[int, str, str]]:
    """(id, name, region) of every cluster with a numbered application, by name."""
    rows: Any = session.execute(
        select(Cluster.id, Cluster.name, Cluster.region)
        .where(
            Cluster.contest_id == contest_id,
            exists().where(Application.cluster_id == Cluster.id, Application.number.is_not(None)),
        )
        .order_by(Cluster.sort_name, Cluster.id)
    )
    return [(row.id, row.name, row.region) for row in rows]


def chosen(session: Session, contest_id: int, ids: Iterable[int]) -> Sequence[Application]:
    """The contest's numbered applications among ``ids`` as they are stored now, by number."""
    return session.scalars(_chosen(contest_id, ids)).all()


def _chosen(contest_id: int, ids: Iterable[int]) -> Select[Application]:
    return (
        select(Application)
        .where(Application.contest_id == contest_id, Application.number.is_not(None), Application.id.in_(list(ids)))
        .order_by(Application.sort_number, Application.id)
        .execution_options(populate_existing=True)
    )


@dataclass(frozen=True)
class ReviewRow:
    """A review of an application; ``reason``: why it was left or returned; ``barred``, ``set_aside``: not counted."""

    id: int
    expert: str
    status: str
    additional: bool
    reason: str | None
    recommendation: str | None
    scores: dict[str, str]
    submitted_at: datetime | None
    saved_at: datetime | None
    barred: bool
    abstained: list[str]
    in_scope: bool | None
    set_aside: bool


def reviews_of(session: Session, application_id: int) -> Sequence[ReviewRow]:
    """Every review of an application, the regular ones first: one select."""
    barred = select(Conflict.id).where(
        Conflict.expert_id == Review.expert_id, Conflict.application_id == Review.application_id
    )
    rows: Any = session.execute(
        select(
            Review.id, Expert.name, Review.status, Review.additional, Review.reason, Review.recommendation,
            Review.scores, Review.submitted_at, Review.saved_at, barred.exists(), Review.abstained, Review.in_scope,
            Review.set_aside_at.is_not(None),
        )
        .join(Expert, Expert.id == Review.expert_id)
        .where(Review.application_id == application_id)
        .order_by(Review.additional, Expert.sort_name, Review.id)
    )  # fmt: skip
    return [ReviewRow(*row) for row in rows]


@dataclass(frozen=True)
class ConflictLine:
    """A conflict of an application with an expert; ``reason`` as stored."""

    id: int
    expert_id: int
    expert: str
    kind: str
    reason: str
    created_at: datetime


def conflicts_of(session: Session, application_id: int) -> Sequence[ConflictLine]:
    """Every conflict of an application, by expert: one select."""
    rows: Any = session.execute(
        select(Conflict.id, Expert.id, Expert.name, Conflict.kind, Conflict.reason, Conflict.created_at)
        .join(Expert, Expert.id == Conflict.expert_id)
        .where(Conflict.application_id == application_id)
        .order_by(Expert.sort_name, Conflict.id)
    )
    return [ConflictLine(*row) for row in rows]


def name_of(session: Session, user_id: int | None) -> str | None:
    """The name of a person who did something; None for the console."""
    return None if user_id is None else session.scalar(select(User.name).where(User.id == user_id))
