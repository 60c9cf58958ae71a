"""The bytes of a file without reading it into memory where it is on the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from mmap import ACCESS_READ, mmap
from typing import BinaryIO

Bytes = bytes | mmap


@contextmanager
def mapped(file: BinaryIO) -> Iterator[Bytes]:
    """Give the bytes of a file; of one that is not on the disk, or empty, what is read of it."""
    file.seek(0)
    try:
        file.flush()
        content = mmap(file.fileno(), 0, access=ACCESS_READ)
    except (UnsupportedOperation, ValueError, OSError):
        yield file.read()
        return
    with content:
        yield content
