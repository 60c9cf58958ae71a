"""From the tree of a rule to a typed expression: what it gives, what it names, and how it computes."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from judging.domain.expressions import faults, tree
from judging.domain.expressions.faults import BadExpression
from judging.domain.expressions.functions import Typed, call
from judging.domain.expressions.parsing import COMPARISONS, parse
from judging.domain.expressions.types import MONEY, NUMBER, ORDERED, TEXT, YES, Kind, Type
from judging.domain.expressions.values import Environment, Evaluate, Value, column, exactly, measured

ROW = "row"
_ARITHMETIC: Mapping[tuple[str, Kind, Kind], Type] = {
    ("+", Kind.NUMBER, Kind.NUMBER): NUMBER,
    ("-", Kind.NUMBER, Kind.NUMBER): NUMBER,
    ("*", Kind.NUMBER, Kind.NUMBER): NUMBER,
    ("/", Kind.NUMBER, Kind.NUMBER): NUMBER,
    ("+", Kind.MONEY, Kind.MONEY): MONEY,
    ("-", Kind.MONEY, Kind.MONEY): MONEY,
    ("*", Kind.MONEY, Kind.NUMBER): MONEY,
    ("*", Kind.NUMBER, Kind.MONEY): MONEY,
    ("/", Kind.MONEY, Kind.NUMBER): MONEY,
    ("/", Kind.MONEY, Kind.MONEY): NUMBER,
}
_COMPUTE: Mapping[str, Callable[..., Value]] = {
    "+": lambda left, right: measured(left + right),
    "-": lambda left, right: measured(left - right),
    "*": lambda left, right: measured(left * right),
    "/": lambda left, right: measured(left / right) if right else None,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Expression:
    """A rule that cannot fail any more.

    ``names`` are the codes of the fields that it depends on; ``bounds`` give the numbers that it compares, which a
    message about it must not round into each other.
    """

    text: str
    type: Type
    names: frozenset[str]
    evaluate: Evaluate
    bounds: tuple[Evaluate, ...] = ()


@dataclass
class _Scope:
    fields: Mapping[str, Type]
    row: Mapping[str, Type] | None
    names: set[str] = field(default_factory=set)
    bounds: list[Evaluate] = field(default_factory=list)


def compile_expression(
    text: str, fields: Mapping[str, Type], *, wanted: Type | None = None, row: Mapping[str, Type] | None = None
) -> Expression:
    """Read and type a rule.

    ``fields``: what it may name; ``row``: the columns of the row at hand, in the checks of a table; ``wanted``: the
    type that it must have. Raises :class:`BadExpression` with the character of the first fault.
    """
    node, scope = parse(text), _Scope(fields, row)
    typed = _typed(node, scope)
    if wanted is not None and typed.type.kind is not wanted.kind:
        raise BadExpression(faults.WRONG_TYPE, node.at, wanted=wanted.words, found=typed.type.words)
    return Expression(text, typed.type, frozenset(scope.names), typed.evaluate, tuple(scope.bounds))


def _typed(node: tree.Node, scope: _Scope) -> Typed:
    return _TYPING[type(node)](node, scope)


def _number(node: tree.Number, _scope: _Scope) -> Typed:
    value = node.value
    return Typed(MONEY if node.money else NUMBER, lambda _environment: value, node.at, constant=value)


def _text(node: tree.Text, _scope: _Scope) -> Typed:
    value = node.value
    return Typed(TEXT, lambda _environment: value, node.at, constant=value)


def _name(node: tree.Name, scope: _Scope) -> Typed:
    found = scope.fields.get(node.name)
    if found is None:
        raise BadExpression(faults.UNKNOWN_NAME, node.at, name=node.name)
    scope.names.add(node.name)
    name, read = node.name, exactly(found.kind)
    if found.kind is Kind.TABLE:
        return Typed(found, lambda environment: _rows(environment, name), node.at)
    return Typed(found, lambda environment: read(environment.get(name)), node.at)


def _rows(environment: Environment, name: str) -> Value:
    rows = environment.get(name)
    return None if rows is None else tuple(rows)


def _column(node: tree.Column, scope: _Scope) -> Typed:
    if node.table == ROW:
        return _in_row(node, scope)
    table = scope.fields.get(node.table)
    if table is None:
        raise BadExpression(faults.UNKNOWN_NAME, node.at, name=node.table)
    if table.kind is not Kind.TABLE:
        raise BadExpression(faults.NO_TABLE, node.at, name=node.table)
    of = table.column(node.column)
    if of is None:
        raise BadExpression(faults.UNKNOWN_COLUMN, node.at, table=node.table, column=node.column)
    scope.names.add(node.table)
    name, part, read = node.table, node.column, exactly(of.kind)
    return Typed(Type(Kind.LIST, of=of), lambda environment: column(environment.get(name), part, read), node.at)


def _in_row(node: tree.Column, scope: _Scope) -> Typed:
    if scope.row is None:
        raise BadExpression(faults.NO_ROW, node.at)
    of = scope.row.get(node.column)
    if of is None:
        raise BadExpression(faults.UNKNOWN_COLUMN, node.at, table=ROW, column=node.column)
    part, read = node.column, exactly(of.kind)
    return Typed(of, lambda environment: read((environment.get(ROW) or {}).get(part)), node.at)


def _unary(node: tree.Unary, scope: _Scope) -> Typed:
    operand = _typed(node.operand, scope)
    part = operand.evaluate
    if node.operator == "not":
        _require(operand, YES)
        return Typed(YES, lambda environment: None if (value := part(environment)) is None else not value, node.at)
    if operand.type.kind not in (Kind.NUMBER, Kind.MONEY):
        raise BadExpression(faults.WRONG_TYPE, operand.at, wanted=NUMBER.words, found=operand.type.words)
    return Typed(operand.type, _lifted(operator.neg, part), node.at)


def _binary(node: tree.Binary, scope: _Scope) -> Typed:
    left, right = _typed(node.left, scope), _typed(node.right, scope)
    if node.operator in ("and", "or"):
        _require(left, YES)
        _require(right, YES)
        return Typed(YES, _decided(left.evaluate, right.evaluate, node.operator == "or"), left.at)
    if node.operator in COMPARISONS:
        return _comparison(node, left, right, scope)
    result = _ARITHMETIC.get((node.operator, left.type.kind, right.type.kind))
    if result is None:
        raise _not_alike(node.operator, node.at, left, right)
    if node.operator == "/" and right.constant == 0:
        raise BadExpression(faults.BY_NOUGHT, right.at)
    return Typed(result, _lifted(_COMPUTE[node.operator], left.evaluate, right.evaluate), left.at)


def _comparison(node: tree.Binary, left: Typed, right: Typed, scope: _Scope) -> Typed:
    _comparable(node.operator, node.at, left, right)
    if node.operator not in ("==", "!=") and left.type.kind not in ORDERED:
        raise BadExpression(faults.NO_ORDER, left.at, found=left.type.words)
    if left.type.kind in (Kind.NUMBER, Kind.MONEY):
        scope.bounds += [left.evaluate, right.evaluate]
    return Typed(YES, _lifted(_COMPUTE[node.operator], left.evaluate, right.evaluate), left.at)


def _among(node: tree.Among, scope: _Scope) -> Typed:
    value = _typed(node.value, scope)
    listed = [_typed(one, scope) for one in node.listed]
    for one in listed:
        _comparable("in", node.at, value, one)
    parts = [_lifted(operator.eq, value.evaluate, one.evaluate) for one in listed]
    evaluate = parts[0]
    for part in parts[1:]:
        evaluate = _decided(evaluate, part, True)
    return Typed(YES, evaluate, value.at)


def _comparable(sign: str, at: int, left: Typed, right: Typed) -> None:
    """Whether two values may be compared: of one kind, or a choice with one of its options."""
    for choice, other in ((left, right), (right, left)):
        if choice.type.kind is Kind.CHOICE and isinstance(other.constant, str):
            if other.constant not in choice.type.options:
                options = ", ".join(choice.type.options)
                raise BadExpression(faults.NO_OPTION, other.at, option=other.constant, options=options)
            return
    if {left.type.kind, right.type.kind} == {Kind.MONEY, Kind.NUMBER}:
        number = left if left.type.kind is Kind.NUMBER else right
        if number.constant is not None:
            raise BadExpression(faults.MONEY_UNIT, number.at)
    if left.type.kind is not right.type.kind or left.type.kind in (Kind.TABLE, Kind.LIST, Kind.CHOICES):
        raise _not_alike(sign, at, left, right)


def _call(node: tree.Call, scope: _Scope) -> Typed:
    return call(node, [_typed(one, scope) for one in node.arguments])


def _require(part: Typed, wanted: Type) -> None:
    if part.type.kind is not wanted.kind:
        raise BadExpression(faults.WRONG_TYPE, part.at, wanted=wanted.words, found=part.type.words)


def _not_alike(sign: str, at: int, left: Typed, right: Typed) -> BadExpression:
    return BadExpression(faults.NOT_ALIKE, at, left=left.type.words, right=right.type.words, operator=sign)


def _lifted(compute: Callable[..., Value], *parts: Evaluate) -> Evaluate:
    """The function of the parts where all of them are known."""
    if len(parts) == 1:
        (only,) = parts
        return lambda environment: None if (value := only(environment)) is None else compute(value)
    first, second = parts

    def evaluate(environment: Environment) -> Value:
        left = first(environment)
        if left is None:
            return None
        right = second(environment)
        return None if right is None else compute(left, right)

    return evaluate


def _decided(first: Evaluate, second: Evaluate, by: bool) -> Evaluate:
    """``or`` (decided by one that holds) and ``and`` (by one that does not), where the rest may be unknown."""

    def evaluate(environment: Environment) -> Value:
        left = first(environment)
        if left is by:
            return by
        right = second(environment)
        if right is by:
            return by
        return None if left is None or right is None else not by

    return evaluate


_TYPING: Mapping[type, Callable[..., Typed]] = {
    tree.Number: _number,
    tree.Text: _text,
    tree.Name: _name,
    tree.Column: _column,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.Among: _among,
    tree.Call: _call,
}
