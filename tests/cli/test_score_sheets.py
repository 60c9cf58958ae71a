"""``flask contest sheets`` and ``sheets-load``: out, back, and what is refused."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from judging.models import Application, Contest, JournalRecord, Review
from tests import factories
from tests.score_sheets import filled, places, saved


@dataclass
class World:
    """Two open sheets of an expert (applications 7 and 8), one that is handed in (9); a colleague with one."""

    code: str
    email: str
    colleague: str
    first: int
    second: int
    handed_in: int
    path: Path


@pytest.fixture
def world(store, tmp_path) -> World:
    with store() as session:
        contest = factories.contest(session, code="C-1")
        cluster = factories.cluster(session, contest)
        expert, colleague = (factories.expert(session, contest) for _ in range(2))
        seven, eight, nine = (factories.application(session, contest, cluster, number=n) for n in ("7", "8", "9"))
        first = factories.review(
            session, expert, seven, "accepted", scores={"E1": "3", "E2": "7.0"}, comments={"E1": "=СЛАБО()"}
        )
        second = factories.review(session, expert, eight, "accepted")
        locked = factories.review(session, expert, nine, "submitted")
        factories.review(session, colleague, seven, "accepted")
        return World(
            contest.code, expert.email, colleague.email, first.id, second.id, locked.id, tmp_path / "sheets.xlsx"
        )


@pytest.fixture
def book(run, world) -> bytes:
    result = run("sheets", world.code, world.email, "--output", world.path)
    assert (result.exit_code, result.stderr) == (0, "")
    return world.path.read_bytes()


def loaded(run, world, content: bytes, *options: str) -> tuple[int, Any, str]:
    """Exit status, what the JSON says, and the complaints."""
    world.path.write_bytes(content)
    result = run("sheets-load", world.code, world.email, world.path, "--format", "json", *options)
    return result.exit_code, json.loads(result.stdout) if result.stdout else None, result.stderr


def row(application: str, criterion: str | None, state: str, cell: str, why: str | None = None) -> dict[str, Any]:
    return {"application": application, "criterion": criterion, "state": state, "cell": cell, "why": why}


def counted(rows: list[dict[str, Any]]) -> dict[str, Any]:
    states = [one["state"] for one in rows]
    return {**{state: states.count(state) for state in ("new", "same", "changed", "invalid")}, "rows": rows}


def sheet_of(store, review_id: int) -> tuple[dict[str, str], dict[str, str], str | None, int, str]:
    with store() as session:
        one = session.get_one(Review, review_id)
        return one.scores, one.comments, one.recommendation, one.version, one.status


def records(store) -> list[tuple[str, Any]]:
    with store() as session:
        found = session.execute(select(JournalRecord.event, JournalRecord.details).order_by(JournalRecord.id))
        return [(event, details.get("source")) for event, details in found]


SAME = [
    row("7", "E1", "same", "Заявка 7!E7"), row("7", "E1", "same", "Заявка 7!F7"), row("7", "E2", "same", "Заявка 7!E8"),
]  # fmt: skip
BEFORE = ({"E1": "3", "E2": "7.0"}, {"E1": "=СЛАБО()"}, None, 1, "accepted")


def test_an_untouched_file_changes_nothing(run, world, book, store):
    assert loaded(run, world, book) == (0, counted(SAME), "")
    assert loaded(run, world, saved(openpyxl.load_workbook(io.BytesIO(book)))) == (0, counted(SAME), "")
    assert (sheet_of(store, world.first), records(store)) == (BEFORE, [])


def test_what_was_filled_is_saved_as_drafts_and_nothing_is_handed_in(run, world, book, store):
    content = filled(book, {
        (world.first, "mark", "E3"): "7", (world.first, "panel", "E3"): "Хорошо\nи точка",
        (world.first, "panel", "E1"): None,
        (world.second, "mark", "E1"): 9, (world.second, "recommendation", ""): "Поддержать",
    })  # fmt: skip
    cleared = "в файле пусто: сохранённое будет стёрто"
    rows = [
        SAME[0], row("7", "E1", "new", "Заявка 7!F7", cleared), SAME[2],
        row("7", "E3", "new", "Заявка 7!E9"), row("7", "E3", "new", "Заявка 7!F9"),
        row("8", "E1", "new", "Заявка 8!E7"), row("8", None, "new", "Заявка 8!E15"),
    ]  # fmt: skip
    assert loaded(run, world, content, "--dry-run") == (0, counted(rows), "")
    assert (sheet_of(store, world.first), records(store)) == (BEFORE, [])
    assert loaded(run, world, content) == (0, counted(rows), "")
    marks = {"E1": "3", "E2": "7.0", "E3": "7"}
    assert sheet_of(store, world.first) == (marks, {"E3": "Хорошо\nи точка"}, None, 2, "accepted")
    assert sheet_of(store, world.second) == ({"E1": "9"}, {}, "support", 2, "accepted")
    assert records(store) == [("review.saved", "file")] * 2
    again = loaded(run, world, content)
    assert (again[0], again[1]["same"], again[1]["new"], records(store)) == (0, 6, 0, [("review.saved", "file")] * 2)


def test_what_was_changed_on_both_sides_is_never_overwritten_unasked(run, world, book, store):
    content = filled(book, {(world.first, "mark", "E1"): 5, (world.second, "mark", "E1"): 6})
    with store() as session:
        review = session.get_one(Review, world.first)
        review.scores = {"E1": "4", "E2": "8"}
    both = "изменено и в файле, и на сайте после скачивания файла"
    online = "изменено на сайте после скачивания файла; в файле так, как было при скачивании"
    rows = [
        row("7", "E1", "changed", "Заявка 7!E7", both), SAME[1], row("7", "E2", "changed", "Заявка 7!E8", online),
        row("8", "E1", "new", "Заявка 8!E7"),
    ]  # fmt: skip
    assert loaded(run, world, content, "--dry-run") == (0, counted(rows), "")
    refused = "Some places were changed both in the file and on the site: give --keep online or --keep file.\n"
    assert loaded(run, world, content) == (2, counted(rows), f"{refused}Nothing was stored.\n")
    assert (sheet_of(store, world.second)[0], records(store)) == ({}, [])
    assert loaded(run, world, content, "--keep", "online")[0] == 0
    assert [sheet_of(store, one)[0] for one in (world.first, world.second)] == [{"E1": "4", "E2": "8"}, {"E1": "6"}]
    assert loaded(run, world, content, "--keep", "file")[0] == 0
    assert sheet_of(store, world.first)[0] == {"E1": "5", "E2": "7"}


def test_only_a_change_on_the_site_needs_no_choice(run, world, book, store):
    content = filled(book, {(world.second, "mark", "E1"): 6})
    with store() as session:
        session.get_one(Review, world.first).scores = {"E1": "4"}
    assert loaded(run, world, content)[0] == 0
    assert [sheet_of(store, one)[0] for one in (world.first, world.second)] == [{"E1": "4"}, {"E1": "6"}]


def test_with_one_invalid_cell_nothing_is_stored(run, world, book, store):
    import datetime

    content = filled(book, {
        (world.first, "mark", "E1"): 11, (world.first, "mark", "E2"): datetime.date(2026, 5, 7),
        (world.second, "mark", "E1"): "отлично", (world.second, "mark", "E2"): "7,0",
    })  # fmt: skip
    rows = [
        row("7", "E1", "invalid", "Заявка 7!E7", "Оценки 11 нет на шкале от 0 до 10 с шагом 1"), SAME[1],
        row("7", "E2", "invalid", "Заявка 7!E8",
            "здесь дата: таблица делает её из «7.5» и «7/5»; напишите 7,5"),
        row("8", "E1", "invalid", "Заявка 8!E7", "это не оценка и не один из предложенных ответов"),
        row("8", "E2", "new", "Заявка 8!E8"),
    ]  # fmt: skip
    assert loaded(run, world, content, "--dry-run") == (0, counted(rows), "")
    refused = "Some cells of the file cannot be taken. Nothing was stored.\n"
    assert loaded(run, world, content) == (2, counted(rows), refused)
    assert (sheet_of(store, world.first), sheet_of(store, world.second)[0], records(store)) == (BEFORE, {}, [])


def test_what_is_handed_in_or_no_longer_the_experts_takes_nothing(run, world, book, store):
    content = filled(book, {(world.first, "mark", "E1"): 5, (world.second, "mark", "E1"): 6})
    with store() as session:
        review = session.get_one(Review, world.first)
        review.status, review.submitted_at = "submitted", factories.MOMENT
        session.get_one(Review, world.second).status = "recused"
    rows = [
        row("7", "E1", "invalid", "Заявка 7!E7",
            "заключение отправлено и закрыто; вернуть его вам может только секретарь"),
        *SAME[1:],
        row("8", "E1", "invalid", "Заявка 8!E7", "эта заявка больше не назначена вам"),
    ]  # fmt: skip
    assert loaded(run, world, content, "--dry-run") == (0, counted(rows), "")
    assert loaded(run, world, content)[0] == 2
    with store() as session:
        again = session.get_one(Review, world.second)
        again.status, again.application.number = "accepted", "88"
    assert loaded(run, world, content, "--dry-run")[1]["rows"][-1] == rows[-1]
    with store() as session:
        session.get_one(Contest, session.get_one(Application, review.application_id).contest_id).status = "approved"
    assert loaded(run, world, book, "--dry-run")[1]["invalid"] == 0


def test_one_table_of_all_says_the_same(run, world, store):
    assert run("sheets", world.code, world.email, "--output", world.path, "--layout", "table").exit_code == 0
    book = world.path.read_bytes()
    assert {place[0] for place in places(book)} == {world.first, world.second}
    content = filled(book, {(world.second, "mark", "E1"): "6", (world.second, "panel", "E1"): "Слабо"})
    rows = loaded(run, world, content)[1]["rows"]
    assert [(one["application"], one["state"], one["cell"]) for one in rows] == [
        ("7", "same", "Таблица!F5"), ("7", "same", "Таблица!G5"), ("7", "same", "Таблица!M5"),
        ("8", "new", "Таблица!F6"), ("8", "new", "Таблица!M6"),
    ]  # fmt: skip
    assert sheet_of(store, world.second)[:2] == ({"E1": "6"}, {"E1": "Слабо"})


def test_a_file_without_some_sheets_says_nothing_of_them(run, world, book):
    part = openpyxl.load_workbook(io.BytesIO(book))
    del part["Заявка 7"]
    part.create_sheet("Мои заметки")["A1"] = "не про то"
    assert loaded(run, world, saved(part)) == (0, counted([]), "")


def test_a_foreign_or_tampered_file_is_refused(run, world, book, store):
    assert loaded(run, world, book)[0] == 0
    other = run("sheets-load", world.code, world.colleague, world.path)
    assert (other.exit_code, other.stdout) == (2, "")
    assert other.stderr == "This is the file of another expert. Nothing was changed.\n"
    with store() as session:
        contest = factories.contest(session, code="C-2")
        factories.expert(session, contest, email=world.email)
    elsewhere = run("sheets-load", "C-2", world.email, world.path)
    assert elsewhere.stderr == "This is a file of another contest: C-1. Nothing was changed.\n"
    tampered = openpyxl.load_workbook(io.BytesIO(book))
    ticket = tampered["Служебный лист"]["A1"]
    ticket.value = ticket.value.replace(f'"review":{world.first},', f'"review":{world.handed_in},')
    keyed = openpyxl.load_workbook(io.BytesIO(book))
    keyed["Заявка 7"]["A7"] = f"{world.handed_in}|E1"
    for content in (saved(tampered), saved(keyed), saved(openpyxl.Workbook())):
        code, rows, complaint = loaded(run, world, content)
        assert (code, rows, complaint[:47]) == (2, None, "This is not a file of score sheets that was dow")


def test_without_an_open_sheet_there_is_no_file(run, world, store):
    with store() as session:
        session.get_one(Review, world.first).status = "recused"
        session.get_one(Review, world.second).status = "assigned"
    result = run("sheets", world.code, world.email)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("No score sheet is open: ")
    unknown = run("sheets", world.code, "nobody@example.org")
    assert unknown.stderr == "The contest C-1 has no expert with the address nobody@example.org.\n"
