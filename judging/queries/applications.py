"""Applications as their teams see them: lists, one with everything in it, its documents, the team's cluster."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    bindparam,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from judging.domain.gates import Act, is_open
from judging.domain.lifecycle import ApplicationStatus, ContestStatus
from judging.domain.lifecycle.contest import RANKED
from judging.models import (
    Application,
    Cluster,
    ClusterMember,
    Contest,
    Document,
    Organisation,
    Partner,
    SubmissionReturn,
    Team,
    TeamMember,
    User,
)
from judging.models.base import table_of
from judging.models.engine import one_writer
from judging.queries.extensions import later, until_of_application

LONGEST_LIST = 500
"""No team's list is longer; more would be a fault of the data, not a page."""


@dataclass(frozen=True)
class OwnRow:
    """A line of a team's list of applications."""

    id: int
    title: str
    number: str | None
    status: ApplicationStatus
    updated_at: datetime
    submitted_at: datetime | None
    contest_code: str
    contest_title: str
    contest_status: ContestStatus
    applications_open: datetime
    applications_close: datetime
    review_close: datetime
    extended_until: datetime | None

    @property
    def closes(self) -> datetime:
        """The end of the time for this application: the contest's or that of its own extension."""
        return later(self.applications_close, self.extended_until)

    def is_reviewed(self, now: datetime) -> bool:
        """Whether no review is awaited any more."""
        return self.contest_status in RANKED or now >= self.review_close

    def can_be_handed_in(self, now: datetime) -> bool:
        """Whether it is a draft that there is still time for."""
        return self.status.is_draft and is_open(Act.APPLY, self.contest_status) and now < self.closes


def by_id(session: Session, application_id: int) -> Application:
    """Return an application with all that its pages show, in four selects; raise NoResultFound where it is not."""
    return _whole(session, application_id, afresh=False)


def for_change(session: Session, application_id: int) -> Application:
    """The same, its row locked until the end of the transaction and everything read afresh."""
    if not one_writer(session):
        session.execute(select(Application.id).where(Application.id == application_id).with_for_update())
    return _whole(session, application_id, afresh=True)


def _whole(session: Session, application_id: int, *, afresh: bool) -> Application:
    """Read the application, then its lists, each by a plain select: half as dear as ``selectinload`` for one object."""
    options = {"populate_existing": afresh}
    application = session.scalars(_bare(), {"id": application_id}, execution_options=options).one()
    owners: dict[Any, Any] = {
        Application.partners: application,
        Application.documents: application,
        Cluster.members: application.cluster,
    }
    for whose, statement in _lists():
        rows = session.scalars(statement, {"owner": owners[whose].id}, execution_options=options)
        set_committed_value(owners[whose], whose.key, rows.all())
    return application


def all_whole(keys: Sequence[int]) -> Select[Application]:
    """Select the applications of these ids, in order, with all that a receipt is made of."""
    return (
        select(Application)
        .options(
            joinedload(Application.contest),
            joinedload(Application.initiator),
            joinedload(Application.nomination),
            joinedload(Application.cluster).options(
                joinedload(Cluster.managing_organisation),
                selectinload(Cluster.members).joinedload(ClusterMember.organisation),
            ),
            selectinload(Application.partners).joinedload(Partner.organisation),
            selectinload(Application.documents),
        )
        .where(Application.id.in_(keys))
        .order_by(Application.id)
    )


@cache
def _bare() -> Select[Application]:
    """The statement for the application ``id``; made once, for SQLAlchemy keeps with it what it costs to compile."""
    cluster = joinedload(Application.cluster).joinedload(Cluster.managing_organisation)
    options = (joinedload(Application.contest), joinedload(Application.initiator), cluster)
    return select(Application).options(*options).where(Application.id == bindparam("id"))


@cache
def _lists() -> Sequence[tuple[Any, Select[Any]]]:
    """The lists of an application and its cluster, each with the statement for those of an ``owner``."""
    owner: Any = bindparam("owner")
    partners = select(Partner).where(Partner.application_id == owner).order_by(Partner.position)
    members = select(ClusterMember).where(ClusterMember.cluster_id == owner).order_by(ClusterMember.position)
    return (
        (Application.partners, partners.options(joinedload(Partner.organisation))),
        (Application.documents, select(Document).where(Document.application_id == owner).order_by(Document.id)),
        (Cluster.members, members.options(joinedload(ClusterMember.organisation))),
    )


def of_teams(session: Session, team_ids: Collection[int]) -> list[OwnRow]:
    """The applications of these teams, those last worked on first."""
    columns = (
        Application.id, Application.title, Application.number, Application.status, Application.updated_at,
        Application.submitted_at, Contest.code.label("contest_code"), Contest.title.label("contest_title"),
        Contest.status.label("contest_status"), Contest.applications_open, Contest.applications_close,
        Contest.review_close, until_of_application(table_of(Application).c.id).label("extended_until"),
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Application.contest)
        .where(Application.team_id.in_(team_ids))
        .order_by(Application.updated_at.desc(), Application.id.desc())
        .limit(LONGEST_LIST)
    )
    return [
        OwnRow(
            **{
                **row,
                "status": ApplicationStatus(row["status"]),
                "contest_status": ContestStatus(row["contest_status"]),
            }
        )
        for row in session.execute(query).mappings()
    ]


def contests_for_teams(session: Session, now: datetime) -> Sequence[Contest]:
    """Published contests whose applications are not closed yet, the nearest deadline first."""
    return session.scalars(
        select(Contest)
        .where(Contest.status == ContestStatus.PUBLISHED, Contest.applications_close > now, Contest.trial.is_(False))
        .order_by(Contest.applications_close, Contest.id)
    ).all()


def document_of(session: Session, application_id: int, document_id: int) -> Document:
    """Return a document of that application; raise NoResultFound where it has none such."""
    return session.scalars(select(Document).filter_by(id=document_id, application_id=application_id)).one()


def document(session: Session, document_id: int) -> Document:
    """Return a stored file's row with its application; raise NoResultFound where there is none."""
    return session.scalars(
        select(Document).options(joinedload(Document.application)).where(Document.id == document_id)
    ).one()


def current_documents(application: Application, slot: str | None = None) -> list[Document]:
    """The files that count now (not those replaced or removed), in the order of upload; of one slot or of all."""
    return [file for file in application.documents if file.removed_at is None and (slot is None or file.slot == slot)]


def cluster_of_team(session: Session, contest_id: int, team_id: int) -> Cluster | None:
    """The team's cluster in the contest with its organisations; None before the team has entered it."""
    return session.scalars(_clusters().where(Cluster.contest_id == contest_id, Cluster.team_id == team_id)).first()


def earlier_cluster(session: Session, contest_id: int, team_id: int) -> Cluster | None:
    """The team's cluster in the latest other contest, to begin from; None where there is none."""
    query = _clusters().join(Contest, Contest.id == Cluster.contest_id)
    return session.scalars(
        query.where(Cluster.team_id == team_id, Cluster.contest_id != contest_id)
        .order_by(Contest.applications_close.desc(), Cluster.id.desc())
        .limit(1)
    ).first()


def _clusters() -> Select[Cluster]:
    return select(Cluster).options(
        joinedload(Cluster.managing_organisation),
        selectinload(Cluster.members).joinedload(ClusterMember.organisation),
    )


def organisation_by_inn(session: Session, contest_id: int, team_id: int, inn: str) -> Organisation | None:
    """The organisation that the team entered in the contest under this ИНН."""
    return session.scalars(
        select(Organisation).where(
            Organisation.contest_id == contest_id, Organisation.team_id == team_id, Organisation.inn == inn
        )
    ).first()


def open_of_cluster(session: Session, cluster_id: int) -> Sequence[Application]:
    """The cluster's drafts, and those of its applications that are given back for correction."""
    given = select(SubmissionReturn.application_id).where(SubmissionReturn.closed_at.is_(None))
    is_open = or_(Application.status == ApplicationStatus.DRAFT, Application.id.in_(given))
    mine = select(Application).where(Application.cluster_id == cluster_id, is_open)
    return session.scalars(mine.order_by(Application.id)).all()


def takes_part(session: Session, organisation_id: int, *, submitted: bool) -> bool:
    """Say whether an organisation is initiator or partner of an application that is not withdrawn.

    ``submitted``: ask of those that have been submitted only.
    """
    partner = exists().where(Partner.application_id == Application.id, Partner.organisation_id == organisation_id)
    query = select(Application.id).where(
        Application.status != ApplicationStatus.WITHDRAWN, or_(Application.initiator_id == organisation_id, partner)
    )
    if submitted:
        query = query.where(Application.number.is_not(None))
    return session.scalar(query.limit(1)) is not None


def has_submitted(session: Session, cluster_id: int) -> bool:
    """Say whether an application of this cluster has been submitted and is not withdrawn."""
    query = select(Application.id).where(
        Application.cluster_id == cluster_id,
        Application.number.is_not(None),
        Application.status != ApplicationStatus.WITHDRAWN,
    )
    return session.scalar(query.limit(1)) is not None


class Reader(NamedTuple):
    """Somebody to whom a letter goes."""

    id: int
    email: str
    locale: str


def readers_of(session: Session, application: Application) -> Sequence[Reader]:
    """Those whom letters about an application go to: its team's people; in a trial its invented contact."""
    if application.contest.trial:
        return [Reader(0, application.contact_email, "ru")] if application.contact_email else []
    return [] if application.team_id is None else people_of_team(session, application.team_id)


def people_of_team(session: Session, team_id: int) -> Sequence[Reader]:
    """The people of a team who can read letters, in a fixed order."""
    return [Reader(*row) for row in session.execute(_people(), {"team": team_id})]


@cache
def _people() -> Select[Any]:
    users, members = table_of(User), table_of(TeamMember)
    columns: tuple[Any, ...] = (users.c.id, users.c.email, users.c.locale)
    return (
        select(*columns)
        .join(members, members.c.user_id == users.c.id)
        .where(members.c.team_id == bindparam("team"), users.c.active.is_(True))
        .order_by(users.c.id)
    )


def team_of(session: Session, team_ids: Collection[int]) -> Team:
    """The team that a person acts for: the one they were in first. Raises NoResultFound for no team."""
    return session.scalars(select(Team).where(Team.id.in_(team_ids)).order_by(Team.id).limit(1)).one()
