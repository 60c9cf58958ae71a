"""The total of the stage before: one more column of a next stage's files, and not a byte of a first stage's."""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from judging.adapters.archive import read_archive
from judging.adapters.spreadsheets import Book
from judging.domain.ranking import rank
from judging.exports import CATALOGUE, RankingExport
from judging.exports.facts import PREVIOUS_TOTAL
from judging.exports.workbook.comparing import compare_workbook
from judging.exports.workbook.reading import Wanted, bounds_for
from tests.factories import MOMENT

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden-1.json"
WITH_THE_COLUMN = {"ranking-xlsx", "ranking-table", "ranking-csv"}


@pytest.fixture(scope="module")
def first() -> RankingExport:
    record = read_archive(GOLDEN.read_bytes())
    return RankingExport(record, rank(record), MOMENT, "Проверка")


@pytest.fixture(scope="module")
def second(first: RankingExport) -> RankingExport:
    numbers = [row.number for row in first.ranking.rows]
    return replace(first, previous_totals={numbers[0]: Decimal("71.25"), numbers[1]: Decimal("60.00")})


def content(export: RankingExport, key: str) -> bytes:
    return b"".join(CATALOGUE[key].parts(export))


def test_files_of_a_first_stage_have_no_trace_of_it(first: RankingExport) -> None:
    word = PREVIOUS_TOTAL.encode()
    assert [key for key in CATALOGUE if word in content(first, key)] == []
    assert first.previous_totals is None


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_only_the_files_of_the_ranking_are_others(first: RankingExport, second: RankingExport, key: str) -> None:
    same = content(first, key) == content(second, key)
    assert same == (key not in WITH_THE_COLUMN)


def test_the_csv_is_the_same_but_for_its_last_column(first: RankingExport, second: RankingExport) -> None:
    plain, beside = (
        list(csv.reader(io.StringIO(content(one, "ranking-csv").decode("utf-8-sig")), delimiter=";"))
        for one in (first, second)
    )
    assert [row[:-1] for row in beside] == plain
    assert [row[-1] for row in beside] == [PREVIOUS_TOTAL, "71,25", "60,00", *[""] * (len(plain) - 3)]


def test_the_workbook_has_it_after_the_last_column_and_compares_clean(second: RankingExport) -> None:
    data = content(second, "ranking-xlsx")
    book = Book(io.BytesIO(data), bounds_for({"Рейтинг": Wanted((), 100)}))
    rows = [[cell.value for cell in row.cells] for row in book.rows("Рейтинг", 19)]
    assert (rows[0][17], rows[0][18]) == ("Остаток лимита, ₽", PREVIOUS_TOTAL)
    assert [row[18] for row in rows[1:3]] == [Decimal("71.25"), Decimal(60)]
    assert compare_workbook(io.BytesIO(data), second) == ()
