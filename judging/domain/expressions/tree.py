"""The parts of a rule as it was read, before its types are known."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Number:
    """A number, or a sum of money in kopecks where ``money`` says so."""

    value: Fraction
    money: bool
    at: int


@dataclass(frozen=True)
class Text:
    """A text between quotation marks."""

    value: str
    at: int


@dataclass(frozen=True)
class Name:
    """The code of a field."""

    name: str
    at: int


@dataclass(frozen=True)
class Column:
    """``table.column``: the values of a column; ``row.column``: the value in the row at hand."""

    table: str
    column: str
    at: int


@dataclass(frozen=True)
class Unary:
    """``not`` or a minus before a value."""

    operator: str
    operand: "Node"
    at: int


@dataclass(frozen=True)
class Binary:
    """Two values and the operator between them; ``at`` is the operator's place."""

    operator: str
    left: "Node"
    right: "Node"
    at: int


@dataclass(frozen=True)
class Among:
    """``value in (…)``: whether a value is one of those listed."""

    value: "Node"
    listed: tuple["Node", ...]
    at: int


@dataclass(frozen=True)
class Call:
    """A function and its arguments."""

    name: str
    arguments: tuple["Node", ...]
    at: int


Node = Number | Text | Name | Column | Unary | Binary | Among | Call
