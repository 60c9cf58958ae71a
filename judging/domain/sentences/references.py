"""What a sentence speaks of: a field (``own_funds``), a column's sum (``stages.cost``), the row at hand (``row.till``).

Trees of rules are compared here as well: without their places, which say nothing of what a rule means.
"""

from dataclasses import fields, is_dataclass
from typing import Any

from judging.domain.expressions import tree as parts
from judging.domain.expressions.compiling import ROW
from judging.domain.sentences.literals import Literal, read_literal, write_literal

Operand = str | Literal
"""A reference or a value."""


def write_reference(reference: str) -> str:
    """Return a reference as a rule has it: a column of a table counts as its sum."""
    table, dot, _ = reference.partition(".")
    return f"sum({reference})" if dot and table != ROW else reference


def read_reference(node: parts.Node) -> str | None:
    """Return the reference that a part of a rule is; None where it is none."""
    if isinstance(node, parts.Name):
        return node.name
    if isinstance(node, parts.Column) and node.table == ROW:
        return f"{ROW}.{node.column}"
    if isinstance(node, parts.Call) and node.name == "sum" and len(node.arguments) == 1:
        return read_column(node.arguments[0])
    return None


def read_column(node: parts.Node) -> str | None:
    """Return the column of a table that a part of a rule names."""
    return f"{node.table}.{node.column}" if isinstance(node, parts.Column) and node.table != ROW else None


def is_sum(reference: str) -> bool:
    """Whether the reference is a column's sum."""
    return "." in reference and not reference.startswith(f"{ROW}.")


def write_operand(operand: Operand) -> str:
    """Return a reference or a value as a rule has it."""
    return write_literal(operand) if isinstance(operand, Literal) else write_reference(operand)


def read_operand(node: parts.Node) -> Operand | None:
    """Return the reference or the value that a part of a rule is."""
    reference = read_reference(node)
    return read_literal(node) if reference is None else reference


def write_total(references: tuple[str, ...]) -> str:
    """Return the sum of several as a rule has it."""
    return " + ".join(map(write_reference, references))


def read_total(node: parts.Node) -> tuple[str, ...] | None:
    """Return what is added up in a part of a rule; one alone is added up as well."""
    if isinstance(node, parts.Binary) and node.operator == "+":
        before, last = read_total(node.left), read_reference(node.right)
        return None if before is None or last is None else (*before, last)
    only = read_reference(node)
    return None if only is None else (only,)


def meaning(node: Any) -> Any:
    """Return a tree without its places, to be compared."""
    if isinstance(node, tuple):
        return tuple(map(meaning, node))
    if is_dataclass(node):
        return (type(node).__name__, *(meaning(getattr(node, one.name)) for one in fields(node) if one.name != "at"))
    return node
