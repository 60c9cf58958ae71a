"""Packages of office files (.docx, .xlsx): ZIP archives read within bounds, whatever their directory claims.

The directory's own size is looked at before it is read, entries may not share bytes or names, and a part never gives
more bytes than its entry says: one that would is damaged. Packages inside a package are not opened.
"""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import BinaryIO
from zlib import MAX_WBITS, crc32, decompressobj

CHUNK = 1 << 16
STORED, DEFLATED = 0, 8
HEAVY, STEEP = 16 << 20, 200
"""A part of more than ``HEAVY`` bytes that shrank more than ``STEEP`` times is no document but a bomb."""

_END, _LOCATOR, _END64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sLQL"), struct.Struct("<4sQ2H2L4Q")
_ENTRY, _LOCAL = struct.Struct("<4s4B4HL2L5H2L"), struct.Struct("<4s2B4HL2L2H")
_FULL = 0xFFFFFFFF
_LONGEST_COMMENT = 0xFFFF


class Flaw(Enum):
    """Why a package is not read."""

    NO_PACKAGE = auto()
    CUT = auto()
    DAMAGED = auto()
    PROTECTED = auto()
    MANY_PARTS = auto()
    LARGE = auto()


class BadPackage(Exception):
    """The package is not read; whoever asked says why in words."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.name)
        self.flaw = flaw


@dataclass(frozen=True)
class Bounds:
    """How much a package may hold: parts, bytes of its directory, and bytes of all parts unpacked."""

    parts: int = 10_000
    directory: int = 2 << 20
    unpacked: int = 512 << 20


@dataclass(frozen=True)
class Part:
    """An entry of the directory; ``packed`` and ``size`` in bytes, ``offset`` that of its local header."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Package:
    """A package whose directory was read and found sound. Raises :class:`BadPackage`."""

    def __init__(self, file: BinaryIO, bounds: Bounds) -> None:
        self._file = file
        file.seek(0)
        if file.read(4) != b"PK\x03\x04":
            raise BadPackage(Flaw.NO_PACKAGE)
        directory, self._shift, self._end = _directory(file, bounds)
        parts = [part for part in _entries(directory, bounds.parts) if not part.name.endswith("/")]
        _require_sound(parts, self._end - self._shift, bounds)
        self.parts: Mapping[str, Part] = {part.name.lower(): part for part in parts}
        """By name in lower case: names of parts do not differ by case alone."""
        if len(self.parts) < len(parts):
            raise BadPackage(Flaw.DAMAGED)

    def part(self, name: str) -> Part | None:
        """Find a part by its name, with or without the leading slash."""
        return self.parts.get(name.removeprefix("/").lower())

    def read(self, part: Part, most: int) -> bytes:
        """Return the whole of a part of at most ``most`` bytes."""
        if part.size > most:
            raise BadPackage(Flaw.LARGE)
        return b"".join(self.pieces(part))

    def pieces(self, part: Part) -> Iterator[bytes]:
        """Yield a part unpacked, piece by piece; it is damaged if its size or checksum is not what its entry says."""
        made, check = 0, 0
        for piece in self._unpacked(part):
            made += len(piece)
            if made > part.size:
                raise BadPackage(Flaw.DAMAGED)
            check = crc32(piece, check)
            yield piece
        if (made, check) != (part.size, part.crc):
            raise BadPackage(Flaw.DAMAGED)

    def verify(self, budget: int) -> None:
        """Unpack parts to see that they are whole, the smallest first, as far as ``budget`` bytes go.

        A part that hides its size claims to be small and so is always among them.
        """
        for part in sorted(self.parts.values(), key=lambda part: part.size):
            budget -= part.size
            if budget < 0:
                return
            for _ in self.pieces(part):
                pass

    def _unpacked(self, part: Part) -> Iterator[bytes]:
        packed = self._packed(part)
        if part.method == STORED:
            yield from packed
            return
        unpacker, rest = decompressobj(-MAX_WBITS), b""
        try:
            while not unpacker.eof:
                rest = unpacker.unconsumed_tail or next(packed, b"")
                piece = unpacker.decompress(rest, CHUNK)
                if not piece and not rest:
                    raise BadPackage(Flaw.DAMAGED)
                yield piece
        except zlib.error:
            raise BadPackage(Flaw.DAMAGED) from None

    def _packed(self, part: Part) -> Iterator[bytes]:
        place = self._start(part)
        end = place + part.packed
        if end > self._end:
            raise BadPackage(Flaw.DAMAGED)
        while place < end:
            self._file.seek(place)
            piece = self._file.read(min(CHUNK, end - place))
            if not piece:
                raise BadPackage(Flaw.DAMAGED)
            place += len(piece)
            yield piece

    def _start(self, part: Part) -> int:
        """Where the bytes of a part begin, by its local header."""
        place = part.offset + self._shift
        self._file.seek(place)
        header = self._file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise BadPackage(Flaw.DAMAGED)
        *_, name, extra = _LOCAL.unpack(header)
        return place + _LOCAL.size + int(name) + int(extra)


def _directory(file: BinaryIO, bounds: Bounds) -> tuple[bytes, int, int]:
    """Return the directory's bytes, by how much offsets are shifted, and where the directory begins."""
    length = file.seek(0, 2)
    start = max(0, length - _END.size - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or found + _END.size > len(tail):
        raise BadPackage(Flaw.CUT)
    _, _, _, _, count, size, offset, _ = _END.unpack_from(tail, found)
    end = start + found
    if found >= _LOCATOR.size and tail[found - _LOCATOR.size :].startswith(b"PK\x06\x07"):
        end, count, size, offset = _large_directory(file, end)
    if count > bounds.parts or size > bounds.directory:
        raise BadPackage(Flaw.MANY_PARTS)
    begin = end - size
    if begin < offset:
        raise BadPackage(Flaw.DAMAGED)
    file.seek(begin)
    return file.read(size), begin - offset, begin


def _large_directory(file: BinaryIO, end: int) -> tuple[int, int, int, int]:
    """Read the record that large packages (ZIP64) have before the ordinary one."""
    place = end - _LOCATOR.size - _END64.size
    file.seek(max(0, place))
    record = file.read(_END64.size)
    if place < 0 or not record.startswith(b"PK\x06\x06"):
        raise BadPackage(Flaw.DAMAGED)
    *_, count, size, offset = _END64.unpack(record)
    return place, count, size, offset


def _entries(directory: bytes, most: int) -> Iterator[Part]:
    place, count = 0, 0
    while place < len(directory):
        count += 1
        if count > most:
            raise BadPackage(Flaw.MANY_PARTS)
        if not directory.startswith(b"PK\x01\x02", place) or place + _ENTRY.size > len(directory):
            raise BadPackage(Flaw.DAMAGED)
        fields = _ENTRY.unpack_from(directory, place)
        flags, method = fields[5], fields[6]
        crc, packed, size, named, extra, comment = fields[9:15]
        if flags & 1:
            raise BadPackage(Flaw.PROTECTED)
        if method not in (STORED, DEFLATED):
            raise BadPackage(Flaw.DAMAGED)
        after = place + _ENTRY.size + named
        name = directory[place + _ENTRY.size : after].decode("utf-8" if flags & 0x800 else "cp437", "replace")
        packed, size, offset = _large(directory[after : after + extra], size, packed, fields[-1])
        yield Part(name.replace("\\", "/"), method, crc, packed, size, offset)
        place = after + extra + comment


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Return packed size, size and offset, read from the extra field where the entry has no room for them."""
    given, place = [size, packed, offset], 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, place)
        if kind == 1:
            values = iter(struct.unpack_from(f"<{length // 8}Q", extra[: place + 4 + length // 8 * 8], place + 4))
            given = [next(values, value) if value == _FULL else value for value in given]
        place += 4 + length
    return given[1], given[0], given[2]


def _require_sound(parts: list[Part], end: int, bounds: Bounds) -> None:
    """Refuse parts that unpack to too much or share bytes; ``end`` is where the last of them must have ended."""
    if sum(part.size for part in parts) > bounds.unpacked:
        raise BadPackage(Flaw.LARGE)
    if any(part.size > HEAVY and part.size > STEEP * part.packed for part in parts):
        raise BadPackage(Flaw.LARGE)
    places = sorted((part.offset, part.offset + _LOCAL.size + part.packed) for part in parts)
    if any(before[1] > after[0] for before, after in pairwise([*places, (end, end)])):
        raise BadPackage(Flaw.DAMAGED)
