"""Replaced and removed files are cleared by a rule, and nothing else is."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from judging.adapters.storage import Storage
from judging.extensions import db
from judging.jobs import sweep_files
from judging.models import Application, Document, JournalRecord, Submission
from judging.queries.invariants import INVARIANTS, lost_files
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

KEEP = timedelta(days=30)
LONG_AGO = MOMENT - timedelta(days=31)


class Papers:
    """A store in a folder; ``add`` puts a file's bytes there and its row into an application."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.storage, self._store, self._folder = Storage.from_url(f"file://{folder}"), store, folder

    def add(self, application: int, content: bytes, *, age: timedelta = KEEP * 2, **values: Any) -> int:
        kept = self.storage.put(io.BytesIO(content))
        old = (MOMENT - age).timestamp()
        os.utime(self._folder / kept.key, (old, old))
        facts = {"size": kept.size, "sha256": kept.sha256, "storage_key": kept.key, "slot": "contracts"}
        with self._store() as session:
            item = session.get_one(Application, application)
            return factories.document(session, item, **facts | values).id

    def sweep(self, app: Flask) -> tuple[int, int]:
        with app.app_context():
            return sweep_files(self.storage, keep=KEEP, now=MOMENT)

    def left(self) -> set[bytes]:
        return {path.read_bytes() for path in self._folder.rglob("*") if path.is_file()}


@pytest.fixture
def papers(store: Store, tmp_path: Path) -> Papers:
    return Papers(store, tmp_path / "papers")


@pytest.fixture
def draft(store: Store) -> int:
    with store() as session:
        return factories.application(session, factories.contest(session), status="draft").id


def swept(store: Store) -> list[int]:
    with store() as session:
        return list(session.scalars(select(Document.id).where(Document.swept_at == MOMENT).order_by(Document.id)))


def test_what_was_replaced_long_ago_is_cleared_and_told(app: Flask, store: Store, papers: Papers, draft: int) -> None:
    first = papers.add(draft, b"first", removed_at=LONG_AGO, filename="План.pdf")
    second = papers.add(draft, b"second", removed_at=MOMENT - timedelta(days=29))
    third = papers.add(draft, b"third")
    assert (papers.sweep(app), papers.left(), swept(store)) == ((1, 1), {b"second", b"third"}, [first])
    with store() as session:
        entry = session.scalars(select(JournalRecord)).one()
        row = session.get_one(Document, first)
        assert (entry.event, entry.subject_id) == ("documents.swept", draft)
        assert entry.details == {
            "files": [{"document": first, "slot": "contracts", "filename": "План.pdf", "size": 5, "sha256": row.sha256}]
        }
        facts = [*INVARIANTS, lost_files(papers.storage)]
        found = [
            str(one) for fact in facts if "document" in fact.code or "sweep" in fact.code for one in fact.find(session)
        ]
        assert found == []
    assert papers.sweep(app) == (0, 0)
    assert {second, third}.isdisjoint(swept(store))


def test_the_last_file_of_a_place_stays_even_if_it_was_removed(
    app: Flask, store: Store, papers: Papers, draft: int
) -> None:
    papers.add(draft, b"earlier", removed_at=LONG_AGO, slot="passport")
    papers.add(draft, b"last", removed_at=LONG_AGO, slot="passport")
    assert (papers.sweep(app), papers.left()) == ((1, 1), {b"last"})


def test_what_a_receipt_names_stays_and_what_was_out_before_it_goes(
    app: Flask, store: Store, papers: Papers, draft: int
) -> None:
    papers.add(draft, b"out before", removed_at=LONG_AGO - timedelta(days=2))
    papers.add(draft, b"submitted, corrected later", removed_at=LONG_AGO)
    papers.add(draft, b"present")
    with store() as session:
        item = session.get_one(Application, draft)
        item.status, item.number, item.submitted_at = "submitted", "1", LONG_AGO - timedelta(days=1)
    assert (papers.sweep(app), papers.left()) == ((1, 1), {b"submitted, corrected later", b"present"})


def test_what_a_submission_names_stays_although_a_clock_that_was_set_back_says_it_was_out_before(
    app: Flask, store: Store, papers: Papers, draft: int
) -> None:
    number = papers.add(draft, b"submitted", removed_at=LONG_AGO)
    papers.add(draft, b"out before", removed_at=LONG_AGO)
    papers.add(draft, b"correction")
    with store() as session:
        item = session.get_one(Application, draft)
        item.status, item.number, item.submitted_at = "submitted", "1", LONG_AGO + timedelta(minutes=1)
        named = {"documents": [{"field": "contracts", "sha256": session.get_one(Document, number).sha256}]}
        facts: dict[str, Any] = {"number": 1, "sha256": "ab" * 32, "at": item.submitted_at}
        session.add(Submission(application_id=draft, document=named, **facts))
    assert (papers.sweep(app), papers.left()) == ((1, 1), {b"submitted", b"correction"})


def test_bytes_that_another_row_names_stay_and_so_does_the_row(
    app: Flask, store: Store, papers: Papers, draft: int
) -> None:
    papers.add(draft, b"same", removed_at=LONG_AGO)
    papers.add(draft, b"other")
    with store() as session:
        elsewhere = factories.application(session, factories.contest(session), status="draft").id
    papers.add(elsewhere, b"same")
    assert (papers.sweep(app), papers.left(), swept(store)) == ((0, 0), {b"same", b"other"}, [])


def test_the_same_bytes_out_twice_are_cleared_once(app: Flask, store: Store, papers: Papers, draft: int) -> None:
    twice = [papers.add(draft, b"same", removed_at=LONG_AGO) for _ in range(2)]
    papers.add(draft, b"present")
    assert (papers.sweep(app), papers.left(), swept(store)) == ((2, 1), {b"present"}, twice)


def test_a_file_put_again_in_the_same_moment_is_not_removed(
    app: Flask, store: Store, papers: Papers, draft: int
) -> None:
    papers.add(draft, b"back again", removed_at=LONG_AGO, age=timedelta(minutes=1))
    papers.add(draft, b"present")
    assert (papers.sweep(app), papers.left()) == ((1, 0), {b"back again", b"present"})


def test_a_sweep_that_died_between_rows_and_bytes_is_ended_by_the_next(
    app: Flask, store: Store, papers: Papers, draft: int
) -> None:
    papers.add(draft, b"gone", removed_at=LONG_AGO, swept_at=MOMENT - timedelta(hours=5))
    assert (papers.sweep(app), papers.left()) == ((0, 1), set())


def test_what_was_cleared_without_a_record_or_after_submission_is_a_violation(
    app: Flask, store: Store, papers: Papers, draft: int
) -> None:
    secret = papers.add(draft, b"a", removed_at=LONG_AGO, swept_at=MOMENT)
    late = papers.add(draft, b"b", removed_at=LONG_AGO)
    papers.add(draft, b"c")
    papers.sweep(app)
    with store() as session:
        item = session.get_one(Application, draft)
        item.status, item.number, item.submitted_at = "submitted", "1", LONG_AGO - timedelta(days=1)
    with store() as session:
        check = next(fact for fact in INVARIANTS if fact.code == "sweep-recorded")
        assert [str(one) for one in check.find(session)] == [
            f"document {secret}: cleared without a record",
            f"document {late}: cleared although it was submitted",
        ]


def test_the_command_says_first_and_clears_then(app: Flask, store: Store, papers: Papers, draft: int) -> None:
    place = app.extensions["storage"]
    app.extensions["storage"] = papers.storage
    try:
        ident = papers.add(draft, b"first", removed_at=LONG_AGO - timedelta(days=3650), age=timedelta(days=9999))
        papers.add(draft, b"second")
        run = app.test_cli_runner().invoke
        said = run(args=["judging", "sweep", "--dry-run"]).output
        assert said.splitlines() == [
            f"document {ident} of application {draft}: Паспорт проекта.pdf, 5", "to be cleared: 1 files, 5 bytes",
        ]  # fmt: skip
        assert b"first" in papers.left()
        assert run(args=["judging", "sweep"]).output == "replaced files cleared: 1, removed from the store: 1\n"
        assert papers.left() == {b"second"}
        with app.app_context():
            db.engine.dispose()
    finally:
        app.extensions["storage"] = place
