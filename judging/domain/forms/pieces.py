"""Parts of a form by their codes: found, put in place, taken out, moved.

A part is named by :class:`Piece`: ``field:title``, ``column:stages:till``, ``row_check:stages:late``. A form is never
changed, each act gives another one. What refers to a part keeps it where it is: it is not taken out while a rule names
it, and no field passes one that its own condition or formula names.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from judging.domain.errors import N_, RuleViolation
from judging.domain.expressions import BadExpression
from judging.domain.expressions.compiling import ROW
from judging.domain.expressions.parsing import parse
from judging.domain.expressions.tree import Among, Binary, Call, Column, Name, Node, Unary
from judging.domain.forms.form import ApplicationForm, Check, Field, Point, Section

Part = Section | Field | Check | Point


class PieceKind(StrEnum):
    """What a part of a form is."""

    SECTION = "section"
    FIELD = "field"
    COLUMN = "column"
    CHECK = "check"
    ROW_CHECK = "row_check"
    POINT = "point"


FIGURE = re.compile(r"\{[^}]*\}")
"""A figure of a message."""
WITHIN = (PieceKind.COLUMN, PieceKind.ROW_CHECK)
"""Parts of a table."""


@dataclass(frozen=True)
class Piece:
    """A part of a form; ``table`` is that of a column and of a check of rows."""

    kind: PieceKind
    code: str
    table: str = ""

    def __str__(self) -> str:
        return ":".join((self.kind, *((self.table,) if self.table else ()), self.code))


class NoPiece(LookupError):
    """The form has no such part (any more)."""


class InUse(RuleViolation):
    """A part is named by the rules of others."""


class CannotPass(RuleViolation):
    """A field would stand above one that its own condition or formula names."""


def piece_of(text: str) -> Piece:
    """Return the part that a text such as ``column:stages:till`` names; raise :class:`NoPiece` for another text."""
    kind, _, rest = text.partition(":")
    if kind not in set(PieceKind) or not rest:
        raise NoPiece(text)
    table, _, code = rest.partition(":") if kind in WITHIN else ("", "", rest)
    return Piece(PieceKind(kind), code, table)


def siblings(form: ApplicationForm, piece: Piece) -> Sequence[Part]:
    """Return the list that the part stands in; raise :class:`NoPiece` where there is none."""
    if piece.kind in WITHIN:
        table = form.field(piece.table)
        if table is None:
            raise NoPiece(str(piece))
        return table.columns if piece.kind is PieceKind.COLUMN else table.row_checks
    if piece.kind is PieceKind.FIELD:
        section = form.section_of(piece.code)
        if section is None:
            raise NoPiece(str(piece))
        return section.fields
    return _OF_FORM[piece.kind](form)


_OF_FORM: dict[PieceKind, Callable[[ApplicationForm], Sequence[Part]]] = {
    PieceKind.SECTION: lambda form: form.sections,
    PieceKind.CHECK: lambda form: form.checks,
    PieceKind.POINT: lambda form: form.checklist,
}


def find(form: ApplicationForm, piece: Piece) -> Any:
    """Return the part; raise :class:`NoPiece` where there is none."""
    return siblings(form, piece)[place_of(form, piece)]


def place_of(form: ApplicationForm, piece: Piece) -> int:
    """Return which one of its list the part is, from 0; raise :class:`NoPiece` where there is none."""
    found = next((place for place, one in enumerate(siblings(form, piece)) if one.code == piece.code), None)
    if found is None:
        raise NoPiece(str(piece))
    return found


def replaced(form: ApplicationForm, piece: Piece, part: Part) -> ApplicationForm:
    """Put another part in the place of one."""
    place = place_of(form, piece)
    listed = list(siblings(form, piece))
    listed[place] = part
    return _with(form, piece, listed)


def added(form: ApplicationForm, piece: Piece, part: Part, section: str = "") -> ApplicationForm:
    """Put a new part at the end of its list; a field at the end of the ``section``."""
    if piece.kind is not PieceKind.FIELD:
        return _with(form, piece, [*siblings(form, piece), part])
    if all(one.code != section for one in form.sections):
        raise NoPiece(section)
    if not isinstance(part, Field):
        raise NoPiece(str(piece))
    sections = (replace(one, fields=(*one.fields, part)) if one.code == section else one for one in form.sections)
    return replace(form, sections=tuple(sections))


def removed(form: ApplicationForm, piece: Piece) -> ApplicationForm:
    """Take a part out; raise :class:`InUse` where rules of others name it."""
    users = users_of(form, piece)
    if users:
        raise InUse(N_("Other parts refer to it: %(names)s"), names="; ".join(_titles(users)))
    return _with(form, piece, [one for one in siblings(form, piece) if one.code != piece.code])


def moved(form: ApplicationForm, piece: Piece, place: int, section: str = "") -> ApplicationForm:
    """Put a part at a place of its list, from 0 (beyond the ends: the first, the last); a field of a ``section``.

    Raises :class:`CannotPass` where a field would come to stand above one that it refers to.
    """
    part, listed = find(form, piece), siblings(form, piece)
    home = form.section_of(piece.code) if piece.kind is PieceKind.FIELD else None
    if home is not None and section and section != home.code:
        away = _with(form, piece, [one for one in listed if one is not part])
        target = next((one for one in away.sections if one.code == section), None)
        if target is None:
            raise NoPiece(section)
        sections = [
            replace(one, fields=tuple(_placed(one.fields, part, place))) if one is target else one
            for one in away.sections
        ]
        after = replace(form, sections=tuple(sections))
    else:
        after = _with(form, piece, _placed([one for one in listed if one is not part], part, place))
    _require_order(form, after)
    return after


def _placed(rest: Sequence[Part], part: Part, place: int) -> list[Any]:
    at = min(max(place, 0), len(rest))
    return [*rest[:at], part, *rest[at:]]


def _require_order(before: ApplicationForm, after: ApplicationForm) -> None:
    known = set(_upside_down(before))
    for user, named in _upside_down(after):
        if (user, named) not in known:
            raise CannotPass(
                N_("“%(field)s” cannot stand above “%(named)s”: its condition or formula refers to it"),
                field=_title(after.field(user)), named=_title(after.field(named)),
            )  # fmt: skip


def _upside_down(form: ApplicationForm) -> Iterator[tuple[str, str]]:
    """Fields with those that they refer to and that stand below them."""
    order = {field.code: place for place, field in enumerate(form.fields())}
    for field in form.fields():
        for rule in (field.shown_when, field.formula):
            for name in names_of(rule or ""):
                if order.get(name, -1) >= order[field.code]:
                    yield field.code, name


def users_of(form: ApplicationForm, piece: Piece) -> list[Part]:
    """Return the other parts whose rules, messages or places name this one, or one within it."""
    if piece.kind in (PieceKind.CHECK, PieceKind.ROW_CHECK, PieceKind.POINT):
        return []
    if piece.kind is PieceKind.COLUMN:
        return _users_of_column(form, piece)
    gone = [find(form, piece)] if piece.kind is PieceKind.FIELD else list(find(form, piece).fields)
    codes = {field.code for field in gone}
    return [part for part, names in _named(form) if part not in gone and names & codes]


def _users_of_column(form: ApplicationForm, piece: Piece) -> list[Part]:
    table: Field = find(form, Piece(PieceKind.FIELD, piece.table))
    wanted = (f"{table.code}.{piece.code}", f"{ROW}.{piece.code}")
    outside = [part for part, names in _named(form) if part is not table and wanted[0] in names]
    column = table.column(piece.code)
    parts: list[Part] = [*table.columns, *table.row_checks]
    inside = [one for one in parts if one is not column and names_in(one) & set(wanted)]
    return outside + inside + [check for check in table.row_checks if check.at == piece.code and check not in inside]


def _named(form: ApplicationForm) -> Iterator[tuple[Part, set[str]]]:
    """Every field, check and point with the names that stand in it."""
    for field in form.fields():
        parts: list[Part] = [*field.columns, *field.row_checks]
        within = [names_in(one) for one in parts]
        yield field, names_in(field).union(*within)
    for check in form.checks:
        yield check, names_in(check) | {check.at}
    for point in form.checklist:
        yield point, names_in(point)


def names_in(part: Part) -> set[str]:
    """Return the names of fields, and of columns as ``table.column``, in the rules and messages of a part."""
    rules = [getattr(part, name, "") for name in ("shown_when", "required", "formula", "rule")]
    texts = [getattr(part, name, "") for name in ("message", "message_en", "note", "note_en")]
    found = [names_of(rule) for rule in rules if isinstance(rule, str)]
    return set().union(*found, *(names_of(rule) for text in texts for rule in figures_in(text)))


def figures_in(text: str) -> list[str]:
    """Return the rules of the figures of a message."""
    return [piece.partition("}")[0] for piece in text.split("{")[1:]]


def names_of(rule: str) -> set[str]:
    """Return what a rule names: ``title``, and of a column ``stages`` and ``stages.cost``; nothing of what is none."""
    try:
        return set(_names(parse(rule)))
    except BadExpression:
        return set()


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Column):
        yield from (node.table, f"{node.table}.{node.column}")
    for part in _within(node):
        yield from _names(part)


def _within(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Unary):
        return (node.operand,)
    if isinstance(node, Binary):
        return (node.left, node.right)
    if isinstance(node, Among):
        return (node.value, *node.listed)
    return node.arguments if isinstance(node, Call) else ()


def title_of(part: Part) -> str:
    """Return what a part is called on the staff's pages."""
    return _title(part)


def _title(part: Part | None) -> str:
    if part is None:
        return ""
    if isinstance(part, Check):
        return FIGURE.sub("{…}", part.message)
    return part.label if isinstance(part, Field) else part.title


def _titles(parts: Sequence[Part]) -> Iterator[str]:
    return (f"«{_title(part)}»" for part in parts)


def _with(form: ApplicationForm, piece: Piece, listed: Sequence[Any]) -> ApplicationForm:
    """The form with another list in the place of the one that the part stands in."""
    whole = tuple(listed)
    if piece.kind is PieceKind.SECTION:
        return replace(form, sections=whole)
    if piece.kind is PieceKind.CHECK:
        return replace(form, checks=whole)
    if piece.kind is PieceKind.POINT:
        return replace(form, checklist=whole)
    if piece.kind is PieceKind.FIELD:
        home = form.section_of(piece.code)
        return replace(
            form, sections=tuple(replace(one, fields=whole) if one is home else one for one in form.sections)
        )
    table: Field = find(form, Piece(PieceKind.FIELD, piece.table))
    changed = replace(table, columns=whole) if piece.kind is PieceKind.COLUMN else replace(table, row_checks=whole)
    return replaced(form, Piece(PieceKind.FIELD, piece.table), changed)
