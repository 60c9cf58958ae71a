"""What stays at work, the worker and the server, outlives a database or a disk that refuses for a while."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from config import Config
from judging.app import create_app
from judging.cli import serving, working
from judging.extensions import db
from judging.jobs import Ended, Worker
from judging.models.turns import DatabaseBusy


class Enough(Exception):
    """The command has gone on for long enough."""


def _broken() -> None:
    db.session.execute(text("SELECT nothing FROM nowhere"))


def _busy() -> None:
    raise DatabaseBusy("another process writes")


def _full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _well() -> None:
    assert db.session.scalar(text("SELECT 1")) == 1
    db.session.rollback()


@pytest.fixture
def rounds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """What happens in the first four rounds of a command that stays; it is told to end in the last of them."""
    acts: Iterator[Callable[[], None]] = iter((_broken, _busy, _full, _well))
    done: list[str] = []

    def drain(worker: Worker) -> list[Ended]:
        done.append("begun")
        if done.count("begun") == 4:
            worker.stopping.set()
        with app.app_context():
            next(acts)()
        done.append("ended")
        return []

    monkeypatch.setattr(Worker, "drain", drain)
    monkeypatch.setattr(Worker, "ask_due", lambda worker: None)
    monkeypatch.setattr(working.signal, "signal", lambda *_: None)
    return lambda: done.count("ended")


@pytest.mark.parametrize("command", ["work", "deliver"])
def test_a_command_that_stays_goes_on_when_the_database_or_the_disk_refuses(
    app: Flask,
    rounds: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    command: str,
) -> None:
    monkeypatch.setitem(app.config, "JUDGING", replace(app.config["JUDGING"], mail_url="smtp://127.0.0.1:1"))
    result = app.test_cli_runner().invoke(args=["judging", command, "--watch", "--every", "0.01"])
    told = [
        record.getMessage().partition(": ")[0] for record in caplog.records if "trying again" in record.getMessage()
    ]
    assert (result.exception, told, rounds()) == (None, ["refused, trying again"] * 3, 1)


@pytest.mark.parametrize("refusal", [_broken, _full])
def test_what_refuses_the_sign_of_life_of_a_worker_does_not_end_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, refusal: Callable[[], None]
) -> None:
    told: list[int] = []

    def beat(_place: Path) -> None:
        told.append(1)
        if len(told) == 3:
            raise Enough
        refusal()

    monkeypatch.setattr(working, "beat", beat)
    monkeypatch.setattr(Worker, "watch_on", lambda worker, every, told: worker.stopping.wait(2))
    monkeypatch.setattr(working.signal, "signal", lambda *_: None)
    result = app.test_cli_runner().invoke(args=["judging", "work", "--watch", "--every", "0.01"])
    assert (type(result.exception), result.output.count("Refused, trying again")) == (Enough, 2)


def test_a_server_that_starts_before_its_database_is_made_keeps_nobody_from_making_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "new.sqlite3"
    app = create_app(Config("x" * 40, f"sqlite:///{file}", tmp_path, "memory:///", testing=True))
    made: list[str] = []

    def serve(*_: object, **__: object) -> None:
        with sqlite3.connect(file, timeout=0) as other:
            other.execute("CREATE TABLE made (id INTEGER)")
            made.extend(name for (name,) in other.execute("SELECT name FROM sqlite_master"))

    monkeypatch.setattr(serving, "serve_forever", serve)
    result = app.test_cli_runner().invoke(args=["judging", "serve"])
    assert (result.exception, made) == (None, ["made"])
