"""Reminders that go by themselves: whom, on which day, at which hour, and never twice or to nobody's purpose."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import Refused
from judging.domain.gates import GateClosed
from judging.jobs.kind import JobTask, Means
from judging.jobs.reminders import work
from judging.models import Contest, JournalRecord, Letter
from judging.queries.assignment.reminders import ReminderDays, reminder_days
from judging.services.assignment import schedule_reminders
from judging.services.assignment.reminder_schedule import remind_by_schedule
from judging.services.concurrency import Stale
from tests import factories

URL = "https://example.org/reviews"
CLOSE = datetime(2026, 5, 31, 20, 59, tzinfo=UTC)
"""The end of 31 May in Moscow."""


@pytest.fixture
def contest(session: Session) -> Contest:
    return factories.contest(session, review_close=CLOSE)


def schedule(session: Session, contest: Contest, *days: int, version: int = 0) -> ReminderDays:
    return schedule_reminders(session, contest, days, version=version, by=By(CONSOLE, factories.MOMENT))


def remind(session: Session, contest: Contest, at: datetime) -> list[str]:
    """Who is written to at this instant, if the job looks then."""
    before = set(session.scalars(select(Letter.id)))
    remind_by_schedule(session, contest, by=By(CONSOLE, at), tasks_url=URL)
    session.flush()
    return [one.recipient for one in session.scalars(select(Letter).order_by(Letter.id)) if one.id not in before]


def noon(day: int) -> datetime:
    return datetime(2026, 5, day, 9, tzinfo=UTC)


def test_those_with_something_to_do_are_reminded_on_the_days_and_once(session: Session, contest: Contest) -> None:
    waiting = factories.review(session, factories.expert(session, contest), factories.application(session, contest))
    factories.review(session, factories.expert(session, contest), factories.application(session, contest), "submitted")
    factories.expert(session, contest)
    schedule(session, contest, 7, 1)
    found = {day: remind(session, contest, noon(day)) for day in (23, 24, 25, 30, 31)}
    address = waiting.expert.email
    assert found == {23: [], 24: [address], 25: [], 30: [address], 31: []}
    assert remind(session, contest, noon(30) + timedelta(hours=2)) == []


def test_letters_go_by_daylight_at_the_contests_place(session: Session, contest: Contest) -> None:
    factories.review(session, factories.expert(session, contest), factories.application(session, contest))
    schedule(session, contest, 1)
    night = [len(remind(session, contest, datetime(2026, 5, 30, hour, tzinfo=UTC))) for hour in (0, 5, 17, 20)]
    assert night == [0, 0, 0, 0]
    assert len(remind(session, contest, datetime(2026, 5, 30, 6, tzinfo=UTC))) == 1


def test_nobody_is_reminded_where_no_days_are_said_or_the_ranking_is_frozen(session: Session, contest: Contest) -> None:
    factories.review(session, factories.expert(session, contest), factories.application(session, contest))
    assert remind(session, contest, noon(30)) == []
    schedule(session, contest, 1)
    contest.status = "ranking_frozen"
    session.flush()
    assert remind(session, contest, noon(30)) == []
    with pytest.raises(GateClosed):
        schedule(session, contest, 2, version=1)


def test_days_are_kept_in_order_and_the_change_is_on_record(session: Session, contest: Contest) -> None:
    assert schedule(session, contest, 1, 7, 7) == ReminderDays((7, 1), 1)
    session.flush()
    with pytest.raises(Stale):
        schedule(session, contest, 3)
    schedule(session, contest, version=1)
    session.flush()
    assert reminder_days(session, contest.id).days == ()
    records = session.scalars(select(JournalRecord).order_by(JournalRecord.id))
    assert [(row.event, row.details) for row in records] == [
        ("assignment.reminders_scheduled", {"reminder_days": ["", "7, 1"]}),
        ("assignment.reminders_scheduled", {"reminder_days": ["7, 1", ""]}),
    ]


@pytest.mark.parametrize("days", [(61,), (-1,), tuple(range(11))])
def test_days_beyond_all_measure_are_refused(session: Session, contest: Contest, days: tuple[int, ...]) -> None:
    with pytest.raises(Refused) as refused:
        schedule(session, contest, *days)
    assert [fault.path for fault in refused.value.faults] == ["days"]


def test_the_job_reminds_in_every_contest_that_said_so(session: Session, contest: Contest) -> None:
    for one in (contest, factories.contest(session, review_close=CLOSE)):
        factories.review(session, factories.expert(session, one), factories.application(session, one))
    schedule(session, contest, 1)
    session.flush()
    task = JobTask(1, "t", {}, 1, lambda: session, lambda: noon(30), Means(public_url="https://example.org"), print)
    work(task).store(session, noon(30))
    session.flush()
    letters = session.scalars(select(Letter)).all()
    assert [(one.contest_id, "https://example.org/reviews/" in one.body) for one in letters] == [(contest.id, True)]
