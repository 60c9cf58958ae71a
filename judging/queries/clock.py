"""Stored settings of the system clock, and the latest submissions before one that set it back."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from judging.adapters.clock_steps import KEPT, Step
from judging.domain.arrival import STRAY
from judging.models import Application, ClockMark, ClockStep
from judging.models.base import table_of

SHOWN_FOR = timedelta(days=7)
"""How long a setting of the clock stays on the administrator's page."""


def recent_steps(session: Session, *, now: datetime) -> list[Step]:
    """The last settings of the clock that were noted, either way, the last first."""
    query = select(ClockStep.before, ClockStep.after).where(ClockStep.after > now - SHOWN_FOR)
    return [Step(row.before, row.after) for row in session.execute(query.order_by(ClockStep.id.desc()).limit(KEPT))]


def latest_submissions(session: Session, *, after: datetime) -> list[tuple[int, datetime]]:
    """The latest instant that a submission of each contest bears, of those later than ``after``: (contest id, it)."""
    query = select(Application.contest_id, func.max(Application.submitted_at)).where(
        SUBMITTED, Application.submitted_at > after
    )
    rows = session.execute(query.group_by(Application.contest_id).order_by(Application.contest_id))
    return [(contest_id, latest) for contest_id, latest in rows if latest is not None]


def latest_before_set_back(session: Session, contest_id: int, now: datetime) -> datetime | None:
    """The latest instant that a submission of the contest bears, where it is later than ``now`` by a clock set back.

    None where the clock was not set back past ``now``, or nothing that was submitted before that bears a later instant.
    Submissions that came after it count only where they follow on those.
    """
    step = session.scalar(_step(), {"now": now, "nearly": now + STRAY})
    if step is None:
        return None
    latest: datetime | None = session.scalar(_latest(), {"contest": contest_id, "now": now, "step": step})
    return latest


SUBMITTED = Application.receipt_sha256.is_not(None)
"""Applications that were submitted here; one that came with an archive has no receipt."""


@cache
def _step() -> Select[int]:
    """The last time that the clock was set back past ``now``."""
    steps = table_of(ClockStep).c
    passed = steps.after <= bindparam("nearly"), steps.before > bindparam("now")
    number: Any = steps.id
    return select(number).where(steps.after < steps.before, *passed).order_by(steps.id.desc()).limit(1)


@cache
def _latest() -> Select[Any]:
    contest: Any = bindparam("contest")
    before = select(ClockMark.latest).where(
        ClockMark.step_id == bindparam("step"), ClockMark.contest_id == contest, ClockMark.latest > bindparam("now")
    )
    of_contest = select(func.max(Application.submitted_at)).where(SUBMITTED, Application.contest_id == contest)
    return of_contest.where(Application.submitted_at >= before.scalar_subquery())
