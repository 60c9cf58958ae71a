"""Where a signature is: in a file of its own (DER, PEM or base64), or within a PDF (``/ByteRange``)."""

import binascii
import re
from base64 import b64decode
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO

from judging.adapters.mapped import Bytes, mapped
from judging.adapters.signatures.faults import DAMAGED, EMPTY, LARGE, BadSignature

LARGEST = 2 << 20
"""Bytes of a signature: most have a few thousand, one with lists of revoked certificates within a million."""
MOST_WITHIN = 10
"""Signatures of one PDF that are looked at, the last ones."""
SEQUENCE = 0x30
_ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----(.*?)-----END", re.DOTALL)
_NUMBER = rb"([0-9]{1,10})"
_RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}" + rb"\s{1,99}".join([_NUMBER] * 4))


def read_signature(file: BinaryIO, name: str) -> bytes:
    """Return the DER of a file that is a signature by itself; raise :class:`BadSignature` where it cannot be one."""
    file.seek(0)
    data = file.read(LARGEST + 1)
    if not data:
        raise BadSignature(EMPTY, name=name)
    if len(data) > LARGEST:
        raise BadSignature(LARGE, name=name)
    der = data if data[0] == SEQUENCE and not _is_text(data) else _plain(data)
    if not der or der[0] != SEQUENCE:
        raise BadSignature(DAMAGED, name=name)
    return der


def _is_text(data: bytes) -> bool:
    """Base64 may begin with the letter 0, which is the byte of a sequence."""
    return all(byte < 128 and (byte > 31 or byte in b"\r\n\t") for byte in data[:200])


def _plain(data: bytes) -> bytes:
    armoured = _ARMOUR.search(data)
    inner = (armoured[1] if armoured else data).removeprefix(b"\xef\xbb\xbf")
    try:
        return b64decode(re.sub(rb"\s+", b"", inner), validate=True)
    except binascii.Error:
        return b""


@dataclass(frozen=True)
class Within:
    """A signature within a PDF: its DER, the two stretches of bytes it is of, and whether these are the whole file."""

    der: bytes
    first: tuple[int, int]
    second: tuple[int, int]
    whole: bool


def signatures_within(file: BinaryIO) -> Iterator[Within]:
    """Yield the signatures of a PDF that are made as they should be, the last ones."""
    size = file.seek(0, SEEK_END)
    with mapped(file) as content:
        for one in deque(_RANGE.finditer(content), MOST_WITHIN):  # a file may be nothing but such places
            found = _within(content, tuple(map(int, one.groups())), size)
            if found is not None:
                yield found


def _within(content: Bytes, place: tuple[int, ...], size: int) -> Within | None:
    begin, length, second, rest = place
    gap = second - length
    if begin != 0 or not 0 < length < second <= size or second + rest > size or not 2 < gap <= 2 * LARGEST:
        return None
    digits = content[length:second].strip()
    try:
        der = bytes.fromhex(digits.removeprefix(b"<").removesuffix(b">").decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        return None
    if not der or der[0] != SEQUENCE:
        return None
    behind = content[second + rest :].strip(b"\0\r\n\t ")
    return Within(der, (0, length), (second, rest), not behind)
