"""What kind of change leads from one form to another: words, looser, or tighter. The program says so, not a person.

Words may change always, looser rules until acceptance closes, tighter ones and any text of a consent only before it
opens. A change of the first two kinds never makes an application invalid that was valid.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any, TypeVar

from judging.domain.forms.form import (
    MOST_FILES,
    ApplicationForm,
    Check,
    Field,
    Level,
    Option,
    PaperKind,
    Point,
    Section,
    TextFormat,
)


class ChangeKind(IntEnum):
    """From the most harmless on: of several changes the greatest counts."""

    WORDS = 1
    LOOSER = 2
    TIGHTER = 3


@dataclass(frozen=True)
class Change:
    """One difference: where, what kind, and both values (None: there was, or is, nothing)."""

    path: str
    kind: ChangeKind
    before: Any
    after: Any


Found = Iterator[Change]
T = TypeVar("T", Section, Field, Check, Point, Option)


def changes_between(before: ApplicationForm, after: ApplicationForm) -> tuple[Change, ...]:
    """Name every difference; empty where the forms are the same.

    Paths name codes: ``finance.requested.max``, ``stages.till.label``, ``check sources.rule``, ``point K5.title``.
    """
    return tuple(_form(before, after))


def kind_of(changes: Sequence[Change]) -> ChangeKind | None:
    """The kind of all the changes together; None where there are none."""
    return max((change.kind for change in changes), default=None)


def _form(before: ApplicationForm, after: ApplicationForm) -> Found:
    for old, new in _paired(before.sections, after.sections):
        yield from _section(old, new)
    yield from _reordered("sections", before.sections, after.sections)
    for old_check, new_check in _paired(before.checks, after.checks):
        yield from _check("check ", old_check, new_check)
    yield from _reordered("checks", before.checks, after.checks)
    for old_point, new_point in _paired(before.checklist, after.checklist):
        yield from _point(old_point, new_point)
    yield from _reordered("checklist", before.checklist, after.checklist)


def _paired(before: Sequence[T], after: Sequence[T]) -> Iterator[tuple[T | None, T | None]]:
    """Those of one code side by side; None where there is no such one."""
    were: dict[str, T] = {one.code: one for one in before}
    are: dict[str, T] = {one.code: one for one in after}
    return ((were.get(code), are.get(code)) for code in dict.fromkeys((*were, *are)))


def _reordered(path: str, before: Sequence[T], after: Sequence[T]) -> Found:
    old, new = [one.code for one in before], [one.code for one in after]
    if [code for code in old if code in new] != [code for code in new if code in old]:
        yield Change(f"{path} (order)", ChangeKind.WORDS, old, new)


def _section(before: Section | None, after: Section | None) -> Found:
    """A section that comes or goes matters by its fields."""
    code = before.code if before is not None else after.code if after is not None else ""
    if before is None or after is None:
        yield Change(code, ChangeKind.LOOSER, before, after)
    else:
        yield from _each(code, before, after, _SECTION, without=("code", "fields"))
        yield from _reordered(code, before.fields, after.fields)
    old: tuple[Field, ...] = before.fields if before is not None else ()
    new: tuple[Field, ...] = after.fields if after is not None else ()
    for old_field, new_field in _paired(old, new):
        yield from _field(f"{code}.", old_field, new_field)


def _field(within: str, before: Field | None, after: Field | None) -> Found:
    if before is None and after is not None:
        kind = ChangeKind.TIGHTER if _asks(after) else ChangeKind.LOOSER
        yield Change(within + after.code, kind, None, after)
    elif before is not None and after is None:
        yield Change(within + before.code, ChangeKind.TIGHTER, before, None)
    elif before is not None and after is not None:
        path = within + before.code
        yield from _each(path, before, after, _FIELD, without=("code", "columns", "row_checks"))
        for old, new in _paired(before.columns, after.columns):
            yield from _field(f"{path}.", old, new)
        yield from _reordered(path, before.columns, after.columns)
        for old_check, new_check in _paired(before.row_checks, after.row_checks):
            yield from _check(f"{path} check ", old_check, new_check)
        yield from _reordered(f"{path} checks", before.row_checks, after.row_checks)


def _asks(field: Field) -> bool:
    """Whether a new field can find fault with an application that has no answer to it."""
    return field.required is not False or field.rows[0] > 0


def _check(within: str, before: Check | None, after: Check | None) -> Found:
    if before is None and after is not None:
        kind = ChangeKind.TIGHTER if after.level is Level.STOP else ChangeKind.LOOSER
        yield Change(within + after.code, kind, None, after)
    elif before is not None and after is None:
        yield Change(within + before.code, ChangeKind.LOOSER, before, None)
    elif before is not None and after is not None:
        yield from _each(within + before.code, before, after, _CHECK, without=("code",))


def _point(before: Point | None, after: Point | None) -> Found:
    if before is None or after is None:
        code = before.code if before is not None else after.code if after is not None else ""
        yield Change(f"point {code}", ChangeKind.TIGHTER, before, after)
    else:
        yield from _each(f"point {before.code}", before, after, _POINT, without=("code",))


Kind = Callable[[Any, Any], ChangeKind]


def _each(path: str, before: T, after: T, table: Mapping[str, Kind], *, without: tuple[str, ...]) -> Found:
    """Every setting that differs; one that the table does not name is tighter."""
    for one in fields(before):
        if one.name in without:
            continue
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new:
            yield Change(f"{path}.{one.name}", table.get(one.name, _tighter)(old, new), old, new)


def _words(_before: Any, _after: Any) -> ChangeKind:
    return ChangeKind.WORDS


def _tighter(_before: Any, _after: Any) -> ChangeKind:
    return ChangeKind.TIGHTER


def _if(looser: bool) -> ChangeKind:
    return ChangeKind.LOOSER if looser else ChangeKind.TIGHTER


def _limit(before: Any, after: Any) -> ChangeKind:
    """A greatest value: none, or a greater one, is looser."""
    return _if(after is None or (before is not None and after > before))


def _files(before: int | None, after: int | None) -> ChangeKind:
    return _if((after or MOST_FILES) >= (before or MOST_FILES))


def _floor(before: Any, after: Any) -> ChangeKind:
    return _if(after is None or (before is not None and after < before))


def _required(_before: bool | str, after: bool | str) -> ChangeKind:
    """Not required any more is looser, required by a rule instead of always is looser, another rule is tighter."""
    return _if(after is False or (_before is True and isinstance(after, str)))


def _options(before: tuple[Option, ...], after: tuple[Option, ...]) -> ChangeKind:
    old, new = {one.code for one in before}, {one.code for one in after}
    if old == new:
        return ChangeKind.WORDS
    return _if(old < new)


def _set(before: tuple[str, ...], after: tuple[str, ...]) -> ChangeKind:
    return ChangeKind.WORDS if set(before) == set(after) else _if(set(before) < set(after))


def _rows(before: tuple[int, int], after: tuple[int, int]) -> ChangeKind:
    return _if(after[0] <= before[0] and after[1] >= before[1])


def _format(before: TextFormat, after: TextFormat) -> ChangeKind:
    """Any text where one of a kind was wanted is looser; a text with light marks reads otherwise as a plain one."""
    return _if(after is TextFormat.PLAIN and before is not TextFormat.LIGHT)


def _paper(before: PaperKind | None, _after: PaperKind | None) -> ChangeKind:
    """A paper that is offered is looser; without it experts would read what stands in its place."""
    return _if(before is None)


def _signed(_before: bool, after: bool) -> ChangeKind:
    return _if(not after)


def _level(_before: Level, after: Level) -> ChangeKind:
    return _if(after is Level.WARNING)


def _all_words(*names: str) -> dict[str, Kind]:
    return dict.fromkeys(names, _words)


class Part(StrEnum):
    """What has settings of its own in a form."""

    SECTION = "section"
    FIELD = "field"
    CHECK = "check"
    POINT = "point"


def mildest(part: Part, setting: str) -> ChangeKind:
    """The most harmless kind that a change of this setting can be; greater ones may follow from what it becomes."""
    judged = _TABLES[part].get(setting, _tighter)
    if judged in (_words, _options):
        return ChangeKind.WORDS
    return ChangeKind.TIGHTER if judged is _tighter else ChangeKind.LOOSER


_SECTION: Mapping[str, Kind] = _all_words("title", "title_en", "lead", "lead_en")
_FIELD: Mapping[str, Kind] = {
    **_all_words("label", "label_en", "hint", "hint_en", "lines", "advised", "look", "total", "half", "group"),
    **_all_words("group_en", "autocomplete"),
    "required": _required,
    "most": _limit,
    "format": _format,
    "least": _floor,
    "greatest": _limit,
    "decimals": _limit,
    "options": _options,
    "extensions": _set,
    "max_bytes": _limit,
    "max_files": _files,
    "rows": _rows,
    "paper": _paper,
    "signed": _signed,
}
_CHECK: Mapping[str, Kind] = {**_all_words("message", "message_en"), "level": _level}
_POINT: Mapping[str, Kind] = _all_words("title", "title_en", "note", "note_en", "clause")
_TABLES: Mapping[Part, Mapping[str, Kind]] = {
    Part.SECTION: _SECTION, Part.FIELD: _FIELD, Part.CHECK: _CHECK, Part.POINT: _POINT,
}  # fmt: skip
