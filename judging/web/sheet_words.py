"""What stands on a score sheet, in words: a mark, the answer of a check, who reads a comment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from judging.domain.errors import N_
from judging.domain.record import RECOMMENDATION_LABELS, Recommendation
from judging.domain.rubric import AnswerStyle, ExpertCriterion
from judging.domain.sheet_history import NO, YES
from judging.domain.sheet_rules import AUDIENCE_LABELS, CONFIDENCE_LABELS, GROUP, Audience, Confidence
from judging.domain.sheets import Sheet
from judging.web.templating import decimal, translate

ANSWERS: Mapping[AnswerStyle, Mapping[Decimal, str]] = {
    AnswerStyle.YES_NO: {Decimal(1): N_("Yes"), Decimal(0): N_("No")},
    AnswerStyle.TRAFFIC_LIGHT: {
        Decimal(2): N_("Green: meets the requirement"),
        Decimal(1): N_("Yellow: meets it in part"),
        Decimal(0): N_("Red: does not meet it"),
    },
}
"""The answers of the checks, by mark."""
CANNOT_JUDGE = N_("I cannot judge it")


@dataclass(frozen=True)
class Said:
    """A comment: the audience's name in the code and in words, and the text."""

    audience: str
    label: str
    text: str


@dataclass(frozen=True)
class SaidOfGroup:
    """The comments on a group of criteria."""

    group: str
    words: tuple[Said, ...]


def answers_of(criterion: ExpertCriterion) -> dict[Decimal, str]:
    """Return the words of every mark of a check, the best one first; empty for a scale of numbers."""
    return {mark: translate(words) for mark, words in ANSWERS.get(criterion.answers, {}).items()}


def mark_words(criterion: ExpertCriterion, mark: Decimal | str | None) -> str:
    """Return a mark as a person reads it; what was typed in place of one stays as it is."""
    found = answers_of(criterion)
    return found[mark] if isinstance(mark, Decimal) and mark in found else decimal(mark)


def said_of(sheet: Sheet, place: str, *, private: bool) -> tuple[Said, ...]:
    """Return the comments on a place; ``private``: those too that the expert keeps for himself."""
    readers = [audience for audience in Audience if private or audience is not Audience.PRIVATE]
    found = ((audience, sheet.words(audience).get(place, "")) for audience in readers)
    return tuple(Said(audience.value, translate(AUDIENCE_LABELS[audience]), text) for audience, text in found if text)


def said_of_groups(sheet: Sheet, *, private: bool) -> tuple[SaidOfGroup, ...]:
    """Return the comments on groups of criteria, in the order in which they were written."""
    places = dict.fromkeys(place for place in _places(sheet) if place.startswith(GROUP))
    found = (SaidOfGroup(place.removeprefix(GROUP), said_of(sheet, place, private=private)) for place in places)
    return tuple(one for one in found if one.words)


def _places(sheet: Sheet) -> Iterator[str]:
    for audience in Audience:
        yield from sheet.words(audience)


def verdict(value: str | None) -> str:
    """Return a recommendation in words; empty where there is none."""
    return translate(RECOMMENDATION_LABELS[Recommendation(value)]) if value in set(Recommendation) else ""


def confidence_words(value: str | None) -> str:
    """Return how sure the expert is, in words; empty where that is not said."""
    return translate(CONFIDENCE_LABELS[Confidence(value)]) if value in set(Confidence) else ""


SCOPE_LABELS: Mapping[str, str] = {
    YES: N_("Yes, it is"),
    NO: N_("No, it is outside the scope of the contest"),
}
"""The answers to the question of scope, as forms and the history of a sheet have them."""


def scope_answer(sheet: Sheet) -> str | None:
    """Return what a sheet answers to the question of scope, as its field has it."""
    return None if sheet.in_scope is None else YES if sheet.in_scope else NO


def scope_words(value: str | None) -> str:
    """Return the answer to the question of scope in words; empty where there is none."""
    return translate(SCOPE_LABELS[value]) if value and value in SCOPE_LABELS else ""


def place_words(place: str) -> str:
    """Where a comment stands: the code of a criterion, or the group in words."""
    return gettext("group “%(group)s”", group=place.removeprefix(GROUP)) if place.startswith(GROUP) else place
