"""A full or broken disk: nothing is said to be saved, what was typed stays, pages and downloads go on."""

import errno
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request
from wtforms import Form as PlainForm
from wtforms import PasswordField

from judging.adapters.download_log import DownloadLog
from judging.adapters.storage import Storage
from judging.extensions import db
from judging.models import Document
from judging.models.database_file import DatabaseMoved
from judging.models.units import UnitOfWork
from judging.web.field_labels import _forms, _unbound, in_words, secrets_among
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.conftest import Store
from tests.web import test_applications
from tests.web.test_applications import MONEY, World, events, form_of

SignInAs = Callable[[int], FlaskClient]
moment, world = test_applications.moment, test_applications.world
FULL, ELSE = "На сервере нет места, ничего не сохранено", "Сервер сейчас не может сохранять, ничего не сохранено"


def of_sqlite(code: int) -> OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = code
    return OperationalError("INSERT", {}, error)


TROUBLES = {
    "sqlite full": (of_sqlite(sqlite3.SQLITE_FULL), 507, FULL),
    "sqlite log cannot be flushed": (of_sqlite(sqlite3.SQLITE_IOERR_FSYNC), 503, ELSE),
    "sqlite read-only": (of_sqlite(sqlite3.SQLITE_READONLY), 503, ELSE),
    "postgresql full": (OperationalError("INSERT", {}, psycopg.errors.DiskFull("x")), 507, FULL),
    "postgresql read-only": (OperationalError("x", {}, psycopg.errors.ReadOnlySqlTransaction("x")), 503, ELSE),
    "moved": (DatabaseMoved("x"), 503, ELSE),
    "no space": (OSError(errno.ENOSPC, "x"), 507, FULL),
    "too many files": (OSError(errno.EMFILE, "x"), 503, ELSE),
}


@pytest.fixture(params=TROUBLES)
def trouble(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Every commit fails."""
    error, status, title = TROUBLES[request.param]

    def fail(_session: Any) -> None:
        raise error

    monkeypatch.setattr(UnitOfWork, "commit_now", fail)
    monkeypatch.setattr(UnitOfWork, "commit", fail)
    return status, title


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """Nothing can be added or changed; reading goes on."""
    with app.app_context():
        engine = db.engine

    def refuse(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "PRAGMA")):
            raise TROUBLES["sqlite full"][0]

    event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", refuse)


def told(answer: Any) -> dict[str, str]:
    """What the page says was typed, by the name that it gives each."""
    return dict(re.findall(r'<dt>([^<]*)</dt><dd class="text-as-typed">([^<]*)</dd>', answer.text))


PASSPORT = {"title": "Новая линия", "summary": "Кратко о ней", "readiness_level": "t4", "unknown": "x y z", "stay": "1"}
LIST = "Участники проекта, кроме инициатора"
IN_RUSSIAN = {
    "Название проекта": "Новая линия", "Краткое описание": "Кратко о ней",
    "Уровень готовности технологии (УГТ)": "4 — макет испытан в лаборатории",
}  # fmt: skip


def test_every_trouble_is_told_with_everything_that_was_typed(
    store: Store, sign_in: SignInAs, world: World, trouble: tuple[int, str]
) -> None:
    path = f"/applications/{world.application}/finance"
    client = sign_in(world.person)
    sent = {**form_of(client, path), **MONEY}
    answer = client.post(f"{path}?from=check", data=sent)
    form = answer.text.partition(f'action="{path}?from=check"')[2].partition("</form>")[0]
    assert (answer.status_code, trouble[1] in answer.text) == (trouble[0], True)
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    assert again.pop("first_arrival")
    assert again == sent
    assert told(answer)["Полная стоимость проекта"] == "360 000 000"
    assert events(store) == []


def test_what_was_typed_is_called_as_its_page_calls_it(
    sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_session: Any) -> None:
        raise TROUBLES["sqlite full"][0]

    client, path = sign_in(world.person), f"/applications/{world.application}"
    rows = {"partners-0-contribution": "Оснастка", "partners-0-role": "nobody", "partners-1-contribution": "Литьё"}
    partners = {f"{LIST} 1: Вклад в проект": "Оснастка", f"{LIST} 2: Вклад в проект": "Литьё"}
    passport, participants = form_of(client, f"{path}/passport"), form_of(client, f"{path}/participants")
    monkeypatch.setattr(UnitOfWork, "commit_now", fail)
    monkeypatch.setattr(UnitOfWork, "commit", fail)
    made = told(client.post(f"{path}/passport", data=passport | PASSPORT))
    assert made.items() >= IN_RUSSIAN.items()
    assert told(client.post(f"{path}/participants", data=participants | rows)).items() >= partners.items()
    monkeypatch.setattr(UnitOfWork, "begin_writing", fail)
    assert told(client.post(f"{path}/passport", data=PASSPORT)) == IN_RUSSIAN
    assert told(client.post(f"{path}/participants", data=rows)) == partners


def test_a_sheet_whose_contest_was_never_read_is_called_by_its_criteria(app: Flask) -> None:
    sent = [("mark-E1", "7"), ("comment-E1", "Хорошо"), ("next", "summary"), ("version", "3"), ("comment-E2", " ")]
    with app.test_request_context("/reviews/1", method="POST"):
        assert [(one.label, one.text) for one in in_words(sent)] == [
            ("Оценка по критерию E1", "7"), ("Комментарий к E1", "Хорошо"),
        ]  # fmt: skip


def test_every_password_of_every_form_is_known_as_one(app: Flask) -> None:
    secret = {name for form in _forms(PlainForm) for name, kind, _ in _unbound(form) if issubclass(kind, PasswordField)}
    assert secret == {"password", "current"}
    assert [secrets_among([name]) for name in (*sorted(secret), "present_password", "title")] == [True] * 3 + [False]


def test_autosave_is_told_why_and_keeps_its_copy(
    store: Store, sign_in: SignInAs, world: World, trouble: tuple[int, str]
) -> None:
    headers = {"X-Requested-With": "fetch"}
    answer = sign_in(world.person).post(f"/applications/{world.application}/finance", data=MONEY, headers=headers)
    assert (answer.status_code, "черновик сохранён в этом браузере" in answer.json["message"]) == (trouble[0], True)


def test_a_password_is_on_no_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_session: Any) -> None:
        raise TROUBLES["sqlite full"][0]

    monkeypatch.setattr(UnitOfWork, "begin_writing", fail)
    answer = client.post("/sign-in", data={"email": "a@example.org", "password": "the-secret-of-mine"})
    assert (answer.status_code, "the-secret-of-mine" in answer.text) == (507, False)


def uploaded(client: FlaskClient, world: World, content: bytes = PDF) -> Any:
    path = f"/applications/{world.application}/documents/contracts"
    return client.post(path, data={"file": (io.BytesIO(content), "Договор.pdf")})


def test_on_a_full_disk_pages_and_downloads_go_on_and_saving_is_refused_until_there_is_space(
    app: Flask, store: Store, sign_in: SignInAs, world: World
) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}"
    assert uploaded(client, world).status_code == 303
    with store() as session:
        ident = session.scalars(select(Document.id).where(Document.slot == "contracts")).one()
    form = {**form_of(client, f"{path}/finance"), **MONEY}
    with full_disk(app):
        refused = client.post(f"{path}/finance", data=form)
        read = [client.get(page).status_code for page in (path, f"{path}/documents", f"{path}/check", "/")]
        download = client.get(f"/documents/{ident}")
        assert (refused.status_code, read, download.data) == (507, [200] * 4, PDF)
    assert events(store) == ["document.added"]
    assert client.post(f"{path}/finance", data=form).status_code == 303


def test_a_commit_that_finds_the_disk_full_is_not_tried_again_under_another_name(
    app: Flask, store: Store, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(world.person)
    with app.app_context():
        dialect = db.engine.dialect
    full = TROUBLES["sqlite full"][0].orig if dialect.name == "sqlite" else psycopg.errors.DiskFull("x")

    def fail(connection: Any) -> None:
        connection.rollback()
        raise full

    path = f"/applications/{world.application}/documents/contracts"
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", fail)
        patch.setattr(Storage, "free_bytes", lambda _self: 0)
        form = {"file": (io.BytesIO(PDF), "Договор.pdf"), "request_key": "k1"}
        answer = client.post(path, data=form)
    assert (answer.status_code, FULL in answer.text) == (507, True)
    assert events(store) == []


def test_a_file_that_finds_no_space_leaves_no_row(
    app: Flask, store: Store, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Storage, _file: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Storage, "put", fail)
    answer = uploaded(sign_in(world.person), world)
    assert (answer.status_code, FULL in answer.text, "Файлы здесь не хранятся" in answer.text) == (507, True, True)
    assert events(store) == []


def test_a_file_that_cannot_even_be_taken_in_is_told(
    sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_settings: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    client = sign_in(world.person)
    monkeypatch.setattr(Request, "_get_file_stream", fail)
    answer = uploaded(client, world)
    assert (answer.status_code, FULL in answer.text, "Файлы здесь не хранятся" in answer.text) == (507, True, True)


def test_a_download_of_the_staff_goes_on_and_is_in_the_log_of_downloads(
    app: Flask, store: Store, sign_in: SignInAs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store() as session:
        contest = factories.contest(session, code="FULL")
        factories.application(session, contest)
        person = factories.user(session, "secretary", contest).id
    client, log = sign_in(person), tmp_path / "downloads.jsonl"
    monkeypatch.setitem(app.extensions, "downloads", DownloadLog(log))
    with full_disk(app):
        answer = client.post("/staff/contests/FULL/ranking/downloads/ranking-csv")
    line = json.loads(log.read_text())
    assert (answer.status_code, "attachment" in answer.headers["Content-Disposition"]) == (200, True)
    assert (line["event"], line["user"], line["contest"], line["file"]) == (
        "export.made", person, "FULL", "ranking-csv",
    )  # fmt: skip
    assert events(store) == []


def test_a_database_that_is_away_gives_a_page_in_words_all_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_settings: Any) -> None:
        raise of_sqlite(sqlite3.SQLITE_CANTOPEN)

    monkeypatch.setattr(Session, "execute", fail)
    monkeypatch.setattr(Session, "scalars", fail)
    monkeypatch.setattr(Session, "scalar", fail)
    answer = client.get("/")
    assert (answer.status_code, "Страницу сейчас нельзя показать" in answer.text) == (503, True)


def test_another_error_of_the_system_stays_a_fault_of_ours(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_settings: Any) -> None:
        raise PermissionError(errno.EACCES, "x")

    monkeypatch.setattr(Session, "execute", fail)
    monkeypatch.setattr(Session, "scalars", fail)
    assert client.get("/").status_code == 500
