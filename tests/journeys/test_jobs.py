"""The pages of background jobs in Chromium, in each of their states, at both widths: sound, and nothing too wide."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select, update

from judging.domain.access import By, Role
from judging.domain.jobs import JobKind
from judging.extensions import db
from judging.models import Contest, Job, User
from judging.services.demo import demo_accounts
from judging.services.queue import SYSTEM, ask
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookies, demo_app

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
FAILED = {
    "state": "failed", "finished_at": NOW, "attempt": 3, "error_code": "broken",
    "error": "ProgrammingError: the very long answer of a database, with/a/path/that/knows/no/spaces/at/all/" * 3,
}  # fmt: skip
IN_HAND = {
    "state": "running", "token": "t", "lease_until": NOW, "attempt": 2, "worker": "a-long-name.example.org:7",
    "progress_done": 3, "progress_total": 7,
}  # fmt: skip
DOWNLOADS = {
    "ranking-csv": {}, "marks-csv": IN_HAND, "reviews-csv": FAILED, "spread-csv": {"state": "done", "finished_at": NOW},
}  # fmt: skip


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with demo_app() as made:
        yield made


def asked(kind: JobKind, key: str, **values: object) -> None:
    job_id = ask(db.session, kind, {"snapshot": 0, "filter": ""}, key=key, by=By(SYSTEM, NOW))
    if values:
        db.session.execute(update(Job).where(Job.id == job_id).values(values))


def prepared(app: Flask) -> str:
    """Jobs in every state, and a download of each; return the address of the contest's downloads."""
    with app.app_context():
        secretary = next(one.email for one in demo_accounts() if one.role is Role.SECRETARY)
        person = db.session.scalars(select(User.id).where(User.email == secretary)).one()
        contest = db.session.scalars(select(Contest).where(Contest.status != "draft")).first()
        asked(JobKind.PLANS, "plans:991", run_at=NOW)
        asked(JobKind.FIRMNESS, "firmness:991", **IN_HAND)
        asked(JobKind.LETTERS, "letters:991", **FAILED)
        stored = app.extensions["storage"].put_prepared("a", BytesIO(b"a;b"))
        result = {
            "file": stored,
            "name": "a-file-with-a-long-name.csv",
            "rows": 1,
            "snapshot": None,
            "revision": 1,
        }
        for entry, values in DOWNLOADS.items():
            values = values | ({"result": result} if values.get("state") == "done" else {})
            asked(JobKind.EXPORTS, f"exports:{contest.id}:{person}:{entry}", asked_by_id=person, **values)
        db.session.commit()
        return f"/staff/contests/{contest.code}/ranking/downloads"


@pytest.mark.browser
def test_pages_of_jobs_are_sound_in_every_state(app: Flask, browser: Browser) -> None:
    downloads, who = prepared(app), cookies(app)
    pages = {
        Role.ADMINISTRATOR: ["/staff/jobs", "/staff/jobs?state=done", "/staff/jobs?kind=plans&state=failed"],
        Role.SECRETARY: [f"{downloads}/{entry}" for entry in (*DOWNLOADS, "ranking-xlsx")],
    }
    shots = os.environ.get("SHOTS")
    with live_server(app) as base:
        for role, paths in pages.items():
            look = Look(browser, base, {"judging": who[role]})
            for number, path in enumerate(paths):
                for width in WIDTHS:
                    look.resize(width)
                    look.open(path)
                    look.check()
                    if shots:
                        look.photograph(Path(shots) / f"{role}-{number}-{width}.png")
            look.close()
            assert not look.faults, "\n".join(look.faults)
