"""Reminders that go by themselves: on which days before their deadline, and the sending when such a day has come."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.gates import Act, is_open
from judging.domain.lifecycle import NotPossible
from judging.domain.lifecycle.review import UNFINISHED
from judging.domain.stages import NotOpen
from judging.models import Contest, ReminderRules
from judging.queries.assignment.progress import addressees
from judging.queries.assignment.reminders import ReminderDays, reminder_days
from judging.services.assignment.experts_notify import Times, Told, remind_experts
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold

MOST_DAYS = 10
FARTHEST = 60
"""Days before a deadline; a letter earlier than that is about nothing that anybody would do yet."""
MORNING, EVENING = 9, 20
"""The hours of the contest's place between which letters go by themselves."""


def schedule_reminders(
    session: Session, contest: Contest, days: Sequence[int], *, version: int, by: By
) -> ReminderDays:  # fmt: skip
    """Say on how many days before their deadline experts are reminded by themselves; none: on no day.

    Raises ``GateClosed``, ``Stale``, ``Refused`` with a fault at ``days``.
    """
    hold(session, contest.id, Act.ASSIGN)
    before = reminder_days(session, contest.id)
    check_version(before, version)
    wanted = sorted(set(days), reverse=True)
    if len(wanted) > MOST_DAYS or any(not 0 <= day <= FARTHEST for day in wanted):
        limits = {"most": MOST_DAYS, "farthest": FARTHEST}
        raise Refused([Fault("days", N_("No more than %(most)s numbers, each from 0 to %(farthest)s"), limits)])
    if tuple(wanted) == before.days:
        return before
    stored = session.get(ReminderRules, contest.id)
    if stored is None:
        session.add(ReminderRules(contest_id=contest.id, days=wanted))
    else:
        stored.days = wanted
    record(
        session,
        Event.REMINDERS_SCHEDULED,
        by=by,
        subject=contest,
        label=contest.title,
        contest_id=contest.id,
        details={"reminder_days": [_said(before.days), _said(wanted)]},
    )
    return reminder_days(session, contest.id)


def remind_by_schedule(session: Session, contest: Contest, *, by: By, tasks_url: str) -> Told | None:
    """Remind those whose day has come, once on that day and by daylight; None where there is nobody to write to.

    The days are counted at the contest's place, to the end of each expert's own time.
    """
    days, zone = reminder_days(session, contest.id).days, ZoneInfo(contest.timezone)
    here = by.now.astimezone(zone)
    if not days or not MORNING <= here.hour < EVENING or not is_open(Act.ASSIGN, contest.status):
        return None
    times = Times.of(session, contest)
    due = [
        one.id
        for one in addressees(session, contest.id, UNFINISHED)
        if _days_left(times.ends(one.id), here, zone) in days and times.open_for(one.id, by.now)
    ]
    if not due:
        return None
    try:
        return remind_experts(session, contest, due, by=by, tasks_url=tasks_url)
    except (NotPossible, NotOpen):
        return None  # everybody was reminded today already, or no letter reaches who is left


def _days_left(end: datetime, here: datetime, zone: ZoneInfo) -> int:
    return (end.astimezone(zone).date() - here.date()).days


def _said(days: Sequence[int]) -> str:
    return ", ".join(map(str, days))
