"""Detection of settings of the system clock: it went back, or ahead by more than time passed.

The monotonic clock is never set. Where the difference between the two changes by more than a second, somebody set the
clock (or the machine slept, which looks like a clock set ahead).
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

LEAST: Final = 1.0
"""Seconds; smaller steps are the everyday work of time-keeping."""
KEPT: Final = 20
SAME: Final = timedelta(seconds=2 * LEAST)
"""Two processes that notice one step differ by no more, for each overlooks what is below :data:`LEAST`."""
LATER: Final = timedelta(minutes=1)
"""So much later another process may notice it."""


@dataclass(frozen=True)
class Step:
    """The clock was set: what it read before and after, at one moment. ``back``: it went backwards.

    ``since``: the last instant, by the clock as it is now, at which it was not set yet; None where nobody looked.
    """

    before: datetime
    after: datetime
    since: datetime | None = None

    @property
    def back(self) -> bool:
        """Whether instants that were given out already come again."""
        return self.after < self.before

    @property
    def size(self) -> timedelta:
        """By how much, whichever way."""
        return abs(self.after - self.before)

    def is_told_by(self, other: "Step") -> bool:
        """Whether ``other``, noticed by another process at its own moment, is this same setting of the clock."""
        least = (self.since or self.after) - SAME
        alike = abs((self.after - self.before) - (other.after - other.before)) <= SAME
        return alike and least <= other.after <= self.after + LATER


class ClockWatch:
    """Looks at both clocks when asked; keeps the last steps. A process has one; threads may share it."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._offset = wall() - monotonic()
        self._seen = wall()
        self.steps: deque[Step] = deque(maxlen=KEPT)

    def look(self) -> Step | None:
        """Return the step since the last look, once; None where there was none."""
        before = self._monotonic()
        wall = self._wall()
        if self._monotonic() - before > LEAST / 2:  # this thread was held up between the two
            return None
        offset = wall - before
        moved, self._offset = offset - self._offset, offset if abs(offset - self._offset) > LEAST else self._offset
        seen, self._seen = self._seen, wall
        if abs(moved) <= LEAST:
            return None
        step = Step(*(datetime.fromtimestamp(at, UTC) for at in (wall - moved, wall, seen + moved)))
        self.steps.append(step)
        return step
