"""When a milestone is to come: set, moved, taken out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.milestones import (
    COLUMNS,
    OUTSIDE,
    SOFT,
    Code,
    Plan,
    Resolved,
    Row,
    hanging_on,
    notation,
    plan_faults,
    resolve,
)
from judging.models import Contest, Milestone
from judging.queries import milestones as queries
from judging.queries.contests import calendar_of
from judging.queries.workdays import calendar as working_days
from judging.services.milestones.milestone_rows import Noted, held, note, required, written


@dataclass(frozen=True)
class MilestonePlan:
    """A milestone as it is to be; ``version`` is that of the contest which was looked at."""

    code: Code
    plan: Plan
    reason: str
    version: int


def set_milestone(session: Session, contest_id: int, wanted: MilestonePlan, *, by: By) -> Contest:
    """Set or move a milestone; what it was stays in the history.

    Once the contest is announced a reason is needed. Raises ``Refused`` with the fields ``at``, ``after`` and ``days``,
    ``GateClosed``, ``Stale``, ``ReasonMissing``.
    """
    _refuse_columns(wanted.code)
    contest = held(session, contest_id, wanted.code, wanted.version)
    reason = required(wanted.reason) if contest.published_at is not None else wanted.reason.strip()
    there, rows = queries.stored(session, contest.id), queries.rows_of(session, contest.id)
    known = rows.get(wanted.code)
    if known is not None and known.came_at is not None:
        raise Refused([Fault("", N_("It was noted by hand that this milestone has come: take the note back first"))])
    if known is not None and known.plan == wanted.plan:
        raise Refused([Fault("", N_("No date was changed"))])
    faults = [*plan_faults(wanted.code, wanted.plan, rows)]
    if not faults:
        faults = [*_soft_faults(session, contest, wanted, rows, by.now)]
    if faults:
        raise Refused(faults)
    milestone = there.get(wanted.code)
    if milestone is None:
        milestone = Milestone(contest_id=contest.id, code=wanted.code.value, reason="")
        session.add(milestone)
    written(milestone, wanted.plan)
    before = notation(known.plan) if known else None
    note(session, contest, Noted(wanted.code, before, notation(wanted.plan), reason), by=by)
    return contest


def remove_milestone(session: Session, contest_id: int, code: Code, reason: str, *, version: int, by: By) -> Contest:
    """Take a milestone out; refused while another one is counted from it."""
    _refuse_columns(code)
    contest = held(session, contest_id, code, version)
    reason = required(reason) if contest.published_at is not None else reason.strip()
    there, rows = queries.stored(session, contest.id), queries.rows_of(session, contest.id)
    if code not in there:
        raise Refused([Fault("", N_("This milestone has no date"))])
    if hanging_on(code, rows):
        raise Refused([Fault("", N_("Other milestones are counted from this one: change them first"))])
    session.delete(there[code])
    note(session, contest, Noted(code, notation(rows[code].plan), None, reason), by=by)
    return contest


def _refuse_columns(code: Code) -> None:
    if code in COLUMNS:
        raise Refused([Fault("", N_("This date is moved on its own page"))])


def _soft_faults(
    session: Session, contest: Contest, wanted: MilestonePlan, rows: Mapping[Code, Row], now: datetime
) -> Iterator[Fault]:
    """An announced deadline lies before its close; once the contest is announced it comes nearer for nobody.

    That holds of one that is counted from the milestone, too.
    """
    changed = {**rows, wanted.code: Row(wanted.plan)}
    if not changed.keys() & SOFT.keys():
        return
    days, dates = working_days(session), calendar_of(contest)
    before, after = resolve(dates, rows, days), resolve(dates, changed, days)
    field = "at" if isinstance(wanted.plan, datetime) else "after"
    announced_at = None if contest.published_at is None else now
    for code, hard in SOFT.items():
        if code not in after or (code is not wanted.code and after[code] == before[code]):
            continue
        window = (dates.applications_open, getattr(dates, hard.value))
        message = _soft_fault(window, after[code], before.get(code), announced_at)
        if message is not None and code is not wanted.code:
            message = N_("An announced deadline is counted from this: it may only come later, and before its close")
        if message is not None:
            yield Fault(field, message)


def _soft_fault(
    window: tuple[datetime, datetime], after: Resolved, before: Resolved | None, announced_at: datetime | None
) -> str | None:
    """Say what is wrong with an announced deadline; ``announced_at`` is now, None while the contest is a draft."""
    if after.provisional:
        return N_("It would be counted over a year that has no production calendar: give a date")
    if not window[0] < after.at < window[1]:
        return OUTSIDE
    if announced_at is None:
        return None
    if before is not None and after.at < before.at:
        return N_("A date that was announced can only be moved to a later time")
    return N_("The new date must be in the future") if after.at <= announced_at else None
