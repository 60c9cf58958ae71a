"""What does not write takes no write lock: written down by hand for every POST, and looked at on every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event

from judging.extensions import db
from judging.models.engine import reads_only
from judging.web import phases
from judging.web.phases import reads
from tests import costly
from tests.conftest import application
from tests.web import test_access_matrix
from tests.web.test_access_matrix import World, address, expected, lay_anew, rules, verdict

site = test_access_matrix.site

ONLY_READ = {
    "applications.add_piece", "applications.begin_upload", "applications.drop_upload", "applications.fill_by_inn",
    "applications.look_at_section", "contests.look_at_settings",
    "form_editor.look_at_file", "form_editor.look_at_preview", "form_editor.try_section", "ranking.check_file",
    "scoring.look_at_workbook",
}  # fmt: skip
"""Every POST that writes nothing."""


def test_the_posts_that_only_read_are_those_of_the_table() -> None:
    app = application("sqlite")
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    marked = {name for name in posts if getattr(app.view_functions[name], "reads", False)}
    assert marked == ONLY_READ


@contextmanager
def transactions(app: Flask) -> Iterator[list[bool]]:
    """The transactions that begin meanwhile: whether each only reads."""
    begun: list[bool] = []

    def note(_connection: Any) -> None:
        begun.append(reads_only.get())

    with app.app_context():
        engine = db.engine
    event.listen(engine, "begin", note)
    try:
        yield begun
    finally:
        event.remove(engine, "begin", note)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_page_and_no_post_that_only_reads_takes_the_write_lock(
    site: tuple[Flask, World], method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, world = site
    lay_anew(app, world)
    faults = []
    with transactions(app) as begun:
        for rule in rules(app):
            if method not in rule.methods or (method == "POST" and rule.endpoint not in ONLY_READ):
                continue
            for persona in ("visitor", *expected(app, rule)[:1]):
                client = app.test_client()
                if world.cookies.get(persona):
                    client.set_cookie("judging", world.cookies[persona])
                begun.clear()
                answer = client.open(address(app, rule, world), method=method, buffered=True)
                if not all(begun) or verdict(answer).startswith("error"):
                    faults.append((rule.endpoint, persona, answer.status_code))
    assert faults == []


def test_who_may_not_is_refused_without_the_write_lock(site: tuple[Flask, World]) -> None:
    app, world = site
    lay_anew(app, world)
    faults = []
    with transactions(app) as begun:
        for rule in rules(app):
            if "POST" not in rule.methods or "visitor" in expected(app, rule):
                continue
            begun.clear()
            app.test_client().post(address(app, rule, world))
            if not all(begun):
                faults.append(rule.endpoint)
    assert faults == []


def test_what_is_marked_as_reading_cannot_begin_to_write(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        phases.note_intent()
        phases.g.only_reads = True
        with pytest.raises(RuntimeError, match="reads only"):
            phases.begin_writing()
    reads_only.set(False)
    assert reads(lambda: None).reads is True


def test_a_get_cannot_begin_to_write(app: Flask) -> None:
    with app.test_request_context("/"):
        phases.note_intent()
        with pytest.raises(RuntimeError, match="reads only"):
            phases.begin_writing()
    reads_only.set(False)


def test_what_is_costly_while_a_request_writes_is_noticed(app: Flask) -> None:
    with app.test_request_context("/sign-in", method="POST"):
        phases.note_intent()
        PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("x")
        before = list(costly.faults)
        phases.begin_writing()
        PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("x")
    noticed = costly.faults.copy()
    costly.faults.clear()
    reads_only.set(False)
    assert (before, noticed) == ([], ["hash while accounts.sign_in_submit writes"])
