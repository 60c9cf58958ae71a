"""Argon2id: how passwords are kept and proved. It takes long by design, so it runs outside every transaction.

The parameters are those of OWASP's Password Storage Cheat Sheet (19 MiB, two passes, one lane). A process works on few
hashes at once, by threads that everything else goes before, and so many wait for them that threads of the web server
are left: a wave of sign-ins waits for itself and for nobody else.
"""

import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from judging.adapters.slow_work import Aside, Crowded
from judging.domain.errors import N_, RuleViolation
from judging.queries.sign_ins import Secret

MOST_TYPED = 1000
"""No more characters than this are looked at; a password to be set has fewer anyway."""
AT_ONCE = max(1, (os.cpu_count() or 2) - 1)
PATIENCE = 10.0
"""Seconds that a password waits for its turn."""
PLACES = 16
"""How many may wait for a hash or be at it; ``judging serve`` has more threads than that."""
T = TypeVar("T")
_aside = Aside(AT_ONCE, PLACES)


class Busy(RuleViolation):
    """So many passwords are being checked that this one did not get its turn."""

    def __init__(self) -> None:
        super().__init__(N_("Too many people are signing in at this moment. Try again in half a minute."))


@dataclass(frozen=True)
class Proof:
    """Somebody knew the password behind ``stored``. Void as soon as the account has another one.

    ``kept`` is the hash to keep from now on: ``stored`` itself, or the same password by today's parameters.
    """

    user_id: int | None
    stored: str
    kept: str


def normal(password: str) -> str:
    """The password as it is hashed: NFKC, so that one keyboard's «й» is another's (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """Return the Argon2id hash with its parameters."""
    return _in_turn(lambda: _hasher().hash(normal(password)))


def prove(secret: Secret, password: str) -> Proof | None:
    """Return the proof that ``password`` is the one behind ``secret``, or None.

    Where there is no stored hash, or far too much was typed, the same work is done in vain. A hash made before
    passwords were normalised is tried with what was typed, and made anew.
    """
    typed = password[:MOST_TYPED]
    stored = secret.stored if len(password) <= MOST_TYPED else None
    kept = _in_turn(lambda: _kept(stored, typed))
    return None if stored is None or kept is None else Proof(secret.user_id, stored, kept)


def _kept(stored: str | None, typed: str) -> str | None:
    """The hash to keep where ``typed`` is the password behind ``stored``; the same work is done where it is not."""
    spellings = dict.fromkeys((normal(typed), typed))
    fitting = next((spelling for spelling in spellings if _fits(stored or _nobodys(), spelling)), None)
    if stored is None or fitting is None:
        return None
    return stored if fitting == normal(typed) and not is_outdated(stored) else _hasher().hash(normal(typed))


def is_outdated(stored: str) -> bool:
    """Say whether the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def _in_turn(act: Callable[[], T]) -> T:
    try:
        return _aside.do(act, patience=PATIENCE)
    except Crowded:
        raise Busy from None


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash("a password that nobody has")
