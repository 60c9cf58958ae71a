"""The document store: bytes by the SHA-256 of what they are, in a folder, in memory or in S3.

A key is made from the content, so a stored object is never overwritten: the same file twice is one object, and a key
that a table holds leads to exactly those bytes for ever. What was put is on the disk (a folder) or acknowledged by the
server (S3). S3 takes its credentials and endpoint from the usual ``AWS_…`` variables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from judging.adapters.folder_store import CHUNK, FolderStore

PREPARED = "prepared"
"""The area of the downloads that are prepared beside the requests, apart from the documents."""


@dataclass(frozen=True)
class Stored:
    """What was stored: its ``key``, ``size`` in bytes and ``sha256`` in hexadecimal digits."""

    key: str
    size: int
    sha256: str


class Backend(Protocol):
    """Where the bytes are."""

    def put(self, key: str, file: BinaryIO, size: int) -> None:
        """Store the rest of ``file``, ``size`` bytes, unless the key is there."""

    def read(self, key: str) -> Iterator[bytes]:
        """Open an object and return its bytes in pieces; raise FileNotFoundError at once."""

    def remove(self, key: str, *, unless_since: datetime) -> bool:
        """Remove an object that nobody has put since; say whether there was one to remove."""

    def older(self, area: str, before: datetime) -> list[str]:
        """The keys of an area that were put before that instant."""

    def free_bytes(self) -> int | None:
        """How much may still be stored; None where nobody knows."""


class Storage:
    """A document store; :meth:`from_url` opens one."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @classmethod
    def from_url(cls, url: str) -> "Storage":
        """Open ``file:///folder`` (made if need be), ``memory:///`` or ``s3://bucket/prefix``.

        Raises ValueError for another scheme. Nothing is asked of S3 before the first file.
        """
        parts = urlsplit(url)
        if parts.scheme == "file":
            return cls(FolderStore(Path(parts.path)))
        if parts.scheme in ("memory", "s3"):
            from judging.adapters.object_store import opened  # where it is used: commands start without it

            return cls(opened(url))
        raise ValueError(f"no such document store: {url}")

    def put(self, file: BinaryIO) -> Stored:
        """Store the whole of a seekable file unless the same bytes are there already."""
        digest, size = _digest(file)
        stored = Stored(key_of(digest), size, digest)
        file.seek(0)
        self._backend.put(stored.key, file, size)
        return stored

    def put_prepared(self, name: str, file: BinaryIO) -> str:
        """Store the whole of a seekable file among the prepared downloads, which are cleared soon; return its key."""
        size = file.seek(0, SEEK_END)
        file.seek(0)
        key = f"{PREPARED}/{name}"
        self._backend.put(key, file, size)
        return key

    def clear_prepared(self, *, before: datetime) -> int:
        """Remove the prepared downloads that were put before that instant; return how many."""
        return sum(self.remove(key, unless_since=before) for key in self._backend.older(PREPARED, before))

    def read(self, key: str) -> Iterator[bytes]:
        """Open an object and return its bytes in pieces; raise FileNotFoundError at once where there is none."""
        return self._backend.read(key)

    def remove(self, key: str, *, unless_since: datetime) -> bool:
        """Remove an object unless it was put, or put again, since that instant; say whether one was removed."""
        return self._backend.remove(key, unless_since=unless_since)

    def free_bytes(self) -> int | None:
        """How much may still be stored; None where nobody knows (S3)."""
        return self._backend.free_bytes()


def key_of(digest: str) -> str:
    """Return the key of the bytes with this SHA-256."""
    return f"sha256/{digest[:2]}/{digest}"


def _digest(file: BinaryIO) -> tuple[str, int]:
    file.seek(0)
    hasher, size = sha256(), 0
    while piece := file.read(CHUNK):
        hasher.update(piece)
        size += len(piece)
    return hasher.hexdigest(), size
