"""XML of strangers, read as a stream by expat within bounds: no document types, no endless depth, names or tokens.

Expat itself stops nothing that is merely large, and before 2.6 reads a long token anew with every piece that is fed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

DEEPEST = 200
LONGEST_TOKEN = 1 << 18
"""Bytes of one tag with its attributes, one comment, one instruction."""
MOST_NAMES = 20_000
"""Names of elements and attributes that differ; expat and Python keep each of them."""

Start = Callable[[str, Mapping[str, str]], Any]
End = Callable[[str], Any]
Text = Callable[[str], Any]


class BadMarkup(Exception):
    """The text is no XML, or XML beyond the bounds."""


def _nothing(_: Any) -> None:
    """Nobody asked for this."""


@dataclass(frozen=True)
class Handlers:
    """What to call with elements and text; names are «namespace name», with a space between, as expat gives them."""

    start: Start
    end: End = _nothing
    text: Text = _nothing


class Reader:
    """Feeds pieces of one document to handlers. Raises :class:`BadMarkup`; what a handler raises passes through."""

    def __init__(self, handlers: Handlers, *, elements: int) -> None:
        self._names: dict[str, str] = {}
        parser = expat.ParserCreate(namespace_separator=" ", intern=self._names)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.CharacterDataHandler = handlers.text
        parser.StartElementHandler, parser.EndElementHandler = self._counted(handlers, elements)
        self._parser, self._fed = parser, 0

    def feed(self, piece: bytes) -> None:
        """Read on."""
        self._parse(piece, final=False)
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > LONGEST_TOKEN + len(piece):
            raise BadMarkup("token")
        if len(self._names) > MOST_NAMES:
            raise BadMarkup("names")

    def close(self) -> None:
        """Say that this was all; a document that is not whole is bad."""
        self._parse(b"", final=True)

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except (expat.ExpatError, ValueError) as error:  # ValueError: an encoding that Python does not know
            raise BadMarkup(str(error)) from None

    def _counted(self, handlers: Handlers, elements: int) -> tuple[Start, End]:
        begin, finish, left, depth = handlers.start, handlers.end, elements, 0
        self.seen: Callable[[], int] = lambda: elements - left

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal left, depth
            left -= 1
            depth += 1
            if left < 0 or depth > DEEPEST:
                raise BadMarkup("elements")
            begin(name, attributes)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            finish(name)

        return start, end


def read(pieces: Iterable[bytes], handlers: Handlers, *, elements: int) -> None:
    """Read a whole document of at most ``elements`` elements."""
    reader = Reader(handlers, elements=elements)
    for piece in pieces:
        reader.feed(piece)
    reader.close()


def _refuse_doctype(*_: Any) -> None:
    raise BadMarkup("document type")
