"""The backend of a document store that is not a folder: S3, or memory in tests, by obstore."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import MemoryStore, ObjectStore, S3Store

from judging.adapters.folder_store import CHUNK

YOUNG = timedelta(minutes=30)
"""What was put since need not be put again to be safe from a sweep, which leaves the last hour alone."""
RETRY: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


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


def opened(url: str) -> ObstoreBackend:
    """The store at ``memory:///`` or ``s3://bucket/prefix``; nothing is asked of S3 before the first file."""
    memory = url.startswith("memory:")
    return ObstoreBackend(MemoryStore() if memory else S3Store.from_url(url, retry_config=RETRY))
