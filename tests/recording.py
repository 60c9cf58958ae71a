"""What is asked of the database while something is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import Engine, event


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
