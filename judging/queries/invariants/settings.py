"""The check of a contest's settings: rules, weights, money and dates are what the last record left behind."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.events import SETTLES
from judging.models import JournalRecord
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, since
from judging.queries.states import PLAIN, settings_of


def changed_settings(session: Session) -> Iterator[Offence]:
    """Yield contests with a setting that is not the one of the last record that changed settings."""
    for contest_id, start in contest_starts(session):
        recorded = _recorded(session, contest_id, start)
        if recorded is None:
            yield Offence("contest", contest_id, "no record says what its settings were")
            continue
        stored = settings_of(session, contest_id)
        for name in sorted(recorded.keys() | stored.keys()):
            if recorded.get(name) != stored.get(name):
                yield _difference(contest_id, name, stored.get(name), recorded.get(name))


def _recorded(session: Session, contest_id: int, start: Start) -> dict[str, Any] | None:
    found: dict[str, Any] | None = start.document.get("settings")
    states = since(session, contest_id, start, JournalRecord.state).where(JournalRecord.event.in_(SETTLES))
    for state in session.scalars(states):
        found = (state or {}).get("settings", found)
    return found


def _difference(contest_id: int, name: str, stored: object, recorded: object) -> Offence:
    if name in PLAIN:
        return differs("contest", contest_id, name, stored, recorded)
    missing = {True: f"{name} is gone", False: f"{name} was changed"}[stored is None]
    found = f"{name} was added" if recorded is None else missing
    return Offence("contest", contest_id, f"{found} without a record", str(stored), str(recorded))
