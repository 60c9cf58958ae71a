"""Ready sentences of checks: «the sum of … equals …», «no more than … % of …», «each once», and so on.

A sentence may hold only when some conditions do. Of two sentences with the same rule one is meant
(:func:`plainest`), so that a rule is read back as the sentence that wrote it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from judging.domain.expressions import BadExpression, Kind
from judging.domain.expressions import tree as parts
from judging.domain.expressions.parsing import parse
from judging.domain.sentences.conditions import (
    COMPARING,
    COUNTING,
    Condition,
    Conditions,
    Sign,
    conditions_of,
    write_conditions,
)
from judging.domain.sentences.literals import Literal, read_literal, write_literal
from judging.domain.sentences.references import (
    Operand,
    is_sum,
    meaning,
    read_column,
    read_operand,
    read_reference,
    read_total,
    write_operand,
    write_reference,
    write_total,
)

POSITIVE: Mapping[Sign, Sign] = {Sign.NO: Sign.YES, Sign.EMPTY: Sign.FILLED}


@dataclass(frozen=True)
class Sums:
    """The sum of several fields, or of a column, compared with something."""

    parts: tuple[str, ...]
    sign: Sign
    whole: Operand


@dataclass(frozen=True)
class Compares:
    """A field compared with another, with the sum of a column, or with a value."""

    left: str
    sign: Sign
    right: Operand


@dataclass(frozen=True)
class Share:
    """How many per cent of something a field, or the sum of several, may be."""

    parts: tuple[str, ...]
    sign: Sign
    percent: Decimal
    whole: tuple[str, ...]


@dataclass(frozen=True)
class Within:
    """A field lies between two bounds, both included."""

    subject: str
    low: Operand
    high: Operand


@dataclass(frozen=True)
class Once:
    """Each value of a column stands once."""

    column: str


@dataclass(frozen=True)
class Rows:
    """How many rows a table has."""

    table: str
    sign: Sign
    number: int


@dataclass(frozen=True)
class Months:
    """How many whole months there are from one date to another."""

    first: str
    last: str
    sign: Sign
    number: int


@dataclass(frozen=True)
class Holds:
    """Conditions that have to hold themselves."""

    conditions: Conditions


Sentence = Sums | Compares | Share | Within | Once | Rows | Months | Holds


@dataclass(frozen=True)
class Ready:
    """A sentence that has to hold, always or only when the conditions do."""

    sentence: Sentence
    only_when: Conditions | None = None


def write_sentence(ready: Ready) -> str:
    """Return the rule of a sentence."""
    rule = _WRITING[type(ready.sentence)](ready.sentence)
    if ready.only_when is None:
        return rule
    several = isinstance(ready.sentence, Holds) and ready.sentence.conditions.mode == "or"
    return f"not ({write_conditions(ready.only_when)}) or {f'({rule})' if several else rule}"


def read_sentence(rule: str) -> Ready | None:
    """Return the sentence whose rule this is; None where no sentence fits, or the text is no rule."""
    try:
        tree = parse(rule)
    except BadExpression:
        return None
    for found in _readings(tree):
        if plainest(found) == found and meaning(parse(write_sentence(found))) == meaning(tree):
            return found
    return None


def plainest(ready: Ready) -> Ready:
    """Return the sentence of the same rule that it is read back as."""
    sentence, only_when = ready.sentence, ready.only_when
    if isinstance(sentence, Holds):
        rows, mode = sentence.conditions.rows, sentence.conditions.mode
        if mode == "or" and len(rows) == 2 and only_when is None and rows[0].sign in POSITIVE:  # «not a or b»
            only_when = Conditions((Condition(rows[0].subject, POSITIVE[rows[0].sign]),))
            sentence = Holds(Conditions(rows[1:]))
    if isinstance(sentence, Holds) and len(sentence.conditions.rows) == 1:
        sentence = _plain_row(sentence.conditions.rows[0]) or Holds(Conditions(sentence.conditions.rows))
    if isinstance(sentence, Sums) and len(sentence.parts) == 1 and not is_sum(sentence.parts[0]):
        sentence = Compares(sentence.parts[0], sentence.sign, sentence.whole)
    if only_when is not None and len(only_when.rows) == 1:
        only_when = Conditions(only_when.rows)
    return Ready(sentence, only_when)


def _plain_row(row: Condition) -> Sentence | None:
    """A comparison by itself is a sentence of its own."""
    if row.sign in COMPARING:
        if is_sum(row.subject):
            return Sums((row.subject,), row.sign, row.values[0])
        return Compares(row.subject, row.sign, row.values[0])
    if row.sign in COUNTING:
        number = _whole(row.values[0])
        return None if number is None else Rows(row.subject, Sign(COUNTING[row.sign]), number)
    return None


def _readings(node: parts.Node) -> Iterator[Ready]:
    """Every sentence that the tree may be, the one that is meant among them."""
    if isinstance(node, parts.Binary) and node.operator == "or" and _is_not(node.left):
        only_when = conditions_of(node.left.operand)  # type: ignore[union-attr]  # a negation has one
        if only_when is not None:
            yield from (Ready(one, only_when) for one in _sentences(node.right))
    yield from (Ready(one) for one in _sentences(node))


def _is_not(node: parts.Node) -> bool:
    return isinstance(node, parts.Unary) and node.operator == "not"


def _sentences(node: parts.Node) -> Iterator[Sentence]:
    for read in (_compared, _called, _held):
        found = read(node)
        if found is not None:
            yield found


def _held(node: parts.Node) -> Sentence | None:
    conditions = conditions_of(node)
    return None if conditions is None else Holds(conditions)


def _called(node: parts.Node) -> Sentence | None:
    if not isinstance(node, parts.Call):
        return None
    if node.name == "distinct" and len(node.arguments) == 1:
        column = read_column(node.arguments[0])
        return None if column is None else Once(column)
    if node.name == "within" and len(node.arguments) == 3:  # a value and two bounds
        subject, low, high = read_reference(node.arguments[0]), *map(read_operand, node.arguments[1:])
        return None if subject is None or low is None or high is None else Within(subject, low, high)
    return None


def _compared(node: parts.Node) -> Sentence | None:
    if not isinstance(node, parts.Binary) or node.operator not in COMPARING:
        return None
    sign, left = Sign(node.operator), node.left
    if isinstance(left, parts.Call) and left.name in _COUNTED:
        return _COUNTED[left.name](left.arguments, sign, read_literal(node.right))
    total, right = read_total(left), read_operand(node.right)
    if total is None or right is None:
        return None
    return Compares(total[0], sign, right) if len(total) == 1 and not is_sum(total[0]) else Sums(total, sign, right)


Arguments = tuple[parts.Node, ...]


def _share(arguments: Arguments, sign: Sign, value: Literal | None) -> Sentence | None:
    if len(arguments) != 2 or value is None or value.kind is not Kind.NUMBER:  # a part and a whole
        return None
    some, whole = map(read_total, arguments)
    return None if some is None or whole is None else Share(some, sign, Decimal(str(value.value)), whole)


def _rows(arguments: Arguments, sign: Sign, value: Literal | None) -> Sentence | None:
    number, table = _whole(value), arguments[0]
    if number is None or len(arguments) != 1 or not isinstance(table, parts.Name):
        return None
    return Rows(table.name, sign, number)


def _months(arguments: Arguments, sign: Sign, value: Literal | None) -> Sentence | None:
    number = _whole(value)
    if number is None or len(arguments) != 2:  # two dates
        return None
    first, last = map(read_reference, arguments)
    return None if first is None or last is None else Months(first, last, sign, number)


def _whole(value: Operand | None) -> int | None:
    """A whole number, nought or more."""
    number = value.value if isinstance(value, Literal) and value.kind is Kind.NUMBER else None
    if not isinstance(number, Decimal) or number < 0 or number != number.to_integral_value():
        return None
    return int(number)


_COUNTED: Mapping[str, Callable[[Arguments, Sign, Literal | None], Sentence | None]] = {
    "share": _share,
    "count": _rows,
    "months": _months,
}
_WRITING: Mapping[type, Callable[[Any], str]] = {
    Sums: lambda one: f"{write_total(one.parts)} {one.sign} {write_operand(one.whole)}",
    Compares: lambda one: f"{write_reference(one.left)} {one.sign} {write_operand(one.right)}",
    Share: lambda one: (
        f"share({write_total(one.parts)}, {write_total(one.whole)}) {one.sign} "
        f"{write_literal(Literal(Kind.NUMBER, one.percent))}"
    ),
    Within: lambda one: f"within({write_reference(one.subject)}, {write_operand(one.low)}, {write_operand(one.high)})",
    Once: lambda one: f"distinct({one.column})",
    Rows: lambda one: f"count({one.table}) {one.sign} {one.number}",
    Months: lambda one: f"months({write_reference(one.first)}, {write_reference(one.last)}) {one.sign} {one.number}",
    Holds: lambda one: write_conditions(one.conditions),
}
