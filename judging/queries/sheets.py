"""The answers of a score sheet that only some contests ask for, as they are written down beside its marks."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from judging.adapters.archive import read_sheet
from judging.domain.sheet_rules import Audience, SheetRules
from judging.domain.sheets import NOTHING_ASKED
from judging.models import Contest, Review

FURTHER = ("abstained", "notes", "confidence", "in_scope", "scope_reason")
"""The columns of a review that hold them."""
FURTHER_ANSWERS = ("abstained", "to_applicant", "confidence", "in_scope", "scope_reason")
"""How a kept version of a sheet names them."""
NOT_GIVEN: tuple[Any, ...] = ([], {}, None, "")


def further_columns() -> tuple[Any, ...]:
    """Return the columns that :func:`further_answers` reads."""
    return tuple(getattr(Review, name) for name in FURTHER)


def further_answers(row: Any) -> dict[str, Any]:
    """Return those that are given, by their names in a kept version: a sheet without any is written as it always was.

    Of the notes those to the applicant alone: what experts note for themselves is written down nowhere else.
    """
    found = {
        "abstained": sorted(row.abstained),
        "to_applicant": dict(row.notes.get(Audience.APPLICANT, {})),
        "confidence": row.confidence,
        "in_scope": row.in_scope,
        "scope_reason": row.scope_reason,
    }
    return {name: value for name, value in found.items() if value not in NOT_GIVEN}


def further_of_version(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same of a kept version, by the names of a review's columns."""
    return {
        "abstained": sheet.get("abstained", []),
        "notes": {Audience.APPLICANT: sheet.get("to_applicant", {})},
        "confidence": sheet.get("confidence"),
        "in_scope": sheet.get("in_scope"),
        "scope_reason": sheet.get("scope_reason", ""),
    }


def sheet_rules(contest: Contest) -> SheetRules:
    """Return what the score sheets of a contest ask for beside marks."""
    return _read(json.dumps(contest.sheet)) if contest.sheet else NOTHING_ASKED


@lru_cache(maxsize=64)
def _read(stored: str) -> SheetRules:
    return read_sheet(json.loads(stored))
