"""Records of the journal about an application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.events import Event
from judging.models import Application
from judging.services.audit import record


def note(
    session: Session,
    application: Application,
    event: Event,
    *,
    actor: Actor,
    now: datetime,
    details: Mapping[str, Any] | None = None,
    state: dict[str, Any] | None = None,
) -> None:
    """Write what happened to an application into the journal, under its number or, before it has one, its title."""
    record(
        session,
        event,
        actor=actor,
        now=now,
        subject=application,
        label=application.number or application.title,
        contest_id=application.contest_id,
        details=dict(details or {}),
        state=state,
    )
