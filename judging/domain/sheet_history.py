"""What a score sheet said at any moment: every save leaves what it changed, and walking back through them undoes it.

A sheet is flattened to texts by the names of its fields (``mark-K1``, ``comment-K1``, ``recommendation``); an empty
field is absent. Of a change is kept what was removed and what was put in its place, with where: a comment that grows
by a word costs a word, and the texts before and after follow from each other.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from judging.domain.record import Recommendation
from judging.domain.sheet_rules import Audience, Confidence
from judging.domain.sheets import ABSTAIN, PREFIXES, Sheet, mark_path

Texts = Mapping[str, str]
"""A sheet by the names of its fields."""
Changes = Mapping[str, Sequence[int | str]]
"""What a save changed: by field the place in the text, what was removed there, and what was inserted."""

RECOMMENDATION, CONFIDENCE, SCOPE, REASON = "recommendation", "confidence", "in_scope", "scope_reason"
YES, NO = "yes", "no"
V = TypeVar("V")
PAUSE = timedelta(minutes=10)
"""Saves of one page with no longer pause between them are one step of the history as people read it."""


class Broken(ValueError):
    """The changes do not belong to the text that they are to be undone in."""


@dataclass(frozen=True)
class Save:
    """One save: when, by whom (an account), from which page of a browser, and what it changed."""

    at: datetime
    by_id: int | None
    tab: str | None
    changes: Changes


@dataclass(frozen=True)
class Step:
    """Saves that people read as one: the sheet before the first and after the last of them."""

    first_at: datetime
    last_at: datetime
    by_id: int | None
    before: Texts
    after: Texts

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that differ, sorted."""
        names = sorted({*self.before, *self.after})
        return tuple(name for name in names if self.before.get(name) != self.after.get(name))


def texts_of(sheet: Sheet) -> dict[str, str]:
    """Return a sheet by the names of its fields; a comment's has its whole place, a group's title, too."""
    texts = {mark_path(code): f"{mark:f}" for code, mark in sheet.scores.items()}
    texts |= {mark_path(code): ABSTAIN for code in sheet.abstained}
    for audience, prefix in PREFIXES.items():
        texts |= {prefix + place: text for place, text in sheet.words(audience).items()}
    scope = None if sheet.in_scope is None else YES if sheet.in_scope else NO
    answers = {
        RECOMMENDATION: sheet.recommendation,
        CONFIDENCE: sheet.confidence,
        SCOPE: scope,
        REASON: sheet.scope_reason,
    }
    return texts | {name: str(answer) for name, answer in answers.items() if answer}


def sheet_of(texts: Texts) -> Sheet:
    """Return the sheet that :func:`texts_of` flattened."""
    marks = _beginning(texts, mark_path(""))
    verdict, confidence, scope = (texts.get(name) for name in (RECOMMENDATION, CONFIDENCE, SCOPE))
    return Sheet(
        scores={code: Decimal(text) for code, text in marks.items() if text != ABSTAIN},
        abstained=frozenset(code for code, text in marks.items() if text == ABSTAIN),
        comments=_beginning(texts, PREFIXES[Audience.PANEL]),
        to_applicant=_beginning(texts, PREFIXES[Audience.APPLICANT]),
        private=_beginning(texts, PREFIXES[Audience.PRIVATE]),
        recommendation=Recommendation(verdict) if verdict else None,
        confidence=Confidence(confidence) if confidence else None,
        in_scope=None if scope is None else scope == YES,
        scope_reason=texts.get(REASON, ""),
    )


def without_private(texts: Mapping[str, V]) -> dict[str, V]:
    """Return what others than the expert may see of texts by field, or of what changed in them."""
    return {name: text for name, text in texts.items() if not name.startswith(PREFIXES[Audience.PRIVATE])}


def as_others_see(saved: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps without the notes of the expert's own; a step that changed nothing else is none."""
    seen = (replace(step, before=without_private(step.before), after=without_private(step.after)) for step in saved)
    return tuple(step for step in seen if step.fields)


def _beginning(texts: Texts, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in texts.items() if name.startswith(prefix)}


def changes(before: Texts, after: Texts) -> dict[str, list[int | str]]:
    """Return what has to be undone in ``after`` to have ``before``, by field; empty where they are the same."""
    names = dict.fromkeys([*before, *after])
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return {name: _change(old, new) for name, old, new in pairs if old != new}


def undone(after: Texts, made: Changes) -> dict[str, str]:
    """Return the texts before the changes; raises :class:`Broken` where ``after`` does not have what was inserted."""
    texts = dict(after)
    for name, change in made.items():
        place, removed, inserted = _parts(change)
        text = texts.pop(name, "")
        if text[place : place + len(inserted)] != inserted:
            raise Broken(name)
        if old := text[:place] + removed + text[place + len(inserted) :]:
            texts[name] = old
    return texts


def at_moment(present: Texts, saves: Sequence[Save], moment: datetime) -> dict[str, str]:
    """Return what a sheet said at ``moment``, its last save then included; ``saves`` are all of them, in order."""
    texts = dict(present)
    for save in reversed(saves):
        if save.at <= moment:
            break
        texts = undone(texts, save.changes)
    return texts


def is_overtaken(typed: Texts, present: Texts, saves: Sequence[Save]) -> bool:
    """Say whether nothing of ``typed`` would be lost if ``present`` stays: each field is as now, or as it once was.

    Of a text its beginning is enough: somebody typed on after it. Asked of a copy that a browser brought back after it
    was killed, which may be older than what it had sent already.
    """
    once: dict[str, set[str]] = {}
    texts = dict(present)
    for save in reversed(saves):
        texts = undone(texts, save.changes)
        for name in save.changes:
            once.setdefault(name, set()).add(texts.get(name, ""))
    return all(
        _is_covered(name, typed.get(name, ""), present.get(name, ""), once.get(name, set()))
        for name in {*typed, *present}
    )


def _is_covered(name: str, text: str, present: str, once: Collection[str]) -> bool:
    grows = name.startswith(tuple(PREFIXES.values())) or name == REASON
    return text == present or text in once or (grows and bool(text) and present.startswith(text))


def steps(present: Texts, saves: Sequence[Save]) -> tuple[Step, ...]:
    """Return the history as people read it, the newest step first; a step that changed nothing in the end is none."""
    return tuple(step for step in _steps(present, saves) if step.fields)


def _steps(present: Texts, saves: Sequence[Save]) -> Iterator[Step]:
    after = before = dict(present)
    last: Save | None = None
    earlier: Save | None = None
    for save in reversed(saves):
        if last is not None and earlier is not None and not _go_together(save, earlier):
            yield Step(earlier.at, last.at, last.by_id, before, after)
            last, after = save, before
        last = last or save
        before, earlier = undone(before, save.changes), save
    if last is not None and earlier is not None:
        yield Step(earlier.at, last.at, last.by_id, before, after)


def _go_together(save: Save, following: Save) -> bool:
    return (save.by_id, save.tab) == (following.by_id, following.tab) and following.at - save.at <= PAUSE


def _change(old: str, new: str) -> list[int | str]:
    """Where the texts begin to differ, and what lies there up to where they end alike."""
    shorter = min(len(old), len(new))
    start = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    room = shorter - start
    end = next((back for back in range(room) if old[-1 - back] != new[-1 - back]), room)
    return [start, old[start : len(old) - end], new[start : len(new) - end]]


def _parts(change: Sequence[int | str]) -> tuple[int, str, str]:
    place, removed, inserted = change
    return int(place), str(removed), str(inserted)
