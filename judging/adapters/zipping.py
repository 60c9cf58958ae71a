"""Several files as one ZIP that is sent while it is made: nothing of it is stored, and little of it is in memory.

Files are kept as they are, not compressed: nearly all documents are compressed already.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_STORED, ZipFile, ZipInfo

FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
"""What Windows takes in no name."""
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
"""Names of devices, which Windows keeps for itself whatever extension follows."""
LONGEST = 100
"""Characters of one part of a path, so that the whole is short enough for Windows."""


@dataclass(frozen=True)
class Packed:
    """A file of a ZIP: its path there, when it was stored (by the clock that people read), and its bytes in pieces."""

    path: str
    at: datetime
    pieces: Iterable[bytes]


class _Pipe(io.RawIOBase):
    """What was written and not taken yet; it cannot be wound back, so sizes follow each file."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # the base takes any buffer
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        """What was written since it was asked last."""
        given = bytes(self._written)
        self._written.clear()
        return given


def zipped(files: Iterable[Packed]) -> Iterator[bytes]:
    """Yield a ZIP with these files piece by piece, each read when its turn comes."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_STORED) as whole:
        for file in files:
            entry = ZipInfo(file.path, file.at.timetuple()[:6])
            with whole.open(entry, "w", force_zip64=True) as target:
                for piece in file.pieces:
                    target.write(piece)
                    yield pipe.taken()
    yield pipe.taken()


def safe_name(name: str, longest: int = LONGEST) -> str:
    """Return a name that every system takes as a part of a path; the extension stays."""
    clean = " ".join(FORBIDDEN.sub(" ", name).split()).strip(". ") or "_"
    clean = f"_{clean}" if DEVICES.match(clean) else clean
    stem, dot, extension = clean.rpartition(".")
    if len(clean) <= longest or not stem or len(extension) > longest // 2:
        return clean[:longest].rstrip(". ")
    return f"{stem[: longest - len(extension) - 1].rstrip()}{dot}{extension}"


def own_paths(paths: Iterable[str]) -> Iterator[str]:
    """Yield the paths, each once: one that was there before gets a number, as systems compare them without case."""
    seen: set[str] = set()
    for path in paths:
        stem, dot, extension = path.rpartition(".") if "." in path.rpartition("/")[2] else (path, "", "")
        found, number = path, 1
        while found.casefold() in seen:
            number += 1
            found = f"{stem} ({number}){dot}{extension}"
        seen.add(found.casefold())
        yield found
