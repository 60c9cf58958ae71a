"""The places of a score sheet: every mark, comment and choice by a name of its own, as plain text.

A sheet written so can be compared place by place, whatever it was filled in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

from judging.domain.errors import N_
from judging.domain.fields.texts import paragraphs
from judging.domain.record import Recommendation
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheet_rules import Audience, Confidence, SheetRules
from judging.domain.sheets import ABSTAIN, Sheet, audiences, comment_places

LETTERS = 16
"""Signs of a fingerprint."""


class Part(StrEnum):
    """What stands in a place: a mark, a comment to one of the audiences, or an answer about the whole application."""

    MARK = "mark"
    PANEL = "panel"
    APPLICANT = "applicant"
    PRIVATE = "private"
    SCOPE = "scope"
    SCOPE_REASON = "scope_reason"
    CONFIDENCE = "confidence"
    RECOMMENDATION = "recommendation"


PART_LABELS: Mapping[Part, str] = {
    Part.MARK: N_("the mark given"),
    Part.PANEL: N_("Comment to the commission"),
    Part.APPLICANT: N_("Comment to the applicant"),
    Part.PRIVATE: N_("Note for myself alone"),
    Part.SCOPE: N_("Within the scope of the contest"),
    Part.SCOPE_REASON: N_("Why outside the scope"),
    Part.CONFIDENCE: N_("How sure you are of your marks"),
    Part.RECOMMENDATION: N_("Your recommendation"),
}
WITHIN, OUTSIDE = "yes", "no"
"""The answers to the question of scope."""


class Place(NamedTuple):
    """One place of a sheet.

    ``code`` is the criterion's, ``group:`` and the title of a group, empty for what is said of the whole application.
    """

    part: Part
    code: str = ""


Written = Mapping[Place, str]
"""A sheet by its places; what is empty is absent. A mark is the shortest text of its number, or :data:`ABSTAIN`."""


def places_of(rules: Sequence[ExpertCriterion], asked: SheetRules) -> tuple[Place, ...]:
    """Return every place of a sheet of these criteria, in the order of the page."""
    said = comment_places(rules, asked)
    found = [Place(Part.SCOPE), Place(Part.SCOPE_REASON)] if asked.scope else []
    found += [Place(Part.MARK, rule.code) for rule in rules]
    found += [Place(Part(audience.value), place) for place in said for audience in audiences(asked)]
    found += [Place(Part.CONFIDENCE)] if asked.confidence.is_asked else []
    found += [Place(Part.RECOMMENDATION)] if asked.recommendation.is_asked else []
    return tuple(found)


def written(sheet: Sheet) -> dict[Place, str]:
    """Return a sheet by its places."""
    found = {Place(Part.MARK, code): mark_text(mark) for code, mark in sheet.scores.items()}
    found |= {Place(Part.MARK, code): ABSTAIN for code in sheet.abstained}
    for audience in Audience:
        words = sheet.words(audience)
        found |= {Place(Part(audience.value), place): paragraphs(text) for place, text in words.items()}
    if sheet.in_scope is not None:
        found[Place(Part.SCOPE)] = WITHIN if sheet.in_scope else OUTSIDE
    found[Place(Part.SCOPE_REASON)] = paragraphs(sheet.scope_reason)
    found[Place(Part.CONFIDENCE)] = sheet.confidence.value if sheet.confidence else ""
    found[Place(Part.RECOMMENDATION)] = sheet.recommendation.value if sheet.recommendation else ""
    return {place: text for place, text in found.items() if text}


def changed(sheet: Sheet, changes: Mapping[Place, str]) -> Sheet:
    """Return ``sheet`` with other texts in some places; an empty text clears the place."""
    marks = {code: text for (part, code), text in changes.items() if part is Part.MARK}
    scores = {code: mark for code, mark in sheet.scores.items() if code not in marks}
    scores |= {code: Decimal(text) for code, text in marks.items() if text not in ("", ABSTAIN)}
    abstained = (sheet.abstained - marks.keys()) | {code for code, text in marks.items() if text == ABSTAIN}
    new: dict[str, Any] = {"scores": scores, "abstained": abstained}
    for audience, name in _WORDS.items():
        said = {code: text for (part, code), text in changes.items() if part == audience.value}
        kept = {code: text for code, text in sheet.words(audience).items() if code not in said}
        new[name] = kept | {code: text for code, text in said.items() if text}
    for (part, _), text in changes.items():
        if part in _ANSWERS:
            name, read = _ANSWERS[part]
            new[name] = read(text)
    return replace(sheet, **new)


_WORDS: Mapping[Audience, str] = {
    Audience.PANEL: "comments", Audience.APPLICANT: "to_applicant", Audience.PRIVATE: "private",
}  # fmt: skip
_ANSWERS: Mapping[Part, tuple[str, Callable[[str], Any]]] = {
    Part.SCOPE: ("in_scope", lambda text: text == WITHIN if text else None),
    Part.SCOPE_REASON: ("scope_reason", str),
    Part.CONFIDENCE: ("confidence", lambda text: Confidence(text) if text else None),
    Part.RECOMMENDATION: ("recommendation", lambda text: Recommendation(text) if text else None),
}


def mark_text(mark: Decimal) -> str:
    """Return the shortest text of a mark: 7 and 7.0 are the same."""
    return f"{mark.normalize() + 0:f}"


def fingerprint(text: str) -> str:
    """Return a mark of a text by which one sees whether it is still the same; empty of an empty one."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LETTERS] if text else ""
