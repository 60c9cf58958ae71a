"""The bytes of a document that is kept, as a file of its own for whoever looks through it."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from judging.adapters.storage import Storage


@contextmanager
def stored_bytes(storage: Storage, key: str) -> Iterator[BinaryIO]:
    """The bytes of a document as a file that can be mapped; raises ``FileNotFoundError`` where they are not there."""
    with TemporaryFile() as copy:
        for piece in storage.read(key):
            copy.write(piece)
        copy.flush()
        yield cast(BinaryIO, copy)
