"""The document store: bytes by the SHA-256 of what they are, in a folder, in memory or in S3.

A key is made from the content, so a stored object is never overwritten: the same file twice is one object, and a key
that a table holds leads to exactly those bytes for ever. What was put is on the disk (a folder) or acknowledged by the
server (S3). S3 takes its credentials and endpoint from the usual ``AWS_…`` variables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import MemoryStore, ObjectStore, S3Store

from judging.adapters.folder_store import CHUNK, FolderStore

PREPARED = "prepared"
"""The area of the downloads that are prepared beside the requests, apart from the documents."""
YOUNG = timedelta(minutes=30)
"""What was put since need not be put again to be safe from a sweep, which leaves the last hour alone."""
RETRY: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


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


class ObstoreBackend:
    """A store of obstore's: S3, or memory in tests."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, key: str, file: BinaryIO, size: int) -> None:
        """Store the rest of ``file`` unless the key is there; one that is old is stored anew, so that it counts as new.

        Between looking and removing a sweep leaves some milliseconds, in which such a file could still be lost.
        """
        try:
            obstore.put(self._store, key, file, mode="create", use_multipart=False)
        except AlreadyExistsError:
            if self._stored_at(key) < datetime.now(UTC) - YOUNG:
                file.seek(0)
                obstore.put(self._store, key, file, use_multipart=False)

    def remove(self, key: str, *, unless_since: datetime) -> bool:
        """Remove an object that is older."""
        try:
            if self._stored_at(key) >= unless_since:
                return False
        except FileNotFoundError:
            return False
        obstore.delete(self._store, key)
        return True

    def older(self, area: str, before: datetime) -> list[str]:
        """The keys of an area that were put before that instant."""
        listed = obstore.list(self._store, prefix=area)
        return [str(item["path"]) for page in listed for item in page if item["last_modified"] < before]

    def free_bytes(self) -> int | None:
        """Nobody knows."""
        return None

    def _stored_at(self, key: str) -> datetime:
        stored_at: datetime = obstore.head(self._store, key)["last_modified"]
        return stored_at

    def read(self, key: str) -> Iterator[bytes]:
        """Open an object and return its bytes in pieces."""
        return iter(obstore.get(self._store, key).stream(min_chunk_size=CHUNK))


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
        if parts.scheme == "memory":
            return cls(ObstoreBackend(MemoryStore()))
        if parts.scheme == "s3":
            return cls(ObstoreBackend(S3Store.from_url(url, retry_config=RETRY)))
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
