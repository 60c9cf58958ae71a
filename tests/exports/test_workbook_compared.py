"""A workbook that came back: untouched it says the same; every kind of edit is named; nothing else is taken for one."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from judging.adapters.archive import read_archive
from judging.adapters.spreadsheets import WrongSpreadsheet
from judging.domain.ranking import rank
from judging.exports.workbook import ranked_workbook
from judging.exports.workbook.comparing import Difference, compare_workbook
from judging.exports.workbook.layout import BUDGET, CRITERIA, INDICATORS, MARKS, RANKING
from judging.exports.workbook.reading import MINUS_INFINITY, shown
from tests.exports.conftest import export_of
from tests.exports.edits import changed, part_of, with_cell, without_row
from tests.hostile.workbooks import CASES, rebuilt

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"


@pytest.fixture(scope="module")
def golden():
    return export_of(read_archive(GOLDEN.read_bytes()))


@pytest.fixture(scope="module")
def content(golden):
    return ranked_workbook(golden)


def compare(content, export):
    return compare_workbook(BytesIO(content), export)


def test_every_untouched_workbook_says_the_same(contests):
    exports = [export_of(record) for record in contests]
    assert [compare(ranked_workbook(export), export) for export in exports] == [()] * len(exports)


def cell(content, sheet, address):
    return openpyxl.load_workbook(BytesIO(content), data_only=True)[sheet][address].value


@pytest.mark.parametrize(
    ("sheet", "address", "value", "column", "after"),
    [
        (MARKS, "D2", 3, "Балл", "3"),
        (MARKS, "D2", "8", "Балл", "8 (текст вместо числа)"),
        (MARKS, "D2", " 8,0", "Балл", " 8,0 (текст вместо числа)"),
        (MARKS, "H2", "да ", "Учтена", "да  (отличается пробелами)"),
        (MARKS, "D3", "—", "Балл", "—"),
        (MARKS, "H2", "нет", "Учтена", "нет"),
        (INDICATORS, "D2", 12.5, "Значение", "12,5"),
        (CRITERIA, "D2", 99, "Вес", "99"),
        (CRITERIA, "F2", 11, "Максимум", "11"),
        (BUDGET, "B2", 1000000.01, "Значение", "1\u00a0000\u00a0000,01"),
        (BUDGET, "B4", 12, "Значение", "12"),
        (RANKING, "A2", 5, "Место", "5"),
        (RANKING, "M2", 99.99, "Итог", "99,99"),
        (RANKING, "P2", "не победитель", "Исход", "не победитель"),
    ],
)
def test_an_edited_cell_is_named(golden, content, sheet, address, value, column, after):
    (difference,) = compare(with_cell(content, sheet, address, value), golden)
    key = difference.key
    before = shown(cell(content, sheet, address))
    assert difference == Difference(sheet, int(address[1:]), key, column, before, after)
    assert key.startswith(shown(cell(content, sheet, f"{'B' if sheet == RANKING else 'A'}{address[1:]}")))


def test_a_row_that_is_gone_renamed_or_repeated_is_named(golden, content):
    first, second = (cell(content, CRITERIA, address) for address in ("A2", "A3"))
    assert compare(without_row(content, CRITERIA, 2), golden) == (
        Difference(CRITERIA, None, first, "", "строка есть", "строки нет"),
    )
    assert compare(with_cell(content, CRITERIA, "A2", "Новый"), golden) == (
        Difference(CRITERIA, 2, "Новый", "", "строки нет", "строка есть"),
        Difference(CRITERIA, None, first, "", "строка есть", "строки нет"),
    )
    assert compare(with_cell(content, CRITERIA, "A3", first), golden) == (
        Difference(CRITERIA, 3, first, "", "строки нет", "строка повторяется"),
        Difference(CRITERIA, None, second, "", "строка есть", "строки нет"),
    )


def test_the_order_of_rows_does_not_matter(golden, content):
    def numbered(row, number):
        return re.sub(r' r="([A-Z]*)[23]"', rf' r="\g<1>{number}"', row)

    def turned(xml):
        two, three = (re.search(rf'<row r="{number}".*?</row>', xml, re.DOTALL)[0] for number in (2, 3))
        return xml.replace(two + three, numbered(three, 2) + numbered(two, 3))

    assert compare(changed(content, part_of(CRITERIA), turned), golden) == ()


def test_a_mark_that_changed_in_the_system_is_found_with_all_that_follows(golden):
    record = golden.record
    review = next(item for item in record.reviews if item.scores)
    code = next(iter(review.scores))
    edited = replace(review, scores={**review.scores, code: review.scores[code] - 1})
    reviews = tuple(edited if item is review else item for item in record.reviews)
    other = replace(record, reviews=reviews)
    found = compare(ranked_workbook(export_of(other)), golden)
    marks = [item for item in found if item.sheet == MARKS]
    assert [(item.column, item.before, item.after) for item in marks] == [
        ("Балл", shown(float(review.scores[code])), shown(float(edited.scores[code])))
    ]
    totals = {row.number: row.total for row in rank(record).rows}
    moved = {row.number for row in rank(other).rows if row.total != totals[row.number]}
    assert {item.key for item in found if item.column == "Итог"} == moved


def message(content, golden):
    with pytest.raises(WrongSpreadsheet) as refusal:
        compare(content, golden)
    return str(refusal.value)


NO_WORKBOOK = "The file is not an Excel workbook (.xlsx), or it is damaged."
FOREIGN = "This is not a ranking workbook of the system: it has no sheet “Методика”."


def foreign():
    output = BytesIO()
    openpyxl.Workbook().save(output)
    return output.getvalue()


def test_what_is_no_workbook_is_refused(golden, content):
    package = BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    given = [b"", b"\xd0\xcf\x11\xe0 old", package.getvalue()]
    given.append(changed(content, part_of(MARKS), lambda xml: xml[: len(xml) // 2]))
    assert [message(item, golden) for item in given] == [NO_WORKBOOK] * len(given)
    assert message(foreign(), golden) == FOREIGN


def test_a_workbook_without_a_column_is_refused(golden, content):
    assert message(with_cell(content, MARKS, "D1", "Оценка"), golden) == (
        "This is not a ranking workbook of the system: the sheet “Оценки экспертов” has no column “Балл”."
    )


def test_the_workbook_of_another_contest_is_refused(golden, content):
    record = golden.record
    other = replace(golden, record=replace(record, contest=replace(record.contest, code="GOLDEN-2")))
    assert message(content, other) == (
        f"This is the workbook of another contest: {record.contest.code}. {record.contest.title}"
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_hostile_workbooks_are_refused_in_words(golden, content, case):
    assert case.words in message(case.change(content), golden)


def test_entities_that_multiply_are_refused(golden, content):
    names = [f"e{n}" for n in range(12)]
    entities = f'<!ENTITY e0 "{"lol" * 1000}">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )

    def change(xml):
        return xml.replace("<worksheet", f"<!DOCTYPE worksheet [{entities}]><worksheet", 1).replace(
            "<is><t>", f"<is><t>&{names[-1]};", 1
        )

    assert message(changed(content, part_of(MARKS), change), golden) == NO_WORKBOOK


def test_a_sheet_that_claims_more_cells_than_it_has_costs_nothing(golden, content):
    def change(xml):
        row = '<row r="1000000"><c r="XFD1000000"><v>1</v></c></row></sheetData>'
        return xml.replace("</sheetData>", row)

    assert compare(changed(content, part_of(CRITERIA), change), golden) == ()


STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def strict(content):
    """The workbook in the other dialect of the standard."""

    def change(xml):
        for ours, theirs in STRICT:
            xml = xml.replace(ours, theirs)
        return xml

    with zipfile.ZipFile(BytesIO(content)) as given:
        return rebuilt(content, **dict.fromkeys(given.namelist(), change))


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", r'rgb="[0-9A-F]{8}"', 'rgb="no colour"'),
        ("xl/styles.xml", r'<family val="[0-9]+"/>', '<family val="99"/>'),
        ("xl/styles.xml", r"<fonts.*</fonts>", "<fonts/>"),
        ("docProps/core.xml", r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z", "yesterday"),
        ("docProps/core.xml", r"<.*>", ""),
    ],
)
def test_what_does_not_matter_to_the_values_may_be_wrong(golden, content, part, old, new):
    def change(xml):
        edited, count = re.subn(old, new, xml, flags=re.DOTALL)
        assert count
        return edited

    assert compare(rebuilt(content, **{part: change}), golden) == ()


def test_the_strict_dialect_is_read(golden, content):
    assert compare(strict(content), golden) == ()


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ('<c r="H2" t="b"><v>1</v></c>', "да (логическое значение)"),
        ('<c r="H2" t="inlineStr"><is><t>Да</t></is></c>', "Да"),
        ('<c r="H2" t="inlineStr"><is><t>да </t></is></c>', "да  (отличается пробелами)"),
    ],
)
def test_what_looks_like_the_same_says_how_it_differs(golden, content, change, after):
    edited = changed(content, part_of(MARKS), lambda xml: re.sub(r'<c r="H2".*?</c>', change, xml, count=1))
    assert [(one.before, one.after) for one in compare(edited, golden)] == [("да", after)]


def test_formulas_that_nobody_computed_are_one_sentence(golden, content):
    resaved = BytesIO()
    openpyxl.load_workbook(BytesIO(content)).save(resaved)
    assert message(resaved.getvalue(), golden) == (
        "The formulas of this workbook are not computed (sheet “Критерии”, row 3): "
        "open it in Excel or LibreOffice, save it there and send what was saved."
    )


def test_a_workbook_that_openpyxl_saved_with_its_values_says_the_same(golden, content):
    resaved = BytesIO()
    openpyxl.load_workbook(BytesIO(content), data_only=True).save(resaved)
    assert compare(resaved.getvalue(), golden) == ()


def test_values_are_shown_as_people_write_them():
    assert [shown(value) for value in (None, True, 7, 7.0, -71.37, 0.1 + 0.2, 12345.5, MINUS_INFINITY * 1.0, "x")] == [
        "", "да", "7", "7", "−71,37", "0,3", "12\u00a0345,5", "−∞", "x",
    ]  # fmt: skip
