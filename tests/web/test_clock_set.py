"""A clock that was set is told to the administrator: in the log, on the page of the system, in the journal."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import run_wsgi_app

from judging.adapters.clock_steps import ClockWatch
from judging.cli.installation import note_clock
from judging.models import JournalRecord
from judging.web.clock import Arrivals
from tests import factories
from tests.conftest import Store

SignInAs = Callable[[int], FlaskClient]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.reads = 1_773_565_200.0
        self.watch = ClockWatch(lambda: self.reads, lambda: 0.0)


def test_the_journal_has_it_once(app: Flask, store: Store) -> None:
    clock = Clock()
    with app.app_context():
        for moved in (0, -3600, 0):
            clock.reads += moved
            note_clock(clock.watch)
    with store() as session:
        rows = session.execute(select(JournalRecord.event, JournalRecord.subject_type, JournalRecord.details)).all()
    assert [tuple(row) for row in rows] == [
        ("clock.set", "step", {"clock": ["2026-03-15T09:00:00+00:00", "2026-03-15T08:00:00+00:00"]})
    ]


def test_the_log_has_it_once_whatever_is_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()

    def application(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b""]

    served = Arrivals(application, proxied=False, watch=clock.watch)
    with caplog.at_level(logging.CRITICAL, logger="judging.arrival"):
        for moved in (0, -90, 0):
            clock.reads += moved
            run_wsgi_app(served, {"REQUEST_METHOD": "GET"})
    assert [record.getMessage() for record in caplog.records] == [
        "the clock was set from 2026-03-15T09:00:00+00:00 to 2026-03-15T08:58:30+00:00"
    ]


def test_the_administrators_page_says_which_way_it_was_set(
    app: Flask, store: Store, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setitem(app.extensions, "clock", clock.watch)
    with store() as session:
        administrator = factories.user(session, "administrator").id
    client = sign_in(administrator)
    for moved in (7200, -7200):
        clock.reads += moved
        clock.watch.look()
    page = client.get("/staff/system").text
    said = ["вместо 15.03.2026 12:00:00 МСК они показали 15.03.2026 14:00:00 МСК",
            "вместо 15.03.2026 14:00:00 МСК они показали 15.03.2026 12:00:00 МСК"]  # fmt: skip
    assert [words in page for words in said] == [True, True]
    assert "Часы сервера переведены назад" in page
    assert "Часы сервера" not in sign_in(administrator).get("/").text
