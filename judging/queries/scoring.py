"""An expert's tasks and score sheets. Nothing here tells one expert of another."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, and_, bindparam, cast, exists, func, select
from sqlalchemy.orm import Session, contains_eager

from judging.adapters.archive import read_nomination
from judging.domain.errors import N_
from judging.domain.gates import Act, is_open
from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.lifecycle.review import UNFINISHED
from judging.domain.nominations import is_judged
from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheet_rules import Audience, Confidence
from judging.domain.sheets import Sheet
from judging.domain.stages import Calendar, may_review
from judging.models import Application, Cluster, Conflict, Contest, Criterion, Expert, Nomination, Review, ReviewVersion
from judging.models.base import table_of
from judging.queries.extensions import later, until_of_cards

APPLICATIONS, CLUSTERS, CONFLICTS = table_of(Application), table_of(Cluster), table_of(Conflict)
CONTESTS, CRITERIA, EXPERTS = table_of(Contest), table_of(Criterion), table_of(Expert)
REVIEWS = table_of(Review)
MOST_TASKS = 1000
"""No expert has more tasks over all contests; more would be a fault of the data, not a page."""


class TaskState(StrEnum):
    """Where a task is, as its expert sees it."""

    TO_DECLARE = "to_declare"
    IN_WORK = "in_work"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    RECUSED = "recused"
    DECLINED = "declined"
    CLOSED = "closed"


TASK_STATE_LABELS: Mapping[TaskState, str] = {
    TaskState.TO_DECLARE: N_("Declaration awaited"),
    TaskState.IN_WORK: N_("In work"),
    TaskState.RETURNED: N_("Returned to you"),
    TaskState.SUBMITTED: N_("Handed in"),
    TaskState.RECUSED: N_("Recused"),
    TaskState.DECLINED: N_("Refused by you"),
    TaskState.CLOSED: N_("No longer needed"),
}

OPEN_STATES = (TaskState.TO_DECLARE, TaskState.IN_WORK, TaskState.RETURNED)


class QueueLine(NamedTuple):
    """A line of the queue: of a task in work, ``marked`` of ``criteria`` have a mark.

    ``counts`` is False for a pair in conflict and for a review that was set aside, for which reason is in
    ``set_aside``.
    """

    review_id: int
    application_id: int
    number: str
    title: str
    cluster: str
    contest_code: str
    contest_title: str
    calendar: Calendar
    state: TaskState
    additional: bool
    marked: int
    criteria: int
    submitted_at: datetime | None
    reason: str | None
    counts: bool
    expert_id: int = 0
    nomination: int | None = None
    later_at: datetime | None = None
    set_aside: str | None = None

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN_STATES

    @property
    def wanted(self) -> bool:
        """Whether progress is measured by this task: it is to be done or has been submitted."""
        return self.open or self.state is TaskState.SUBMITTED

    @property
    def later(self) -> bool:
        """Whether the expert has put it off."""
        return self.open and self.later_at is not None

    def overdue(self, now: datetime) -> bool:
        """Say whether the task is open although the time for reviews is over."""
        return self.open and not may_review(self.calendar, now) and now >= self.calendar.review_close


def own_tasks(session: Session, expert_ids: Collection[int]) -> tuple[QueueLine, ...]:
    """Return the tasks of these expert cards over all contests: the nearest deadline first, then by number."""
    rows = session.execute(_tasks(), {"cards": list(expert_ids)}).all()
    places = _places(session, {row.contest_id for row in rows}, expert_ids)
    marked = _marked_in(session, {row.nomination_id for row in rows} - {None}, places)
    tasks = [_task(row, places[row.contest_id], marked.get(row.nomination_id)) for row in rows]
    return tuple(sorted(tasks, key=lambda task: task.calendar.review_close))


@dataclass(frozen=True)
class Done:
    """How many of an expert's tasks in one contest are submitted, of how many that progress is measured by."""

    submitted: int
    wanted: int


def done(session: Session, expert_ids: Collection[int], contest: Contest) -> Done:
    """Count these experts' tasks of a contest as :func:`own_tasks` tells their states: one select."""
    row = session.execute(_done(), {"cards": list(expert_ids), "contest": contest.id}).one()
    open_now = row.open if is_open(Act.REVIEW, contest.status) else 0
    return Done(row.submitted, row.submitted + open_now)


@cache
def _done() -> Select[int, int]:
    """Submitted reviews are counted along an index alone; those to be done with their applications and conflicts."""
    review, application, expert = REVIEWS.c, APPLICATIONS.c, EXPERTS.c
    own = REVIEWS.join(EXPERTS, expert.id == review.expert_id)
    mine = (review.expert_id.in_(bindparam("cards", expanding=True)), expert.contest_id == bindparam("contest"))
    submitted = select(func.count()).select_from(own).where(*mine, review.status == ReviewStatus.SUBMITTED)
    to_do = (
        select(func.count())
        .select_from(own.join(APPLICATIONS, application.id == review.application_id))
        .where(*mine, review.status.in_(UNFINISHED), application.status == ApplicationStatus.ADMITTED)
        .where(~_barred(review.expert_id, review.application_id))
    )
    return select(submitted.scalar_subquery().label("submitted"), to_do.scalar_subquery().label("open"))


def review_at_hand(session: Session, review_id: int, *, briefly: bool = False) -> Review:
    """Return a review with its expert, application and contest in one select; raise NoResultFound where it is not.

    ``briefly``: of what is beside the review only what saving a draft asks for; all else is read where it is wanted.
    """
    return session.scalars(_briefly() if briefly else _at_hand(), {"id": review_id}).one()


@cache
def _at_hand() -> Select[Review]:
    """The statement for the review ``id``; made once, for SQLAlchemy keeps with it what it costs to compile."""
    return (
        select(Review)
        .join(Review.application)
        .join(Application.contest)
        .join(Application.cluster)
        .join(Review.expert)
        .options(
            contains_eager(Review.application).contains_eager(Application.contest),
            contains_eager(Review.application).contains_eager(Application.cluster),
            contains_eager(Review.expert),
        )
        .where(Review.id == bindparam("id"))
    )


@cache
def _briefly() -> Select[Review]:
    application = contains_eager(Review.application)
    dates = (Contest.applications_open, Contest.applications_close, Contest.review_close)
    return (
        select(Review)
        .join(Review.application)
        .join(Application.contest)
        .join(Review.expert)
        .options(
            application.load_only(
                Application.status, Application.number, Application.contest_id, Application.nomination_id
            ),
            application.contains_eager(Application.contest).load_only(Contest.status, Contest.sheet, *dates),
            contains_eager(Review.expert).load_only(Expert.name),
        )
        .where(Review.id == bindparam("id"))
    )


def stored_sheet(review: Review) -> Sheet:
    """Return what is stored of a score sheet, as values."""
    return Sheet(
        scores={code: Decimal(text) for code, text in review.scores.items()},
        comments=dict(review.comments),
        recommendation=Recommendation(review.recommendation) if review.recommendation else None,
        abstained=frozenset(review.abstained),
        to_applicant=dict(review.notes.get(Audience.APPLICANT, {})),
        private=dict(review.notes.get(Audience.PRIVATE, {})),
        confidence=Confidence(review.confidence) if review.confidence else None,
        in_scope=review.in_scope,
        scope_reason=review.scope_reason,
    )


def latest_version(session: Session, review_id: int) -> ReviewVersion | None:
    """Return the sheet as it was last handed in; None where it never was (or came with an archive)."""
    return session.scalar(
        select(ReviewVersion).where(ReviewVersion.review_id == review_id).order_by(ReviewVersion.number.desc()).limit(1)
    )


def all_versions(session: Session, review_id: int) -> Sequence[ReviewVersion]:
    """Return every version of the sheet that was handed in, the first one first."""
    return session.scalars(
        select(ReviewVersion).where(ReviewVersion.review_id == review_id).order_by(ReviewVersion.number)
    ).all()


def is_barred(session: Session, review: Review) -> bool:
    """Say whether the review's pair is on the list of conflicts."""
    return bool(session.scalar(select(_barred(review.expert_id, review.application_id))))


def _barred(expert_id: Any, application_id: Any) -> Any:
    conflict = CONFLICTS.c
    return exists().where(conflict.expert_id == expert_id, conflict.application_id == application_id)


@cache
def _tasks() -> Select[Any]:
    review, application, cluster, contest = REVIEWS.c, APPLICATIONS.c, CLUSTERS.c, CONTESTS.c
    columns: tuple[Any, ...] = (
        review.id, review.contest_id, review.application_id, review.status, review.additional,
        cast(review.scores, Text), review.submitted_at, review.reason, application.number, application.title,
        application.status.label("application_status"), cluster.name.label("cluster"),
        _barred(review.expert_id, review.application_id).label("barred"), application.nomination_id,
        review.expert_id, review.later_at, review.set_aside_reason,
    )  # fmt: skip
    return (
        select(*columns)
        .select_from(
            REVIEWS.join(APPLICATIONS, application.id == review.application_id)
            .join(CLUSTERS, cluster.id == application.cluster_id)
            .join(CONTESTS, contest.id == review.contest_id)
        )
        .where(review.expert_id.in_(bindparam("cards", expanding=True)), review.status != ReviewStatus.PROPOSED)
        .order_by(contest.review_close, contest.id, application.sort_number, review.id)
        .limit(MOST_TASKS)
    )


class _Place(NamedTuple):
    """What the tasks of one contest have in common; ``codes`` are those of the criteria that experts mark.

    ``calendar`` has the expert's own extension in it.
    """

    code: str
    title: str
    calendar: Calendar
    reviewing: bool
    codes: frozenset[str]


def _places(session: Session, contest_ids: Collection[int], expert_ids: Collection[int]) -> Mapping[int, _Place]:
    """Return these contests as the tasks of these cards need them, with the cards' own time: one select."""
    rows = session.execute(_contests(), {"contests": list(contest_ids), "cards": list(expert_ids)}).all()
    codes = defaultdict(set)
    for row in rows:
        codes[row.id].add(row.criterion)
    return {
        row.id: _Place(
            row.code,
            row.title,
            Calendar(row.applications_open, row.applications_close, later(row.review_close, row.until)),
            is_open(Act.REVIEW, row.status),
            frozenset(codes[row.id] - {None}),
        )
        for row in rows
    }


@cache
def _contests() -> Select[Any]:
    contest, criterion = CONTESTS.c, CRITERIA.c
    marked = and_(criterion.contest_id == contest.id, criterion.kind == ExpertCriterion.kind)
    columns: tuple[Any, ...] = (
        contest.id, contest.code, contest.title, contest.status, contest.applications_open,
        contest.applications_close, contest.review_close, criterion.code.label("criterion"),
        until_of_cards(contest.id).label("until"),
    )  # fmt: skip
    of_contests = contest.id.in_(bindparam("contests", expanding=True))
    return select(*columns).select_from(CONTESTS.outerjoin(CRITERIA, marked)).where(of_contests)


def _marked_in(
    session: Session, nomination_ids: Collection[int], places: Mapping[int, _Place]
) -> Mapping[int | None, frozenset[str]]:
    """Return the codes of the criteria that experts mark in these nominations: one select, none without any."""
    if not nomination_ids:
        return {}
    query = select(Nomination.id, Nomination.contest_id, Nomination.definition).where(Nomination.id.in_(nomination_ids))
    return {
        row.id: frozenset(
            code for code in places[row.contest_id].codes if is_judged(code, read_nomination(row.definition))
        )
        for row in session.execute(query)
    }


def _task(row: Sequence[Any], place: _Place, marked: frozenset[str] | None) -> QueueLine:
    """A line of the queue; ``marked`` are the codes of the criteria of its nomination, None: of the whole contest."""
    (
        review_id, _, application_id, status, additional, scores, submitted_at, reason, number, title,
        application_status, cluster, barred, nomination_id, expert_id, later_at, set_aside,
    ) = row  # fmt: skip
    codes = place.codes if marked is None else marked
    admitted = place.reviewing and application_status == ApplicationStatus.ADMITTED
    state = _state(status, barred=barred, wanted=admitted, returned=bool(reason))
    return QueueLine(
        review_id=review_id,
        application_id=application_id,
        number=number or "",
        title=title,
        cluster=cluster,
        contest_code=place.code,
        contest_title=place.title,
        calendar=place.calendar,
        state=state,
        additional=additional,
        marked=len(codes.intersection(json.loads(scores))) if state is TaskState.IN_WORK else 0,
        criteria=len(codes),
        submitted_at=submitted_at,
        reason=reason,
        counts=not barred and set_aside is None,
        expert_id=expert_id,
        nomination=nomination_id,
        later_at=later_at,
        set_aside=set_aside,
    )


def _state(status: str, *, barred: bool, wanted: bool, returned: bool) -> TaskState:
    """The state of a task; a pair in conflict is the expert's no more, whatever the task's status says."""
    if status == ReviewStatus.SUBMITTED:
        return TaskState.SUBMITTED
    if status == ReviewStatus.DECLINED:
        return TaskState.DECLINED
    if status == ReviewStatus.RECUSED or barred:
        return TaskState.RECUSED
    if not wanted:
        return TaskState.CLOSED
    if status == ReviewStatus.ASSIGNED:
        return TaskState.TO_DECLARE
    return TaskState.RETURNED if returned else TaskState.IN_WORK
