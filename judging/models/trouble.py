"""What keeps an installation from storing anything, told from the errors that it causes."""

import errno
import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError

from judging.models.database_file import DatabaseMoved


class Trouble(StrEnum):
    """Why nothing can be stored, while reading may well go on."""

    FULL = "full"
    READ_ONLY = "read_only"
    BROKEN = "broken"
    GONE = "gone"
    AWAY = "away"
    CROWDED = "crowded"


BY_ERRNO = {
    errno.ENOSPC: Trouble.FULL, errno.EDQUOT: Trouble.FULL, errno.EFBIG: Trouble.FULL, errno.EROFS: Trouble.READ_ONLY,
    errno.EIO: Trouble.BROKEN, errno.EMFILE: Trouble.CROWDED, errno.ENFILE: Trouble.CROWDED,
}  # fmt: skip
BY_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble.FULL, sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR: Trouble.BROKEN, sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
    sqlite3.SQLITE_IOERR_SHMSIZE: Trouble.FULL,
}  # fmt: skip
"""By the extended code or, where it is not there, by the primary one. A log's index that cannot grow finds no space."""
BY_SQLSTATE = {
    "53100": Trouble.FULL, "53300": Trouble.CROWDED, "25006": Trouble.READ_ONLY, "58030": Trouble.BROKEN,
    "57P01": Trouble.AWAY, "57P02": Trouble.AWAY, "57P03": Trouble.AWAY,
}  # fmt: skip


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Say what trouble an error comes from; None where it is another kind of error."""
    if isinstance(error, DatabaseMoved):
        return Trouble.GONE
    if isinstance(error, OSError):
        return BY_ERRNO.get(error.errno or 0)
    if isinstance(error, DBAPIError):
        return _of_driver(error.orig) or (Trouble.AWAY if error.connection_invalidated else None)
    return None


def _of_driver(error: BaseException | None) -> Trouble | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return BY_SQLITE.get(code) or BY_SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if state is None and type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError":
        return Trouble.AWAY  # the server does not answer at all
    return BY_SQLSTATE.get(state or "", Trouble.AWAY if (state or "").startswith("08") else None)
