"""The kinds of fields: what each is to the rules, which settings it has, and what it counts as while it is hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from judging.domain.errors import N_
from judging.domain.expressions import Kind, Type
from judging.domain.expressions.types import DATE, MONEY, NUMBER, TEXT, YES
from judging.domain.forms.form import Field, FieldKind


@dataclass(frozen=True)
class KindTerms:
    """``type``: what a field of the kind is in a rule; ``settings`` beside those that every field has.

    ``needs`` are settings that it cannot be without; ``hidden`` is what a field that is not shown counts as;
    ``in_table``: it may be a column.
    """

    label: str
    type: Callable[[Field], Type]
    settings: frozenset[str]
    needs: frozenset[str] = frozenset()
    hidden: Any = None
    in_table: bool = True


def _options(field: Field) -> tuple[str, ...]:
    return tuple(option.code for option in field.options)


def type_of(field: Field) -> Type:
    """What the field is in a rule. A computed one is not known before its formula is typed."""
    return KINDS[field.kind].type(field)


def _columns(field: Field) -> Type:
    return Type(Kind.TABLE, columns=tuple((column.code, type_of(column)) for column in columns_of(field)))


def columns_of(field: Field) -> tuple[Field, ...]:
    """The columns of a table that may be such; a form with others is refused."""
    return tuple(column for column in field.columns if KINDS[column.kind].in_table)


def _not_yet(_field: Field) -> Type:
    raise ValueError("the type of a computed field is that of its formula")


def _always(what: Type) -> Callable[[Field], Type]:
    return lambda _field: what


FILES = Type(Kind.TABLE)
"""Files are counted, and there are some or none; a rule knows nothing else of them."""
SEVERAL = Type(Kind.CHOICES)

KINDS: Mapping[FieldKind, KindTerms] = {
    FieldKind.TEXT: KindTerms(
        N_("Text"),
        _always(TEXT),
        frozenset({"most", "advised", "counts", "lines", "format", "autocomplete"}),
        hidden="",
    ),
    FieldKind.NUMBER: KindTerms(
        N_("Number"), _always(NUMBER), frozenset({"least", "greatest", "decimals", "unit", "total"}), hidden=0
    ),
    FieldKind.MONEY: KindTerms(N_("Sum of money"), _always(MONEY), frozenset({"least", "greatest", "total"}), hidden=0),
    FieldKind.DATE: KindTerms(N_("Date"), _always(DATE), frozenset({"least", "greatest"})),
    FieldKind.YES: KindTerms(N_("Yes or no"), _always(YES), frozenset()),
    FieldKind.CHOICE: KindTerms(
        N_("One of several"),
        lambda field: Type(Kind.CHOICE, options=_options(field)),
        frozenset({"options"}),
        needs=frozenset({"options"}),
    ),
    FieldKind.CHOICES: KindTerms(
        N_("Several of several"),
        lambda field: Type(Kind.CHOICES, options=_options(field)),
        frozenset({"options"}),
        needs=frozenset({"options"}),
        in_table=False,
    ),
    FieldKind.ORGANISATION: KindTerms(N_("Organisation"), _always(TEXT), frozenset({"of"})),
    FieldKind.OKVED: KindTerms(N_("Codes of OKVED2"), _always(SEVERAL), frozenset(), in_table=False),
    FieldKind.FILE: KindTerms(
        N_("Files"),
        _always(FILES),
        frozenset({"extensions", "max_bytes", "max_files", "paper", "signed"}),
        needs=frozenset({"extensions"}),
        hidden=(),
        in_table=False,
    ),
    FieldKind.CONSENT: KindTerms(
        N_("Consent"), _always(YES), frozenset({"text"}), needs=frozenset({"text"}), in_table=False
    ),
    FieldKind.TABLE: KindTerms(
        N_("Table"),
        _columns,
        frozenset({"columns", "rows", "row_checks", "look"}),
        needs=frozenset({"columns"}),
        hidden=(),
        in_table=False,
    ),
    FieldKind.COMPUTED: KindTerms(
        N_("Computed figure"), _not_yet, frozenset({"formula", "unit"}), needs=frozenset({"formula"}), in_table=False
    ),
}

LAYOUT = frozenset({"half", "group"})
"""How a field stands on the page; every kind has these."""
COMMON = frozenset(
    {"code", "kind", "label", "hint", "required", "shown_when", "nominations", "personal", "seen_by"}
) | LAYOUT  # fmt: skip
"""The settings of every kind."""
