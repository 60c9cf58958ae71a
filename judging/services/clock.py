"""Settings of the clock become records of the journal: each once, whichever process notices it first."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.clock_steps import Step
from judging.domain.access import CONSOLE
from judging.domain.arrival import STRAY
from judging.domain.events import Event
from judging.models import JournalRecord
from judging.queries.clock import recent_steps
from judging.services.audit import record


def note_steps(session: Session, steps: Iterable[Step]) -> None:
    """Record those of the steps that a process noticed which no record tells of yet."""
    for step in steps:
        if not any(step.is_told_by(known) for known in recent_steps(session, now=step.after)):
            _record(session, step)


def note_set_back(session: Session, *, now: datetime) -> bool:
    """Record that the clock was set back while nothing ran, where the newest record is ahead of ``now``; say whether.

    By :data:`STRAY` at least, for the machines of one installation may differ a little.
    """
    newest = session.scalar(select(JournalRecord.at).order_by(JournalRecord.id.desc()).limit(1))
    if newest is None or newest - now <= STRAY:
        return False
    _record(session, Step(newest, now))
    return True


def _record(session: Session, step: Step) -> None:
    details = {"clock": [step.before.isoformat(), step.after.isoformat()]}
    record(session, Event.CLOCK_SET, actor=CONSOLE, now=step.after, subject=step, details=details)
