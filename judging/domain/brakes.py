"""How guessing is slowed down: some attempts cost nothing, then every failure is followed by a longer pause.

Nobody is locked out: a pause ends by itself, and what one device or address did wrong is not held against another.
"""

from dataclasses import dataclass

DOUBLINGS = 20


@dataclass(frozen=True)
class Brake:
    """So many failures are ``free``; then pauses of 2, 4, 8 … seconds follow, none longer than ``longest``.

    All are forgotten ``memory`` seconds after the last one.
    """

    name: str
    free: int
    longest: int
    memory: int

    def pause(self, failures: int) -> int:
        """Seconds that have to pass after the last of so many failures."""
        over = failures - self.free
        return min(self.longest, 2 ** min(over + 1, DOUBLINGS)) if over >= 0 else 0


QUARTER, HOUR, DAY = 15 * 60, 60 * 60, 24 * 60 * 60

SIGN_IN_DEVICE = Brake("sign-in-device", free=10, longest=QUARTER, memory=HOUR)
"""Wrong passwords of one account on a device that has signed in to it before; such a device is bound by this alone."""
SIGN_IN_PAIR = Brake("sign-in-pair", free=10, longest=QUARTER, memory=HOUR)
"""Wrong passwords of one account from one address."""
SIGN_IN_ADDRESS = Brake("sign-in-address", free=100, longest=60, memory=QUARTER)
"""Wrong passwords from one address altogether: it may be that of a whole office, so its pauses stay short."""
PRESENT_PASSWORD = Brake("present-password", free=5, longest=QUARTER, memory=HOUR)
"""Wrong present passwords within one session."""
CONFIRMATION = Brake("confirmation", free=10, longest=QUARTER, memory=HOUR)
"""Wrong passwords on the page of one link."""
LETTER_DEVICE = Brake("letter-device", free=20, longest=60, memory=HOUR)
"""Letters asked for from a device that has signed in before."""
LETTER_PAIR = Brake("letter-pair", free=5, longest=HOUR, memory=HOUR)
"""Letters to one address asked for from one address."""
LETTER_ACCOUNT = Brake("letter-account", free=5, longest=6 * HOUR, memory=DAY)
"""Letters for a new password to one account, from wherever they are asked for; during a pause none is written and the
last one stays good. Nobody is told, and a device of that account's own owner is not counted."""
LETTER_ADDRESS = Brake("letter-address", free=30, longest=60, memory=QUARTER)
"""Letters asked for from one address altogether."""
