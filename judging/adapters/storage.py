"""The document store: bytes by the SHA-256 of what they are, in a folder, in memory or in S3.

A key is made from the content, so a stored object is never overwritten: the same file twice is one object, and a key
that a table holds leads to exactly those bytes for ever. S3 takes its credentials and endpoint from the usual
``AWS_…`` variables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

CHUNK = 1 << 20
"""How much is held in memory while a file is read or sent, in bytes."""

RETRY: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


@dataclass(frozen=True)
class Stored:
    """What was stored: its ``key``, ``size`` in bytes and ``sha256`` in hexadecimal digits."""

    key: str
    size: int
    sha256: str


class Storage:
    """A document store; :meth:`from_url` opens one."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def from_url(cls, url: str) -> "Storage":
        """Open ``file:///folder`` (made if need be), ``memory:///`` or ``s3://bucket/prefix``.

        Raises ValueError for another scheme. Nothing is asked of S3 before the first file.
        """
        parts = urlsplit(url)
        if parts.scheme == "file":
            return cls(LocalStore(parts.path, mkdir=True))
        if parts.scheme == "memory":
            return cls(MemoryStore())
        if parts.scheme == "s3":
            return cls(S3Store.from_url(url, retry_config=RETRY))
        raise ValueError(f"no such document store: {url}")

    def put(self, file: BinaryIO) -> Stored:
        """Store the whole of a seekable file unless the same bytes are there already."""
        digest, size = _digest(file)
        stored = Stored(key_of(digest), size, digest)
        file.seek(0)
        try:
            obstore.put(self._store, stored.key, file, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return stored
        return stored

    def read(self, key: str) -> Iterator[bytes]:
        """Open an object and return its bytes in pieces; raise FileNotFoundError at once where there is none."""
        return iter(obstore.get(self._store, key).stream(min_chunk_size=CHUNK))


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
