"""The text of a PDF or of a Word document that somebody uploaded, read within bounds; None where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from judging.adapters.bounded import answer_of
from judging.adapters.markup import BadMarkup, Handlers
from judging.adapters.markup import read as read_markup
from judging.adapters.packages import BadPackage, Bounds, Package

SCRIPT = Path(__file__).with_name("pdf_text.py")
MOST_SAID = 8 << 20
MOST_TEXT = 2 << 20
MOST_PARTS, MOST_ELEMENTS = 40, 500_000
_TEXT = "http://schemas.openxmlformats.org/wordprocessingml/2006/main t"
_ENDS = tuple(f"http://schemas.openxmlformats.org/wordprocessingml/2006/main {name}" for name in ("p", "br", "tab"))


def text_of(file: BinaryIO, extension: str) -> str | None:
    """Return the text of a seekable file that was found whole; None of one that has none or is beyond the bounds."""
    return _pdf(file) if extension == "pdf" else _docx(file) if extension == "docx" else None


def _pdf(file: BinaryIO) -> str | None:
    answer = answer_of(SCRIPT, file, most=MOST_SAID)
    return None if answer is None else answer.decode("utf-8", "replace")


def _docx(file: BinaryIO) -> str | None:
    """The body, then heads and feet."""
    file.seek(0)
    words = _Words()
    try:
        package = Package(file, Bounds())
        names = [name for name in package.parts if name.startswith("word/") and name.endswith(".xml")]
        wanted = [name for name in names if name.removeprefix("word/").startswith(("document", "footer", "header"))]
        return "\n".join(words.of(package, name) for name in sorted(wanted)[:MOST_PARTS])
    except (BadPackage, BadMarkup):
        return None


@dataclass
class _Words:
    """Reads parts of one document; the bounds are those of all of them together."""

    letters: int = MOST_TEXT
    elements: int = MOST_ELEMENTS

    def of(self, package: Package, name: str) -> str:
        """The text of a part."""
        pieces: list[str] = []
        inside = False

        def start(element: str, _attributes: Mapping[str, str]) -> None:
            nonlocal inside
            inside = element == _TEXT
            self.elements -= 1

        def end(element: str) -> None:
            nonlocal inside
            if element in _ENDS:
                pieces.append("\n")
            inside = False

        def words(text: str) -> None:
            if inside and self.letters > 0:
                pieces.append(text)
                self.letters -= len(text)

        read_markup(package.pieces(package.parts[name]), Handlers(start, end, words), elements=self.elements)
        return "".join(pieces)
