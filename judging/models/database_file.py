"""The file of an SQLite database: which it is, whether it is still the same one, how it is read where none may write.

A file that was moved away or replaced under a running server takes what is written with it, or loses it when the other
one is put back; so a transaction that may write is refused then. A disk on which nothing may be written is still read.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError

from judging.models.engine import reads_only

COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the name of a database for the files beside it; each gets the mode of the database when made."""
FROZEN = "frozen"
"""Noted with a connection that takes it for granted that nobody writes to the file."""


class DatabaseMoved(SQLAlchemyError):
    """The database's file is not where it was, or is another one. Nothing was begun or written."""


def file_of(url: str) -> Path | None:
    """Return the file of the database at ``url``; None for PostgreSQL and for a database in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def files_of(url: str) -> list[Path]:
    """Return the file of the database with those that may lie beside it."""
    path = file_of(url)
    return [] if path is None else [path.with_name(path.name + suffix) for suffix in COMPANIONS]


def guard(engine: Engine) -> Engine:
    """Let an engine notice that the file of its database is gone, and read it on a read-only disk. Returns it."""
    path = file_of(engine.url.render_as_string(hide_password=False))
    if path is not None:
        kept = _KEPT[engine] = _Kept(path)
        event.listen(engine, "do_connect", kept.open)
        event.listen(engine, "connect", kept.note)
        event.listen(engine, "checkout", kept.check_out)
        event.listen(engine, "engine_disposed", kept.forget)
        event.listen(engine, "begin", kept.require, insert=True)  # before anybody waits for a turn
    return engine


def in_place(engine: Engine) -> bool:
    """Whether the file that a guarded engine uses is still where it was. A database without a file always is."""
    kept = _KEPT.get(engine)
    return kept is None or kept.is_same()


class _Kept:
    """The file that the connections of one engine have opened; ``identity`` is its device and inode."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.identity: tuple[int, int] | None = None

    def open(self, dialect: Any, record: Any, arguments: list[Any], settings: dict[str, Any]) -> Any:
        """Make no new database in the place of the one that was there; read from a read-only disk without locks."""
        self._require_same()
        record.info[FROZEN] = self._is_frozen()
        if not record.info[FROZEN]:
            return None
        return dialect.connect(f"file:{quote(str(self.path))}?immutable=1", **settings | {"uri": True})

    def note(self, _connection: Any, _record: Any) -> None:
        """Remember the file that the first connection opened."""
        if self.identity is None:
            self.identity = _identity(self.path)

    def check_out(self, _connection: Any, record: Any, _proxy: Any) -> None:
        """Open the file anew once its disk takes writes again."""
        if record.info.get(FROZEN) and not self._is_frozen():
            raise DisconnectionError

    def require(self, _connection: Connection) -> None:
        """Refuse to begin what may write where the file is not the same."""
        if not reads_only.get():
            self._require_same()

    def forget(self, _engine: Engine) -> None:
        """All connections are given up: the next one may find another file."""
        self.identity = None

    def is_same(self) -> bool:
        """Whether the file is the one that was opened first, or none was opened yet."""
        return self.identity is None or _identity(self.path) == self.identity

    def _require_same(self) -> None:
        if not self.is_same():
            raise DatabaseMoved(f"{self.path} was moved away or replaced while it was in use")

    def _is_frozen(self) -> bool:
        """Whether the disk is read-only and no log of changes lies beside the database, so that it is as it is."""
        try:
            read_only = os.statvfs(self.path).f_flag & os.ST_RDONLY
        except OSError:
            return False
        return bool(read_only) and not self.path.with_name(self.path.name + "-wal").exists()


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
