"""Settings of the clock are written down, and put on record: each once, whichever process notices it first."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from judging.adapters.clock_steps import Step
from judging.domain.access import CONSOLE, By
from judging.domain.arrival import STRAY
from judging.domain.events import Event
from judging.models import ClockMark, ClockStep
from judging.queries.clock import latest_submissions, recent_steps
from judging.services.audit import newest_instant, record


def note_steps(session: Session, steps: Iterable[Step]) -> None:
    """Note those of the steps that a process noticed which were not noted yet."""
    for step in steps:
        if not any(step.is_told_by(known) for known in recent_steps(session, now=step.after)):
            _note(session, step)


def note_set_back(session: Session, *, by: By) -> bool:
    """Note that the clock was set back while nothing ran, where the newest record is ahead of ``now``; say whether.

    By :data:`STRAY` at least, for the machines of one installation may differ a little.
    """
    newest = newest_instant(session)
    if newest is None or newest - by.now <= STRAY:
        return False
    _note(session, Step(newest, by.now))
    return True


def _note(session: Session, step: Step) -> None:
    """Write the step down; of one back, the latest instants of submissions too that may now come again."""
    row = ClockStep(before=step.before, after=step.after)
    session.add(row)
    session.flush()
    if step.back:
        marks = latest_submissions(session, after=step.after - STRAY)
        session.add_all(ClockMark(step_id=row.id, contest_id=contest, latest=latest) for contest, latest in marks)
    details = {"clock": [step.before.isoformat(), step.after.isoformat()]}
    record(session, Event.CLOCK_SET, by=By(CONSOLE, step.after), subject=step, details=details)
