"""Two versions of a section that began as the same one: what only one of them changed is taken, the rest is named.

A page tells what it was filled from by digests, its *base*: one for each field, one for each row of a table by the
row's key. Of three states (what the page began with, what was typed, what is stored now) follows, field by field and
row by row, whose change counts; only where both changed the same and say different things must a person choose.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from judging.domain.forms.environment import KEY
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.looking import answered

RowBase = list[list[str]]
"""Of a table: pairs of key and digest, in the order of the rows."""
Base = Mapping[str, str | RowBase]
"""By the code of a field. What is not in it is not known: then every difference is one of both."""
Unit = tuple[str, str]
"""A field, or a row of a table: the code and the key, which is empty for a field."""
WIDTH = 6
"""Bytes of a digest."""


@dataclass(frozen=True)
class Merged:
    """What comes of it.

    ``answers``: of every field that was typed, what is to be stored, the stored answer where there is a conflict.
    ``conflicts``: what both changed. ``theirs``: the fields whose page shows something older than ``answers``.
    ``base``: what the page is filled from once this is stored. ``settled``: what it is filled from where nothing was
    stored, and the person has seen what is stored of the conflicts.
    """

    answers: dict[str, Any]
    conflicts: tuple[Unit, ...]
    theirs: tuple[str, ...]
    base: dict[str, Any]
    settled: dict[str, Any]

    @property
    def conflicting(self) -> frozenset[str]:
        """The codes of the fields with a conflict."""
        return frozenset(code for code, _ in self.conflicts)


def base_of(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The base of a page that shows these answers."""
    return {field.code: base_of_field(field, answers.get(field.code)) for field in fields}


def base_of_field(field: Field, answer: Any) -> str | RowBase:
    """The base of one field."""
    if field.kind is FieldKind.TABLE:
        return [[key, digest(field, (row,))] for key, row in _by_key(answer).items()]
    return digest(field, answer)


def digest(field: Field, answer: Any) -> str:
    """What an answer is, in a few letters; all that is not answered is the same."""
    said = repr((field.code, _plain(answer) if answered(field, answer) else None))
    return blake2b(said.encode(), digest_size=WIDTH).hexdigest()


def merged(
    fields: Sequence[Field],
    base: Base,
    typed: Mapping[str, Any],
    stored: Mapping[str, Any],
    yielding: Collection[Unit] = (),
) -> Merged:
    """Merge what was ``typed`` on a page filled from ``base`` into what is ``stored`` now.

    Fields that are not among the typed ones keep what is stored, and their base. ``yielding``: fields and rows of which
    the person has chosen what is stored.
    """
    found = _Finding({}, [], [], dict(base), dict(base))
    for field in fields:
        if field.code not in typed:
            continue
        mine, theirs = typed[field.code], stored.get(field.code)
        known = base.get(field.code)
        if field.kind is FieldKind.TABLE:
            rows = {key for code, key in yielding if code == field.code}
            found.table(field, known if isinstance(known, list) else [], mine, theirs, rows)
        elif (field.code, "") in yielding:
            found.take(field, theirs, old=False)
        else:
            found.plain(field, known if isinstance(known, str) else "", mine, theirs)
    return Merged(found.answers, tuple(found.conflicts), tuple(found.theirs), found.base, found.settled)


@dataclass
class _Finding:
    answers: dict[str, Any]
    conflicts: list[Unit]
    theirs: list[str]
    base: dict[str, Any]
    settled: dict[str, Any]

    def take(self, field: Field, answer: Any, *, old: bool) -> None:
        """Store this answer; ``old``: the page shows another one, so its base stays."""
        self.answers[field.code] = answer
        if old:
            self.theirs.append(field.code)
        else:
            self.base[field.code] = base_of_field(field, answer)

    def plain(self, field: Field, known: str, mine: Any, theirs: Any) -> None:
        here, there = digest(field, mine), digest(field, theirs)
        if here == there or there == known:
            self.take(field, mine, old=False)
        elif here == known:
            self.take(field, theirs, old=True)
        else:
            self.answers[field.code] = theirs
            self.conflicts.append((field.code, ""))
            self.settled[field.code] = there

    def table(self, field: Field, known: RowBase, mine: Any, theirs: Any, yielding: Collection[str]) -> None:
        typed, stored = _by_key(mine), _by_key(theirs)
        seen = {row[0]: row[1] for row in known}
        kept: dict[str, Any] = {}
        base: dict[str, str] = {}
        settled: dict[str, str] = {}
        stale = False
        for key in {**seen, **typed, **stored}:
            row = _merged_row(field, seen.get(key), typed.get(key), stored.get(key), key in yielding)
            if row.answer is not None:
                kept[key] = row.answer
            base |= {key: row.base} if row.base else {}
            settled |= {key: row.settled} if row.settled else {}
            stale = stale or row.stale
            if row.conflict:
                self.conflicts.append((field.code, key))
        order = _ordered(list(seen), list(typed), list(stored))
        self.answers[field.code] = tuple(kept[key] for key in order if key in kept)
        on_page = [key for key in dict.fromkeys([*typed, *seen]) if key in base or key in settled]
        self.base[field.code] = [[key, base[key]] for key in on_page if key in base]
        self.settled[field.code] = [[key, settled[key]] for key in on_page if key in settled]
        if stale or (kept and [key for key in order if key in kept] != list(typed)):
            self.theirs.append(field.code)


@dataclass(frozen=True)
class _Row:
    """``answer``: what is stored, None for no row; ``stale``: the page shows something else, without a conflict."""

    answer: Any
    base: str | None
    settled: str | None
    stale: bool = False
    conflict: bool = False


def _merged_row(field: Field, known: str | None, mine: Any, theirs: Any, yields: bool) -> _Row:
    here = None if mine is None else digest(field, (mine,))
    there = None if theirs is None else digest(field, (theirs,))
    if yields:
        return _Row(theirs, there, known, stale=here != there)
    if here == there or there == known:
        return _Row(mine, here, known)
    if here == known:
        return _Row(theirs, known, known, stale=True)
    return _Row(theirs, known, there, conflict=True)


def _ordered(seen: list[str], typed: list[str], stored: list[str]) -> list[str]:
    """The order of the rows: of who moved them, mine where both did; a row of the other follows its neighbour."""
    moved = [key for key in typed if key in seen] != [key for key in seen if key in typed]
    first, second = (typed, stored) if moved else (stored, typed)
    order = list(first)
    for place, key in enumerate(second):
        if key not in order:
            before = next((one for one in reversed(second[:place]) if one in order), None)
            order.insert(0 if before is None else order.index(before) + 1, key)
    return order


def _by_key(rows: Any) -> dict[str, Any]:
    """The rows of a table by their key; one without a key, or with one that came before, by its place."""
    found: dict[str, Any] = {}
    for place, row in enumerate(rows or ()):
        key = str(row.get(KEY) or "")
        found[key if key and key not in found else f"#{place}"] = row
    return found


def _plain(answer: Any) -> Any:
    """The answer in one notation, whatever kinds of lists and mappings it came in; the key of a row is no answer."""
    if isinstance(answer, Mapping):
        said = ((code, value) for code, value in answer.items() if code != KEY and value not in (None, "", ()))
        return sorted((code, _plain(value)) for code, value in said)
    if isinstance(answer, list | tuple):
        return [_plain(one) for one in answer]
    return answer
