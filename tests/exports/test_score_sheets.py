"""The workbook of score sheets: what is in it, what is protected, what LibreOffice makes of it, and what is refused."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest

from judging.adapters.archive import read_criterion
from judging.adapters.spreadsheets import WrongSpreadsheet
from judging.domain.offline.comparing import Compared, Given, State, compare
from judging.domain.offline.places import Part, Place, written
from judging.domain.offline.ticket import NoTicket
from judging.domain.rubric import AnswerStyle, ExpertCriterion, Scale
from judging.domain.sheet_rules import Asked, Audience, Confidence, SheetRules
from judging.domain.sheets import Sheet
from judging.exports.score_sheets import workbook_of
from judging.exports.score_sheets.reading import LARGEST, read_workbook
from judging.queries.offline_sheets import OfflineSheet, OfflineSheets
from judging.queries.rubrics import SheetCriterion, SheetLevel
from tests import factories
from tests.exports.office import opened, recalculated
from tests.hostile.workbooks import rebuilt
from tests.hostile.zips import MB, bomb, entry
from tests.score_sheets import filled, places, saved

KEYS = ["key of the installation"]
MADE = datetime(2026, 3, 15, 9, tzinfo=UTC)
ASKED = SheetRules(Asked.REQUIRED, Asked.REQUIRED, scope=True, audiences=tuple(Audience), groups=True)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet3.xml"


def criteria() -> tuple[SheetCriterion, ...]:
    """Marks, a long scale, both kinds of checks, a group, one outside the total, abstentions, reasons."""
    every = [item for item in factories.PRESET["criteria"] if item["kind"] == "expert"]
    levels = (SheetLevel(Decimal(0), Decimal(3), "@слабо", ""),)
    changes = [
        {}, {"group": "Рынок", "may_abstain": True},
        {"group": "Рынок", "answers": AnswerStyle.YES_NO, "scale": scale(1), "may_abstain": True},
        {"answers": AnswerStyle.TRAFFIC_LIGHT, "scale": scale(2), "required": False},
        {"scale": Scale(Decimal(0), Decimal(100), Decimal("0.1")), "may_abstain": True}, {"weight": Decimal(0)},
    ]  # fmt: skip
    plain = {"comment_required": None, "pass_mark": None}
    found = []
    for item, change in zip(every, changes, strict=True):
        rule = read_criterion(item)
        assert isinstance(rule, ExpertCriterion)
        rule = replace(rule, **({**plain, **change} if change else {}))
        found.append(SheetCriterion(rule, f"={item['title']}", "", {}, () if change else levels))
    return tuple(found)


def scale(greatest: int) -> Scale:
    return Scale(Decimal(0), Decimal(greatest), Decimal(1))


SHEETS = (
    Sheet(
        {"E1": Decimal(3), "E3": Decimal(1), "E4": Decimal(0), "E6": Decimal(10)},
        {"E1": '=HYPERLINK("http://x")', "E2": "две\nстроки _x0041_", "group:Рынок": "+о группе"},
        abstained=frozenset({"E2", "E5"}), to_applicant={"E1": "-Вам"}, private={"E2": "@себе"}, in_scope=True,
        confidence=Confidence.HIGH,
    ),
    Sheet(),
    Sheet({"E1": Decimal(2), "E5": Decimal("7.3")}, in_scope=False),
    Sheet({"E2": Decimal(9)}, in_scope=False, scope_reason="не станки"),
)  # fmt: skip


def given(sheets: tuple[Sheet, ...] = SHEETS, asked: SheetRules = ASKED) -> OfflineSheets:
    made = tuple(
        OfflineSheet(100 + place, 1, f"РЭК/{place}*", "=1+1", "@Кластер", criteria(), sheet)
        for place, sheet in enumerate(sheets)
    )
    return OfflineSheets("C-1", "=Конкурс", False, 2, MADE, "=Эксперт", "e@example.org", asked, made, ("9",))


def book(layout: str = "sheets", sheets: tuple[Sheet, ...] = SHEETS) -> bytes:
    return workbook_of(given(sheets), keys=KEYS, made_at=MADE, layout=layout)


def compared(content: bytes, sheets: tuple[Sheet, ...] = SHEETS) -> Compared:
    """What the file would do to the sheets that it was made of."""
    returned = read_workbook(io.BytesIO(content), KEYS)
    base = {one.review_id: one.base for one in returned.ticket.sheets}
    return compare(
        Given(one.review_id, 1, one.number, base[one.review_id], written(one.sheet),
              returned.filled(one.review_id, [item.rule for item in one.criteria]))
        for one in given(sheets).sheets
    )  # fmt: skip


def states(found: Compared) -> list[int]:
    return [found.count(state) for state in State]


FILLED = sum(len(written(sheet)) for sheet in SHEETS)


@pytest.mark.parametrize("layout", ["sheets", "table"])
def test_it_says_the_same_when_it_comes_back_untouched(layout: str) -> None:
    content = book(layout)
    assert content == book(layout)
    assert states(compared(content)) == [0, FILLED, 0, 0]
    assert states(compared(saved(openpyxl.load_workbook(io.BytesIO(content))))) == [0, FILLED, 0, 0]
    assert states(compared(strict(content))) == [0, FILLED, 0, 0]
    assert len(places(content)) == len(SHEETS) * len(read_workbook(io.BytesIO(content), KEYS).ticket.sheets[0].base)


def strict(content: bytes) -> bytes:
    """The workbook in the strict dialect of the standard, with its texts shared."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    old, new = "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/"
    changed, output = saved(book), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(changed)) as parts, zipfile.ZipFile(output, "w") as packed:
        for name in parts.namelist():
            text = parts.read(name)
            if name.endswith((".xml", ".rels")) and not name.startswith("[") and "package" not in name:
                text = text.replace(f"{old}spreadsheetml/2006/main".encode(), f"{new}spreadsheetml/main".encode())
                text = text.replace(
                    f"{old}officeDocument/2006/relationships".encode(), f"{new}officeDocument/relationships".encode()
                )
            packed.writestr(name, text)
    return output.getvalue()


@pytest.mark.parametrize("layout", ["sheets", "table"])
def test_texts_of_people_are_no_formulas_and_all_but_the_places_is_protected(layout: str) -> None:
    shown = openpyxl.load_workbook(io.BytesIO(book(layout)))
    hidden = [sheet.title for sheet in shown if sheet.sheet_state == "veryHidden"]
    assert hidden == ["Шкалы", "Служебный лист"]
    assert all(sheet.protection.sheet for sheet in shown)
    formulas = [cell.value for sheet in shown for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert [text for text in formulas if "HYPERLINK" in text or text in ("=1+1", "=Конкурс", "=Эксперт")] == []
    listed = [rule.sqref for sheet in shown for rule in sheet.data_validations.dataValidation]
    assert len(listed) == len(SHEETS) * (len(criteria()) + 3)
    notes = [cell.comment.text for sheet in shown for row in sheet.iter_rows() for cell in row if cell.comment]
    assert sum("0–3: @слабо" in text for text in notes) == (len(SHEETS) if layout == "sheets" else 1)


def test_marks_are_read_as_people_type_them() -> None:
    at = {code: (101, "mark", code) for code in ("E1", "E2", "E3", "E4", "E5")}
    typed = {
        at["E1"]: " 7 ", at["E2"]: "Не могу  оценить", at["E3"]: True, at["E4"]: "Зеленый", at["E5"]: "7,5",
        (101, "confidence", ""): "средняя", (101, "recommendation", ""): "Не поддерживать",
    }  # fmt: skip
    found = {row.place: (row.state, row.text) for row in compared(filled(book(), typed)).rows if row.review_id == 101}
    new = State.NEW
    assert found == {
        Place(Part.MARK, "E1"): (new, "7"), Place(Part.MARK, "E2"): (new, "abstain"),
        Place(Part.MARK, "E3"): (new, "1"), Place(Part.MARK, "E4"): (new, "2"), Place(Part.MARK, "E5"): (new, "7.5"),
        Place(Part.CONFIDENCE): (new, "medium"), Place(Part.RECOMMENDATION): (new, "do_not_support"),
    }  # fmt: skip
    odd = {at["E1"]: "не могу оценить", at["E2"]: True, at["E3"]: 2, at["E4"]: "синий", at["E5"]: 7.15,
           (101, "recommendation", ""): "может быть", (101, "panel", "E1"): "х" * 20_001}  # fmt: skip
    assert states(compared(filled(book(), odd))) == [0, FILLED, 0, 7]
    noisy = {"xl/worksheets/sheet4.xml": lambda xml: xml.replace("<v>7.1<", "<v>7.0999999999999996<")}
    (row,) = [one for one in compared(rebuilt(filled(book(), {at["E5"]: 7.1}), **noisy)).rows if one.state is new]
    assert row.text == "7.1"


def test_a_row_that_stands_twice_cannot_be_taken() -> None:
    twice = openpyxl.load_workbook(io.BytesIO(book()))
    copy = twice.copy_worksheet(twice["Заявка РЭК-1-"])
    assert copy["A1"].value == "judging score sheets 1"
    found = compared(saved(twice))
    assert {row.number for row in found.rows if row.state is State.INVALID} == {"РЭК/1*"}


@pytest.mark.parametrize("layout", ["sheets", "table"])
def test_a_comment_that_no_cell_holds_is_left_to_the_site(layout: str) -> None:
    long = (Sheet({"E1": Decimal(3)}, {"E1": "\U0001f600" * 20_000}),)
    content = book(layout, long)
    assert (states(compared(content, long)), (100, "panel", "E1") in places(content)) == ([0, 1, 0, 0], False)
    assert "он на сайте, и этот файл его не меняет" in str(
        [cell.value for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet for cell in row]
    )


@pytest.mark.office
def test_libreoffice_saves_a_file_that_says_the_same_and_works_out_the_same(tmp_path: Path) -> None:
    made = {layout: book(layout) for layout in ("sheets", "table")}
    edit = {(101, "mark", "E1"): 2, (101, "mark", "E2"): "не могу оценить", (101, "scope", ""): "да"}
    made["edited"] = filled(made["sheets"], edit)
    worked = recalculated(made, tmp_path)
    for layout in ("sheets", "table"):
        assert states(compared((tmp_path / "made" / f"{layout}.xlsx").read_bytes())) == [0, FILLED, 0, 0]
        assert figures(worked[layout], made[layout]) == figures(opened(made[layout]), made[layout])
    sheet = worked["edited"]["Заявка РЭК-1-"]
    said = {row[1].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=8) if row[1].value}
    assert [said[code][-2:] for code in ("E1", "E2", "E3")] == [
        ["поясните оценку", 2], [None, None], ["не хватает оценки", None],
    ]  # fmt: skip


def figures(book: openpyxl.Workbook, source: bytes) -> dict[str, object]:
    """What stands in every cell that has a formula, rounded far beyond what is printed."""
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(source)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = book[sheet.title][cell.coordinate].value
                    number = isinstance(value, int | float)
                    found[f"{sheet.title}!{cell.coordinate}"] = round(value, 9) if number else value or ""
    return found


def _linked(content: bytes) -> bytes:
    relation = f'<Relationship Id="rId901" Type="{OFFICE}/externalLink" Target="externalLinks/e1.xml"/>'
    end = "</Relationships>"
    return rebuilt(content, **{"xl/_rels/workbook.xml.rels": lambda xml: xml.replace(end, relation + end)})


def _cells_bomb(piece: bytes, size: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book())) as parts:
        before, after = parts.read(SHEET).split(b"</sheetData>", 1)
    block = piece * max(1, 60_000 // len(piece))
    return rebuilt(book(), **{SHEET: bomb(SHEET, size, piece=block, before=before, after=b"</sheetData>" + after)})


HOSTILE = {
    "a zip bomb": (lambda: _cells_bomb(b" " * 1000, 400 * MB), "unpacks to more than"),
    "a million rows": (lambda: _cells_bomb(b"<row/>", 6 * MB), "rows and is not read"),
    "links": (lambda: _linked(book()), "takes values from other files"),
    "links without a reference": (
        lambda: rebuilt(book(), **{"xl/externalLinks/e1.xml": entry("xl/externalLinks/e1.xml", "<a/>")}),
        "takes values from other files",
    ),
    "macros": (
        lambda: rebuilt(book(), **{"xl/vbaProject.bin": entry("xl/vbaProject.bin", "x")}), "has macros"
    ),
    "a formula in a mark": (
        lambda: filled(book(), {(100, "mark", "E1"): "=3+4", (101, "panel", "E1"): "=A1"}),
        "Formulas stand where marks and comments are expected: Заявка РЭК-0-!E8, Заявка РЭК-1-!F8.",
    ),
    "too many bytes": (lambda: book() + b"\0" * LARGEST, "larger than 10 MB"),
    "no workbook": (lambda: b"%PDF-1.7", "not an Excel workbook"),
    "another workbook": (lambda: saved(openpyxl.Workbook()), "not a file of score sheets"),
    "another installation's": (
        lambda: workbook_of(given(), keys=["another key"], made_at=MADE), "not a file of score sheets"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_in_words_and_at_once(name: str) -> None:
    make, words = HOSTILE[name]
    content = make()
    began = perf_counter()
    with pytest.raises((WrongSpreadsheet, NoTicket), match=re.escape(words)):
        read_workbook(io.BytesIO(content), KEYS)
    assert perf_counter() - began < 2
