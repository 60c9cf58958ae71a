"""``flask contest check-workbook``: what it prints and its exit status."""

from pathlib import Path

import pytest
from sqlalchemy import select

from judging.domain.access import CONSOLE, By
from judging.models import Contest
from judging.models.engine import reads_only
from judging.services.rankings import freeze_ranking, prepare_snapshot
from tests import factories
from tests.exports.edits import with_cell, without_row

DATABASES = ("sqlite",)
"""What is printed: the services behind it are tried on both databases."""

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"


@pytest.fixture
def run(app):
    """Run a command as from a shell; return exit status, standard output and standard error."""

    def invoke(*arguments):
        try:
            result = app.test_cli_runner().invoke(args=["contest", *map(str, arguments)])
        finally:
            reads_only.set(False)
        return result.exit_code, result.stdout, result.stderr

    return invoke


@pytest.fixture
def book(run, tmp_path):
    """The ranked workbook of the golden contest in a file."""
    path = tmp_path / "ranking.xlsx"
    assert run("load", GOLDEN)[0] == 0
    assert run("ranking", "GOLDEN-1", "--format", "xlsx", "--output", path)[0] == 0
    return path


def test_an_untouched_download_is_equal(run, book):
    assert run("check-workbook", "GOLDEN-1", book) == (0, "The workbook says what the system has.\n", "")


def test_every_edit_has_its_line_in_russian(run, book):
    content = with_cell(book.read_bytes(), "Бюджет", "B2", "без ограничения")
    content = with_cell(content, "Критерии", "D2", 12.5)
    book.write_bytes(without_row(content, "Критерии", 3))
    code, out, err = run("check-workbook", "GOLDEN-1", book)
    assert (code, err) == (1, "3 differences.\n")
    assert out.splitlines() == [
        "Критерии, строка 2 (C1), Вес: было 10, стало 12,5",
        "Критерии (C2), строка целиком: было строка есть, стало строки нет",
        "Бюджет, строка 2 (Лимит, ₽), Значение: было 300\u00a0000\u00a0000, стало без ограничения",
    ]


def test_what_is_no_workbook_of_the_contest_is_refused(run, book, store):
    with store() as session:
        factories.contest(session, code="OTHER")
    assert run("check-workbook", "GOLDEN-1", GOLDEN) == (
        2, "", "The file is not an Excel workbook (.xlsx), or it is damaged.\n",
    )  # fmt: skip
    code, out, err = run("check-workbook", "OTHER", book)
    assert (code, out, err.startswith("This is the workbook of another contest: GOLDEN-1. ")) == (2, "", True)
    assert run("check-workbook", "NOWHERE", book) == (2, "", "There is no contest with the code NOWHERE.\n")
    assert run("check-workbook", "GOLDEN-1", book, "--snapshot", "7") == (
        2, "", "There is no snapshot 7 of this contest's ranking.\n",
    )  # fmt: skip


def test_a_snapshot_is_compared_as_it_was_frozen(run, store, tmp_path):
    with store() as session:
        contest = factories.contest(session, code="S-1")
        application = factories.application(session, contest)
        reviews = [
            factories.review(session, factories.expert(session, contest), application, "submitted") for _ in range(2)
        ]
        computed = prepare_snapshot(session, contest.id)
        freeze_ranking(session, contest, computed, version=contest.version, by=By(CONSOLE, factories.MOMENT))
    path = tmp_path / "frozen.xlsx"
    assert run("ranking", "S-1", "--format", "xlsx", "--output", path)[0] == 0
    with store() as session:
        changed = session.merge(reviews[0])
        changed.scores = dict.fromkeys(changed.scores, "1")
        session.scalars(select(Contest)).one().budget = 1
    equal = "The workbook says what the system has.\n"
    assert run("check-workbook", "S-1", path, "--snapshot", "1") == (0, equal, "")
    assert run("check-workbook", "S-1", path)[0] == 1
