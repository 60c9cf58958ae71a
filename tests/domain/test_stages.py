from dataclasses import replace
from datetime import timedelta

import pytest

from judging.domain.stages import (
    STAGE_LABELS,
    Calendar,
    NotOpen,
    Stage,
    calendar_faults,
    deadline_of,
    deadline_passed,
    may_review,
    may_submit,
    require_accepting,
    require_reviewing,
    stage_at,
    time_left,
)
from tests.domain.records import START

MOMENT = timedelta(microseconds=1)
CALENDAR = Calendar(START, START + timedelta(days=30), START + timedelta(days=60))
OPEN, CLOSE, END = CALENDAR.applications_open, CALENDAR.applications_close, CALENDAR.review_close


@pytest.mark.parametrize(
    ("now", "stage", "submit", "review"),
    [
        (OPEN - MOMENT, Stage.UPCOMING, False, False),
        (OPEN, Stage.ACCEPTING, True, True),
        (CLOSE - MOMENT, Stage.ACCEPTING, True, True),
        (CLOSE, Stage.REVIEW, False, True),
        (END - MOMENT, Stage.REVIEW, False, True),
        (END, Stage.OVER, False, False),
    ],
)
def test_windows_are_half_open(now, stage, submit, review):
    assert (stage_at(CALENDAR, now), may_submit(CALENDAR, now), may_review(CALENDAR, now)) == (stage, submit, review)


def test_every_stage_but_the_last_has_its_end():
    assert [deadline_of(CALENDAR, stage) for stage in Stage] == [OPEN, CLOSE, END, None]
    assert list(STAGE_LABELS) == list(Stage)


def test_deadline_itself_is_late():
    assert not deadline_passed(CLOSE, CLOSE - MOMENT)
    assert deadline_passed(CLOSE, CLOSE)


def test_time_left_is_never_negative():
    assert time_left(CLOSE, CLOSE - timedelta(hours=1)) == timedelta(hours=1)
    assert time_left(CLOSE, CLOSE + MOMENT) == timedelta(0)


@pytest.mark.parametrize(
    ("require", "now", "sentence"),
    [
        (require_accepting, OPEN - MOMENT, "Applications are not accepted yet."),
        (require_accepting, CLOSE, "The time for applications is over."),
        (require_reviewing, OPEN - MOMENT, "Reviews are not accepted yet."),
        (require_reviewing, END, "The time for reviews is over."),
    ],
)
def test_refusal_says_whether_it_is_early_or_late(require, now, sentence):
    with pytest.raises(NotOpen) as refusal:
        require(CALENDAR, now)
    assert str(refusal.value) == sentence


def test_within_the_window_nothing_is_refused():
    assert require_accepting(CALENDAR, OPEN) is None
    assert require_reviewing(CALENDAR, CLOSE) is None


def test_naive_instant_is_an_error():
    with pytest.raises(TypeError):
        stage_at(CALENDAR, START.replace(tzinfo=None))


def test_dates_must_follow_each_other():
    wrong = replace(CALENDAR, applications_close=OPEN, review_close=OPEN)
    assert [str(fault) for fault in calendar_faults(wrong)] == [
        "applications_close: Acceptance must end after it begins",
        "review_close: The review must end after the acceptance of applications",
    ]
    assert calendar_faults(CALENDAR) == ()
