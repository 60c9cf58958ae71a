"""The places of a score sheet: every mark, comment and choice by a name of its own, as plain text.

A sheet written so can be compared place by place, whatever it was filled in.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from judging.domain.fields.texts import paragraphs
from judging.domain.record import Recommendation
from judging.domain.sheets import Sheet

LETTERS = 16
"""Signs of a fingerprint."""


class Part(StrEnum):
    """What stands in a place: a mark, a comment to one of the audiences, or an answer about the whole application."""

    MARK = "mark"
    PANEL = "panel"
    RECOMMENDATION = "recommendation"


COMMENTS = (Part.PANEL,)
"""The parts that are texts of an expert's own."""


class Place(NamedTuple):
    """One place of a sheet; ``code`` is the criterion's, empty for what is said of the whole application."""

    part: Part
    code: str = ""


Written = Mapping[Place, str]
"""A sheet by its places; what is empty is absent. A mark is the shortest text of its number."""


def written(sheet: Sheet) -> dict[Place, str]:
    """Return a sheet by its places."""
    found = {Place(Part.MARK, code): mark_text(mark) for code, mark in sheet.scores.items()}
    found |= {Place(Part.PANEL, code): paragraphs(text) for code, text in sheet.comments.items()}
    if sheet.recommendation is not None:
        found[Place(Part.RECOMMENDATION)] = sheet.recommendation.value
    return {place: text for place, text in found.items() if text}


def changed(sheet: Sheet, changes: Mapping[Place, str]) -> Sheet:
    """Return ``sheet`` with other texts in some places; an empty text clears the place."""
    scores, comments, recommendation = dict(sheet.scores), dict(sheet.comments), sheet.recommendation
    for (part, code), text in changes.items():
        if part is Part.RECOMMENDATION:
            recommendation = Recommendation(text) if text else None
        elif part is Part.MARK:
            scores.pop(code, None)
            scores |= {code: Decimal(text)} if text else {}
        else:
            comments.pop(code, None)
            comments |= {code: text} if text else {}
    return replace(sheet, scores=scores, comments=comments, recommendation=recommendation)


def mark_text(mark: Decimal) -> str:
    """Return the shortest text of a mark: 7 and 7.0 are the same."""
    return f"{mark.normalize() + 0:f}"


def fingerprint(text: str) -> str:
    """Return a mark of a text by which one sees whether it is still the same; empty of an empty one."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LETTERS] if text else ""
