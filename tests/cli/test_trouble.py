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
from judging import jobs
from judging.app import create_app
from judging.cli import installation, serving
from judging.extensions import db
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
def rounds(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """What happens in the first four rounds of a command that stays; it is stopped after them."""
    acts: Iterator[Callable[[], None]] = iter((_broken, _busy, _full, _well))
    done: list[str] = []

    def act(*_: object, **__: object) -> int:
        done.append("begun")
        next(acts)()
        done.append("ended")
        return 0

    def sleep(_seconds: float) -> None:
        if done.count("begun") == 4:
            raise Enough

    monkeypatch.setattr(jobs, "sweep", act)
    monkeypatch.setattr(jobs, "get_ready", lambda: None)
    monkeypatch.setattr(installation, "SWEEP_EVERY", -installation.SWEEP_EVERY)
    monkeypatch.setattr(installation.time, "sleep", sleep)
    return lambda: done.count("ended")


@pytest.mark.parametrize("command", ["work", "deliver"])
def test_a_command_that_stays_goes_on_when_the_database_or_the_disk_refuses(
    app: Flask, rounds: Callable[[], int], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setitem(app.config, "JUDGING", replace(app.config["JUDGING"], mail_url="smtp://127.0.0.1:1"))
    monkeypatch.setattr(jobs, "deliver_letters", lambda transport: 0)
    result = app.test_cli_runner().invoke(args=["judging", command, "--watch"])
    told = [line.partition(": ")[0] for line in result.output.splitlines() if "trying again" in line]
    assert (type(result.exception), told, rounds()) == (Enough, ["Refused, trying again"] * 3, 1)


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
