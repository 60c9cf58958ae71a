"""The registry is whole: every kind that the domain names is done by somebody and is called something."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from judging.domain.jobs import CODE_WORDS, KIND_LABELS, STATE_LABELS, Every, JobCode, JobKind, JobState, scheduled_key
from judging.jobs import KINDS
from judging.jobs.silences import Silences
from judging.services.queue import Lease

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_every_kind_state_and_code_has_its_entry_and_words() -> None:
    assert set(KINDS) == set(JobKind) == set(KIND_LABELS)
    assert set(STATE_LABELS) == set(JobState)
    assert set(CODE_WORDS) == set(JobCode)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_can_be_tried_and_waits_no_shorter_each_time(kind) -> None:
    pauses = [kind.pause(attempt) for attempt in range(1, kind.tries + 1)]
    assert (kind.tries >= 1, pauses) == (True, sorted(pauses))


@pytest.mark.parametrize(
    ("calendar", "now", "instant"),
    [
        (Every(timedelta(minutes=10)), NOON + timedelta(minutes=9), NOON),
        (Every(timedelta(minutes=10)), NOON, NOON),
        (Every(timedelta(days=1), after=timedelta(hours=3)), NOON, NOON.replace(hour=3)),
        (Every(timedelta(days=1), after=timedelta(hours=13)), NOON, NOON.replace(day=29, hour=13)),
    ],
)
def test_a_calendar_gives_the_last_instant_that_has_come(calendar: Every, now: datetime, instant: datetime) -> None:
    assert calendar.latest(now) == instant


def test_an_instant_has_one_key_in_every_zone() -> None:
    moscow = NOON.astimezone(timezone(timedelta(hours=3)))
    assert {scheduled_key("sweep", at) for at in (NOON, moscow)} == {"sweep@2026-11-30T12:00:00Z"}


@pytest.mark.parametrize(
    ("until", "seen", "gone"),
    [
        (NOON + SECOND, [0, 50, 119], False),
        (NOON + SECOND, [0, 120], True),
        (NOON - SECOND, [0, 39], False),
        (NOON - SECOND, [0, 41], True),
        (NOON - timedelta(days=1), [0], False),
    ],
    ids=["lives by the clock", "silent for a whole lease", "over by the clock", "over and silent", "just seen"],
)
def test_on_sqlite_a_lease_is_over_when_it_was_seen_unchanged(until: datetime, seen: list[float], gone: bool) -> None:
    ticks = iter(seen)
    silences = Silences(timedelta(minutes=2), ticking=lambda: next(ticks))
    found = [silences.look([Lease("t", until)], NOON) for _ in seen]
    assert (found[-1] == {"t"}, any(found[:-1])) == (gone, False)


def test_a_renewed_lease_is_another_one() -> None:
    ticks = iter([0.0, 100.0, 200.0])
    silences = Silences(timedelta(minutes=2), ticking=lambda: next(ticks))
    found = [silences.look([Lease("t", NOON - minutes * timedelta(minutes=1))], NOON) for minutes in (3, 2, 1)]
    assert found == [frozenset()] * 3
