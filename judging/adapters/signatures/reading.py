"""Who signed, by what the signature itself says: asked in a process of its own that may take so much and no more."""

import json
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

from judging.adapters.bounded import answer_of
from judging.domain.signatures import Signer

SCRIPT = Path(__file__).with_name("reader.py")
MOST_SAID = 64 << 10
EDGES = (timezone(timedelta(hours=-14)), timezone(timedelta(hours=14)))


@dataclass(frozen=True)
class Said:
    """``attached``: the SHA-256 of the content that the signature holds itself; None of a detached one."""

    signers: tuple[Signer, ...]
    attached: str | None
    certified: bool


def read_signers(der: bytes) -> Said | None:
    """Return what a signature says; None of what is none, or is beyond the bounds."""
    answer = answer_of(SCRIPT, BytesIO(der), most=MOST_SAID)
    if answer is None:
        return None
    said = json.loads(answer)
    known = {one.name for one in fields(Signer)}
    signers = tuple(Signer(**{name: value for name, value in one.items() if name in known}) for one in said["signers"])
    if not all(
        _is_instant(text) for one in signers for text in (one.valid_from, one.valid_till, one.signed_at) if text
    ) or not all(_is_shown(one.signed_at) for one in signers if one.signed_at):
        return None
    return Said(signers, said["attached"], all(one.valid_from for one in signers))


def _is_instant(text: str) -> bool:
    """Whether this is an instant with its zone, as calendars here know them; a certificate may bear any year."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_shown(text: str) -> bool:
    """Whether an instant can be told by every clock: the last hours that a calendar knows are beyond it in the East."""
    try:
        return all(datetime.fromisoformat(text).astimezone(edge) for edge in EDGES)
    except OverflowError:
        return False
