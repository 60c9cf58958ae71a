import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from judging.adapters.archive import read_archive
from judging.domain.rubric import expert_criteria
from judging.domain.scoring import review_total, round_half_up, rounded_totals
from judging.exports import CATALOGUE
from judging.exports.tables import DANGEROUS, PART, Table, csv_parts, written
from tests.exports.conftest import export_of
from tests.strategies import texts

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def golden():
    return export_of(read_archive((DATA / "golden-1.json").read_bytes()))


def table(parts) -> list[list[str]]:
    content = b"".join(parts)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_catalogue_is_in_the_order_of_the_menu():
    assert list(CATALOGUE) == [
        "ranking-xlsx", "ranking-table", "marks-table", "reviews-table", "spread-table",
        "ranking-csv", "marks-csv", "reviews-csv", "spread-csv", "ranking-json",
    ]  # fmt: skip
    assert all(entry.key == key for key, entry in CATALOGUE.items())


def test_every_entry_writes_an_empty_and_a_full_contest(contests):
    empty = export_of(replace(contests[0], applications=(), reviews=(), conflicts=()))
    for export in (empty, *map(export_of, contests)):
        assert all(b"".join(entry.parts(export)) for entry in CATALOGUE.values())


def test_a_file_is_named_after_the_contest_and_the_moscow_time(golden):
    code = replace(golden.record.contest, code='../"КМК" 1')
    odd = replace(golden, record=replace(golden.record, contest=code))
    assert CATALOGUE["ranking-csv"].named(golden) == "GOLDEN-1-ranking-2026-05-02-1230.csv"
    assert CATALOGUE["ranking-csv"].named(odd) == "____КМК__1-ranking-2026-05-02-1230.csv"


def test_the_ranking_as_json_is_the_golden_one_to_the_letter(golden):
    assert b"".join(CATALOGUE["ranking-json"].parts(golden)) == (DATA / "golden-1.ranking.json").read_bytes()


def test_the_ranking_as_csv_opens_in_a_russian_excel(golden):
    parts = list(CATALOGUE["ranking-csv"].parts(golden))
    head, first, *_ = table(parts)
    assert b"".join(parts).count(b"\r\n") == 6
    assert dict(zip(head, first, strict=True)) == {
        "Место": "1", "Рег. номер": "001", "Подана (МСК)": "10.03.2026 09:12:04",
        "Кластер": "Камский машиностроительный промышленный кластер (демонстрационные данные)", "Регион": "16",
        "Инициатор": "ООО Завод «Пример-1»", "ИНН": "0000001004", "Проект": "Демонстрационный совместный проект 001",
        "Стоимость, ₽": "360000000,00", "Запрошено, ₽": "120000000,00", "Расчётные баллы": "32,20",
        "Экспертные баллы": "36,80", "Итог": "69,00", "Порог пройден": "да", "Делит место": "нет",
        "Исход": "победитель", "Сумма, ₽": "120000000,00", "C1": "4,00", "C2": "3,20", "C3": "7,50", "C4": "5,50",
        "C5": "5,60", "C6": "6,40", "E1": "7,50", "E2": "7,50", "E3": "7,00", "E4": "6,40", "E5": "4,50", "E6": "3,90",
    }  # fmt: skip


def test_marks_have_a_row_for_every_review_and_expert_criterion(contests):
    for export in map(export_of, contests):
        head, *body = table(CATALOGUE["marks-csv"].parts(export))
        codes = [item.code for item in expert_criteria(export.record.contest.criteria)]
        found = {(row[0], row[1], row[2]): row[head.index("Балл")] for row in body}
        assert found == {
            (item.application, item.expert, code): f"{item.scores[code]:f}".replace(".", ",")
            if code in item.scores
            else ""
            for item in export.record.reviews
            for code in codes
        }
        assert len(body) == len(found)


def test_reviews_have_a_row_each_and_say_which_count(contests):
    for export in map(export_of, contests):
        head, *body = table(CATALOGUE["reviews-csv"].parts(export))
        counted = {(row[0], row[1]) for row in body if row[head.index("Учтена")] == "да"}
        assert counted == {(row.number, expert) for row in export.ranking.rows for expert in row.counted}
        assert sorted((row[0], row[1]) for row in body) == sorted(
            (item.application, item.expert) for item in export.record.reviews
        )
        reasons = [row[head.index("Причина")] for row in body if row[head.index("Учтена")] == "нет"]
        assert all(reasons)


def test_the_spread_of_marks_is_told_by_application_and_criterion(golden):
    head, *body = table(CATALOGUE["spread-csv"].parts(golden))
    own = [row for row in body if row[0] == "001"]
    assert head == [
        "Рег. номер", "Проект", "Критерий", "Оценок", "Среднее", "Медиана", "Наименьшая", "Наибольшая",
        "Стандартное отклонение",
    ]  # fmt: skip
    assert [row[2:] for row in own] == [
        ["Итог эксперта", "2", "36,80", "36,80", "36,20", "37,40", "0,85"],
        ["E1", "2", "7,50", "7,50", "7,00", "8,00", "0,71"],
        ["E2", "2", "7,50", "7,50", "7,00", "8,00", "0,71"],
        ["E3", "2", "7,00", "7,00", "7,00", "7,00", "0,00"],
        ["E4", "2", "8,00", "8,00", "8,00", "8,00", "0,00"],
        ["E5", "2", "7,50", "7,50", "7,00", "8,00", "0,71"],
        ["E6", "2", "6,50", "6,50", "6,00", "7,00", "0,71"],
    ]
    assert len(body) == len(golden.ranking.rows) * 7


@given(texts())
def test_text_starts_no_formula_and_comes_back_by_taking_one_apostrophe_away(text):
    safe = written(text)
    assert not safe.startswith(tuple(sign for sign in DANGEROUS if sign != "'"))
    assert (safe.removeprefix("'") if safe.startswith("'") else safe) == text
    head, *_ = table(csv_parts(Table([text, "x"], [])))
    assert head == [safe, "x"]


def test_a_negative_number_stays_a_number():
    assert [written(value) for value in (Decimal("-1.50"), -3, None)] == ["-1,50", "-3", ""]


@pytest.mark.parametrize("key", ["ranking", "marks", "reviews", "spread"])
def test_the_table_of_a_double_click_holds_what_the_csv_holds(golden, key):
    content = b"".join(CATALOGUE[f"{key}-table"].parts(golden))
    sheet = load_workbook(BytesIO(content)).active
    written_out = table(CATALOGUE[f"{key}-csv"].parts(golden))
    cells = [
        [as_csv(cell, text) for cell, text in zip(row, texts_of_row, strict=True)]
        for row, texts_of_row in zip(sheet.iter_rows(values_only=True), written_out, strict=True)
    ]
    assert cells == written_out


def test_numbers_and_inns_with_leading_zeros_stay_texts(golden):
    content = b"".join(CATALOGUE["ranking-table"].parts(golden))
    head, first, *_ = load_workbook(BytesIO(content)).active.iter_rows()
    row = dict(zip((cell.value for cell in head), first, strict=True))
    kept = {name: (row[name].value, row[name].data_type, row[name].number_format) for name in ("Рег. номер", "ИНН")}
    assert kept == {"Рег. номер": ("001", "s", "@"), "ИНН": ("0000001004", "s", "@")}
    assert [column for column in row if row[column].data_type == "f"] == []


def as_csv(value, text: str) -> str:
    """A cell of a sheet as :func:`judging.exports.tables.written` writes it, numbers with the decimals of ``text``."""
    if isinstance(value, int | float):
        return f"{value:.{len(text.partition(',')[2])}f}".replace(".", ",")
    return written(value)


def lines_of(table: Table) -> bytes:
    """The same file as the library writes it, row by row."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([written(cell) for cell in cells] for cells in [table.headings, *table.rows])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


ODD = st.text(";\"\r\n' =aб,0", max_size=4)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)


@given(rows=st.lists(st.tuples(ODD, ODD, NUMBERS, ODD), max_size=6))
def test_a_file_of_joined_parts_is_the_librarys_to_the_byte(rows):
    made = Table(["a", 'b"', "c", "d"], rows)
    assert b"".join(csv_parts(made)) == lines_of(made)


def test_large_tables_are_the_librarys_to_the_byte_too():
    plain = [(str(n), Decimal(n), None, "текст") for n in range(2 * PART + 1)]
    for odd in ("a;b", 'a"b', "a\rb", "a\nb", "a\r\nb", ""):
        made = Table(["a", "b", "c", "d"], [*plain, ("", None, odd, odd), *plain])
        assert list(csv_parts(made))[1:] != []
        assert b"".join(csv_parts(made)) == lines_of(made)


def test_an_instant_is_written_by_its_own_clock():
    here = datetime(2026, 5, 2, 12, 30, 4, tzinfo=timezone(timedelta(hours=3)))
    assert [written(one) for one in (here, here.astimezone(UTC), here.date())] == [
        "02.05.2026 12:30:04", "02.05.2026 09:30:04", "02.05.2026",
    ]  # fmt: skip


def test_a_number_is_written_in_full_whatever_its_exponent():
    assert [written(Decimal(text)) for text in ("1E+3", "0E-7", "-0", "7.50", "1E-9")] == [
        "1000", "0,0000000", "-0", "7,50", "0,000000001",
    ]  # fmt: skip


def test_totals_that_are_worked_out_once_are_those_of_each_review(contests):
    for record in contests:
        criteria, reviews = record.contest.criteria, record.reviews
        total = rounded_totals(criteria, reviews, 2)
        assert [total(one) for one in reviews] == [round_half_up(review_total(criteria, one), 2) for one in reviews]
