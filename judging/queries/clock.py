"""What the journal says of settings of the clock, and of what was submitted before one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from judging.adapters.clock_steps import KEPT, Step
from judging.domain.arrival import STRAY
from judging.domain.events import Event
from judging.models import JournalRecord

CLOCK_SET = Event.CLOCK_SET
SUBMITTED = JournalRecord.event == Event.APPLICATION_SUBMITTED
SHOWN_FOR = timedelta(days=7)
"""How long a setting of the clock stays on the administrator's page."""

EARLIER = aliased(JournalRecord)


@dataclass(frozen=True)
class SetBack:
    """The clock was set back, by the record ``id``; from ``after`` to ``before`` its instants come again."""

    id: int
    before: datetime
    after: datetime


def set_back(session: Session) -> list[SetBack]:
    """Every time that the clock was set back, by the order of the journal."""
    rows = session.execute(_recorded_in_order())
    return [SetBack(key, step.before, step.after) for key, step in _steps(rows) if step.back]


def recent_steps(session: Session, *, now: datetime) -> list[Step]:
    """The last settings of the clock on record, either way, the last first."""
    rows = session.execute(
        _recorded().where(JournalRecord.at > now - SHOWN_FOR).order_by(JournalRecord.id.desc()).limit(KEPT)
    )
    return [step for _, step in _steps(rows)]


def latest_before_set_back(session: Session, contest_id: int, now: datetime) -> datetime | None:
    """The latest instant that a submission of the contest bears, where it is later than ``now`` by a clock set back.

    None where the clock was not set back past ``now``, or nothing that was recorded before that bears a later instant.
    Submissions that are recorded after it count only where they follow on those.
    """
    steps = [step for step in set_back(session) if step.after - STRAY <= now < step.before]
    if not steps:
        return None
    asked = {"contest": contest_id, "now": now, "step": max(step.id for step in steps)}
    latest: datetime | None = session.scalar(_latest(), asked)
    return latest


@cache
def _latest() -> Select[datetime]:
    contest: Any = bindparam("contest")
    before = select(func.max(EARLIER.at)).where(
        EARLIER.event == Event.APPLICATION_SUBMITTED, EARLIER.contest_id == contest,
        EARLIER.id < bindparam("step"), EARLIER.at > bindparam("now"),
    )  # fmt: skip
    of_contest = select(func.max(JournalRecord.at)).where(SUBMITTED, JournalRecord.contest_id == contest)
    return of_contest.where(JournalRecord.at >= before.scalar_subquery())


@cache
def _recorded() -> Select[*tuple[int, dict[str, Any]]]:
    return select(JournalRecord.id, JournalRecord.details).where(JournalRecord.event == CLOCK_SET)


@cache
def _recorded_in_order() -> Select[*tuple[int, dict[str, Any]]]:
    return _recorded().order_by(JournalRecord.id)


def _steps(rows: Any) -> Iterator[tuple[int, Step]]:
    """The steps of records; a record that somebody made unreadable is left out."""
    for row in rows:
        try:
            before, after = map(datetime.fromisoformat, row.details["clock"])
        except (KeyError, TypeError, ValueError):
            continue
        yield row.id, Step(before, after)
