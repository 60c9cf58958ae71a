"""Why an expert refuses a task although nothing ties them to it: no conflict of interest, and none is written down.

A stored reason is a code, with the words that the expert added after a colon, as a declared conflict has them.
"""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_, Fault

LONGEST_WORDS = 1000


class Refusal(StrEnum):
    """Why a task is refused."""

    NOT_MY_FIELD = "not_my_field"
    OVERLOADED = "overloaded"
    AWAY = "away"
    OTHER = "other"


REFUSAL_LABELS: Mapping[Refusal, str] = {
    Refusal.NOT_MY_FIELD: N_("Not my field: I cannot judge such a project"),
    Refusal.OVERLOADED: N_("Overloaded: I will not be in time"),
    Refusal.AWAY: N_("Illness or a journey"),
    Refusal.OTHER: N_("For another reason"),
}


def refusal_faults(reason: str, words: str, *, unchosen: str = N_("Choose why you refuse the task")) -> list[Fault]:
    """Name what is wrong with a refusal, at ``reason`` and ``words``; ``unchosen`` says that no reason was chosen."""
    if reason not in set(Refusal):
        return [Fault("reason", unchosen)]
    if reason == Refusal.OTHER and not words.strip():
        return [Fault("words", N_("Say the reason in a few words"))]
    if len(words.strip()) > LONGEST_WORDS:
        return [Fault("words", N_("No more than %(limit)s characters"), {"limit": LONGEST_WORDS})]
    return []


def stored_refusal(reason: Refusal, words: str = "") -> str:
    """Return a refusal as it is stored."""
    return f"{reason.value}:{words.strip()}" if words.strip() else reason.value


def refusal_of(stored: str | None) -> tuple[Refusal, str]:
    """Return the code of a stored refusal and the words added; one that came in words is another reason."""
    code, _, words = (stored or "").partition(":")
    return (Refusal(code), words) if code in set(Refusal) else (Refusal.OTHER, stored or "")
