"""How a database engine is prepared: SQLite with real transactions, WAL and foreign keys.

SQLite's Python driver opens transactions by itself and late; two requests that read and then write would both start
reading and one would die with «database is locked» whatever the busy timeout. So the driver's own BEGIN is switched off
and ours says IMMEDIATE whenever the unit of work may write (:data:`reads_only` is False).
"""

from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event

reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)
"""True while the present unit of work is known not to write (a GET): transactions then take no write lock."""

PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "trusted_schema=OFF",
)


def prepare(engine: Engine) -> Engine:
    """Attach the events that make SQLite behave; PostgreSQL needs none. Returns the same engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if reads_only.get() else "BEGIN IMMEDIATE")
