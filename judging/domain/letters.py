"""When a letter that a mail server did not take is tried again, and what state a letter is in."""

from datetime import datetime, timedelta
from enum import StrEnum

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))
"""How long after the first, second, … failure the next attempt is due."""
MAX_ATTEMPTS = len(PAUSES)


class LetterState(StrEnum):
    """Waiting for its first attempt, sent, refused so far and to be tried again, or given up."""

    WAITING = "waiting"
    SENT = "sent"
    DELAYED = "delayed"
    FAILED = "failed"


def letter_state(sent_at: datetime | None, attempts: int, last_error: str | None) -> LetterState:
    """Return the state of a letter with these facts."""
    if sent_at is not None:
        return LetterState.SENT
    if last_error is None:
        return LetterState.WAITING
    return LetterState.FAILED if attempts >= MAX_ATTEMPTS else LetterState.DELAYED
