"""PDF files: whole, open without a password, and no trap for whoever opens them.

Most files are settled by looking for a few names in their bytes and in their object streams, which is as quick as
reading. Only a file in which such a name stands (in a comment, perhaps) is read as PDF: by qpdf, in a process of its
own with bounds on its time and memory (:mod:`.inspecting`), since no parser of PDF can be bounded from within.
"""

import re
import zlib
from typing import BinaryIO
from zlib import decompressobj

from judging.adapters.filetypes.faults import CUT, INTRICATE, WrongFile, not_the_type
from judging.adapters.filetypes.inspecting import inspect
from judging.adapters.mapped import Bytes, mapped

HEAD, CHUNK = 8192, 1 << 16
HEADER_WITHIN = 1024
"""Bytes before the header that readers forgive."""
LARGEST_STREAM, MOST_INFLATED = 32 << 20, 256 << 20
"""Bytes of one object stream, and of all, unpacked: writers put a few hundred objects into one."""
LONGEST_DICTIONARY = 8192


def _spelled(*names: str) -> bytes:
    """Write a pattern of names as PDF may spell them: any letter may stand as # and two hexadecimal digits."""

    def letter(one: str) -> str:
        digits = "".join(f"[{digit.upper()}{digit}]" if digit.isalpha() else digit for digit in f"{ord(one):x}")
        return f"(?:{one}|#{digits})"

    return ("/(?:" + "|".join("".join(map(letter, name)) for name in names) + r")(?![A-Za-z0-9#])").encode()


_SUSPECT = re.compile(_spelled("Encrypt", "JavaScript", "Launch", "EF"))
_OBJECT_STREAM = re.compile(_spelled("ObjStm"))
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_PLAIN_FILTER = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])")
_OBJECT = re.compile(rb"[0-9]\s+[0-9]+\s+obj\b")
_LINEARIZED = re.compile(rb"/Linearized\b[^>]{0,400}?/L\s+([0-9]{1,12})|/L\s+([0-9]{1,12})\b[^>]{0,400}?/Linearized\b")


def check_pdf(file: BinaryIO, extension: str) -> None:
    """Raise :class:`WrongFile` unless this is a whole PDF that everybody can open and that runs nothing."""
    with mapped(file) as content:
        start = content.find(b"%PDF-", 0, HEADER_WITHIN + 5)
        if start < 0:
            raise not_the_type(content[:HEAD], extension)
        _require_end(content, start)
        suspicious = _is_suspicious(content)
    if suspicious:
        inspect(file)


def _require_end(content: Bytes, start: int) -> None:
    """Refuse a file that stops before its end: no end at all, a new revision without one, or less than it says.

    Whatever follows the end and is no PDF (zeros, a page of the program that sent it) does no harm.
    """
    end = content.rfind(b"%%EOF")
    if end < 0 or _OBJECT.search(content, end):
        raise WrongFile(CUT)
    linearized = _LINEARIZED.search(content, start, start + HEADER_WITHIN)
    if linearized and len(content) - start < int(linearized[1] or linearized[2]):
        raise WrongFile(CUT)


def _is_suspicious(content: Bytes) -> bool:
    """Say whether a name that matters stands anywhere, or might stand where it cannot be seen."""
    if _SUSPECT.search(content):
        return True
    budget = MOST_INFLATED
    for found in _OBJECT_STREAM.finditer(content):
        begin = _STREAM.search(content, found.end(), found.end() + LONGEST_DICTIONARY)
        if begin is None:
            continue
        inner = _inflated(content, begin.end(), min(budget, LARGEST_STREAM))
        if inner is None or not _is_plain(content, found.start(), begin.start()) or _SUSPECT.search(inner):
            return True
        budget -= len(inner)
    return False


def _is_plain(content: Bytes, name: int, stream: int) -> bool:
    """Say whether the dictionary around ``name`` packs its stream in the one usual way."""
    before = max(0, name - LONGEST_DICTIONARY)
    begin = max(content.rfind(b"obj", before, name), before)
    dictionary = content[begin:stream]
    return bool(_PLAIN_FILTER.search(dictionary)) and b"Predictor" not in dictionary and b"#" not in dictionary


def _inflated(content: Bytes, place: int, most: int) -> bytes | None:
    """Unpack a stream; None where it is packed otherwise or damaged. More than ``most`` bytes are refused."""
    unpacker, pieces, size = decompressobj(), list[bytes](), 0
    try:
        while not unpacker.eof:
            rest = unpacker.unconsumed_tail or content[place : place + CHUNK]
            place += 0 if unpacker.unconsumed_tail else len(rest)
            piece = unpacker.decompress(rest, CHUNK)
            size += len(piece)
            if size > most:
                raise WrongFile(INTRICATE)
            if not (piece or rest):
                return None
            pieces.append(piece)
    except zlib.error:
        return None
    return b"".join(pieces)
