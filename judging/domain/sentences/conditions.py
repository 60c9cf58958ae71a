"""Conditions as rows: «field – is, one of, filled, above – value», all of them or any."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal as OneOf

from judging.domain.expressions import BadExpression
from judging.domain.expressions import tree as parts
from judging.domain.expressions.parsing import parse
from judging.domain.sentences.literals import Literal, read_literal
from judging.domain.sentences.references import (
    Operand,
    meaning,
    read_operand,
    read_reference,
    write_operand,
    write_reference,
)


class Sign(StrEnum):
    """What a row says of its field."""

    YES = "yes"
    NO = "no"
    FILLED = "filled"
    EMPTY = "empty"
    EQUAL = "=="
    OTHER = "!="
    AMONG = "in"
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    ROWS_AT_LEAST = "rows>="
    ROWS_AT_MOST = "rows<="


COMPARING = (Sign.EQUAL, Sign.OTHER, Sign.ABOVE, Sign.AT_LEAST, Sign.BELOW, Sign.AT_MOST)
COUNTING: Mapping[Sign, str] = {Sign.ROWS_AT_LEAST: ">=", Sign.ROWS_AT_MOST: "<="}
BARE = (Sign.YES, Sign.NO, Sign.FILLED, Sign.EMPTY)
"""Signs that take no value."""
Mode = OneOf["and", "or"]


@dataclass(frozen=True)
class Condition:
    """One row; ``values`` is empty where the sign takes none, and has several where it is «one of».

    What is compared by its size may be compared with another field as well.
    """

    subject: str
    sign: Sign
    values: tuple[Operand, ...] = ()


@dataclass(frozen=True)
class Conditions:
    """Rows of which all hold (``and``) or any (``or``); one alone has «all»."""

    rows: tuple[Condition, ...]
    mode: Mode = "and"


def write_conditions(conditions: Conditions) -> str:
    """Return the rule of the rows."""
    return f" {conditions.mode} ".join(map(_write, conditions.rows))


def read_conditions(rule: str) -> Conditions | None:
    """Return the rows whose rule this is; None where none fit."""
    try:
        tree = parse(rule)
    except BadExpression:
        return None
    return conditions_of(tree)


def conditions_of(node: parts.Node) -> Conditions | None:
    """Return the rows whose rule has this tree; None where none fit."""
    mode: Mode = "or" if isinstance(node, parts.Binary) and node.operator == "or" else "and"
    rows: list[Condition] = []
    for one in _joined(node, mode):
        row = _read(one)
        if row is None:
            return None
        rows.append(row)
    found = Conditions(tuple(rows), mode)
    return found if meaning(parse(write_conditions(found))) == meaning(node) else None


def _joined(node: parts.Node, operator: str) -> Iterator[parts.Node]:
    if isinstance(node, parts.Binary) and node.operator == operator:
        yield from _joined(node.left, operator)
        yield node.right
    else:
        yield node


def _write(row: Condition) -> str:
    subject = write_reference(row.subject)
    if row.sign in BARE:
        positive = f"filled({subject})" if row.sign in (Sign.FILLED, Sign.EMPTY) else subject
        return f"not {positive}" if row.sign in (Sign.NO, Sign.EMPTY) else positive
    values = [write_operand(value) for value in row.values]
    if row.sign is Sign.AMONG:
        return f"{subject} in ({', '.join(values)})"
    if row.sign in COUNTING:
        return f"count({row.subject}) {COUNTING[row.sign]} {values[0]}"
    return f"{subject} {row.sign} {values[0]}"


def _read(node: parts.Node) -> Condition | None:
    if isinstance(node, parts.Unary) and node.operator == "not":
        return _bare(node.operand, Sign.NO, Sign.EMPTY)
    if isinstance(node, parts.Among):
        return _among(node)
    if isinstance(node, parts.Binary):
        return _compared(node)
    return _bare(node, Sign.YES, Sign.FILLED)


def _bare(node: parts.Node, plain: Sign, filled: Sign) -> Condition | None:
    if isinstance(node, parts.Call) and node.name == "filled" and len(node.arguments) == 1:
        subject = read_reference(node.arguments[0])
        return None if subject is None else Condition(subject, filled)
    subject = read_reference(node)
    return None if subject is None else Condition(subject, plain)


def _among(node: parts.Among) -> Condition | None:
    subject, values = read_reference(node.value), [read_literal(one) for one in node.listed]
    known = tuple(value for value in values if value is not None)
    return Condition(subject, Sign.AMONG, known) if subject is not None and len(known) == len(values) else None


def _compared(node: parts.Binary) -> Condition | None:
    value = read_operand(node.right)
    if value is None or node.operator not in COMPARING:
        return None
    left = node.left
    if isinstance(left, parts.Call) and left.name == "count" and len(left.arguments) == 1:
        sign = next((sign for sign, operator in COUNTING.items() if operator == node.operator), None)
        table, known = left.arguments[0], sign is not None and isinstance(value, Literal)
        return Condition(table.name, sign, (value,)) if known and sign and isinstance(table, parts.Name) else None
    subject = read_reference(left)
    return None if subject is None else Condition(subject, Sign(node.operator), (value,))
