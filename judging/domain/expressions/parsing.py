"""From a text to the tree of a rule.

``or`` binds least, then ``and``, ``not``, one comparison (or ``in``), ``+ -``, ``* /``, and a minus before a value.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from judging.domain.errors import N_
from judging.domain.expressions import faults, tree
from judging.domain.expressions.faults import BadExpression

LONGEST = 500
"""Characters of a rule."""
DEEPEST = 50
"""Levels of brackets and operators within each other."""
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
WORDS = frozenset({"and", "or", "not", "in"})

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?(?P<unit>\s*(?:млн\s*)?₽)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r'|"(?P<text>[^"]*)"'
    r"|(?P<sign>==|!=|<=|>=|[-+*/<>(),.])"
)
_VALUE, _OPERATOR, _COLUMN = N_("a value"), N_("an operator"), N_("the name of a column")
EXPECTED = (_VALUE, _OPERATOR, _COLUMN)
"""What a fault says is expected, in words."""


@dataclass(frozen=True)
class Token:
    """A word of the rule: what kind of word, how it is written, where it begins."""

    kind: str
    written: str
    at: int
    unit: str = ""


def parse(text: str) -> tree.Node:
    """Read a rule; raise :class:`BadExpression` at the first character that does not fit."""
    if len(text) > LONGEST:
        raise BadExpression(faults.TOO_LONG, LONGEST, most=LONGEST)
    return _Parser(text).whole()


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadExpression(faults.OPEN_TEXT if text[at] == '"' else faults.STRANGE_SIGN, at, sign=text[at])
        kind = str(found.lastgroup) if found.lastgroup != "unit" else "number"
        written = found["text"] if kind == "text" else found[0]
        if kind == "name" and written in WORDS:
            kind = "sign"
        if kind != "space":
            yield Token(kind, written, at, found["unit"] or "")
        at = found.end()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens, self._next, self._depth = list(_tokens(text)), 0, 0
        self._end = len(text)

    def whole(self) -> tree.Node:
        node = self._any()
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            message = faults.CHAINED if token.written in COMPARISONS else faults.UNEXPECTED
            raise BadExpression(message, token.at, found=token.written, wanted=_OPERATOR)
        return node

    def _any(self) -> tree.Node:
        return self._joined(("or",), self._all)

    def _all(self) -> tree.Node:
        return self._joined(("and",), self._not)

    def _not(self) -> tree.Node:
        token = self._taken("not")
        return self._within(lambda: tree.Unary("not", self._not(), token.at)) if token else self._compared()

    def _compared(self) -> tree.Node:
        left = self._sum()
        token = self._taken(*COMPARISONS, "in")
        if token is None:
            return left
        if token.written == "in":
            return tree.Among(left, self._listed(), token.at)
        return tree.Binary(token.written, left, self._sum(), token.at)

    def _sum(self) -> tree.Node:
        return self._joined(("+", "-"), self._product)

    def _product(self) -> tree.Node:
        return self._joined(("*", "/"), self._signed)

    def _signed(self) -> tree.Node:
        token = self._taken("-")
        return self._within(lambda: tree.Unary("-", self._signed(), token.at)) if token else self._value()

    def _value(self) -> tree.Node:
        token = self._take(_VALUE)
        if token.kind == "number":
            return _number(token)
        if token.kind == "text":
            return tree.Text(token.written, token.at)
        if token.kind == "name":
            return self._named(token)
        if token.written != "(":
            raise BadExpression(faults.UNEXPECTED, token.at, found=token.written, wanted=_VALUE)
        node = self._within(self._any)
        self._require(")")
        return node

    def _named(self, token: Token) -> tree.Node:
        if self._taken("."):
            column = self._take(_COLUMN)
            if column.kind != "name":
                raise BadExpression(faults.UNEXPECTED, column.at, found=column.written, wanted=_COLUMN)
            return tree.Column(token.written, column.written, token.at)
        if self._peek() == "(":
            return tree.Call(token.written, self._listed(), token.at)
        return tree.Name(token.written, token.at)

    def _listed(self) -> tuple[tree.Node, ...]:
        self._require("(")
        listed = [self._within(self._any)]
        while self._taken(","):
            listed.append(self._within(self._any))
        self._require(")")
        return tuple(listed)

    def _joined(self, operators: tuple[str, ...], part: Callable[[], tree.Node]) -> tree.Node:
        node, links = part(), 0
        while (token := self._taken(*operators)) is not None:
            links += 1
            if self._depth + links > DEEPEST:
                raise BadExpression(faults.TOO_DEEP, token.at)
            node = tree.Binary(token.written, node, part(), token.at)
        return node

    def _within(self, part: Callable[[], tree.Node]) -> tree.Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadExpression(faults.TOO_DEEP, self._place())
        node = part()
        self._depth -= 1
        return node

    def _peek(self) -> str:
        token = self._tokens[self._next] if self._next < len(self._tokens) else None
        return token.written if token is not None and token.kind == "sign" else ""

    def _place(self) -> int:
        return self._tokens[self._next].at if self._next < len(self._tokens) else self._end

    def _taken(self, *signs: str) -> Token | None:
        if self._peek() not in signs:
            return None
        self._next += 1
        return self._tokens[self._next - 1]

    def _take(self, wanted: str) -> Token:
        if self._next == len(self._tokens):
            raise BadExpression(faults.ENDS_EARLY, self._end, wanted=wanted)
        self._next += 1
        return self._tokens[self._next - 1]

    def _require(self, sign: str) -> None:
        token = self._take(f"“{sign}”")
        if token.kind != "sign" or token.written != sign:
            raise BadExpression(faults.UNEXPECTED, token.at, found=token.written, wanted=f"“{sign}”")


def _number(token: Token) -> tree.Number:
    digits = re.sub(r"[\s₽млн]", "", token.written)
    times = (100_000_000 if "млн" in token.unit else 100) if token.unit else 1
    return tree.Number(Fraction(digits) * times, bool(token.unit), token.at)
