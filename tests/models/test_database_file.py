"""A database that is moved, replaced, full, on a read-only disk: nothing is said to be stored, and reading goes on."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from judging.models.database_file import DatabaseMoved, file_of, guard
from judging.models.engine import prepare, reads_only
from judging.models.trouble import Trouble, trouble_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "judging.sqlite3"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = guard(prepare(create_engine(f"sqlite:///{path}")))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE facts (fact TEXT)"))
    add(engine, "first")
    yield engine
    engine.dispose()


def add(engine: Engine, fact: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO facts VALUES (:fact)"), {"fact": fact})


def facts(engine: Engine) -> list[str]:
    before = reads_only.set(True)
    try:
        with engine.begin() as connection:
            return list(connection.execute(text("SELECT fact FROM facts")).scalars())
    finally:
        reads_only.reset(before)


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


@pytest.mark.parametrize("act", [moved, removed, replaced])
def test_nothing_is_written_to_a_file_that_is_not_in_its_place(
    engine: Engine, path: Path, act: Callable[[Path], None]
) -> None:
    act(path)
    with pytest.raises(DatabaseMoved) as refused:
        add(engine, "second")
    assert trouble_of(refused.value) is Trouble.GONE
    assert facts(engine) == ["first"]


def test_no_empty_database_is_made_where_the_old_one_was(engine: Engine, path: Path) -> None:
    with engine.connect():
        moved(path)
        with pytest.raises(DatabaseMoved), engine.connect():
            pass  # a second connection, which would make the file
    assert not path.exists()


def test_after_a_new_start_another_file_is_taken(engine: Engine, path: Path) -> None:
    engine.dispose()
    replaced(path)
    add(engine, "second")
    assert facts(engine) == ["first", "second"]


def test_a_database_on_a_read_only_disk_is_read_and_not_written_and_is_written_again_later(
    engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.dispose()
    real = os.statvfs(path)
    frozen = os.statvfs_result((*tuple(real)[:8], real.f_flag | os.ST_RDONLY, real.f_namemax))
    with monkeypatch.context() as patch:
        patch.setattr(os, "statvfs", lambda _path: frozen)
        assert facts(engine) == ["first"]
        with pytest.raises(OperationalError) as refused:
            add(engine, "second")
        assert trouble_of(refused.value) is Trouble.READ_ONLY
        assert not path.with_name(path.name + "-shm").exists()
    add(engine, "third")
    assert facts(engine) == ["first", "third"]


def test_a_full_database_is_told_and_what_was_there_stays(engine: Engine) -> None:
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OperationalError) as refused:
        add(engine, "much" * 100_000)
    assert trouble_of(refused.value) is Trouble.FULL
    assert facts(engine) == ["first"]
    add(engine, "little")
    assert facts(engine) == ["first", "little"]


def of_sqlite(code: int) -> OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return OperationalError("x", {}, error)


def of_postgresql(kind: type[psycopg.Error]) -> OperationalError:
    return OperationalError("x", {}, kind("x"))


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(errno.ENOSPC, "x"), Trouble.FULL),
        (OSError(errno.EDQUOT, "x"), Trouble.FULL),
        (OSError(errno.EROFS, "x"), Trouble.READ_ONLY),
        (OSError(errno.EMFILE, "x"), Trouble.CROWDED),
        (OSError(errno.EIO, "x"), Trouble.BROKEN),
        (FileNotFoundError(errno.ENOENT, "x"), None),
        (of_sqlite(sqlite3.SQLITE_FULL), Trouble.FULL),
        (of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), Trouble.FULL),
        (of_sqlite(sqlite3.SQLITE_IOERR_FSYNC), Trouble.BROKEN),
        (of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), Trouble.READ_ONLY),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), Trouble.AWAY),
        (of_sqlite(sqlite3.SQLITE_BUSY), None),
        (of_postgresql(psycopg.errors.DiskFull), Trouble.FULL),
        (of_postgresql(psycopg.errors.TooManyConnections), Trouble.CROWDED),
        (of_postgresql(psycopg.errors.ReadOnlySqlTransaction), Trouble.READ_ONLY),
        (of_postgresql(psycopg.errors.AdminShutdown), Trouble.AWAY),
        (of_postgresql(psycopg.errors.ConnectionFailure), Trouble.AWAY),
        (of_postgresql(psycopg.OperationalError), Trouble.AWAY),
        (of_postgresql(psycopg.errors.DeadlockDetected), None),
        (ValueError("x"), None),
        (None, None),
    ],
    ids=str,
)
def test_troubles_are_told_from_the_errors_that_they_cause(
    error: BaseException | None, trouble: Trouble | None
) -> None:
    assert trouble_of(error) is trouble


def test_only_sqlite_files_are_files() -> None:
    urls = ("sqlite:////srv/a.sqlite3", "sqlite://", "sqlite:///:memory:", "postgresql+psycopg://u:p@h/d")
    assert [file_of(url) for url in urls] == [Path("/srv/a.sqlite3"), None, None, None]
