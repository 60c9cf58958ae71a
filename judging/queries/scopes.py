"""The scope of the object at hand: what access to it depends on, read from the database in one place.

Every function takes the route's own arguments and returns None where the object does not exist. ``actor`` is needed
where an expert's card, declaration and conflict are facts of the pair (expert, application).
"""

from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, Scope
from judging.domain.discussion import Circle
from judging.domain.forms.form import FieldKind
from judging.domain.lifecycle import ApplicationStatus, ContestStatus, ReviewStatus
from judging.domain.lifecycle.contest import PUBLIC
from judging.domain.lifecycle.review import DECLARED
from judging.domain.milestones import Code
from judging.domain.teams import ApplicationRole
from judging.models import (
    AgreedScore,
    Agreement,
    Application,
    ApplicationMember,
    Conflict,
    Contest,
    DiscussionMessage,
    DiscussionRules,
    Document,
    DocumentSignature,
    Expert,
    Extension,
    Organisation,
    Review,
    SignIn,
    Team,
)
from judging.models.base import table_of
from judging.queries.agreements import awaiting
from judging.queries.corrections import was_correcting
from judging.queries.expert_reading import readable
from judging.queries.invitations import is_own
from judging.queries.offline_sheets import is_lost

APPLICATIONS, CONFLICTS, REVIEWS = table_of(Application), table_of(Conflict), table_of(Review)
CONTESTS, GIVEN = table_of(Contest), table_of(ApplicationMember)


def contest_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """The contest with ``code``; public once it is published, a trial never."""
    contest = CONTESTS.c
    columns: tuple[Any, ...] = (contest.id, contest.status, contest.published_at, contest.trial)
    row = session.execute(select(*columns).where(contest.code == code)).first()
    if row is None:
        return None
    public = row.status in PUBLIC and row.published_at is not None and not row.trial
    return Scope(contest_id=row.id, public=public, trial=row.trial)


def new_contest_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """A contest yet to be made from the one with ``code``: of no contest, and of a trial where that one is."""
    scope = contest_scope(session, actor, code=code)
    return None if scope is None else Scope(trial=scope.trial)


def trial_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """The trial with ``code``; a real contest is not there."""
    scope = contest_scope(session, actor, code=code)
    return scope if scope is not None and scope.trial else None


def results_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """The results of the contest with ``code``; public once they are published, a trial's never."""
    row = session.execute(select(Contest.id, Contest.status, Contest.trial).where(Contest.code == code)).first()
    if row is None:
        return None
    public = row.status == ContestStatus.RESULTS_PUBLISHED and not row.trial
    return Scope(contest_id=row.id, public=public, trial=row.trial)


def application_scope(session: Session, actor: Actor, *, application_id: int) -> Scope | None:
    """An application. Staff do not see drafts: a draft's scope names its team alone."""
    row = session.execute(_application_facts(), {"id": application_id, "person": actor.user_id}).first()
    if row is None:
        return None
    role = None if row.role is None else ApplicationRole(row.role)
    if row.number is None:
        return None if row.team_id is None else Scope(team_id=row.team_id, trial=row.trial, role=role)
    known = _expert_facts(session, actor, application_id)
    if row.team_id in actor.team_ids:
        known = replace(known, declared=False)  # whatever was declared before somebody came into the team
    return replace(known, contest_id=row.contest_id, team_id=row.team_id, trial=row.trial, role=role)


def discussion_scope(session: Session, actor: Actor, *, application_id: int) -> Scope | None:
    """The discussion of a numbered application: its team's people never, experts where the contest lets them in."""
    found = select(Application.contest_id, Application.team_id, Application.number, DiscussionRules.circle)
    found = found.outerjoin(DiscussionRules, DiscussionRules.contest_id == Application.contest_id)
    row = session.execute(found.where(Application.id == application_id)).first()
    if row is None or row.number is None or row.team_id in actor.team_ids:
        return None
    scope = application_scope(session, actor, application_id=application_id)
    if scope is None:
        return None
    expert_id = scope.expert_id if row.circle == Circle.EXPERTS else None
    return replace(scope, team_id=None, role=None, expert_id=expert_id)


def message_scope(session: Session, actor: Actor, *, message_id: int) -> Scope | None:
    """A message of one's own: the scope of its discussion. Those of others are not there, whatever their audience."""
    mine = (DiscussionMessage.id == message_id, DiscussionMessage.author_id == actor.user_id)
    application_id = session.scalar(select(DiscussionMessage.application_id).where(*mine))
    return None if application_id is None else discussion_scope(session, actor, application_id=application_id)


def agreed_score_scope(session: Session, actor: Actor, *, application_id: int) -> Scope | None:
    """The agreed score of a numbered application: of its experts it is the lead's alone, and no team's."""
    found = select(Application.team_id, Application.number, AgreedScore.expert_id)
    found = found.outerjoin(AgreedScore, AgreedScore.application_id == Application.id)
    row = session.execute(found.where(Application.id == application_id)).first()
    if row is None or row.number is None or row.team_id in actor.team_ids:
        return None
    scope = application_scope(session, actor, application_id=application_id)
    if scope is None:
        return None
    lead = scope.expert_id if scope.expert_id == row.expert_id else None
    return replace(scope, team_id=None, role=None, expert_id=lead)


def document_scope(session: Session, actor: Actor, *, document_id: int) -> Scope | None:
    """A stored file: the scope of its application; a replaced file is its team's and the staff's only.

    A file that came in a correction which is not submitted is its team's alone. One that answers a field which the form
    keeps for the staff is no expert's; which those are says the form that the application was submitted by.
    """
    correcting = was_correcting(Document.application_id, Document.uploaded_at).label("correcting")
    columns: tuple[Any, ...] = (Document.application_id, Document.slot, Document.removed_at, correcting)
    row = session.execute(select(*columns).where(Document.id == document_id)).first()
    if row is None:
        return None
    scope = application_scope(session, actor, application_id=row.application_id)
    if scope is None or (row.removed_at is None and not row.correcting):
        return scope if scope is None else _as_read(session, scope, row)
    if row.correcting:
        return _of_team(scope)
    return Scope(contest_id=scope.contest_id, team_id=scope.team_id, trial=scope.trial, role=scope.role)


def signature_scope(session: Session, actor: Actor, *, document_id: int, signature_id: int) -> Scope | None:
    """A signature beside a file: the scope of the file; one that came in a correction is its team's alone."""
    correcting = was_correcting(Document.application_id, DocumentSignature.uploaded_at).label("correcting")
    row = session.execute(
        select(correcting)
        .select_from(DocumentSignature)
        .join(Document, Document.id == DocumentSignature.document_id)
        .where(DocumentSignature.id == signature_id, Document.id == document_id)
    ).first()
    scope = None if row is None else document_scope(session, actor, document_id=document_id)
    if row is None or scope is None or not row.correcting:
        return scope
    return _of_team(scope)


def _of_team(scope: Scope) -> Scope | None:
    """What of an application is its team's alone."""
    return None if scope.team_id is None else Scope(team_id=scope.team_id, trial=scope.trial, role=scope.role)


def _as_read(session: Session, scope: Scope, file: Any) -> Scope:
    """The scope of a file that counts; its form is asked for where an expert has a task on its application."""
    if scope.expert_id is None or scope.contest_id is None:
        return scope
    allowed = readable(session, session.get_one(Contest, scope.contest_id), file.application_id)
    return replace(scope, staff_only=not allowed.reads(file.slot, FieldKind.FILE))


def review_scope(session: Session, actor: Actor, *, review_id: int) -> Scope | None:
    """A review. One that is only proposed has no expert yet: the plan is the staff's until they notify.

    What an expert declared is void once they are in the team of the application: they can only step back.
    """
    row = session.execute(_review_facts(), {"id": review_id}).first()
    if row is None:
        return None
    if row.status == ReviewStatus.PROPOSED:
        return Scope(contest_id=row.contest_id, trial=row.trial)
    return Scope(
        contest_id=row.contest_id,
        expert_id=row.expert_id,
        in_conflict=bool(row.in_conflict),
        declared=row.status in DECLARED and row.team_id not in actor.team_ids,
        agreed=not row.awaiting,
        trial=row.trial,
    )


@cache
def _review_facts() -> Select[Any]:
    review = REVIEWS.c
    in_conflict = _are_in_conflict(review.expert_id, review.application_id).label("in_conflict")
    columns: tuple[Any, ...] = (
        review.contest_id, review.expert_id, review.status, in_conflict, CONTESTS.c.trial, APPLICATIONS.c.team_id,
        awaiting(review.contest_id, review.expert_id).label("awaiting"),
    )  # fmt: skip
    joined = REVIEWS.join(CONTESTS, CONTESTS.c.id == review.contest_id).join(
        APPLICATIONS, APPLICATIONS.c.id == review.application_id
    )
    return select(*columns).select_from(joined).where(review.id == bindparam("id"))


def expert_scope(session: Session, actor: Actor, *, expert_id: int) -> Scope | None:
    """An expert's card, as the staff of the contest manage it."""
    found = select(Expert.contest_id, Contest.trial).join(Contest, Contest.id == Expert.contest_id)
    return _of_contest(session, found.where(Expert.id == expert_id))


def _expert_facts(session: Session, actor: Actor, application_id: int) -> Scope:
    """The actor's expert card with a task on this application, and what access depends on of the two."""
    if not actor.expert_ids:
        return Scope()
    row = session.execute(_task_facts(), {"application": application_id, "cards": list(actor.expert_ids)}).first()
    if row is None:
        return Scope()
    return Scope(
        expert_id=row.expert_id,
        in_conflict=bool(row.in_conflict),
        declared=row.status in DECLARED,
        submitted=bool(row.counts),
        agreed=not row.awaiting,
    )


@cache
def _application_facts() -> Select[Any]:
    application, given = APPLICATIONS.c, GIVEN.c
    role = given.role.label("role")
    columns: tuple[Any, ...] = (application.contest_id, application.team_id, application.number, CONTESTS.c.trial, role)
    mine = and_(given.application_id == application.id, given.user_id == bindparam("person"))
    joined = APPLICATIONS.join(CONTESTS, CONTESTS.c.id == application.contest_id).outerjoin(GIVEN, mine)
    return select(*columns).select_from(joined).where(application.id == bindparam("id"))


@cache
def _task_facts() -> Select[Any]:
    review = REVIEWS.c
    in_conflict = _are_in_conflict(review.expert_id, review.application_id).label("in_conflict")
    unaccepted = awaiting(review.contest_id, review.expert_id).label("awaiting")
    counts = and_(review.status == ReviewStatus.SUBMITTED, review.set_aside_at.is_(None)).label("counts")
    columns: tuple[Any, ...] = (review.expert_id, review.status, in_conflict, unaccepted, counts)
    return select(*columns).where(
        review.application_id == bindparam("application"),
        review.expert_id.in_(bindparam("cards", expanding=True)),
        review.status != ReviewStatus.PROPOSED,
    )


def _are_in_conflict(expert_id: Any, application_id: Any) -> ColumnElement[bool]:
    conflict = CONFLICTS.c
    return exists().where(conflict.expert_id == expert_id, conflict.application_id == application_id)


def team_contest_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """A published contest as teams use it: any team's member may prepare something of the team's own in it.

    A trial has teams of its own, which nobody is in: for those of people it is not there.
    """
    status = session.scalar(select(Contest.status).where(Contest.code == code, Contest.trial.is_(False)))
    return Scope(desk=True) if status in PUBLIC else None


def team_cluster_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """The cluster in a contest of the team that the actor works for: who only reads its applications there only reads.

    Of other teams of the actor nothing follows. Whoever is in no team has the scope of a desk, where they are nobody.
    """
    scope = team_contest_scope(session, actor, code=code)
    if scope is None or not actor.team_ids:
        return scope
    contest = select(Contest.id).where(Contest.code == code).scalar_subquery()
    team_id = min(actor.working_teams)
    return Scope(team_id=team_id, role=_role_in(session, actor, contest, team_id))


def organisation_scope(session: Session, actor: Actor, *, organisation_id: int) -> Scope | None:
    """A legal entity that a team entered; those of archives belong to nobody's team and are not there."""
    columns = select(Organisation.team_id, Organisation.contest_id).where(Organisation.id == organisation_id)
    row = session.execute(columns).first()
    if row is None or row.team_id is None:
        return None
    role = _role_in(session, actor, row.contest_id, row.team_id) if row.team_id in actor.team_ids else None
    return Scope(team_id=row.team_id, role=role)


def _role_in(session: Session, actor: Actor, contest_id: Any, team_id: int) -> ApplicationRole | None:
    """A reader, where the team has applications in the contest and the actor only reads each of them."""
    given, application = GIVEN.c, APPLICATIONS.c
    reads = and_(
        given.application_id == application.id, given.user_id == actor.user_id, given.role == ApplicationRole.READER
    )
    live = and_(
        application.contest_id == contest_id,
        application.team_id == team_id,
        application.status != ApplicationStatus.WITHDRAWN,
    )
    own = select(given.role).select_from(APPLICATIONS.outerjoin(GIVEN, reads)).where(live).distinct()
    return ApplicationRole.READER if session.scalars(own).all() == [ApplicationRole.READER] else None


def team_scope(session: Session, actor: Actor, *, team_id: int) -> Scope | None:
    """A team as its own people use it."""
    return None if session.scalar(select(Team.id).where(Team.id == team_id)) is None else Scope(team_id=team_id)


def own_sign_in_scope(session: Session, actor: Actor, *, sign_in_id: int) -> Scope | None:
    """One of the actor's own sessions; those of others do not exist for them."""
    owner = session.scalar(select(SignIn.user_id).where(SignIn.id == sign_in_id))
    return Scope() if owner is not None and owner == actor.user_id else None


def own_invitation_scope(session: Session, actor: Actor, *, link_id: int) -> Scope | None:
    """An invitation as an expert to the actor's own confirmed address; those of others do not exist for them."""
    return Scope() if is_own(session, link_id, actor.user_id) else None


def application_in_contest_scope(session: Session, actor: Actor, *, code: str, application_id: int) -> Scope | None:
    """A numbered application as the staff of its contest see it; None where it belongs to another contest."""
    found = select(Application.contest_id, Contest.trial).join(Contest, Contest.id == Application.contest_id)
    mine = (Application.id == application_id, Contest.code == code, Application.number.is_not(None))
    return _of_contest(session, found.where(*mine))


def review_in_contest_scope(session: Session, actor: Actor, *, code: str, review_id: int) -> Scope | None:
    """A review as the staff of its contest see it; None where it belongs to another contest."""
    return _in_contest(session, select(Review.contest_id).where(Review.id == review_id), code)


def expert_in_contest_scope(session: Session, actor: Actor, *, code: str, expert_id: int) -> Scope | None:
    """An expert's card as the staff of its contest see it; None where it belongs to another contest."""
    return _in_contest(session, select(Expert.contest_id).where(Expert.id == expert_id), code)


def own_agreements_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """The agreements of a contest as one of its experts accepts them; for everybody else a contest's page."""
    scope = contest_scope(session, actor, code=code)
    if scope is None or not actor.expert_ids:
        return scope
    mine = (Expert.contest_id == scope.contest_id, Expert.id.in_(actor.expert_ids))
    return replace(scope, expert_id=session.scalar(select(Expert.id).where(*mine)), public=False)


def own_sheets_scope(session: Session, actor: Actor, *, code: str) -> Scope | None:
    """The score sheets that an expert has in a contest; for everybody else it is a contest's page.

    ``declared`` where the expert has declared on one of the applications at least, and it is still open to them.
    """
    scope = own_agreements_scope(session, actor, code=code)
    if scope is None or scope.expert_id is None:
        return scope
    own = select(Review.id).join(Review.application).join(Review.expert)
    declared = own.where(Review.expert_id == scope.expert_id, Review.status.in_(DECLARED), ~is_lost()).exists()
    awaits, found = session.execute(select(awaiting(scope.contest_id, scope.expert_id), declared)).one()
    return replace(scope, declared=bool(found), agreed=not awaits)


def agreement_in_contest_scope(session: Session, actor: Actor, *, code: str, agreement_id: int) -> Scope | None:
    """An agreement of experts as the staff of its contest see it; None where it belongs to another contest."""
    return _in_contest(session, select(Agreement.contest_id).where(Agreement.id == agreement_id), code)


def conflict_in_contest_scope(session: Session, actor: Actor, *, code: str, conflict_id: int) -> Scope | None:
    """A conflict of interest as the staff of its contest see it; None where it belongs to another contest."""
    return _in_contest(session, select(Conflict.contest_id).where(Conflict.id == conflict_id), code)


def extension_in_contest_scope(session: Session, actor: Actor, *, code: str, extension_id: int) -> Scope | None:
    """More time for one as the staff of its contest see it; None where it belongs to another contest."""
    return _in_contest(session, select(Extension.contest_id).where(Extension.id == extension_id), code)


def milestone_scope(session: Session, actor: Actor, *, code: str, milestone: str) -> Scope | None:
    """A milestone of a contest, whether it has a date or not; None where there is none of this name."""
    return contest_scope(session, actor, code=code) if milestone in set(Code) else None


def extension_kind_scope(session: Session, actor: Actor, *, code: str, kind: str) -> Scope | None:
    """More time for an application or an expert of a contest; None for anything else."""
    return contest_scope(session, actor, code=code) if kind in ("application", "expert") else None


def _in_contest(session: Session, owner: Select[int], code: str) -> Scope | None:
    found = select(Contest.id.label("contest_id"), Contest.trial)
    return _of_contest(session, found.where(Contest.code == code, Contest.id == owner.scalar_subquery()))


def _of_contest(session: Session, found: Any) -> Scope | None:
    """The scope of the contest that was found, as (contest_id, trial); None where none was."""
    row = session.execute(found).first()
    return None if row is None else Scope(contest_id=row.contest_id, trial=row.trial)
