"""Records of the journal about an application."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.events import Event
from judging.models import Application
from judging.services.audit import record


def note(
    session: Session,
    application: Application,
    event: Event,
    *,
    by: By,
    details: Mapping[str, Any] | None = None,
    state: dict[str, Any] | None = None,
) -> None:
    """Write what happened to an application into the journal, under its number or, before it has one, its title."""
    record(
        session,
        event,
        by=by,
        subject=application,
        label=application.number or application.title,
        contest_id=application.contest_id,
        details=dict(details or {}),
        state=state,
    )
