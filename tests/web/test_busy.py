"""A database that others keep busy: a page in words, everything typed kept, nothing stored, never a broken page."""

import re
import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from judging.models.turns import DatabaseBusy
from judging.models.units import UnitOfWork
from tests.conftest import Store
from tests.web import test_applications
from tests.web.test_applications import MONEY, World, events

SignInAs = Callable[[int], FlaskClient]
moment, world = test_applications.moment, test_applications.world


def locked() -> OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    return OperationalError("BEGIN", {}, error)


REASONS = [DatabaseBusy("x"), locked(), NoConnection("QueuePool limit")]


@pytest.fixture(params=REASONS, ids=lambda error: type(error).__name__)
def busy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_session: UnitOfWork) -> None:
        raise request.param

    monkeypatch.setattr(UnitOfWork, "begin_writing", refuse)


@pytest.mark.usefixtures("busy")
def test_what_was_typed_is_on_the_page_and_is_sent_again_as_it_was(
    store: Store,
    sign_in: SignInAs,
    world: World,
) -> None:
    path = f"/applications/{world.application}/finance"
    answer = sign_in(world.person).post(f"{path}?from=check", data=MONEY | {"request_key": "k1"})
    form = answer.text.partition(f'action="{path}?from=check"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert fields.pop("first_arrival")
    assert fields == MONEY | {"request_key": "k1"}
    assert events(store) == []


@pytest.mark.usefixtures("busy")
def test_a_script_is_told_in_its_own_form(sign_in: SignInAs, world: World) -> None:
    headers = {"X-Requested-With": "fetch"}
    answer = sign_in(world.person).post(f"/applications/{world.application}/finance", data=MONEY, headers=headers)
    assert (answer.status_code, "Ничего не потеряно" in answer.json["message"]) == (503, True)


@pytest.mark.usefixtures("busy")
def test_a_password_is_on_no_page(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "a@example.org", "password": "the-secret-of-mine"})
    assert (answer.status_code, "the-secret-of-mine" in answer.text) == (503, False)
