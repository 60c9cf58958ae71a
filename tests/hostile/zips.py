"""ZIP archives written byte by byte, so that they can lie."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import DEFLATED, MAX_WBITS, Z_FULL_FLUSH, compressobj, crc32

MB = 1 << 20


@dataclass(frozen=True)
class Entry:
    """An entry as its headers describe it; ``packed`` is what stands in the file, ``at`` where another's bytes are."""

    name: str
    packed: bytes
    size: int
    crc: int = 0
    method: int = 8
    flags: int = 0
    at: int | None = None
    claimed: int | None = None
    """The packed size that the headers claim, where it is not the true one."""

    @property
    def length(self) -> int:
        return len(self.packed) if self.claimed is None else self.claimed


def packed(content: bytes, repeated: int = 1, before: bytes = b"", after: bytes = b"") -> bytes:
    """Deflate ``before``, ``content`` so many times, ``after``; the time it takes does not depend on how many."""
    packer = compressobj(9, DEFLATED, -MAX_WBITS)
    head = packer.compress(before) + packer.flush(Z_FULL_FLUSH)
    body = packer.compress(content) + packer.flush(Z_FULL_FLUSH)
    return head + body * repeated + packer.compress(after) + packer.flush()


def entry(name: str, content: bytes | str, **lies: object) -> Entry:
    """An honest entry, unless ``lies`` say otherwise."""
    data = content.encode() if isinstance(content, str) else content
    honest: dict[str, object] = {"packed": packed(data), "size": len(data), "crc": crc32(data)}
    return Entry(name=name, **{**honest, **lies})  # type: ignore[arg-type]  # the fields of Entry by name


def bomb(name: str, size: int, *, piece: bytes = b" " * MB, before: bytes = b"", after: bytes = b"") -> Entry:
    """A part of about ``size`` bytes out of a thousandth of them; its checksum is not worked out."""
    times = size // len(piece)
    return Entry(name, packed(piece, times, before, after), len(before) + times * len(piece) + len(after))


def archive(entries: Sequence[Entry], *, comment: bytes = b"", before: bytes = b"") -> bytes:
    """The archive of these entries, in this order."""
    body, directory = [before], []
    place = len(before)
    for one in entries:
        name = one.name.encode()
        facts = (one.crc, one.length, one.size)
        start = place if one.at is None else one.at
        if one.at is None:
            local = struct.pack("<4s2B4HL2L2H", b"PK\x03\x04", 20, 0, one.flags, one.method, 0, 0, *facts, len(name), 0)
            body += [local, name, one.packed]
            place += len(local) + len(name) + len(one.packed)
        fixed = (20, 0, 20, 0, one.flags, one.method, 0, 0, *facts, len(name), 0, 0, 0, 0, 0)
        directory += [struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *fixed, start), name]
    table = b"".join(directory)
    count = min(len(entries), 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(table), place, len(comment))
    return b"".join([*body, table, end, comment])
