"""Office files: a sound package whose main part is there and is of the type that the name says."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from judging.adapters import ole
from judging.adapters.filetypes.faults import (
    CUT,
    DAMAGED,
    LARGE,
    MACROS,
    MANY_PARTS,
    PROTECTED,
    WrongFile,
    not_the_type,
    old_format,
    other_type,
)
from judging.adapters.markup import BadMarkup, Handlers
from judging.adapters.markup import read as read_markup
from judging.adapters.packages import BadPackage, Bounds, Flaw, Package, Part

HEAD = 8192
BOUNDS = Bounds()
VERIFIED = 128 << 20
"""Bytes, unpacked, that are read to see that they are whole."""
LARGEST_TABLE = 2 << 20
"""Bytes of the parts that say what the others are."""
MOST_ENTRIES = 30_000

TYPES = "[Content_Types].xml"
RELATIONS = "_rels/.rels"
_TYPES_SPACE = "http://schemas.openxmlformats.org/package/2006/content-types "
_RELATIONS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships "
_MAIN_RELATION = "/officeDocument"

_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN: Mapping[str, str] = {
    f"{_OFFICE}wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}wordprocessingml.template.main+xml": "dotx",
    f"{_OFFICE}spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE}spreadsheetml.template.main+xml": "xltx",
    f"{_OFFICE}presentationml.presentation.main+xml": "pptx",
}
"""The content type of a main part, and the extension of such a file."""
ROOTS: Mapping[str, str] = {"docx": "document", "xlsx": "workbook"}
"""The element that a main part begins with."""
FLAWS: Mapping[Flaw, str] = {
    Flaw.CUT: CUT,
    Flaw.DAMAGED: DAMAGED,
    Flaw.PROTECTED: PROTECTED,
    Flaw.MANY_PARTS: MANY_PARTS,
    Flaw.LARGE: LARGE,
}


def check_office(file: BinaryIO, extension: str) -> None:
    """Raise :class:`WrongFile` unless this is a whole office file of the extension, without macros and password."""
    file.seek(0)
    head = file.read(HEAD)
    if ole.is_ole(head):
        raise WrongFile(PROTECTED) if ole.is_encrypted(file) else old_format(extension)
    try:
        package = Package(file, BOUNDS)
    except BadPackage as bad:
        raise not_the_type(head, extension) if bad.flaw is Flaw.NO_PACKAGE else WrongFile(FLAWS[bad.flaw]) from bad
    with _flaws_in_words():
        _check_parts(package, extension)


def _check_parts(package: Package, extension: str) -> None:
    table = package.part(TYPES)
    if table is None:
        raise other_type("zip", extension)
    types = _content_types(package, table)
    if types.macros() or any(name.endswith("vbaproject.bin") for name in package.parts):
        raise WrongFile(MACROS)
    main = _main_part(package)
    if main is None or not main.size:
        raise WrongFile(DAMAGED)
    found = MAIN.get(types.of(main), "")
    if found != extension:
        raise other_type(found, extension)
    package.verify(VERIFIED)
    if any(".." in name.split("/") or _declares_a_type(package, part) for name, part in package.parts.items()):
        raise WrongFile(DAMAGED)
    if _root(package, main) != ROOTS[extension]:
        raise WrongFile(DAMAGED)


def _declares_a_type(package: Package, part: Part) -> bool:
    """Whether a part of XML begins with a document type declaration, which packages may not have (ECMA-376, part 2)."""
    if not part.name.lower().endswith((".xml", ".rels")):
        return False
    return b"<!DOCTYPE" in next(package.pieces(part), b"")[:HEAD].replace(b"\0", b"")


@contextmanager
def _flaws_in_words() -> Iterator[None]:
    try:
        yield
    except BadPackage as bad:
        raise WrongFile(FLAWS[bad.flaw]) from bad
    except BadMarkup as bad:
        raise WrongFile(DAMAGED) from bad


@dataclass
class _Types:
    """The table of content types: by part and, where a part is not named, by extension."""

    parts: dict[str, str] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)

    def macros(self) -> bool:
        return any("macroEnabled" in name for table in (self.parts, self.extensions) for name in table.values())

    def of(self, part: Part) -> str:
        name = part.name.lower()
        return self.parts.get(name) or self.extensions.get(name.rpartition(".")[2], "")

    def add(self, element: str, attributes: Mapping[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if element == f"{_TYPES_SPACE}Override":
            self.parts[attributes.get("PartName", "").removeprefix("/").lower()] = kind
        elif element == f"{_TYPES_SPACE}Default":
            self.extensions[attributes.get("Extension", "").lower()] = kind


def _content_types(package: Package, table: Part) -> _Types:
    types = _Types()
    read_markup([package.read(table, LARGEST_TABLE)], Handlers(types.add), elements=MOST_ENTRIES)
    return types


def _main_part(package: Package) -> Part | None:
    relations, targets = package.part(RELATIONS), list[str]()
    if relations is None:
        return None

    def start(element: str, attributes: Mapping[str, str]) -> None:
        if element == f"{_RELATIONS_SPACE}Relationship" and attributes.get("Type", "").endswith(_MAIN_RELATION):
            targets.append(attributes.get("Target", ""))

    read_markup([package.read(relations, LARGEST_TABLE)], Handlers(start), elements=MOST_ENTRIES)
    return package.part(targets[0].removeprefix("./")) if targets else None


class _Seen(Exception):
    """The first element was met; nothing more is wanted."""

    def __init__(self, element: str) -> None:
        super().__init__(element)
        self.element = element


def _root(package: Package, part: Part) -> str:
    """Return the name of a part's first element, without its namespace."""

    def start(element: str, _attributes: Mapping[str, str]) -> None:
        raise _Seen(element)

    try:
        read_markup(package.pieces(part), Handlers(start), elements=1)
    except _Seen as seen:
        return seen.element.rpartition(" ")[2]
    return ""
