"""The order in which an expert goes through the tasks: what :mod:`judging.domain.queue_order` has to know of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.distribution import QueueOrder
from judging.domain.lifecycle import ApplicationStatus, ContestStatus, ReviewStatus
from judging.domain.lifecycle.review import UNFINISHED
from judging.domain.queue_order import Rule, Turn, following, in_turn
from judging.models import Application, AssignmentRules, Contest, Expert, Review
from judging.models.base import table_of
from judging.queries.assignment.places import in_conflict
from judging.queries.extensions import later, until_of_cards
from judging.queries.scoring import QueueLine


@dataclass(frozen=True)
class Queue:
    """Tasks with the rule of each contest; ``reviews``: submitted reviews by application, where a rule asks."""

    tasks: Sequence[QueueLine]
    rules: Mapping[str, Rule]
    reviews: Mapping[int, int]

    @cached_property
    def _by_key(self) -> Mapping[int, QueueLine]:
        return {task.review_id: task for task in self.tasks}

    @property
    def in_turn(self) -> tuple[QueueLine, ...]:
        """The open tasks in the order in which they are to be done."""
        return tuple(self._by_key[turn.key] for turn in in_turn(self._turns(), dict(self.rules)))

    def following(self, review_id: int | None = None, *, from_turn: datetime | None = None) -> QueueLine | None:
        """The open task to do after ``review_id``; the first of all where there is none such.

        ``from_turn``: since when that one had been put off before the press that asks, which may have just put it off.
        """
        found = following(self._turns(review_id, from_turn), dict(self.rules), review_id)
        return None if found is None else self._by_key[found.key]

    def _turns(self, moved: int | None = None, before: datetime | None = None) -> list[Turn]:
        return [
            Turn(
                key=task.review_id, contest=task.contest_code, deadline=task.calendar.review_close, number=task.number,
                expert=task.expert_id, nomination=str(task.nomination or ""),
                reviews=self.reviews.get(task.application_id, 0),
                later=before if task.review_id == moved else task.later_at, open=task.open,
            )
            for task in self.tasks
        ]  # fmt: skip


def queue_of(session: Session, tasks: Sequence[QueueLine]) -> Queue:
    """Return these tasks as a queue: one select, and another where a contest has a fair order."""
    rules = _rules(session, {task.contest_code for task in tasks if task.open})
    fair = {code for code, rule in rules.items() if rule.order is QueueOrder.FAIR}
    wanted = {task.application_id for task in tasks if task.open and task.contest_code in fair}
    return Queue(tasks, rules, _reviews(session, wanted) if wanted else {})


def _rules(session: Session, codes: Collection[str]) -> dict[str, Rule]:
    query = (
        select(Contest.code, AssignmentRules.queue, AssignmentRules.seed)
        .join(AssignmentRules, AssignmentRules.contest_id == Contest.id)
        .where(Contest.code.in_(codes))
    )
    return {row.code: Rule(QueueOrder(row.queue), row.seed) for row in session.execute(query)} if codes else {}


def _reviews(session: Session, application_ids: Collection[int]) -> dict[int, int]:
    query = (
        select(Review.application_id, func.count().label("reviews"))
        .where(Review.application_id.in_(application_ids), Review.status == ReviewStatus.SUBMITTED)
        .group_by(Review.application_id)
    )
    return {row.application_id: row.reviews for row in session.execute(query)}


def overdue(session: Session, expert_ids: Collection[int], now: datetime) -> int:
    """How many tasks of these cards are to be done although their time is over, in whatever contest: one select."""
    query = (
        select(Contest.review_close, until_of_cards(table_of(Contest).c.id).label("until"), func.count().label("tasks"))
        .select_from(Review)
        .join(Expert, Expert.id == Review.expert_id)
        .join(Application, Application.id == Review.application_id)
        .join(Contest, Contest.id == Review.contest_id)
        .where(Review.expert_id.in_(expert_ids), Review.status.in_(UNFINISHED), ~in_conflict())
        .where(
            Application.status == ApplicationStatus.ADMITTED,
            Contest.status == ContestStatus.PUBLISHED,
            Contest.review_close <= now,
        )
        .group_by(Contest.id, Contest.review_close)
    )
    rows = session.execute(query, {"cards": list(expert_ids)}).all()
    return sum(row.tasks for row in rows if later(row.review_close, row.until) <= now)
