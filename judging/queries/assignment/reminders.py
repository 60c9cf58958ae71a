"""What an expert is reminded of: each task that is not handed in, with its state; and on which days by itself."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.errors import N_
from judging.domain.lifecycle import ReviewStatus
from judging.models import Application, ReminderRules, Review

CHUNK = 500


class Unfinished(StrEnum):
    """Where a task is that is not handed in."""

    TO_DECLARE = "to_declare"
    IN_WORK = "in_work"
    RETURNED = "returned"


UNFINISHED_WORDS: Mapping[Unfinished, str] = {
    Unfinished.TO_DECLARE: N_("not begun: declare whether there is a conflict of interest"),
    Unfinished.IN_WORK: N_("begun, not handed in"),
    Unfinished.RETURNED: N_("returned to be corrected"),
}


@dataclass(frozen=True)
class OwnTask:
    """A task on somebody's list."""

    review_id: int
    number: str
    title: str
    state: Unfinished


def own_lists(session: Session, review_ids: Collection[int]) -> Mapping[int, tuple[OwnTask, ...]]:
    """These tasks by their expert, each list by the number of the application."""
    found: defaultdict[int, list[OwnTask]] = defaultdict(list)
    wanted = sorted(review_ids)
    rows = [row for start in range(0, len(wanted), CHUNK) for row in _rows(session, wanted[start : start + CHUNK])]
    for row in sorted(rows, key=lambda row: (row.sort_number, row.id)):
        state = Unfinished.RETURNED if row.reason else Unfinished.IN_WORK
        if row.status == ReviewStatus.ASSIGNED:
            state = Unfinished.TO_DECLARE
        found[row.expert_id].append(OwnTask(row.id, row.number, row.title, state))
    return {key: tuple(tasks) for key, tasks in found.items()}


def _rows(session: Session, review_ids: Collection[int]) -> Sequence[Any]:
    return session.execute(
        select(Review.id, Review.expert_id, Review.status, Review.reason, Application.number, Application.sort_number,
               Application.title)
        .join(Application, Application.id == Review.application_id)
        .where(Review.id.in_(review_ids))
    ).all()  # fmt: skip


@dataclass(frozen=True)
class ReminderDays:
    """How many days before their deadline experts are reminded by themselves; version 0: nobody ever said."""

    days: tuple[int, ...] = ()
    version: int = 0


def reminder_days(session: Session, contest_id: int) -> ReminderDays:
    """The days of a contest."""
    row = session.get(ReminderRules, contest_id)
    return ReminderDays() if row is None else ReminderDays(tuple(row.days), row.version)


def reminding_contests(session: Session) -> list[int]:
    """The contests in which anybody is reminded by themselves, in the order in which they are held."""
    return [row.contest_id for row in session.scalars(select(ReminderRules).order_by(ReminderRules.contest_id))
            if row.days]  # fmt: skip
