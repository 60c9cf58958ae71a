"""What a rehearsal of a trial asks before each of its acts: how far the contest is, and what comes next in it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from judging.domain.lifecycle import ApplicationStatus, ContestStatus, ReviewStatus
from judging.domain.lifecycle.review import GIVEN, UNFINISHED
from judging.domain.rehearsals import State
from judging.domain.stages import stage_at
from judging.models import Application, Cluster, Conflict, Contest, Expert, Letter, Review
from judging.queries import boards
from judging.queries.assignment.divergences import divergences
from judging.queries.contests import calendar_of, rules_of

LETTERS_SHOWN = 200


def state_of(session: Session, contest: Contest, now: datetime) -> State:
    """How far a trial is."""
    counts, statuses = boards.numbered(session, contest.id), dict(boards.statuses(session, contest.id))
    status = ContestStatus(contest.status)
    return State(
        status=status,
        stage=stage_at(calendar_of(contest), now),
        received=contest.applications_received,
        undecided=counts.get(ApplicationStatus.SUBMITTED, 0),
        told=sum(statuses.get(one, 0) for one in GIVEN),
        unfinished=sum(statuses.get(one, 0) for one in UNFINISHED),
        divided=open_divergences(session, contest.id) if status.goes_on else 0,
    )


def open_divergences(session: Session, contest_id: int) -> int:
    """How many applications wait for one more expert, because their reviews have diverged."""
    return sum(item.open for item in divergences(session, contest_id))


def understaffed(session: Session, contest: Contest) -> int:
    """How many admitted applications have fewer experts than the rules ask for."""
    return boards.reviewing(session, contest.id, rules_of(contest).experts_per_application).understaffed


def experts(session: Session, contest_id: int) -> int:
    """How many experts the contest has."""
    return session.scalar(select(func.count(Expert.id)).where(Expert.contest_id == contest_id)) or 0


def cluster_named(session: Session, contest_id: int, name: str) -> Cluster | None:
    """The cluster of a team with this name."""
    found: Cluster | None = session.scalar(
        select(Cluster).where(Cluster.contest_id == contest_id, Cluster.name == name, Cluster.team_id.is_not(None))
    )
    return found


def undecided(session: Session, contest_id: int, most: int) -> Sequence[Application]:
    """The first of the applications that wait for a decision."""
    waiting = select(Application).options(joinedload(Application.contest)).where(Application.contest_id == contest_id)
    return session.scalars(
        waiting.where(Application.status == ApplicationStatus.SUBMITTED).order_by(Application.id).limit(most)
    ).all()


def admitted(session: Session, contest_id: int, most: int) -> Sequence[Application]:
    """The first of the admitted applications."""
    query = select(Application).where(Application.contest_id == contest_id)
    return session.scalars(
        query.where(Application.status == ApplicationStatus.ADMITTED).order_by(Application.id).limit(most)
    ).all()


def entered_conflicts(session: Session, contest_id: int) -> int:
    """How many conflicts of interest the staff have entered."""
    mine = (Conflict.contest_id == contest_id, Conflict.kind == "entered")
    return session.scalar(select(func.count(Conflict.id)).where(*mine)) or 0


def last_experts(session: Session, contest_id: int, most: int) -> Sequence[Expert]:
    """Some experts of the contest, those who came last first."""
    query = select(Expert).where(Expert.contest_id == contest_id).order_by(Expert.id.desc())
    return session.scalars(query.limit(most)).all()


def next_task(session: Session, contest_id: int) -> Review | None:
    """A task that its expert has been told of and has not handed in."""
    task = select(Review).where(Review.contest_id == contest_id, Review.status.in_(UNFINISHED))
    found: Review | None = session.scalar(
        task.options(joinedload(Review.expert), joinedload(Review.application)).order_by(Review.id).limit(1)
    )
    return found


def has_recusal(session: Session, application_id: int) -> bool:
    """Whether an expert is off this application already."""
    off = exists().where(Review.application_id == application_id, Review.status == ReviewStatus.RECUSED)
    return bool(session.scalar(select(off)))


def has_review(session: Session, application_id: int) -> bool:
    """Whether an expert has handed in a review of this application."""
    there = exists().where(Review.application_id == application_id, Review.status == ReviewStatus.SUBMITTED)
    return bool(session.scalar(select(there)))


def has_proposals(session: Session, contest_id: int) -> bool:
    """Whether there are tasks that nobody has been told of."""
    return dict(boards.statuses(session, contest_id)).get(ReviewStatus.PROPOSED, 0) > 0


def letters(session: Session, contest_id: int) -> Sequence[Letter]:
    """The letters that were written in a trial and went to nobody, the newest first."""
    query = select(Letter).where(Letter.contest_id == contest_id).order_by(Letter.id.desc())
    return session.scalars(query.limit(LETTERS_SHOWN)).all()


def letters_written(session: Session, contest_id: int) -> int:
    """How many letters were written in a trial."""
    return session.scalar(select(func.count(Letter.id)).where(Letter.contest_id == contest_id)) or 0
