"""Figures of a form that criteria are scored by: which fields may be one, and how its value is written down."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from judging.domain.expressions import Kind
from judging.domain.expressions.parsing import parse
from judging.domain.expressions.tree import Call, Number
from judging.domain.expressions.values import Value, written
from judging.domain.forms.compiling import CompiledField, CompiledForm
from judging.domain.forms.form import FieldKind
from judging.domain.forms.looking import Look

FIGURES = frozenset({FieldKind.NUMBER, FieldKind.MONEY, FieldKind.COMPUTED})
PLACES = 6
"""Decimals of a computed figure that has no end and is not rounded by its formula."""
KOPECKS = 100


def figures(compiled: CompiledForm) -> dict[str, CompiledField]:
    """Return the fields that a criterion may be scored by, by code: numbers, sums and what is computed of them."""
    return {
        one.field.code: one
        for part in compiled.sections
        for one in part.fields
        if one.field.kind in FIGURES and (one.formula is None or one.formula.type.kind is not Kind.DATE)
    }


def figure_text(one: CompiledField, seen: Look) -> str | None:
    """Return the value of a figure as decimal text, a sum in roubles; None where it is not known, or not shown."""
    if one.field.code not in seen.shown:
        return None
    value: Value = seen.environment.get(one.field.code)
    if value is None or value == "":
        return None
    if one.formula is None:
        return format(Decimal(value) / KOPECKS if one.field.kind is FieldKind.MONEY else value, "f")  # type: ignore[arg-type]  # figures are numbers
    exact = Fraction(value)  # type: ignore[arg-type]  # figures are numbers
    if one.formula.type.kind is Kind.MONEY:
        exact /= KOPECKS
    return format(written(exact, _places(one.formula.text, exact)), "f")


@lru_cache(maxsize=1000)
def _rounded_to(formula: str) -> int | None:
    """With how many decimals a formula rounds; None where it does not."""
    tree = parse(formula)
    if isinstance(tree, Call) and tree.name == "round" and isinstance(tree.arguments[-1], Number):
        return int(tree.arguments[-1].value) if len(tree.arguments) > 1 else 0
    return None


def _places(formula: str, value: Fraction) -> int:
    """With how many decimals a computed value is written: those that its formula rounds to, or all that it has."""
    rounded = _rounded_to(formula)
    if rounded is not None:
        return rounded
    return next((places for places in range(PLACES) if (value * 10**places).denominator == 1), PLACES)
