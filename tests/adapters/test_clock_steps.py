"""A clock that is set, back or ahead, is noticed once each time."""

import pytest

from judging.adapters.clock_steps import ClockWatch


class Clocks:
    """Two clocks by hand: time passes on both, the one is set."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_700_000_000.0, 50.0
        self.watch = ClockWatch(lambda: self.wall, lambda: self.steady)

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds

    def look(self) -> float | None:
        step = self.watch.look()
        return None if step is None else (step.after - step.before).total_seconds()


def test_time_that_passes_is_no_step() -> None:
    clocks = Clocks()
    for seconds in (0.0, 1.0, 86_400.0):
        clocks.pass_(seconds)
        assert clocks.look() is None


@pytest.mark.parametrize("seconds", [-1.5, -3600.0, 1.5, 86_400.0])
def test_a_step_is_told_once(seconds: float) -> None:
    clocks = Clocks()
    clocks.pass_(10)
    clocks.wall += seconds
    assert [clocks.look(), clocks.look()] == [pytest.approx(seconds), None]
    assert [step.back for step in clocks.watch.steps] == [seconds < 0]


@pytest.mark.parametrize("seconds", [-1.0, 0.4, 1.0])
def test_the_everyday_work_of_time_keeping_is_no_step(seconds: float) -> None:
    clocks = Clocks()
    clocks.wall += seconds
    assert clocks.look() is None


def test_small_steps_that_add_up_are_noticed() -> None:
    clocks, told = Clocks(), []
    for _ in range(3):
        clocks.wall -= 0.6
        told.append(clocks.look())
    assert told == [None, pytest.approx(-1.2), None]


def test_a_clock_that_jumps_ahead_and_returns_is_two_steps() -> None:
    clocks = Clocks()
    clocks.wall += 7200
    ahead = clocks.look()
    clocks.pass_(5)
    clocks.wall -= 7200
    assert (ahead, clocks.look()) == (pytest.approx(7200), pytest.approx(-7200))
    assert [step.back for step in clocks.watch.steps] == [False, True]
