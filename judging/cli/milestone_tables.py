"""The milestones of a contest as the command line prints them: a table for people, JSON for programs."""

import json
from collections.abc import Mapping
from typing import Any

from judging.cli.tables import columns
from judging.domain.milestones import COLUMNS, After, Code, Resolved, Row
from judging.domain.workdays import MOSCOW

HEADINGS = ("Milestone", "Moscow time", "Counted", "State")


def milestones_table(code: str, comes: Mapping[Code, Resolved], rows: Mapping[Code, Row]) -> str:
    """Lay the milestones out in columns, in the order of the table."""
    lines = [
        (one.value, _moscow(when), _counted(one, rows), _state(when, rows.get(one))) for one, when in comes.items()
    ]
    return "\n".join([code, "", *columns(HEADINGS, lines)]) + "\n"


def milestones_document(code: str, comes: Mapping[Code, Resolved], rows: Mapping[Code, Row]) -> str:
    """Write the milestones as JSON: instants in UTC, how each is counted, what is provisional and what came by hand."""
    found = [_object(one, when, rows.get(one)) for one, when in comes.items()]
    return json.dumps({"contest": code, "milestones": found}, ensure_ascii=False, indent=2) + "\n"


def _object(code: Code, when: Resolved, row: Row | None) -> dict[str, Any]:
    plan = row.plan if row else None
    counted = (
        {"after": plan.code.value, "days": plan.days, "unit": plan.unit.value} if isinstance(plan, After) else None
    )
    return {
        "code": code.value,
        "at": when.at.isoformat(),
        "counted": counted,
        "provisional": when.provisional,
        "by_hand": row is not None and row.came_at is not None,
    }


def _moscow(when: Resolved) -> str:
    return when.at.astimezone(MOSCOW).strftime("%Y-%m-%d %H:%M:%S")


def _counted(code: Code, rows: Mapping[Code, Row]) -> str:
    if code in COLUMNS:
        return "date of the contest"
    plan = rows[code].plan
    return f"{plan.days} {plan.unit.value} days after {plan.code.value}" if isinstance(plan, After) else "given"


def _state(when: Resolved, row: Row | None) -> str:
    if row is not None and row.came_at is not None:
        return "came by hand"
    return "provisional" if when.provisional else ""
