"""The file of an SQLite database: which it is, and that it belongs to its owner alone."""

from pathlib import Path

from sqlalchemy import make_url

COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite adds to the name of a database for the files beside it; each gets the mode of the database when made."""


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
