"""A clock that was set is told to the administrator: in the log, on the page of the system, in the journal."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import run_wsgi_app

from judging.adapters.clock_steps import ClockWatch
from judging.cli.working import note_clock, note_gap
from judging.domain.access import CONSOLE, By
from judging.domain.events import Event
from judging.models import Application, JournalRecord, User
from judging.queries.clock import SHOWN_FOR
from judging.services.audit import record
from judging.web.clock import Arrivals
from tests import factories
from tests.conftest import Store
from tests.services.test_applications import whole_draft

SignInAs = Callable[[int], FlaskClient]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.reads = 1_773_565_200.0
        self.steady = 0.0
        self.watch = ClockWatch(lambda: self.reads, lambda: self.steady)

    def pass_(self, seconds: float) -> None:
        self.reads += seconds
        self.steady += seconds


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


def records(store: Store) -> list[list[str]]:
    with store() as session:
        rows = session.scalars(select(JournalRecord.details).where(JournalRecord.event == "clock.set"))
        return [row["clock"] for row in rows]


def test_the_journal_has_it_once_whoever_notices_it_when(app: Flask, store: Store) -> None:
    """Two processes look at other moments, and drifted apart by what neither tells."""
    first, second, later = Clock(), Clock(), Clock()
    for clock, moved in ((first, -3600.0), (second, -3600.9), (later, -60.0)):
        clock.pass_(60)
        clock.watch.look()
        clock.reads += moved
    with app.app_context():
        note_clock(first.watch)
        second.pass_(5)
        note_clock(second.watch)
        note_clock(later.watch)
    assert records(store) == [
        ["2026-03-15T09:01:00+00:00", "2026-03-15T08:01:00+00:00"],
        ["2026-03-15T09:01:00+00:00", "2026-03-15T09:00:00+00:00"],
    ]


@pytest.mark.parametrize(("ahead", "told"), [(timedelta(minutes=2), False), (timedelta(hours=3), True)])
def test_a_clock_that_was_set_back_while_nothing_ran_is_told_at_the_start(
    app: Flask, store: Store, sign_in: SignInAs, ahead: timedelta, told: bool
) -> None:
    start = factories.MOMENT
    with store() as session:
        administrator = factories.user(session, "administrator").id
        record(
            session,
            Event.ACCOUNT_CHANGED,
            by=By(CONSOLE, start + ahead),
            subject=session.get_one(User, administrator),
        )
    with app.app_context():
        for after in range(3):
            note_gap(start + timedelta(minutes=after))
    assert records(store) == ([[(start + ahead).isoformat(), start.isoformat()]] if told else [])
    words = "вместо 15.03.2026 15:00:00 МСК они показали 15.03.2026 12:00:00 МСК"
    shown = {}
    for later in (timedelta(hours=1), SHOWN_FOR + timedelta(seconds=1)):
        with time_machine.travel(start + later, tick=False):
            page = sign_in(administrator).get("/staff/system").text
        shown[later] = words in page and "Часы сервера переведены назад" in page
    assert list(shown.values()) == [told, False]


def test_the_workers_start_tells_it(app: Flask, store: Store) -> None:
    ahead = datetime.now(UTC) + timedelta(hours=3)
    with store() as session:
        record(session, Event.ACCOUNT_CHANGED, by=By(CONSOLE, ahead), subject=factories.user(session))
    for _ in range(2):
        assert app.test_cli_runner().invoke(args=["judging", "work"]).exit_code == 0
    assert [before for before, _ in records(store)] == [ahead.isoformat()]


def test_who_submits_after_it_was_set_back_is_told_the_instant_that_counts(
    app: Flask, store: Store, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, at = Clock(), factories.MOMENT
    monkeypatch.setitem(app.extensions, "clock", clock.watch)
    with store() as session:
        contest = factories.contest(session)
        drafts = [whole_draft(session, contest) for _ in range(2)]
        people = [(draft.id, draft.version, draft.team.members[0].user_id) for draft in drafts]
    for moved, (key, version, person) in zip((0, -300), people, strict=True):
        clock.reads += moved
        clock.watch.look()
        with time_machine.travel(at + timedelta(seconds=moved), tick=False):
            answer = sign_in(person).post(
                f"/applications/{key}/submission", data={"version": str(version), "request_key": f"{key:024d}"}
            )
        assert answer.status_code == 303
    with store() as session:
        query = select(Application.number, Application.submitted_at, Application.updated_at).order_by(
            Application.number
        )
        rows = [tuple(row) for row in session.execute(query)]
    moved_at = at + timedelta(microseconds=1)
    assert [row[1:] for row in rows] == [(at, at), (moved_at, moved_at)]
    assert records(store) == [[at.isoformat(), (at - timedelta(minutes=5)).isoformat()]]


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
