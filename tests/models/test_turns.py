"""Writers of one SQLite file stand in line; a turn ends with its transaction, however that ends."""

import gc
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError

from judging.models import engine as engines
from judging.models.engine import prepare, reading, reads_only
from judging.models.turns import DatabaseBusy, NestedWriting, Turns, turns_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "turns.sqlite3"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    made = prepare(create_engine(f"sqlite:///{file}"))
    with made.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (text)")
    yield made
    made.dispose()


def write(connection) -> None:
    connection.exec_driver_sql("INSERT INTO notes VALUES ('x')")


def test_whoever_asked_first_is_first() -> None:
    turns, order, started = Turns(), [], []
    turns.take(1)

    def wait(number: int) -> None:
        started.append(number)
        turns.take(10)
        order.append(number)
        turns.give_back()

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert (order, turns.taken) == (list(range(8)), False)


def test_who_gave_up_is_not_waited_for() -> None:
    turns = Turns()
    turns.take(1)
    refused = []

    def wait() -> None:
        try:
            turns.take(0.01)
        except DatabaseBusy:
            refused.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join()
    turns.give_back()
    assert (refused, turns.taken) == ([True], False)


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "invalidate", "error", "drop"])
def test_the_turn_ends_with_the_transaction(engine: Engine, file: Path, end: str) -> None:
    turns = turns_of(str(file))
    connection = engine.connect()
    transaction = connection.begin()
    write(connection)
    assert turns.taken
    if end == "error":
        with pytest.raises(OperationalError):
            connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")
        transaction.rollback()
    elif end in {"commit", "rollback"}:
        getattr(transaction, end)()
    elif end == "drop":
        del transaction, connection
        gc.collect()
    else:
        getattr(connection, end)()
    assert not turns.taken
    with engine.begin() as another:
        write(another)


def test_a_begin_that_fails_leaves_no_turn_behind(engine: Engine, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "WAIT", 0.05)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy), engine.begin():
        pass
    assert not turns_of(str(file)).taken
    other.execute("COMMIT")
    other.close()
    with engine.begin() as connection:
        write(connection)


def test_a_thread_that_writes_does_not_wait_for_itself(engine: Engine) -> None:
    with engine.begin() as outer:
        write(outer)
        with pytest.raises(NestedWriting), engine.begin():
            pass
        with reading(), engine.begin() as inner:
            assert inner.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 0


def test_every_writer_writes_and_none_fails(engine: Engine) -> None:
    def write_ten() -> None:
        for _ in range(10):
            with engine.begin() as connection:
                write(connection)

    threads = [threading.Thread(target=write_ten) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(), engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 80


def test_what_is_acknowledged_is_asked_to_be_on_the_disk(engine: Engine) -> None:
    with engine.connect() as connection:
        full = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    assert (full, reads_only.get()) == (2, False)
