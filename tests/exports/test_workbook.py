import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from itertools import cycle
from textwrap import wrap
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from judging.exports import RankingExport
from judging.exports.facts import OUTCOME_WORDS, moscow, yes_no
from judging.exports.workbook import book, ranked_workbook
from judging.exports.workbook.book import CUT, LONGEST_TEXT, fitting, wrapped_lines
from judging.exports.workbook.layout import distinct, letters
from tests.exports.conftest import export_of
from tests.exports.office import opened, rows

HEADINGS = {
    "Рейтинг": [
        "Место", "Рег. номер", "Подана (МСК)", "Кластер", "Регион", "Инициатор", "ИНН", "Проект", "Стоимость, ₽",
        "Запрошено, ₽", "Расчётные баллы", "Экспертные баллы", "Итог", "Порог пройден", "Делит место", "Исход",
        "Сумма, ₽", "Остаток лимита, ₽",
    ],
    "По критериям": ["Рег. номер", "Итог", "Итог системы", "Расхождение"],
    "Оценки экспертов": [
        "Рег. номер", "Эксперт", "Критерий", "Балл", "Комментарий", "Отправлена (МСК)", "Дополнительная", "Учтена",
        "Причина",
    ],
    "Показатели": ["Рег. номер", "Критерий", "Показатель", "Значение"],
    "Критерии": [
        "Код", "Критерий", "Вид", "Вес", "Минимум", "Максимум", "Шаг", "Порог", "Показатель", "Ноль при",
        "Полный балл при", "Лучшее значение",
    ],
    "Шкалы": ["Критерий", "От", "Балл"],
    "Расхождения": ["Рег. номер", "Эксперт 1", "Эксперт 2", "Итог 1", "Итог 2", "Разница", "Правило", "Действие"],
    "Не допущены": ["Рег. номер", "Проект", "Статус", "Причина", "Пункт", "Дата"],
    "Бюджет": ["Показатель", "Значение"],
    "Методика": ["Раздел", "Содержание"],
    "Проверка": ["Проверка", "Ожидалось", "Получено", "Совпадает"],
    "Справочно": [
        "Раздел", "Предмет", "Показатель", "Официальное место", "Официальный итог", "Значение", "От", "До", "Место от",
        "Место до", "Выше границы", "В пределах бюджета", "Вывод",
    ],
}  # fmt: skip
OLD_FUNCTIONS = {
    "AND", "AVERAGEIFS", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "IF", "INDEX", "ISNUMBER", "LOOKUP", "MATCH",
    "MAX", "MEDIAN", "MIN", "N", "ROUND", "SUM", "SUMIFS", "SUMPRODUCT",
}  # fmt: skip
NASTY = ["=1+1", "+7 (912) 345-67-89", "-5", "@SUM(A1)", "\tтаб", "\rвозврат", "<r><t>x</t></r>", " край ", "0012",
         "{=1}", "две\nстроки", "=cmd|' /C calc'!A0", "mailto:a@b.example", "http://a.example"]  # fmt: skip


def formulas_of(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(BytesIO(content))
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    found = (value.text if isinstance(value, ArrayFormula) else value for value in cells)
    return [text for text in found if isinstance(text, str) and text.startswith("=")]


@pytest.fixture(scope="module")
def exports(contests):
    return [export_of(record) for record in contests]


@pytest.mark.parametrize("limit", [0, 10**9])
def test_sheets_and_headings_are_those_of_the_specification(exports, limit):
    for export in exports:
        book = opened(ranked_workbook(export, most_comparisons=limit))
        found = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book}
        codes = [item.code for item in export.record.contest.criteria]
        number, *tail = HEADINGS["По критериям"]
        assert found == {**HEADINGS, "По критериям": [number, *codes, *tail]}
        assert book.sheetnames == list(HEADINGS)


def test_every_formula_carries_the_value_the_system_decided(exports):
    for export in exports:
        book = opened(ranked_workbook(export))
        expected = [
            (
                row.place, row.number, float(row.computed), float(row.expert), float(row.total), yes_no(row.passed),
                yes_no(row.tied), OUTCOME_WORDS[row.outcome], row.amount / 100,
            )
            for row in export.ranking.rows
        ]  # fmt: skip
        keys = (
            "Место", "Рег. номер", "Расчётные баллы", "Экспертные баллы", "Итог", "Порог пройден", "Делит место",
            "Исход", "Сумма, ₽",
        )  # fmt: skip
        assert [tuple(row[key] for key in keys) for row in rows(book, "Рейтинг")] == expected
        assert {row["Совпадает"] for row in rows(book, "Проверка")} == {"да"}


def test_points_are_the_systems_to_the_last_printed_digit(exports):
    for export in exports:
        rounding = Decimal(1).scaleb(-export.record.contest.rules.rounding)
        for row, placing in zip(
            rows(opened(ranked_workbook(export)), "По критериям"), export.ranking.rows, strict=True
        ):
            printed = {code: Decimal(repr(row[code])) for code in placing.criteria}
            assert all(abs(printed[code] - points) <= rounding / 2 for code, points in placing.criteria.items())
            assert (row["Итог"], row["Итог системы"], row["Расхождение"]) == (float(placing.total),) * 2 + (0,)


def test_only_functions_that_every_office_suite_knows_are_used(exports):
    used = set()
    for export in exports:
        for limit in (0, 10**9):
            for formula in formulas_of(ranked_workbook(export, most_comparisons=limit)):
                bare = re.sub(r'"[^"]*"|\'[^\']*\'', "", formula)
                used |= set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare))
    assert used <= OLD_FUNCTIONS


def test_no_data_cell_is_blank(exports):
    for export in exports:
        for sheet in opened(ranked_workbook(export)):
            blank = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.value in (None, "")]
            assert (sheet.title, blank) == (sheet.title, [])


def nastily_named(export: RankingExport, nasty: Iterator[str]) -> RankingExport:
    record = export.record
    titles = [replace(item, title=next(nasty)) for item in record.applications]
    reviews = [replace(item, comments={code: next(nasty) for code in item.scores}) for item in record.reviews]
    return replace(export, record=replace(record, applications=tuple(titles), reviews=tuple(reviews)))


def test_text_is_never_a_formula_and_comes_back_unchanged(exports):
    seen, nasty = set(), cycle(NASTY)
    for export in (nastily_named(export, nasty) for export in exports):
        content = ranked_workbook(export)
        book = openpyxl.load_workbook(BytesIO(content))
        texts = {(item.number): item.title for item in export.record.applications}
        for row in book["Рейтинг"].iter_rows(min_row=2):
            assert (row[7].value, row[7].data_type) == (texts[row[1].value], "s")
            seen.add(row[7].value)
        comments = {
            (item.application, item.expert, code): text
            for item in export.record.reviews
            for code, text in item.comments.items()
        }
        sheet = zipped_texts(content, "Оценки экспертов")
        for number, expert, code, _, comment, *_ in sheet:
            assert comment == comments.get((number, expert, code), "—")
            seen.add(comment)
    assert {*NASTY} <= seen


def zipped_texts(content: bytes, sheet: str) -> list[tuple[object, ...]]:
    return list(opened(content)[sheet].iter_rows(min_row=2, values_only=True))


def test_text_that_looks_like_mark_up_is_stored_as_text(exports):
    nasty = cycle(NASTY)
    for export in (nastily_named(export, nasty) for export in exports):
        with ZipFile(BytesIO(ranked_workbook(export))) as archive:
            stored = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name)
        assert "<r><t>" not in stored


def test_long_text_is_cut_with_a_remark_and_short_text_is_left_alone():
    assert fitting("я" * LONGEST_TEXT) == "я" * LONGEST_TEXT
    cut = fitting("😀" * LONGEST_TEXT)
    assert (cut.endswith(CUT), len(cut.encode("utf-16-le")) // 2 <= LONGEST_TEXT) == (True, True)


def test_types_are_true_numbers_dates_and_text(exports):
    for export in exports:
        known = {item.number: item for item in export.record.applications}
        for row in rows(opened(ranked_workbook(export)), "Рейтинг"):
            item = known[row["Рег. номер"]]
            assert row["Подана (МСК)"] == moscow(item.submitted_at).replace(tzinfo=None)
            assert isinstance(row["Подана (МСК)"], datetime)
            assert row["ИНН"] == item.initiator
            assert (row["Стоимость, ₽"], row["Запрошено, ₽"]) == (item.total_cost / 100, item.requested / 100)


def test_print_set_up_and_look(exports):
    book = openpyxl.load_workbook(BytesIO(ranked_workbook(exports[0])))
    for sheet in book:
        setup = sheet.page_setup
        assert (setup.orientation, int(setup.paperSize), sheet.freeze_panes) == ("landscape", 9, "A2")
        assert (sheet.print_title_rows, sheet.auto_filter.ref.split(":")[0]) == ("$1:$1", "A1")
        assert "снимок № 3" in sheet.oddFooter.left.text
        assert "&P" in sheet.oddFooter.right.text or "&[Page]" in sheet.oddFooter.right.text
    assert book["Рейтинг"]["J2"].number_format == "#,##0.00"
    assert len(book["Рейтинг"].conditional_formatting) == 1


def test_method_says_where_the_file_comes_from(exports):
    said = {row["Раздел"]: row["Содержание"] for row in rows(opened(ranked_workbook(exports[0])), "Методика")}
    assert (said["Снимок рейтинга"], said["SHA-256 снимка"]) == ("№ 3", "ab" * 32)
    assert (said["Выгружено (МСК)"], said["Кто выгрузил"]) == ("02.05.2026 12:30:15", "secretary@example.org")


def test_an_empty_contest_has_all_sheets_and_no_rows(contests):
    export = export_of(replace(contests[0], applications=(), reviews=(), conflicts=()))
    book = opened(ranked_workbook(export))
    assert book.sheetnames == list(HEADINGS)
    assert [rows(book, name) for name in ("Рейтинг", "По критериям", "Оценки экспертов", "Показатели")] == [[]] * 4


@pytest.mark.parametrize(
    ("keys", "told_apart"),
    [
        (["001", "002"], True),
        (["2026-01", "2026-02"], True),
        (["001", "1"], False),
        (["e1", "E1"], False),
        (["A*", "B"], False),
        (["1E2", "100"], False),
        (["10E1", "01E2"], False),
        (["1234567890123456", "1234567890123457"], False),
        (["ИСТИНА", "B"], False),
        (["С-1", "С-2", "С-10"], True),
        ([">3", "4"], False),
    ],
)
def test_keys_that_a_spreadsheet_would_confuse_are_noticed(keys, told_apart):
    assert distinct(keys) is told_apart


def test_columns_are_lettered_as_in_a_spreadsheet():
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


ODD = (
    "_x000D_", "a_x0041_b", "<r>", "<r>x</r>", "a & b", '"', "a > b", " край", "край ", "a\nb", "a\rb", "\x07",
    "\ufffe", "\uffff", "#N/A", "#", "", "край\u00a0", "=1+1",
)  # fmt: skip


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_cells_that_are_written_at_once_are_to_the_byte_what_the_library_writes(exports, monkeypatch):
    texts = cycle(ODD)
    nasty = [
        replace(export, record=replace(export.record, reviews=tuple(
            replace(one, comments={code: next(texts) for code in one.scores}) for one in export.record.reviews
        )))
        for export in exports
    ]  # fmt: skip
    made = [parts(ranked_workbook(export)) for export in (*exports, *nasty)]
    monkeypatch.setattr(book.BookSheet, "_written", book.BookSheet._give)
    assert [parts(ranked_workbook(export)) for export in (*exports, *nasty)] == made


@given(value=st.sampled_from([*ODD, 0.5, 7.0, -0.0, 1e300]), text=st.sampled_from(ODD))
def test_every_kind_of_cell_is_to_the_byte_what_the_library_writes(value, text):
    def made() -> dict[str, bytes]:
        made = book.Book(2, "")
        made.describe("", "", datetime(2026, 1, 1, tzinfo=UTC))
        columns = [book.Column("А"), book.Column("Б", "number"), book.Column("В", "wrapped", 20), book.Column("Г")]
        sheet, other = made.add("Лист", columns), made.add("Другой", columns)
        for words, number in (
            (text, 7),
            (f"{text} и ещё слова, " * 3, datetime(2026, 5, 1, 12, tzinfo=UTC)),
            (text, Decimal("7.50")),
        ):
            formula = f'IF(A2="{text}",1,2)'.replace("\r", "")
            sheet.append((words, book.Formula(formula, value), words * 9, number))
            sheet.append((words, book.Formula(formula, value, array=True), words, Fraction(1, 3)))
            other.append((words, number, "", words), ("text", "none", "wrapped", "date"))
        return parts(made.close())

    at_once = made()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(book.BookSheet, "_written", book.BookSheet._give)
        assert made() == at_once


@given(text=st.text("аб вг\u00a0-—.,x  \tя", min_size=1, max_size=80), room=st.integers(1, 30))
def test_lines_are_counted_as_the_library_wraps_them(text, room):
    assert wrapped_lines(text, room) == len(wrap(text, room))
