"""Groups of criteria and criteria outside the total in the workbook and the tables."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from judging.adapters.archive import read_archive
from judging.domain.ranking import rank
from judging.domain.record import ContestRecord
from judging.domain.rubric import ExpertCriterion, Scale
from judging.exports.tables import csv_parts, ranking_table
from judging.exports.workbook import ranked_workbook
from judging.exports.workbook.comparing import compare_workbook
from tests.exports.conftest import export_of
from tests.exports.office import opened, rows

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"
OUTSIDE = ExpertCriterion("Q", "Качество заявки", Decimal(0), Scale(Decimal(0), Decimal(10), Decimal(1)))
TITLES = {"E1": "Уровень", "E2": "Уровень"}


@pytest.fixture(scope="module")
def headed() -> ContestRecord:
    """The worked example: E1 and E2 in a group, Q outside the total, marked by one expert of 001."""
    record = read_archive(GOLDEN.read_bytes())
    criteria = tuple(replace(item, group=TITLES.get(item.code, "")) for item in record.contest.criteria)
    first, *others = record.reviews
    marked = replace(first, scores={**first.scores, "Q": Decimal(7)})
    terms = replace(record.contest, criteria=(*criteria, OUTSIDE))
    return replace(record, contest=terms, reviews=(marked, *others))


def test_each_group_has_its_points_and_what_is_outside_the_total_its_mark(headed: ContestRecord) -> None:
    export = export_of(headed)
    content = ranked_workbook(export)
    book = opened(content)
    codes = [item.code for item in headed.contest.criteria]
    tail = ["Итог", "Итог системы", "Расхождение", "Группа: Уровень", "Q: балл вне итога"]
    assert [cell.value for cell in book["По критериям"][1]] == ["Рег. номер", *codes, *tail]
    found = {row["Рег. номер"]: row for row in rows(book, "По критериям")}
    for entry in export.rows:
        row, points = found[entry.placing.number], entry.score.points
        assert row["Группа: Уровень"] == pytest.approx(float(points["E1"] + points["E2"]), abs=1e-9)
        assert (row["Q"], row["Q: балл вне итога"]) == (0, 7 if entry.placing.number == "001" else "—")
        assert row["Итог"] == float(entry.placing.total)
    groups = {row["Код"]: (row["Вес"], row["Группа"]) for row in rows(book, "Критерии")}
    assert (groups["E1"], groups["E3"], groups["Q"]) == ((10, "Уровень"), (10, "—"), (0, "—"))
    said = {row["Раздел"]: row["Содержание"] for row in rows(book, "Методика")}
    assert said["Группы критериев"].startswith("Уровень (E1, E2), вес 20.")
    assert said["Вне итога"].startswith("Q. Вес 0: балл виден и ничего не решает.")
    assert compare_workbook(BytesIO(content), export) == ()


def test_the_table_of_the_ranking_says_which_column_is_outside_the_total(headed: ContestRecord) -> None:
    head, *lines = b"".join(csv_parts(ranking_table(export_of(headed)))).decode("utf-8-sig").splitlines()
    assert head.split(";")[-2:] == ["E6", "Q (вне итога)"]
    last = {line.split(";")[1]: line.split(";")[-1] for line in lines}
    assert last == {row.number: "7,00" if row.number == "001" else "" for row in rank(headed).rows}
