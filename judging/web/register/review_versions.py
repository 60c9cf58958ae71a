"""The versions of a score sheet that were handed in, each with what it changed in the one before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from markupsafe import Markup

from judging.domain.record import Recommendation
from judging.domain.word_differences import word_differences
from judging.extensions import db
from judging.models import Review
from judging.queries.rubrics import SheetCriterion
from judging.queries.scoring import all_versions
from judging.web.templating import localized
from judging.web.text_differences import INSERTED, REMOVED, marked


@dataclass(frozen=True)
class SheetChange:
    """What a version has otherwise than the one before: of a criterion, or of the sheet where ``title`` is None."""

    title: str | None
    marks: tuple[str | None, str | None] | None = None
    words: tuple[Markup, Markup] | None = None
    verdicts: tuple[Recommendation | None, Recommendation | None] | None = None


@dataclass(frozen=True)
class HandedIn:
    """A version that was handed in: its ``lines`` of criterion, mark and comment, and its changes."""

    number: int
    at: datetime
    sha256: str
    lines: tuple[tuple[str, str | None, str], ...]
    verdict: Recommendation | None
    changes: tuple[SheetChange, ...]
    first: bool


def handed_in(review: Review, criteria: Sequence[SheetCriterion]) -> list[HandedIn]:
    """The versions of this review, the last one first."""
    titles = {one.code: str(localized(one, "title")) for one in criteria}
    before: Mapping[str, Any] | None = None
    found = []
    for one in all_versions(db.session, review.id):
        changes = () if before is None else tuple(_changes(before, one.sheet, titles))
        lines = tuple(_lines(one.sheet, titles))
        verdict = _verdict(one.sheet)
        found.append(HandedIn(one.number, one.made_at, one.sha256, lines, verdict, changes, before is None))
        before = one.sheet
    return found[::-1]


def _verdict(sheet: Mapping[str, Any]) -> Recommendation | None:
    return Recommendation(sheet["recommendation"]) if sheet.get("recommendation") else None


def _lines(sheet: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[tuple[str, str | None, str]]:
    marks, texts = sheet.get("scores") or {}, sheet.get("comments") or {}
    for code in [*titles, *sorted(_codes(sheet) - titles.keys())]:
        if code in marks or code in texts:
            yield titles.get(code, code), marks.get(code), texts.get(code, "")


def _changes(old: Mapping[str, Any], new: Mapping[str, Any], titles: Mapping[str, str]) -> Sequence[SheetChange]:
    codes = [*titles, *sorted(_codes(old, new) - titles.keys())]
    found = [_of_criterion(old, new, code, titles.get(code, code)) for code in codes]
    verdicts = (_verdict(old), _verdict(new))
    last = None if verdicts[0] == verdicts[1] else SheetChange(None, verdicts=verdicts)
    return [change for change in (*found, last) if change is not None]


def _codes(*sheets: Mapping[str, Any]) -> set[str]:
    return {code for sheet in sheets for part in ("scores", "comments") for code in sheet.get(part) or {}}


def _of_criterion(old: Mapping[str, Any], new: Mapping[str, Any], code: str, title: str) -> SheetChange | None:
    marks = ((old.get("scores") or {}).get(code), (new.get("scores") or {}).get(code))
    texts = ((old.get("comments") or {}).get(code, ""), (new.get("comments") or {}).get(code, ""))
    if marks[0] == marks[1] and texts[0] == texts[1]:
        return None
    return SheetChange(
        title,
        marks=None if marks[0] == marks[1] else marks,
        words=None if texts[0] == texts[1] else _compared(*texts),
    )


def _compared(old: str, new: str) -> tuple[Markup, Markup]:
    removed, added = word_differences(old, new)
    return (
        marked(removed, REMOVED, gettext("only in the version before:")),
        marked(added, INSERTED, gettext("only in this version:")),
    )
