"""Journal records of downloads: who took which file of a contest."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.events import Event
from judging.models import Contest
from judging.services.audit import record


def note_export(
    session: Session,
    contest: Contest,
    *,
    label: str,
    details: dict[str, Any],
    actor: Actor,
    now: datetime,
    address: str = "",
) -> None:
    """Record that ``actor`` takes the file ``label``; ``details`` say what it was made from."""
    record(
        session,
        Event.EXPORTED,
        actor=actor,
        now=now,
        subject=contest,
        label=label,
        contest_id=contest.id,
        details=details,
        address=address,
    )
