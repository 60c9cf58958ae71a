"""A workbook: its sheets by name, its shared texts, and which of its formats are dates."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from posixpath import dirname, join, normpath
from typing import BinaryIO

from judging.adapters import ole
from judging.adapters.markup import Handlers
from judging.adapters.markup import read as read_markup
from judging.adapters.packages import Bounds as PackageBounds
from judging.adapters.packages import Package, Part
from judging.adapters.spreadsheets.bounds import (
    LONGEST_TEXT,
    MANY_SHEETS,
    MANY_STYLES,
    MANY_TEXTS,
    NO_SPREADSHEET,
    OLD,
    PROTECTED,
    Bounds,
    WrongSpreadsheet,
    in_words,
)
from judging.adapters.spreadsheets.cells import Row
from judging.adapters.spreadsheets.sheet import Context, read_rows

LONGEST_INDEX = 4 << 20
"""Bytes of the parts that say what the others are."""
MOST_ENTRIES = 50_000
_MAIN, _STRICT = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_OFFICE = ("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
           "http://purl.oclc.org/ooxml/officeDocument/relationships")  # fmt: skip
_IDS = tuple(f"{space} id" for space in _OFFICE)
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_ONE_CELL = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!\$?(?P<column>[A-Z]{1,3})\$?(?P<row>[1-9][0-9]{0,6})"
)
_PROGRAMS = frozenset({"vbaproject", "xlmacrosheet", "xlintlmacrosheet"})
LONGEST_NAME = 300
"""Characters of what a name stands for that are looked at."""
_IN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def local(name: str) -> str:
    """The name of an element of the spreadsheet language, in either dialect; empty for all others."""
    space, _, own = name.rpartition(" ")
    return own if space in (_MAIN, _STRICT) else ""


USUAL = Bounds()


class Book:
    """A workbook within bounds. Raises :class:`WrongSpreadsheet`, in words, here and while its rows are read."""

    def __init__(self, file: BinaryIO, bounds: Bounds = USUAL) -> None:
        self._bounds, self._left = bounds, bounds.in_all
        file.seek(0)
        if ole.is_ole(file.read(len(ole.MAGIC))):
            raise WrongSpreadsheet(PROTECTED if ole.is_encrypted(file) else OLD)
        with in_words(bounds):
            self._package = Package(file, PackageBounds(parts=bounds.parts, unpacked=bounds.unpacked))
            main = next((path for kind, path in self._relations("").values() if kind == "officeDocument"), "")
            self._relations_of_main = self._relations(main)
            self.since_1904 = False
            self._main = self._part(main)
            self._paths = self._sheets(self._main)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets, in order."""
        return tuple(self._paths)

    @cached_property
    def names(self) -> dict[str, tuple[str, str]]:
        """The single cells that have a name of their own: sheet and place («B4») by the name in lower case."""
        taken = _NamedCells()
        handlers = Handlers(taken.start, taken.end, taken.text)
        with in_words(self._bounds):
            read_markup([self._package.read(self._main, LONGEST_INDEX)], handlers, elements=MOST_ENTRIES)
        return {name: place for name, place in taken.found.items() if place[0] in self._paths}

    @property
    def has_links(self) -> bool:
        """Whether it takes values from other workbooks."""
        linked = any(kind == "externalLink" for kind, _ in self._relations_of_main.values())
        return linked or any(name.startswith("xl/externallinks/") for name in self._package.parts)

    @property
    def has_macros(self) -> bool:
        """Whether it brings programs along: Visual Basic, or the sheets of macros of old."""
        kinds = {kind.lower() for kind, _ in self._relations_of_main.values()}
        return bool(kinds & _PROGRAMS) or any(name.endswith("vbaproject.bin") for name in self._package.parts)

    def rows(self, sheet: str, columns: int) -> Iterator[Row]:
        """Yield the rows of a sheet that have anything in their first ``columns`` cells. KeyError for no such sheet."""
        part = self._part(self._paths[sheet])
        bounds = replace(self._bounds, elements=min(self._bounds.elements, self._left))
        context = Context(
            sheet, columns, bounds, self._text, self._is_date, since_1904=self.since_1904, spent=self._spend
        )
        with in_words(self._bounds):
            yield from read_rows(self._package.pieces(part), context)

    def _spend(self, elements: int) -> None:
        self._left -= elements

    def _text(self, index: int) -> str:
        return self._texts[index]

    def _is_date(self, style: int) -> bool:
        return style in self._dates

    def _part(self, path: str) -> Part:
        part = self._package.part(path) if path else None
        if part is None:
            raise WrongSpreadsheet(NO_SPREADSHEET)
        return part

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        """The kind and the path of whatever a part refers to, by the id of the reference."""
        folder, name = dirname(source), source.rpartition("/")[2]
        part, found = self._package.part(join(folder, "_rels", f"{name}.rels")), dict[str, tuple[str, str]]()
        if part is None:
            return found

        def start(element: str, given: Mapping[str, str]) -> None:
            if element.endswith(" Relationship"):
                target, kind = given.get("Target", ""), given.get("Type", "").rpartition("/")[2]
                path = target.removeprefix("/") if target.startswith("/") else normpath(join(folder, target))
                found[given.get("Id", "")] = kind, path

        read_markup([self._package.read(part, LONGEST_INDEX)], Handlers(start), elements=MOST_ENTRIES)
        return found

    def _sheets(self, main: Part) -> dict[str, str]:
        paths = dict[str, str]()

        def start(element: str, given: Mapping[str, str]) -> None:
            name = local(element)
            if name == "workbookPr":
                self.since_1904 = given.get("date1904") in ("1", "true")
            elif name == "sheet":
                ident = next((given[key] for key in _IDS if key in given), "")
                paths[given.get("name", "")] = self._relations_of_main.get(ident, ("", ""))[1]
                if len(paths) > self._bounds.sheets:
                    raise WrongSpreadsheet(MANY_SHEETS, limit=self._bounds.sheets)

        read_markup([self._package.read(main, LONGEST_INDEX)], Handlers(start), elements=MOST_ENTRIES)
        return paths

    def _other(self, kind: str) -> Part | None:
        path = next((path for found, path in self._relations_of_main.values() if found == kind), "")
        return self._package.part(path) if path else None

    @cached_property
    def _texts(self) -> list[str]:
        """The shared texts, in order; what is read aloud beside them (phonetic) is left out."""
        part = self._other("sharedStrings")
        texts = _Texts(self._bounds)
        if part is not None:
            handlers = Handlers(texts.start, texts.end, texts.text)
            read_markup(self._package.pieces(part), handlers, elements=self._bounds.texts * 8)
        return texts.done

    @cached_property
    def _dates(self) -> frozenset[int]:
        """The numbers of the cell formats that show dates or times."""
        part, formats = self._other("styles"), _Formats(self._bounds)
        if part is not None:
            handlers = Handlers(formats.start, formats.end)
            read_markup(self._package.pieces(part), handlers, elements=self._bounds.styles * 8)
        return frozenset(formats.dates)


class _Texts:
    """Takes the shared texts."""

    def __init__(self, bounds: Bounds) -> None:
        self.done: list[str] = []
        self._bounds, self._pieces, self._taking, self._aloud = bounds, list[str](), False, 0
        self._left, self._own = bounds.characters, 0

    def start(self, element: str, _given: Mapping[str, str]) -> None:
        name = local(element)
        if name == "t":
            self._taking = not self._aloud
        elif name == "si":
            self._pieces, self._own = [], 0
        elif name == "rPh":
            self._aloud += 1

    def end(self, element: str) -> None:
        name = local(element)
        if name == "t":
            self._taking = False
        elif name == "rPh":
            self._aloud -= 1
        elif name == "si":
            self.done.append("".join(self._pieces))
            if len(self.done) > self._bounds.texts:
                raise WrongSpreadsheet(MANY_TEXTS)

    def text(self, text: str) -> None:
        if self._taking:
            self._left -= len(text)
            self._own += len(text)
            if self._left < 0 or self._own > LONGEST_TEXT:
                raise WrongSpreadsheet(MANY_TEXTS)
            self._pieces.append(text)


class _Formats:
    """Takes the formats of cells, and of numbers as far as they are dates."""

    def __init__(self, bounds: Bounds) -> None:
        self.dates: list[int] = []
        self._bounds, self._own, self._count, self._inside = bounds, set[str](), 0, False

    def start(self, element: str, given: Mapping[str, str]) -> None:
        name = local(element)
        if name == "numFmt" and is_date_format(given.get("formatCode", "")[:255]):
            self._own.add(given.get("numFmtId", ""))
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._add(given.get("numFmtId", ""))

    def end(self, element: str) -> None:
        if local(element) == "cellXfs":
            self._inside = False

    def _add(self, number: str) -> None:
        if number in self._own or (number.isdecimal() and len(number) < 4 and int(number) in _DATE_FORMATS):
            self.dates.append(self._count)
        self._count += 1
        if self._count > self._bounds.styles:
            raise WrongSpreadsheet(MANY_STYLES, limit=self._bounds.styles)


class _NamedCells:
    """Takes the names that stand for one cell."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self._name, self._pieces = "", list[str]()

    def start(self, element: str, given: Mapping[str, str]) -> None:
        if local(element) == "definedName":
            self._name, self._pieces = given.get("name", "").casefold(), []

    def end(self, element: str) -> None:
        if local(element) == "definedName":
            place = _ONE_CELL.fullmatch("".join(self._pieces)[:LONGEST_NAME])
            if place and self._name:
                sheet = place["quoted"].replace("''", "'") if place["quoted"] else place["plain"]
                self.found.setdefault(self._name, (sheet, f"{place['column']}{place['row']}"))
            self._name = ""

    def text(self, text: str) -> None:
        if self._name:
            self._pieces.append(text)


def is_date_format(code: str) -> bool:
    """Say whether a format of numbers («dd.mm.yyyy», «#,##0.00») shows a date or a time."""
    plain = _IN_QUOTES.sub("", code.partition(";")[0]).lower()
    return "general" not in plain and any(letter in plain for letter in "dmyhs")
