"""What every download has in common: it is begun before it is noted, and noted before its first byte is sent."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from judging.extensions import db
from judging.models import Contest
from judging.services.audit import Event, record
from judging.web.access import client_address, current_actor
from judging.web.clock import now


def begun(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Write the first part now (of a workbook, the whole): a file that cannot be written is not noted as taken."""
    return chain([next(parts, b"")], parts)


def note_export(contest: Contest, label: str, details: dict[str, Any]) -> None:
    """Record who takes which file of the contest, and what it was made from."""
    record(
        db.session,
        Event.EXPORTED,
        actor=current_actor(),
        now=now(),
        subject=contest,
        label=label,
        contest_id=contest.id,
        details=details,
        address=client_address(),
    )
