"""Changes of a draft contest's terms and rules; every change is recorded as before → after."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.archive import rules_object, sheet_object
from judging.domain.access import By
from judging.domain.errors import Fault, Refused
from judging.domain.events import Event
from judging.domain.rules import Rules, rules_faults
from judging.domain.sheet_rules import SheetRules, sheet_rules_faults
from judging.domain.trials import marked_title
from judging.models import Contest
from judging.queries.contests import criteria_of
from judging.services import audit
from judging.services.contests.contest_create import ContestTerms, terms_faults, terms_values
from judging.services.contests.contest_hold import draft

PREFIX = "rules."


def change_general(session: Session, contest_id: int, terms: ContestTerms, *, version: int, by: By) -> Contest:
    """Change title, summary, dates and budget of a draft; raise ``Refused``, ``GateClosed`` or ``Stale``."""
    contest = draft(session, contest_id, version)
    faults = terms_faults(terms)
    if faults:
        raise Refused(faults)
    values = terms_values(terms)
    if contest.trial:
        values["title"] = marked_title(values["title"])
    details = {
        name: [as_json(getattr(contest, name)), as_json(value)]
        for name, value in values.items()
        if getattr(contest, name) != value
    }
    for name, value in values.items():
        setattr(contest, name, value)
    _record(session, Event.CONTEST_CHANGED, contest, details, by)
    return contest


def change_rules(session: Session, contest_id: int, rules: Rules, *, version: int, by: By) -> Contest:
    """Change the rules of a draft; raise ``Refused`` (paths are the archive's keys), ``GateClosed`` or ``Stale``."""
    contest = draft(session, contest_id, version)
    faults = rules_faults(rules, criteria_of(contest))
    if faults:
        raise Refused(Fault(f.path.removeprefix(PREFIX), f.message, f.params) for f in faults)
    before, after = contest.rules, dict(rules_object(rules))
    names = sorted(before.keys() | after.keys())
    details = {n: [before.get(n), after.get(n)] for n in names if before.get(n) != after.get(n)}
    if details:
        contest.rules = after
    _record(session, Event.RUBRIC_CHANGED, contest, details, by)
    return contest


def change_sheet(session: Session, contest_id: int, sheet: SheetRules, *, version: int, by: By) -> Contest:
    """Change what the score sheets of a draft ask; raise ``Refused``, ``GateClosed`` or ``Stale``."""
    contest = draft(session, contest_id, version)
    faults = sheet_rules_faults(sheet)
    if faults:
        raise Refused(faults)
    put_sheet(session, contest, sheet, by=by)
    return contest


def put_sheet(session: Session, contest: Contest, sheet: SheetRules, *, by: By) -> None:
    """Store what the score sheets of a contest that is held ask, with its record."""
    before, after = contest.sheet, dict(sheet_object(sheet))
    if before != after:
        contest.sheet = after
        _record(session, Event.RUBRIC_CHANGED, contest, {"sheet": [before, after]}, by)


def as_json(value: Any) -> Any:
    """Return a column's value as the journal keeps it: instants as text."""
    return value.isoformat() if isinstance(value, datetime) else value


def _record(session: Session, event: Event, contest: Contest, details: dict[str, Any], by: By) -> None:
    """Record a change; where nothing is different there is nothing to record."""
    if details:
        audit.record(
            session, event, by=by, subject=contest, label=contest.title,
            contest_id=contest.id, details=details,
        )  # fmt: skip
