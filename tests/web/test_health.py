"""The health of an installation: a word for everybody, figures for the administrator, whatever is broken."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from judging.adapters import disk
from judging.adapters.heartbeat import NAME, beat
from judging.domain.access import By
from judging.domain.jobs import JobKind
from judging.extensions import db
from judging.models import Job
from judging.services.queue import SYSTEM, ask
from tests import factories
from tests.conftest import Store
from tests.databases import database

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SignInAs = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def quiet(app: Flask) -> Iterator[None]:
    """No worker has run here yet; the disk of the machine is as it is."""
    place = app.config["JUDGING"].instance_dir / NAME
    place.unlink(missing_ok=True)
    with time_machine.travel(NOW, tick=False):
        yield
    place.unlink(missing_ok=True)


def health(client: FlaskClient) -> tuple[int, list[str]]:
    answer = client.get("/health")
    assert set(answer.json) == {"status", "failing"}
    assert (answer.json["status"] == "ok") is (answer.status_code == 200)
    return answer.status_code, answer.json["failing"]


def disk_with(patch: pytest.MonkeyPatch, *, free: int = 1 << 40, read_only: bool = False) -> None:
    real = os.statvfs("/")
    flags = real.f_flag | os.ST_RDONLY if read_only else real.f_flag & ~os.ST_RDONLY
    found = os.statvfs_result((1, 1, free * 2, free, free, *tuple(real)[5:8], flags, real.f_namemax))
    patch.setattr(disk.os, "statvfs", lambda _path: found)


def beaten(app: Flask, at: datetime) -> None:
    place = app.config["JUDGING"].instance_dir
    beat(place)
    os.utime(place / NAME, (at.timestamp(), at.timestamp()))


def waiting(store: Store, at: datetime, **values: object) -> None:
    with store() as session:
        ask(session, JobKind.FIRMNESS, {"report": 1}, by=By(SYSTEM, at))
        if values:
            session.execute(update(Job).values(values))


def test_all_is_well(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    disk_with(monkeypatch)
    assert health(client) == (200, [])
    assert "Set-Cookie" not in client.get("/health").headers


@pytest.mark.parametrize("state", [{"free": 255 << 20}, {"free": 0}, {"read_only": True}])
def test_a_disk_that_takes_no_more_is_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, state: dict[str, int]
) -> None:
    disk_with(monkeypatch, **state)
    assert health(client) == (503, ["disk"])


def test_a_database_that_does_not_answer_is_told_without_details(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object, **_settings: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("/srv/secret"))

    disk_with(monkeypatch)
    monkeypatch.setattr(Session, "scalar", fail)
    assert health(client) == (503, ["database"])
    assert "secret" not in client.get("/health").text


def test_a_database_that_was_replaced_under_the_server_is_told(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    disk_with(monkeypatch)
    if db_kind(app) == "postgresql":
        assert health(client) == (200, [])
        return
    assert health(client) == (200, [])
    path = database("sqlite").path
    shutil.copyfile(path, tmp_path / "copy")
    shutil.copyfile(tmp_path / "copy", path.with_name("replacement"))
    path.with_name("replacement").replace(path)
    assert health(client) == (503, ["database"])


def db_kind(app: Flask) -> str:
    with app.app_context():
        return str(db.engine.dialect.name)


def test_a_worker_that_fell_silent_is_told_unless_it_has_something_in_hand(
    app: Flask, client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_with(monkeypatch)
    beaten(app, NOW - timedelta(minutes=2))
    assert health(client) == (200, [])
    beaten(app, NOW - timedelta(minutes=4))
    assert health(client) == (503, ["worker"])
    waiting(store, NOW, state="running", token="t", lease_until=NOW + timedelta(minutes=1))
    assert health(client) == (200, [])


def test_where_no_worker_ever_ran_it_is_missed_once_something_waits(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk_with(monkeypatch)
    waiting(store, NOW - timedelta(minutes=4))
    assert health(client) == (200, [])
    waiting(store, NOW - timedelta(minutes=6))
    assert health(client) == (503, ["worker"])


def test_the_administrator_sees_figures_and_what_to_do(
    store: Store, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store() as session:
        person = factories.user(session, "administrator").id
    disk_with(monkeypatch, free=100 << 20)
    page = sign_in(person).get("/staff/system").text
    assert ("Диск почти заполнен" in page, "не работает" in page, "MIN_FREE_MB" in page) == (True, True, True)
