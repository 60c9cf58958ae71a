"""Detection of dead workers without the wall clock: leases of jobs that were not renewed while this worker watched.

On SQLite, which is one machine, the clock of the processes may be set while they run. So a lease is over when it has
not changed for a while by a clock that cannot be set: for a third of its length, in which a living worker renews it
twice, where by the clock on the wall it is over as well, and else for the whole of its length. PostgreSQL has one clock
for all and needs none of this.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic

from judging.services.queue import Lease


class Silences:
    """The leases that this worker has looked at, and since when each is as it is."""

    def __init__(self, lease: timedelta, ticking: Callable[[], float] = monotonic) -> None:
        self._lease, self._ticking = lease.total_seconds(), ticking
        self._since: dict[Lease, float] = {}

    def look(self, leases: Iterable[Lease], now: datetime) -> frozenset[str]:
        """Note the leases as they are; return the tokens of those whose holders are gone."""
        tick = self._ticking()
        self._since = {lease: self._since.get(lease, tick) for lease in leases}
        return frozenset(lease.token for lease, since in self._since.items() if self._is_over(lease, tick - since, now))

    def pending(self, now: datetime) -> bool:
        """Whether a lease is over by the clock, and it is not sure yet that its holder is gone."""
        return any(lease.until <= now for lease in self._since)

    def _is_over(self, lease: Lease, silent: float, now: datetime) -> bool:
        return silent >= (self._lease / 3 if lease.until <= now else self._lease)
