"""Workbooks sent to be compared: each is a true workbook with one thing done to it, and the words of the refusal."""

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from tests.hostile.documents import _quadratic
from tests.hostile.zips import MB, Entry, archive, bomb, entry

SHARED = "xl/sharedStrings.xml"
MARKS = "xl/worksheets/sheet3.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


END = "</Relationships>"


@dataclass(frozen=True)
class Case:
    """What is done to a workbook, and words of the refusal (empty: it is compared)."""

    title: str
    change: Callable[[bytes], bytes]
    words: str


def rebuilt(content: bytes, **parts: Entry | Callable[[str], str]) -> bytes:
    """The workbook with parts changed, replaced or added."""
    wanted = dict(parts)
    entries = []
    with zipfile.ZipFile(BytesIO(content)) as given:
        for name in given.namelist():
            part = wanted.pop(name, None)
            if isinstance(part, Entry):
                entries.append(part)
            else:
                data = given.read(name)
                entries.append(entry(name, part(data.decode()) if callable(part) else data))
    return archive([*entries, *(part for part in wanted.values() if isinstance(part, Entry))])


def in_marks(change: Callable[[str], str]) -> Callable[[bytes], bytes]:
    return lambda content: rebuilt(content, **{MARKS: change})


def _rows_bomb(piece: str, size: int) -> Callable[[bytes], bytes]:
    """The marks' sheet with ``piece`` repeated before its end, up to so many bytes, out of a few kilobytes."""

    def change(content: bytes) -> bytes:
        with zipfile.ZipFile(BytesIO(content)) as given:
            xml = given.read(MARKS)
        before, after = xml.split(b"</sheetData>", 1)
        block = piece.encode() * max(1, 60_000 // len(piece))
        return rebuilt(content, **{MARKS: bomb(MARKS, size, piece=block, before=before, after=b"</sheetData>" + after)})

    return change


def _with_shared(xml: Entry) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        relation = f'<Relationship Id="rId900" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        return rebuilt(
            content,
            **{
                "xl/_rels/workbook.xml.rels": lambda text: text.replace(
                    "</Relationships>", f"{relation}</Relationships>"
                ),
                MARKS: lambda text: re.sub(r'<c r="A2".*?</c>', '<c r="A2" t="s"><v>0</v></c>', text, count=1),
                SHARED: xml,
            },
        )

    return change


def _shared_bomb(piece: str, size: int) -> Entry:
    block = piece.encode() * max(1, 60_000 // len(piece))
    return bomb(SHARED, size, piece=block, before=f'<sst xmlns="{_MAIN}">'.encode(), after=b"</sst>")


def _sheets(count: int) -> Callable[[bytes], bytes]:
    more = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(100, 100 + count))
    return lambda content: rebuilt(
        content, **{"xl/workbook.xml": lambda xml: xml.replace("</sheets>", f"{more}</sheets>")}
    )


def _first_cell(new: str) -> Callable[[bytes], bytes]:
    return in_marks(lambda xml: re.sub(r'<c r="A2".*?</c>', lambda _: new, xml, count=1))


def _names(count: int) -> Callable[[bytes], bytes]:
    names = "".join(f'<definedName name="n{n}">n{n + 1}+n{n + 1}</definedName>' for n in range(count))
    return lambda content: rebuilt(
        content, **{"xl/workbook.xml": lambda xml: xml.replace("</definedNames>", f"{names}</definedNames>")}
    )


def _linked(content: bytes) -> bytes:
    relation = f'<Relationship Id="rId901" Type="{_OFFICE}/externalLink" Target="externalLinks/e1.xml"/>'
    change = {"xl/_rels/workbook.xml.rels": lambda xml: xml.replace("</Relationships>", f"{relation}</Relationships>")}
    return rebuilt(content, **change)


DAMAGED, LARGE, ELEMENTS = "not an Excel workbook", "unpacks to more than", "far more than is expected"
NO_PLACE, MANY_ROWS, MANY_TEXTS = "a cell that no sheet has", "rows and is not read", "more text than is expected"
LONG = "more than 32767 characters"
LAST = "</sheetData>"

CASES: Sequence[Case] = (
    Case("row 2,000,000,000", in_marks(lambda x: x.replace(LAST, f'<row r="2000000000"/>{LAST}')), NO_PLACE),
    Case("row 1e9 of digits", in_marks(lambda x: x.replace(LAST, f'<row r="{"9" * 100_000}"/>{LAST}')), NO_PLACE),
    Case("a cell beyond the last column", in_marks(lambda x: x.replace('r="A2"', 'r="ZZZ2"')), NO_PLACE),
    Case("a million empty rows", _rows_bomb("<row/>", 6 * MB), MANY_ROWS),
    Case("half a million rows of a cell", _rows_bomb("<row><c><v>1</v></c></row>", 14 * MB), MANY_ROWS),
    Case("14 MB of empty elements", _rows_bomb("<x/>", 14 * MB), ELEMENTS),
    Case("14 MB of cells in one row", _rows_bomb("<c/>", 14 * MB), ELEMENTS),
    Case("400 MB of spaces", _rows_bomb(" " * 1000, 400 * MB), LARGE),
    Case("2 GB in one cell", _rows_bomb("x" * 1000, 2000 * MB), LARGE),
    Case("14 MB in one cell", lambda content: _rows_bomb("x" * 1000, 14 * MB)(_opened(content)), LONG),
    Case("shared texts: 14 MB of empty ones", _with_shared(_shared_bomb("<si/>", 14 * MB)), MANY_TEXTS),
    Case("shared texts: 300 MB", _with_shared(_shared_bomb("<si><t>x</t></si>", 300 * MB)), LARGE),
    Case("shared texts: one of 14 MB", _with_shared(bomb(
        SHARED, 14 * MB, before=f'<sst xmlns="{_MAIN}"><si><t>'.encode(), after=b"</t></si></sst>")), MANY_TEXTS),
    Case("a text that is not there", _with_shared(entry(SHARED, f'<sst xmlns="{_MAIN}"/>')), NO_PLACE),
    Case("quadratic entities", in_marks(lambda xml: _quadratic()), DAMAGED),
    Case("100,000 elements deep", in_marks(lambda x: x.replace(LAST, "<a>" * 100_000)), ELEMENTS),
    Case("200,000 names of elements", in_marks(
        lambda x: x.replace(LAST, "".join(f"<n{n}/>" for n in range(150_000)) + LAST)), DAMAGED),
    Case("a number of a million digits", _first_cell(f'<c r="A2"><v>{"9" * 1_000_000}</v></c>'), LONG),
    Case("a number beyond all numbers", _first_cell('<c r="A2"><v>1e999999999</v></c>'), "is none"),
    Case("a number that is none", _first_cell('<c r="A2"><v>NaN</v></c>'), "is none"),
    Case("1,000 sheets", _sheets(1000), "more than 300 sheets"),
    Case("200,000 names for formulas", _names(200_000), LARGE),
    Case("values of other files", _linked, "takes values from other files"),
    Case("another sheet's bytes", lambda content: content[: len(content) // 2], "its end is missing"),
    Case("an old workbook", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format"),
)  # fmt: skip


def _opened(content: bytes) -> bytes:
    """The workbook whose marks' sheet ends within a text, to be closed by nobody."""
    return rebuilt(content, **{MARKS: lambda xml: xml.replace(LAST, f'<row><c t="inlineStr"><is><t>{LAST}', 1)})
