"""Milestones are set, moved, taken out and noted by hand; what they were stays, and every change is on record."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import Refused
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import ReasonMissing
from judging.domain.milestones import OUTSIDE, After, Code, Plan
from judging.domain.workdays import Unit
from judging.models import Contest, JournalRecord, Milestone, MilestoneChange, ScheduleChange
from judging.queries import milestones as queries
from judging.queries.contests import calendar_of
from judging.services import contests, milestones, workdays
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

BY = By(CONSOLE, MOMENT)
MEETING_AT = datetime(2026, 5, 14, 7, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def plan(session: Session, contest: Contest, code: Code, plan: Plan, reason: str = "Приказ", by: By = BY) -> None:
    wanted = milestones.MilestonePlan(code, plan, reason, contest.version)
    milestones.set_milestone(session, contest.id, wanted, by=by)
    session.flush()


def told(session: Session, contest: Contest, code: Code, wanted: Plan, by: By = BY) -> list[str]:
    with pytest.raises(Refused) as refused:
        plan(session, contest, code, wanted, by=by)
    return list(map(str, refused.value.faults))


def journal(session: Session) -> list[tuple[str, Any]]:
    session.flush()
    return [(row.event, row.details) for row in session.scalars(select(JournalRecord).order_by(JournalRecord.id))]


def history(session: Session) -> list[tuple[Any, ...]]:
    session.flush()
    change = MilestoneChange
    columns = (change.code, change.before, change.after, change.by_hand, change.reason, change.changed_at)
    return [tuple(row) for row in session.execute(select(*columns).order_by(change.id))]


def test_a_milestone_is_set_moved_and_taken_out_and_everything_stays_in_the_history(session: Session) -> None:
    contest = factories.contest(session)
    after = After(Code.REVIEW_CLOSE, 3, Unit.WORKING)
    plan(session, contest, Code.MEETING, MEETING_AT, " Приказ № 1 ")
    plan(session, contest, Code.MEETING, after, "Приказ № 2")
    assert queries.rows_of(session, contest.id)[Code.MEETING].plan == after
    milestones.remove_milestone(session, contest.id, Code.MEETING, "Отмена", version=contest.version, by=BY)
    at, term = MEETING_AT.isoformat(), "review_close+3 working"
    assert history(session) == [
        ("meeting", None, at, False, "Приказ № 1", MOMENT),
        ("meeting", at, term, False, "Приказ № 2", MOMENT),
        ("meeting", term, None, False, "Отмена", MOMENT),
    ]
    assert [(event, details["date"], details["reason"]) for event, details in journal(session)] == [
        ("contest.milestone_changed", [None, at], "Приказ № 1"),
        ("contest.milestone_changed", [at, term], "Приказ № 2"),
        ("contest.milestone_changed", [term, None], "Отмена"),
    ]
    assert session.scalars(select(Milestone)).all() == []


def test_a_term_moves_with_the_date_that_it_is_counted_from(session: Session) -> None:
    contest = factories.contest(session)
    plan(session, contest, Code.MEETING, After(Code.REVIEW_CLOSE, 1, Unit.CALENDAR))
    before = queries.resolved(session, contest)[Code.MEETING].day
    later = replace(calendar_of(contest), review_close=contest.review_close + timedelta(days=10))
    contests.extend_schedule(session, contest.id, later, "Просят", version=contest.version, by=BY)
    assert queries.resolved(session, contest)[Code.MEETING].day == before + timedelta(days=10)


def test_an_announced_contest_takes_a_reason_and_a_draft_does_not(session: Session) -> None:
    announced, draft = factories.contest(session), factories.contest(session, status="draft", published_at=None)
    with pytest.raises(ReasonMissing):
        plan(session, announced, Code.MEETING, MEETING_AT, " ")
    plan(session, draft, Code.MEETING, MEETING_AT, " ")
    assert [row[4] for row in history(session)] == [""]


def test_what_cannot_be_is_refused_at_its_field(session: Session) -> None:
    contest = factories.contest(session)
    plan(session, contest, Code.MEETING, MEETING_AT)
    plan(session, contest, Code.RESULTS, After(Code.MEETING, 5, Unit.WORKING))
    circle = "after: The milestones would go round in a circle"
    assert told(session, contest, Code.MEETING, After(Code.RESULTS, 1, Unit.WORKING)) == [circle]
    assert told(session, contest, Code.MEETING, MEETING_AT) == ["No date was changed"]
    assert told(session, contest, Code.REVIEW_CLOSE, MEETING_AT) == ["This date is moved on its own page"]
    with pytest.raises(Refused, match="counted from this one"):
        milestones.remove_milestone(session, contest.id, Code.MEETING, "x", version=contest.version, by=BY)
    with pytest.raises(Refused, match="has no date"):
        milestones.remove_milestone(session, contest.id, Code.BRIEFING, "x", version=contest.version, by=BY)
    with pytest.raises(Stale):
        milestones.remove_milestone(session, contest.id, Code.RESULTS, "x", version=contest.version - 1, by=BY)


def test_an_announced_deadline_lies_before_its_close_and_never_comes_nearer(session: Session) -> None:
    contest = factories.contest(session)
    opens, close, soft = contest.applications_open, contest.applications_close, MOMENT + timedelta(days=5)
    outside = ["at: The announced deadline must lie between the opening and the close"]
    assert [told(session, contest, Code.APPLICATIONS_SOFT, at) for at in (opens, close)] == [outside, outside]
    assert told(session, contest, Code.APPLICATIONS_SOFT, MOMENT) == ["at: The new date must be in the future"]
    plan(session, contest, Code.APPLICATIONS_SOFT, soft)
    assert told(session, contest, Code.APPLICATIONS_SOFT, soft - MILLISECOND) == [
        "at: A date that was announced can only be moved to a later time"
    ]
    plan(session, contest, Code.APPLICATIONS_SOFT, close - MILLISECOND)
    assert queries.milestone(session, contest, Code.APPLICATIONS_SOFT) == close - MILLISECOND
    assert queries.milestone(session, contest, Code.REVIEW_SOFT) is None


def test_a_deadline_counted_over_an_unknown_year_is_not_announced(session: Session) -> None:
    months = {"applications_open": (2027, 12), "applications_close": (2028, 3), "review_close": (2028, 5)}
    dates = {name: datetime(*month, 1, tzinfo=UTC) for name, month in months.items()}
    contest = factories.contest(session, **dates)
    term = After(Code.APPLICATIONS_OPEN, 30, Unit.WORKING)
    assert told(session, contest, Code.APPLICATIONS_SOFT, term) == [
        "after: It would be counted over a year that has no production calendar: give a date"
    ]
    plan(session, contest, Code.BRIEFING, term)
    assert queries.resolved(session, contest)[Code.BRIEFING].provisional
    workdays.add_year(session, 2028, "Постановление", by=BY)
    session.flush()
    assert not queries.resolved(session, contest)[Code.BRIEFING].provisional
    plan(session, contest, Code.APPLICATIONS_SOFT, term)


def test_statuses_decide_what_can_be_planned(session: Session) -> None:
    frozen, cancelled = (factories.contest(session, status=status) for status in ("ranking_frozen", "cancelled"))
    plan(session, frozen, Code.MEETING, MEETING_AT)
    with pytest.raises(GateClosed):
        plan(session, frozen, Code.REVIEW_SOFT, frozen.review_close - MILLISECOND)
    with pytest.raises(GateClosed):
        plan(session, cancelled, Code.MEETING, MEETING_AT)


def by_hand(session: Session, contest: Contest, code: Code, at: datetime = MOMENT, reason: str = "Решение") -> None:
    milestones.come_by_hand(session, contest.id, code, reason, version=contest.version, by=By(CONSOLE, at))
    session.flush()


def test_a_milestone_that_came_by_hand_counts_from_then_until_that_is_taken_back(session: Session) -> None:
    contest = factories.contest(session)
    came = datetime(2026, 3, 16, 9, tzinfo=UTC)
    plan(session, contest, Code.OPENING_PROTOCOL, After(Code.APPLICATIONS_CLOSE, 1, Unit.WORKING))
    plan(session, contest, Code.FORMAL_CHECK, After(Code.OPENING_PROTOCOL, 5, Unit.WORKING))
    planned = queries.resolved(session, contest)
    by_hand(session, contest, Code.OPENING_PROTOCOL, came, " Подписан ")
    found = queries.resolved(session, contest)
    assert (found[Code.OPENING_PROTOCOL].at, found[Code.FORMAL_CHECK].day) == (came, date(2026, 3, 23))
    with pytest.raises(Refused, match="come already"):
        by_hand(session, contest, Code.OPENING_PROTOCOL)
    milestones.take_back_by_hand(session, contest.id, Code.OPENING_PROTOCOL, "Ошибка", version=contest.version, by=BY)
    session.flush()
    assert queries.resolved(session, contest) == planned
    assert history(session)[2:] == [
        ("opening_protocol", None, came.isoformat(), True, "Подписан", came),
        ("opening_protocol", came.isoformat(), None, True, "Ошибка", MOMENT),
    ]
    with pytest.raises(Refused, match="Nobody said by hand"):
        milestones.take_back_by_hand(
            session, contest.id, Code.OPENING_PROTOCOL, "Ошибка", version=contest.version, by=BY
        )


@pytest.mark.parametrize(
    ("code", "shift"),
    [
        (Code.APPLICATIONS_OPEN, timedelta(days=-15)),
        (Code.APPLICATIONS_CLOSE, timedelta(0)),
        (Code.REVIEW_CLOSE, timedelta(days=15)),
    ],
)
def test_a_date_of_the_contest_that_comes_by_hand_is_moved_to_that_instant(
    session: Session, code: Code, shift: timedelta
) -> None:
    contest, at = factories.contest(session), MOMENT + shift
    before = getattr(contest, code.value)
    by_hand(session, contest, code, at, "Решение комиссии")
    change = session.scalars(select(ScheduleChange)).one()
    assert getattr(contest, code.value) == at
    assert (change.field, change.before, change.after, change.reason) == (code.value, before, at, "Решение комиссии")
    assert journal(session) == [
        (
            "contest.schedule_changed",
            {code.value: [before.isoformat(), at.isoformat()], "by_hand": True, "reason": "Решение комиссии"},
        )
    ]
    with pytest.raises(Refused, match="come already"):
        by_hand(session, contest, code, at)


@pytest.mark.parametrize(
    ("code", "at", "words"),
    [
        (Code.APPLICATIONS_CLOSE, MOMENT - timedelta(days=11), "Acceptance must end after it begins"),
        (Code.REVIEW_CLOSE, MOMENT, "The review must end after the acceptance of applications"),
        (Code.MEETING, MOMENT, "This milestone has no date"),
    ],
)
def test_a_phase_is_not_closed_before_the_one_that_it_follows(
    session: Session, code: Code, at: datetime, words: str
) -> None:
    contest = factories.contest(session)
    with pytest.raises(Refused) as refused:
        by_hand(session, contest, code, at)
    assert list(map(str, refused.value.faults)) == [words]


def test_by_hand_takes_a_reason_and_a_contest_that_goes_on(session: Session) -> None:
    contest, frozen = factories.contest(session), factories.contest(session, status="ranking_frozen")
    with pytest.raises(ReasonMissing):
        by_hand(session, contest, Code.APPLICATIONS_CLOSE, reason=" ")
    with pytest.raises(GateClosed):
        by_hand(session, frozen, Code.REVIEW_CLOSE)


def test_the_history_has_dates_and_milestones_together_the_latest_first(session: Session) -> None:
    contest, person = factories.contest(session), factories.user(session, "secretary", name="Секретарь")
    actor = replace(CONSOLE, user_id=person.id, name=person.name)
    plan(session, contest, Code.MEETING, MEETING_AT, "Приказ", By(actor, MOMENT - timedelta(hours=1)))
    by_hand(session, contest, Code.APPLICATIONS_CLOSE)
    assert [(one.code, one.by_hand, one.reason, one.by) for one in queries.changes(session, contest.id)] == [
        ("applications_close", True, "Решение", None),
        ("meeting", False, "Приказ", "Секретарь"),
    ]


def test_an_announced_deadline_does_not_come_nearer_by_what_it_is_counted_from(session: Session) -> None:
    contest = factories.contest(session)
    plan(session, contest, Code.BRIEFING, MOMENT + timedelta(days=3))
    plan(session, contest, Code.APPLICATIONS_SOFT, After(Code.BRIEFING, 2, Unit.CALENDAR))
    refused = ["at: An announced deadline is counted from this: it may only come later, and before its close"]
    wanted = [MOMENT + timedelta(days=days) for days in (2, 9)] + [datetime(2030, 1, 1, tzinfo=UTC)]
    assert [told(session, contest, Code.BRIEFING, at) for at in wanted] == [refused] * 3
    plan(session, contest, Code.BRIEFING, MOMENT + timedelta(days=4))
    assert queries.resolved(session, contest)[Code.APPLICATIONS_SOFT].day == date(2026, 3, 21)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (timedelta(days=5), ["This milestone has come already"]),
        (timedelta(days=5) - MILLISECOND, []),
        (timedelta(days=-10), ["The announced deadline must lie between the opening and the close"]),
        (timedelta(days=-10) + MILLISECOND, []),
    ],
)
def test_an_announced_deadline_comes_by_hand_before_its_date_and_within_the_window_alone(
    session: Session, at: timedelta, words: list[str]
) -> None:
    contest, faults = factories.contest(session), list[str]()
    plan(session, contest, Code.APPLICATIONS_SOFT, MOMENT + timedelta(days=5))
    try:
        by_hand(session, contest, Code.APPLICATIONS_SOFT, MOMENT + at)
    except Refused as refused:
        faults = [*map(str, refused.faults)]
    assert faults == words
    counts = MOMENT + (timedelta(days=5) if words else at)
    assert queries.milestone(session, contest, Code.APPLICATIONS_SOFT) == counts


def test_the_date_of_what_came_by_hand_is_not_set_until_that_is_taken_back(session: Session) -> None:
    contest = factories.contest(session)
    plan(session, contest, Code.MEETING, MEETING_AT)
    by_hand(session, contest, Code.MEETING)
    assert told(session, contest, Code.MEETING, MEETING_AT + timedelta(days=1)) == [
        "It was noted by hand that this milestone has come: take the note back first"
    ]
    milestones.take_back_by_hand(session, contest.id, Code.MEETING, "Ошибка", version=contest.version, by=BY)
    plan(session, contest, Code.MEETING, MEETING_AT + timedelta(days=1))
    assert queries.milestone(session, contest, Code.MEETING) == MEETING_AT + timedelta(days=1)


def test_dates_are_not_moved_past_an_announced_deadline_that_stays(session: Session) -> None:
    contest = factories.contest(session, applications_open=MOMENT + timedelta(days=1))
    plan(session, contest, Code.APPLICATIONS_SOFT, MOMENT + timedelta(days=5))
    plan(session, contest, Code.REVIEW_SOFT, After(Code.APPLICATIONS_CLOSE, 20, Unit.CALENDAR))
    dates = calendar_of(contest)
    wanted = [
        replace(dates, applications_open=MOMENT + timedelta(days=5)),
        replace(dates, applications_close=contest.review_close - timedelta(days=20)),
    ]
    found = []
    for moved in wanted:
        with pytest.raises(Refused) as refused:
            contests.extend_schedule(session, contest.id, moved, "Просят", version=contest.version, by=BY)
        found += map(str, refused.value.faults)
    assert found == [f"applications_open: {OUTSIDE}", f"review_close: {OUTSIDE}"]
    later = replace(dates, applications_open=MOMENT + timedelta(days=5) - MILLISECOND)
    contests.extend_schedule(session, contest.id, later, "Просят", version=contest.version, by=BY)
    assert calendar_of(contest) == later


def test_a_draft_whose_announced_deadline_is_outside_its_window_is_not_published(session: Session) -> None:
    contest = factories.contest(session, status="draft", published_at=None)
    plan(session, contest, Code.APPLICATIONS_SOFT, MOMENT + timedelta(days=5))
    found = []
    for name in ("applications_open", "applications_close"):
        with session.begin_nested() as attempt:
            setattr(contest, name, MOMENT + timedelta(days=5))
            faults = contests.publication_faults(session, contest, MOMENT)
            found.append([fault.path for fault in faults if fault.message == OUTSIDE])
            attempt.rollback()
    assert found == [["applications_open"], ["applications_close"]]
