"""Settings in words: where a place of them is changed, and what stands there before and after."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from judging.domain.settings.documents import Difference, NamedYear
from judging.models import Contest
from judging.services.contest_settings import Assessment
from judging.web.templating import translate

LONGEST_SHOWN = 300
CRITERION = re.compile(r"criteria\[([^\]]+)\]")
NOTATION = re.compile(r"[a-z]_[a-z]|[{}]|[=<>]=")
NOMINATION = re.compile(r"nominations\[([^\]]+)\]")
TERMS = ("title", "summary", "applications_open", "applications_close", "review_close", "budget")
"""The terms that a form of the contest changes."""


@dataclass(frozen=True)
class YearLine:
    """A text that names an old year: its place and words, and where it is changed."""

    place: str
    text: str
    years: str
    href: str


@dataclass(frozen=True)
class Value:
    """A value as text; ``notation``: it is a code or a rule, or has one in it, and not words alone."""

    text: str
    notation: bool = False


@dataclass(frozen=True)
class DifferenceLine:
    """A difference: its place, both values, and why it may not be stored ("" where it may)."""

    place: str
    before: Value
    after: Value
    reason: str = ""


def year_lines(contest: Contest, named: Iterable[NamedYear]) -> list[YearLine]:
    """Return a line for every text that names an old year."""
    return [YearLine(one.path, _cut(one.text), ", ".join(one.years), _href(contest, one.path)) for one in named]


def difference_lines(assessment: Assessment) -> tuple[list[DifferenceLine], list[DifferenceLine]]:
    """Return what may be stored, and what may not."""
    refused = [_line(one.difference, translate(one.reason.message, **one.reason.params)) for one in assessment.refused]
    return [_line(one) for one in assessment.allowed], refused


def _line(one: Difference, reason: str = "") -> DifferenceLine:
    return DifferenceLine(one.path, _value(one.before), _value(one.after), reason)


def _value(value: Any) -> Value:
    if value is None or value == "":
        return Value("–")
    if isinstance(value, bool):
        return Value(gettext("Yes") if value else gettext("No"))
    text = _cut(_words(value))
    return Value(text, " " not in text or NOTATION.search(text) is not None)


def _words(value: Any) -> str:
    """A value as text: of an item that comes or goes what it is called, of any other object what it holds."""
    if isinstance(value, dict):
        called = next((value[name] for name in ("title", "label", "text", "message") if value.get(name)), None)
        return called or _words(list(value.values()))
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _href(contest: Contest, path: str) -> str:
    """Where the setting is changed; the file takes everything that has no form of its own."""
    match = CRITERION.match(path)
    row = next((one for one in contest.criteria if match and one.code == match[1]), None)
    if row is not None:
        return url_for("contests.edit_criterion", code=contest.code, criterion_id=row.id)
    named = NOMINATION.match(path)
    nomination = next((one for one in contest.nominations if named and one.code == named[1]), None)
    if nomination is not None:
        return url_for("contests.edit_nomination", code=contest.code, nomination_id=nomination.id)
    part, _, name = path.partition(".")
    if part == "terms" and name in TERMS:
        return url_for("contests.edit_general", code=contest.code, _anchor=name)
    if part == "sheet":
        return url_for("contests.edit_sheet", code=contest.code)
    if part == "form":
        return url_for("form_editor.index", code=contest.code)
    return url_for("contests.settings", code=contest.code)
