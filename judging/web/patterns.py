"""Rows of long tables: each kind of row is rendered once with holes, and every row fills them.

A list of 150 tasks has a dozen kinds of rows. A row that Jinja renders costs a tenth of a millisecond, one that is
filled a tenth of that.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from secrets import token_hex
from typing import Any

from flask import current_app
from markupsafe import Markup

from judging.web.kept_texts import language

KEPT = 1_000
"""Patterns of all templates and languages; those used last stay."""
OPENED, CLOSED = f"\ue000{token_hex(8)}", "\ue001"
"""What stands around a hole's name while it is rendered: no text has it, as it is another one in every process."""
HOLE = re.compile(f"{OPENED}([a-z0-9_]+){CLOSED}")


def hole(name: str) -> str:
    """What stands in the place of a value while a row is rendered as a pattern."""
    return f"{OPENED}{name}{CLOSED}"


class Pattern:
    """A row with holes for its values."""

    def __init__(self, rendered: str) -> None:
        self._text = HOLE.sub(r"%(\1)s", rendered.replace("%", "%%"))

    def filled(self, values: Mapping[str, object]) -> str:
        """The row with these values, which are numbers or were escaped."""
        return self._text % values


def pattern(template: str, holes: Iterable[str], **kind: Any) -> Pattern:
    """The template rendered for rows of this ``kind`` (hashable values), with ``holes`` where their values come."""
    return _pattern(language(), template, tuple(holes), tuple(kind.items()))


@lru_cache(maxsize=KEPT)
def _pattern(_language: str, template: str, holes: tuple[str, ...], kind: tuple[tuple[str, Any], ...]) -> Pattern:
    values = dict(kind) | {name: hole(name) for name in holes}
    return Pattern(current_app.jinja_env.get_template(template).render(values))


def joined(rows: Iterable[str]) -> Markup:
    """The rows of a table, for its ``body``."""
    return Markup("".join(rows))  # noqa: S704 -- filled patterns
