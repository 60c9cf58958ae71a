"""What is asked of the database while something is done."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from judging.models import Base


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that is executed meanwhile, on whatever engine."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def queries(act: Callable[[], object]) -> int:
    """How many statements an act takes."""
    with statements() as found:
        act()
    return len(found)


def asked(client: FlaskClient, path: str) -> int:
    """How many statements a page takes that is there."""
    with statements() as found:
        assert client.get(path).status_code == 200
    return len(found)


def tables_named(asked: Iterable[str]) -> frozenset[str]:
    """Every table whose name is in a statement: at least those that are read, or changed."""
    words = set(re.findall(r"\w+", " ".join(asked)))
    return frozenset(words & Base.metadata.tables.keys())


def tables_changed(asked: Iterable[str]) -> frozenset[str]:
    """At least the tables that the statements change; of what is deleted also those that may follow it."""
    changing = [one for one in asked if not one.lstrip().upper().startswith("SELECT")]
    found = tables_named(changing)
    if any(one.lstrip().upper().startswith("DELETE") for one in changing):
        while found != (further := found | _referring(found)):
            found = further
    return found


def _referring(names: frozenset[str]) -> frozenset[str]:
    tables = Base.metadata.tables.values()
    return frozenset(one.name for one in tables for key in one.foreign_keys if key.column.table.name in names)
