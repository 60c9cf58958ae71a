"""A person says that a milestone has come now: the phase opens or closes at once, for a reason that stays."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.milestones import COLUMNS, INSTANT, OUTSIDE, SOFT, Code
from judging.domain.stages import calendar_faults, deadline_passed
from judging.models import Contest, ScheduleChange
from judging.queries import milestones as queries
from judging.queries.contests import calendar_of
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold
from judging.services.milestones.milestone_rows import Noted, held, note, required
from judging.services.own_edit_times import follow_the_close


def come_by_hand(session: Session, contest_id: int, code: Code, reason: str, *, version: int, by: By) -> Contest:
    """Let a milestone come at the instant of the request, before its date.

    One of the contest's own dates is moved to that instant: acceptance opens, acceptance closes or reviews close, and
    who arrived before it is in time. Of any other it is noted that it came. Raises ``Refused`` where it has come
    already or the dates would not follow one another, ``GateClosed``, ``Stale``, ``ReasonMissing``.
    """
    if code in COLUMNS:
        return _switch(session, contest_id, code, reason, version, by)
    contest = held(session, contest_id, code, version)
    said = required(reason)
    milestone = queries.stored(session, contest.id).get(code)
    if milestone is None:
        raise Refused([Fault("", N_("This milestone has no date"))])
    if milestone.came_at is not None:
        raise Refused([Fault("", N_("This milestone has come already"))])
    if code in SOFT:
        _refuse_soft(session, contest, code, by.now)
    milestone.came_at, milestone.came_by_id, milestone.reason = by.now, by.actor.user_id, said
    note(session, contest, Noted(code, None, by.now.isoformat(), said, by_hand=True), by=by)
    return contest


def take_back_by_hand(session: Session, contest_id: int, code: Code, reason: str, *, version: int, by: By) -> Contest:
    """Take back that a milestone came by hand: its date counts again; both stay in the history."""
    contest = held(session, contest_id, code, version)
    said = required(reason)
    milestone = queries.stored(session, contest.id).get(code)
    if milestone is None or milestone.came_at is None:
        raise Refused([Fault("", N_("Nobody said by hand that this milestone has come"))])
    before, milestone.came_at = milestone.came_at, None
    milestone.came_by_id, milestone.reason = None, ""
    note(session, contest, Noted(code, before.isoformat(), None, said, by_hand=True), by=by)
    return contest


def _refuse_soft(session: Session, contest: Contest, code: Code, now: datetime) -> None:
    """An announced deadline comes before its date and within its window: what was in time does not become late."""
    announced = queries.milestone(session, contest, code)
    if announced is not None and deadline_passed(announced, now):
        raise Refused([Fault("", N_("This milestone has come already"))])
    if not contest.applications_open < now < getattr(contest, SOFT[code].value):
        raise Refused([Fault("", OUTSIDE)])


def _instant(session: Session, contest: Contest, code: Code, now: datetime) -> datetime:
    """The instant at which a phase opens or closes: the arrival of the press.

    What arrived after it and was taken while it waited for the contest stays in time: it closes right after that.
    """
    latest = None if code is Code.APPLICATIONS_OPEN else queries.latest_taken(session, contest, code)
    return now if latest is None else max(now, latest + INSTANT)


def _switch(session: Session, contest_id: int, code: Code, reason: str, version: int, by: By) -> Contest:
    contest = hold(session, contest_id, Act.MOVE_DATES)
    check_version(contest, version)
    said, name = required(reason), code.value
    before, by = getattr(contest, name), replace(by, now=_instant(session, contest, code, by.now))
    if deadline_passed(before, by.now):
        raise Refused([Fault("", N_("This milestone has come already"))])
    faults = calendar_faults(replace(calendar_of(contest), **{name: by.now}))
    if faults:
        raise Refused([Fault("", fault.message, fault.params) for fault in faults])
    setattr(contest, name, by.now)
    follow_the_close(session, contest, by.now)
    session.add(
        ScheduleChange(
            contest_id=contest.id, field=name, before=before, after=by.now, reason=said, changed_at=by.now,
            changed_by_id=by.actor.user_id,
        )
    )  # fmt: skip
    details = {name: [before.isoformat(), by.now.isoformat()], "by_hand": True, "reason": said}
    record(
        session, Event.SCHEDULE_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip
    return contest
