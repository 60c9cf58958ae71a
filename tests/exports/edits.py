"""Edits of a workbook as a spreadsheet program would leave them, without touching anything else in the file."""

import re
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

SHEETS = (
    "Рейтинг", "По критериям", "Оценки экспертов", "Показатели", "Критерии", "Шкалы", "Расхождения", "Не допущены",
    "Бюджет", "Методика", "Проверка", "Справочно",
)  # fmt: skip


def part_of(sheet: str) -> str:
    """The part of the package that holds the sheet."""
    return f"xl/worksheets/sheet{SHEETS.index(sheet) + 1}.xml"


def changed(content: bytes, part: str, change) -> bytes:
    """The package with one part changed by the function, from text to text."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as given, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            data = given.read(name)
            made.writestr(name, change(data.decode()).encode() if name == part else data)
    return output.getvalue()


def with_cell(content: bytes, sheet: str, cell: str, value: str | float) -> bytes:
    """The workbook with another value in one cell."""
    new = (
        f'<c r="{cell}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        if isinstance(value, str)
        else f'<c r="{cell}"><v>{value}</v></c>'
    )

    def change(xml: str) -> str:
        edited, count = re.subn(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', lambda _: new, xml, flags=re.DOTALL)
        assert count == 1, (sheet, cell)
        return edited

    return changed(content, part_of(sheet), change)


def without_row(content: bytes, sheet: str, row: int) -> bytes:
    """The workbook without one row; those below stay where they are."""

    def change(xml: str) -> str:
        edited, count = re.subn(rf'<row r="{row}".*?</row>', "", xml, flags=re.DOTALL)
        assert count == 1, (sheet, row)
        return edited

    return changed(content, part_of(sheet), change)
