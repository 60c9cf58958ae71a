"""How a database engine is prepared: transactions that say whether they write, on SQLite and on PostgreSQL.

SQLite's Python driver opens transactions by itself and late; two requests that read and then write would both start
reading and one would die with «database is locked» whatever the busy timeout. So the driver's own BEGIN is switched off
and ours says IMMEDIATE whenever the unit of work may write (:data:`reads_only` is False), when its turn has come
(``models/turns.py``). What is known to read only cannot write: SQLite refuses by ``query_only``, PostgreSQL by
``READ ONLY``; there it also sees one state of the data throughout, as on SQLite.
"""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from judging.models.turns import Connection as SqliteConnection
from judging.models.turns import DatabaseBusy, turns_of, within

reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)
"""True while the present unit of work is known not to write (a GET): transactions then take no write lock."""

WAIT = 10.0
"""Seconds that a transaction waits for its turn to write before it is refused."""
REPEATABLE_READ = 3
"""``psycopg.IsolationLevel.REPEATABLE_READ``: the driver is loaded where PostgreSQL is used, and only there."""
POLL = (0.001, 0.004)
"""Seconds between two looks whether another process has stopped writing: short, so that neither process starves."""

KEPT_STATEMENTS = 512
"""Prepared statements that each SQLite connection keeps; the pages have more than the driver's 128."""

PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={round(WAIT * 1000)}",
    "trusted_schema=OFF",
)
"""``synchronous=FULL``: what a commit has acknowledged is on the disk, also after a power loss."""


def one_writer(session: Session) -> bool:
    """Whether a transaction that writes is the only one that does (SQLite): what it has read stays true to its end."""
    return session.get_bind().dialect.name == "sqlite"


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun within may write; what was so before is so again afterwards."""
    before = reads_only.set(False)
    try:
        yield
    finally:
        reads_only.reset(before)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun within only read; what was so before is so again afterwards."""
    before = reads_only.set(True)
    try:
        yield
    finally:
        reads_only.reset(before)


def prepare(engine: Engine) -> Engine:
    """Attach the events that make transactions behave. Returns the same engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _use_turns)
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    else:
        event.listen(engine, "begin", _on_begin_postgresql)
    return engine


def is_busy(error: BaseException | None) -> bool:
    """Whether an error of the driver says that another transaction holds an SQLite file."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def _use_turns(_dialect: Any, _record: Any, _arguments: list[Any], settings: dict[str, Any]) -> None:
    settings["factory"] = SqliteConnection
    settings["cached_statements"] = KEPT_STATEMENTS


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    connection.turns = turns_of(file) if file else None


def _on_begin(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    only = reads_only.get()
    if raw.query_only is not only:
        raw.execute(f"PRAGMA query_only={'ON' if only else 'OFF'}")
        raw.query_only = only
    if only:
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_in_turn(connection, raw)


def _begin_in_turn(connection: Connection, raw: SqliteConnection) -> None:
    until = within(WAIT)
    raw.take_turn(WAIT)
    try:
        if not _began(raw, until):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # it failed, and fails again with SQLAlchemy's own error
    except BaseException:
        raw.give_back()
        raise


def _began(raw: SqliteConnection, until: float) -> bool:
    """Begin to write; another process may be writing. False where that is not what keeps us from it."""
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    return False
                if monotonic() > until:
                    raise DatabaseBusy("another process writes to the database for long") from error
                sleep(random.uniform(*POLL))  # noqa: S311 -- not a secret
            else:
                return True
    finally:
        raw.execute(f"PRAGMA busy_timeout={round(WAIT * 1000)}")


def _on_begin_postgresql(connection: Connection) -> None:
    """Say how the transaction begins; the driver sends it with the first statement, at no cost."""
    raw: Any = connection.connection.dbapi_connection
    only = reads_only.get()
    raw.read_only = only
    raw.isolation_level = REPEATABLE_READ if only else None
