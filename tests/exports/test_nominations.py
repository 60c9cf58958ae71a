"""Exports of a contest with nominations: each has its own sheets, which read no other's; tables name it."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from judging.domain.firmness import Report
from judging.domain.parts import split
from judging.domain.ranking import rank
from judging.exports import CATALOGUE
from judging.exports.facts import OUTCOME_WORDS, RankingExport, yes_no
from judging.exports.tables import csv_parts, marks_table, ranking_table, reviews_table, spread_table
from judging.exports.workbook import ranked_workbook
from judging.exports.workbook.comparing import Difference, compare_workbook
from judging.queries.firmness import compute_report
from tests import nominations
from tests.exports.conftest import export_of
from tests.exports.edits import changed
from tests.exports.office import opened, recalculated, rows

SHEETS = (
    "Рейтинг", "По критериям", "Оценки экспертов", "Показатели", "Критерии", "Шкалы", "Расхождения", "Не допущены",
    "Бюджет", "Методика", "Проверка", "Справочно",
)  # fmt: skip
BY_KEY, BY_PLACE = 10**9, 0


@pytest.fixture(scope="module")
def export() -> RankingExport:
    return export_of(nominations.record())


@pytest.fixture(scope="module")
def content(export: RankingExport) -> bytes:
    return ranked_workbook(export)


def table(export: RankingExport, make: object) -> list[list[str]]:
    text = b"".join(csv_parts(make(export))).decode("utf-8-sig")  # type: ignore[operator]
    return list(csv.reader(StringIO(text), delimiter=";"))


def decided(export: RankingExport) -> dict[str, tuple[object, ...]]:
    return {
        row.number: (
            row.place, float(row.computed), float(row.expert), float(row.total), yes_no(row.passed), yes_no(row.tied),
            OUTCOME_WORDS[row.outcome], row.amount / 100,
        )
        for row in export.ranking.rows
    }  # fmt: skip


def shown(book: openpyxl.Workbook, place: int) -> dict[str, tuple[object, ...]]:
    keys = (
        "Место", "Расчётные баллы", "Экспертные баллы", "Итог", "Порог пройден", "Делит место", "Исход", "Сумма, ₽",
    )  # fmt: skip
    return {row["Рег. номер"]: tuple(row[key] for key in keys) for row in rows(book, f"Рейтинг {place}")}


def formulas(content: bytes) -> Iterator[tuple[str, str]]:
    """Every formula of a workbook with the name of its sheet."""
    book = openpyxl.load_workbook(BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                text = getattr(cell.value, "text", cell.value)
                if cell.data_type == "f":
                    yield sheet.title, str(text)


def test_every_nomination_has_all_the_sheets_after_the_one_that_lists_them(content: bytes) -> None:
    assert opened(content).sheetnames == ["Номинации", *(f"{name} {place}" for place in (1, 2) for name in SHEETS)]
    assert rows(opened(content), "Номинации") == [
        {
            "№": 1, "Код": "series", "Номинация": "Серийное производство", "Лист рейтинга": "Рейтинг 1", "Заявок": 3,
            "Победителей": 1, "Лимит, ₽": 200_000_000, "Распределено, ₽": 120_000_000,
        },
        {
            "№": 2, "Код": "pilot", "Номинация": "Опытные образцы", "Лист рейтинга": "Рейтинг 2", "Заявок": 2,
            "Победителей": 1, "Лимит, ₽": 100_000_000, "Распределено, ₽": 80_000_000,
        },
    ]  # fmt: skip


def test_a_formula_names_sheets_of_its_own_nomination_alone(content: bytes) -> None:
    found = list(formulas(content))
    assert len(found) > 100
    strangers = [
        (sheet, text) for sheet, text in found
        if {name.rpartition(" ")[2] for name in re.findall(r"'([^']+)'!", text)} - {sheet.rpartition(" ")[2]}
    ]  # fmt: skip
    assert strangers == []
    book = openpyxl.load_workbook(BytesIO(content))
    assert {name: item.attr_text.partition("!")[0] for name, item in book.defined_names.items()} == {
        f"{name}_{place}": f"'Проверка {place}'"
        for place in (1, 2)
        for name in ("ЗаявкиПриВыгрузке", "МестаПриВыгрузке")
    }


def test_weights_and_limits_are_those_of_the_nomination(content: bytes) -> None:
    book = opened(content)
    weights = [{row["Код"]: row["Вес"] for row in rows(book, f"Критерии {place}")} for place in (1, 2)]
    assert (weights[0]["C1"], "C5" in weights[0], weights[1]["E1"], {"C4", "E6"} & set(weights[1])) == (
        20, False, 15, set(),
    )  # fmt: skip
    budgets = [{row["Показатель"]: row["Значение"] for row in rows(book, f"Бюджет {place}")} for place in (1, 2)]
    kept = ("Лимит, ₽", "Порог итога", "Предел на одну заявку, ₽", "Наибольшее число победителей")
    assert [[budget[name] for name in kept] for budget in budgets] == [
        [200_000_000, 55, 120_000_000, "нет"],
        [100_000_000, 40, "нет", 1],
    ]


def test_the_best_value_is_that_of_the_nomination(content: bytes, export: RankingExport) -> None:
    relative = [row for row in rows(opened(content), "Критерии 2") if row["Лучшее значение"] not in ("—", None)]
    values = {item.number: item.indicators for item in export.record.applications}
    assert {row["Код"]: row["Лучшее значение"] for row in relative} == {
        row["Код"]: float(max(values[number][row["Показатель"]] for number in ("004", "005"))) for row in relative
    }
    assert relative != []


@pytest.mark.office
def test_recalculated_the_ranking_of_every_nomination_is_the_systems(export: RankingExport, tmp_path: Path) -> None:
    huge = replace(
        export.record,
        applications=tuple(
            replace(item, indicators=item.indicators | {"jobs": Decimal("1000000")}) if item.number == "001" else item
            for item in export.record.applications
        ),
    )
    cases = {
        "key": (export, BY_KEY),
        "place": (export, BY_PLACE),
        "huge": (export_of(huge), BY_KEY),
    }
    books = {name: ranked_workbook(one, most_comparisons=most) for name, (one, most) in cases.items()}
    found = recalculated(books, tmp_path)
    for name, (one, _) in cases.items():
        for place, part in enumerate(one.parts, start=1):
            assert shown(found[name], place) == decided(part), name
            verdict = rows(found[name], f"Проверка {place}")[0]
            assert (verdict["Получено"], verdict["Совпадает"]) == ("совпадает", "да"), name
    assert decided(cases["huge"][0].parts[1]) == decided(export.parts[1])


def test_a_workbook_that_comes_back_is_compared_nomination_by_nomination(content: bytes, export: RankingExport) -> None:
    assert compare_workbook(BytesIO(content), export) == ()
    place = opened(content).sheetnames.index("Критерии 2") + 1
    edited = changed(
        content, f"xl/worksheets/sheet{place}.xml", lambda xml: re.sub(r'(<c r="D2"[^>]*><v>)10<', r"\g<1>99<", xml)
    )
    (difference,) = compare_workbook(BytesIO(edited), export)
    assert difference == Difference("Критерии 2", 2, "C1", "Вес", "10", "99")


def test_tables_begin_with_the_nomination(export: RankingExport) -> None:
    head, *body = table(export, ranking_table)
    assert head[:3] == ["Номинация", "Место", "Рег. номер"]
    assert [row[:3] for row in body] == [
        ["Серийное производство", "1", "002"],
        ["Серийное производство", "2", "001"],
        ["Серийное производство", "3", "003"],
        ["Опытные образцы", "1", "005"],
        ["Опытные образцы", "2", "004"],
    ]
    by_number = {row[2]: dict(zip(head, row, strict=True)) for row in body}
    assert (by_number["001"]["C5"], by_number["004"]["C4"], by_number["004"]["E6"]) == ("", "", "")
    assert by_number["001"]["C4"] != ""
    for make in (marks_table, reviews_table, spread_table):
        head, *body = table(export, make)
        assert head[:2] == ["Номинация", "Рег. номер"]
        homes = {row[1]: row[0] for row in body}
        assert homes == {number: export.nominated[number] for number in homes}


def test_only_what_is_judged_stands_among_the_marks(export: RankingExport) -> None:
    head, *body = table(export, marks_table)
    code = head.index("Критерий")
    assert {row[code] for row in body if row[0] == "Опытные образцы"} == {"E1", "E2", "E3", "E4", "E5"}
    assert {row[code] for row in body if row[0] == "Серийное производство"} == {f"E{n}" for n in range(1, 7)}


def test_the_json_says_in_which_nomination_a_place_is(export: RankingExport) -> None:
    document = json.loads(b"".join(CATALOGUE["ranking-json"].parts(export)))
    assert [(row["nomination"], row["place"]) for row in document["rows"]] == [
        ("series", 1), ("series", 2), ("series", 3), ("pilot", 1), ("pilot", 2),
    ]  # fmt: skip


def test_the_reference_sheet_of_a_nomination_tells_of_its_own_report(export: RankingExport) -> None:
    reports: dict[str, Report] = {part.code or "": compute_report(part.record) for part in split(export.record)}
    book = opened(ranked_workbook(replace(export, reports=reports)))
    for place, numbers in ((1, {"001", "002", "003"}), (2, {"004", "005"})):
        projects = {row["Предмет"] for row in rows(book, f"Справочно {place}") if row["Раздел"] == "Проекты"}
        assert projects == numbers


def test_a_contest_without_nominations_has_the_same_bytes_as_ever(export: RankingExport) -> None:
    plain = replace(
        export.record,
        contest=replace(export.record.contest, nominations=()),
        applications=tuple(replace(item, nomination=None) for item in export.record.applications),
    )
    content = ranked_workbook(RankingExport(plain, rank(plain), export.made_at, export.made_by))
    with ZipFile(BytesIO(content)) as package:
        names = package.read("xl/workbook.xml").decode()
    assert opened(content).sheetnames == list(SHEETS)
    assert "ЗаявкиПриВыгрузке_" not in names
    assert table(RankingExport(plain, rank(plain), export.made_at, "x"), ranking_table)[0][0] == "Место"
