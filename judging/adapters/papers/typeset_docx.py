"""A script: reads a paper as JSON from standard input and writes it as a Word document. Run by :mod:`.setting`."""

import json
import resource
import sys
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

CPU_SECONDS = 30
MEMORY = 1 << 30
FONT, MONO = "Times New Roman", "Courier New"
WIDTH = 165
"""Millimetres between the margins."""
TALLEST = 900
"""Letters of a row above which it may be broken between two pages."""
SIGNING = (79, 38, 48)
"""Millimetres for who signs, the line, and the name."""


def main(sheet: dict[str, Any]) -> bytes:
    """Return the document."""
    document = Document()
    prepare(document, sheet)
    for words in sheet["over"]:
        paragraph(document, words, indent=85)
    if sheet["over"]:
        paragraph(document, "")
    title = paragraph(document, sheet["title"], centred=True, size=14, bold=True)
    title.paragraph_format.space_before = Pt(6)
    if sheet["subtitle"]:
        paragraph(document, sheet["subtitle"], centred=True)
    if sheet["place"] or sheet["date"]:
        line = paragraph(document, f"{sheet['place']}\t{sheet['date']}")
        line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    for block in sheet["blocks"]:
        BLOCKS[block["kind"]](document, block)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def prepare(document: Any, sheet: dict[str, Any]) -> None:
    """Set margins and type, the numbers of pages above, the code and the hash below."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.append(element("w:lang", {"w:val": "ru-RU"}))
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(4), 1.1
    document.core_properties.title, document.core_properties.author = sheet["title"], sheet["author"]
    document.core_properties.keywords = sheet["code"]
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin, section.bottom_margin = Mm(20), Mm(24)
    section.header_distance, section.footer_distance = Mm(10), Mm(10)
    section.different_first_page_header_footer = True
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number(head, "PAGE", 11)
    for foot in (section.footer, section.first_page_footer):
        stamp(foot.paragraphs[0], sheet)


def stamp(line: Any, sheet: dict[str, Any]) -> None:
    """Write the foot of a page."""
    line.style = "Normal"
    line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    line.paragraph_format.space_after = Pt(0)
    run(line, f"{sheet['code']}\tлист ", 7)
    number(line, "PAGE", 7)
    run(line, " из ", 7)
    number(line, "NUMPAGES", 7)
    run(line, "", 7).add_break()
    run(line, f"SHA-256 {sheet['sha256']}", 7)


def run(line: Any, text: str, size: float, *, bold: bool = False, font: str = FONT) -> Any:
    """Add a piece of text to a paragraph."""
    piece = line.add_run(text)
    piece.font.size, piece.font.name, piece.bold = Pt(size), font, bold
    return piece


def number(line: Any, code: str, size: float) -> None:
    """Add a field that the office computes: the page, or how many there are."""
    for kind in ("begin", None, "separate", "1", "end"):
        piece = run(line, "1" if kind == "1" else "", size)
        if kind is None:
            words = element("w:instrText", {"xml:space": "preserve"})
            words.text = f" {code} "
            piece._r.append(words)
        elif kind != "1":
            piece._r.append(element("w:fldChar", {"w:fldCharType": kind}))


def element(name: str, attributes: dict[str, str]) -> Any:
    """Make an element of the document's XML."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made


def paragraph(
    document: Any, text: Any, *, centred: bool = False, size: float = 12, bold: bool = False, indent: int = 0
) -> Any:
    """Add a paragraph; several lines stand below each other."""
    made = document.add_paragraph()
    fill(made, text, size, bold=bold)
    if centred:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.paragraph_format.left_indent = Mm(indent) if indent else None
    return made


def fill(line: Any, text: Any, size: float, *, bold: bool = False) -> None:
    """Write a text into a paragraph: lines below each other, a hash in small letters under its words."""
    words, mark = (text["text"], text["hash"]) if isinstance(text, dict) else (text, "")
    for place, one in enumerate(words if isinstance(words, list) else [words]):
        if place:
            run(line, "", size).add_break()
        run(line, one, size, bold=bold)
    if mark:
        run(line, "", size).add_break()
        run(line, mark, 6.5, font=MONO)


def heading(document: Any, block: dict[str, Any]) -> None:
    """A heading stays with what follows."""
    made = paragraph(document, block["text"], bold=True)
    made.paragraph_format.space_before, made.paragraph_format.keep_with_next = Pt(12), True


def plain(document: Any, block: dict[str, Any]) -> None:
    """A paragraph of text."""
    made = paragraph(document, block["text"])
    made.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    made.paragraph_format.first_line_indent = Mm(12.5) if block.get("indent", True) else None


def label(document: Any, block: dict[str, Any]) -> None:
    """What a table is called stays with it."""
    made = paragraph(document, block["text"])
    made.paragraph_format.keep_with_next = True


def small(document: Any, block: dict[str, Any]) -> None:
    """What is said in small letters."""
    paragraph(document, block["text"], size=9)


def facts(document: Any, block: dict[str, Any]) -> None:
    """Rows of two: what is asked, and the answer."""
    grid(document, block["rows"], [0.36, 0.64], 11)


def ruled(document: Any, block: dict[str, Any]) -> None:
    """A table with its head, and sums in its foot."""
    size = 9 if len(block["head"]) > 4 else 10
    total = sum(block["widths"])
    rows = [block["head"], *block["rows"], *([block["foot"]] if block.get("foot") else [])]
    made = grid(document, rows, [one / total for one in block["widths"]], size, block.get("numeric", ()))
    made.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader", {"w:val": "true"}))
    for row in [made.rows[0], *([made.rows[-1]] if block.get("foot") else [])]:
        for piece in (piece for cell in row.cells for line in cell.paragraphs for piece in line.runs):
            piece.bold = True


def grid(document: Any, rows: list[Any], shares: list[float], size: float, numeric: Any = ()) -> Any:
    """Add a table of these rows; its columns take these shares of the width."""
    made = document.add_table(rows=0, cols=len(shares))
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for share, column in zip(shares, made.columns, strict=True):
        column.width = Mm(WIDTH * share)
    for place, row in enumerate(rows):
        added = made.add_row()
        if sum(map(length, row)) < TALLEST:
            added._tr.get_or_add_trPr().append(element("w:cantSplit", {"w:val": "true"}))
        for column, (cell, value) in enumerate(zip(added.cells, row, strict=True)):
            cell.width = Mm(WIDTH * shares[column])
            line = cell.paragraphs[0]
            line.paragraph_format.space_after = Pt(1)
            fill(line, value, size)
            if place and column in numeric:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph().paragraph_format.space_after = Pt(2)
    return made


def length(value: Any) -> int:
    """How many letters a cell has."""
    words = value["text"] if isinstance(value, dict) else value
    return sum(map(len, words)) if isinstance(words, list) else len(words)


def signatures(document: Any, block: dict[str, Any]) -> None:
    """Who signs, the line to sign on, and the name; then the seal and the date."""
    for who, name in block["rows"]:
        made = document.add_table(rows=2, cols=3)
        made.autofit = False
        for width, column in zip(SIGNING, made.columns, strict=True):
            column.width = Mm(width)
        written = ((who.split("\n"), "______________", name), ("", "подпись", "расшифровка подписи"))
        for size, row, texts in zip((12, 8), made.rows, written, strict=True):
            row._tr.get_or_add_trPr().append(element("w:cantSplit", {"w:val": "true"}))
            for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                cell.width = Mm(SIGNING[column])
                line = cell.paragraphs[0]
                line.paragraph_format.keep_with_next = True
                fill(line, text, size)
                if column:
                    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    seal = "М.П. (при наличии)" if block["sealed"] else ""
    line = paragraph(document, f"{seal}\t«___» ______________ 20___ г.")
    line.paragraph_format.space_before = Pt(12)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)


BLOCKS = {
    "heading": heading, "text": plain, "label": label, "small": small, "facts": facts, "table": ruled,
    "signatures": signatures,
}  # fmt: skip

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.stdout.buffer.write(main(json.loads(sys.stdin.buffer.read())))
