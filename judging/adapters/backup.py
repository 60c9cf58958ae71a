"""A consistent copy of a database as a file, while others go on writing to it."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from sqlalchemy import URL, make_url

from judging.adapters import durable
from judging.domain.errors import N_, RuleViolation

CHUNK = 1 << 20
SQLITE, POSTGRESQL = "database.sqlite3", "database.pg_dump"
"""What the copy is called, by the kind of database."""
MISSING = N_("%(name)s is missing: install the client programs of PostgreSQL (Debian: postgresql-client).")


class NoBackup(RuleViolation):
    """The copy cannot be made or is not to be relied on; the text says what is wrong."""


def copy_database(url: str, folder: Path) -> Path:
    """Copy the database at ``url`` into a folder, flushed; raise :class:`NoBackup`. Returns the file."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _copy_sqlite(Path(parsed.database or ""), folder / SQLITE)
    return _dump_postgresql(parsed, folder / POSTGRESQL)


def _copy_sqlite(source: Path, target: Path) -> Path:
    """SQLite's own online backup: one state of the data, whatever is written meanwhile, and no log beside it."""
    if not source.is_file():
        raise NoBackup(N_("There is no database at %(path)s."), path=str(source))
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")
    flush(target)
    return target


def _dump_postgresql(url: URL, target: Path) -> Path:
    """Run pg_dump, which takes one state of the data; the password goes by the environment, where nobody reads it."""
    program = shutil.which("pg_dump")
    if program is None:
        raise NoBackup(MISSING, name="pg_dump")
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    line = [program, "--format=custom", f"--file={target}", f"--dbname={address}"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- found above
    if done.returncode:
        raise NoBackup(N_("pg_dump failed: %(words)s"), words=done.stderr.strip()[:1000])
    flush(target)
    return target


def flush(path: Path) -> None:
    """Flush a file that something else wrote, with its folder, and keep it to its owner."""
    path.chmod(durable.FILE_MODE)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        durable.sync(descriptor)
    finally:
        os.close(descriptor)
    durable.sync_folder(path.parent)


def pieces(path: Path) -> Iterator[bytes]:
    """Read a file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    hasher = sha256()
    for piece in pieces(path):
        hasher.update(piece)
    return hasher.hexdigest()


def faults_of(path: Path) -> list[str]:
    """Return what SQLite or pg_restore finds wrong with a copy itself; nothing where it is whole."""
    if path.name == SQLITE:
        return _faults_of_sqlite(path)
    program = shutil.which("pg_restore")
    if program is None:
        raise NoBackup(MISSING, name="pg_restore")
    line = [program, "--list", str(path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603 -- found above
    return [done.stderr.strip()] if done.returncode else []


def _faults_of_sqlite(path: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        return [str(error)]
    return found + [f"{row[0]} {row[1]} names no row of {row[2]}" for row in strays]
