"""A document store in a folder: what was put is on the disk, under its key whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from judging.adapters import durable

CHUNK = 1 << 20


class FolderStore:
    """The store in the folder ``root``, which is made if need be; several threads and processes may use it at once.

    Files have mode 0600 and folders 0700; an older store is tightened when it is opened.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: set[Path] = set()
        durable.make_folder(root)
        durable.tighten_tree(root)

    def put(self, key: str, file: BinaryIO, size: int) -> None:
        """Store the rest of ``file``, ``size`` bytes, under a key that is made from its content.

        Where the key is there already it only becomes new, so that no sweep removes it; a file of another size, which a
        power loss left, is written over.
        """
        path = self._root / key
        self._make(path.parent)
        with self._locked(shared=True):
            there = path.is_file() and path.stat().st_size == size
            if there:
                os.utime(path)
        if there:
            durable.sync_folder(path.parent)  # whoever put it may not have come so far
        else:
            durable.write_whole(path, pieces_of(file))

    def read(self, key: str) -> Iterator[bytes]:
        """Open an object at once and return its bytes in pieces; raise ``FileNotFoundError``."""
        return _Pieces((self._root / key).open("rb"))

    def remove(self, key: str, *, unless_since: datetime) -> bool:
        """Remove an object that nobody has put since; say whether there was one to remove."""
        path = self._root / key
        with self._locked():
            try:
                if path.stat().st_mtime >= unless_since.timestamp():
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
        durable.sync_folder(path.parent)
        return True

    def older(self, area: str, before: datetime) -> list[str]:
        """The keys of an area that were put before that instant."""
        files = (path for path in (self._root / area).glob("*") if path.is_file())
        return [f"{area}/{path.name}" for path in files if path.stat().st_mtime < before.timestamp()]

    def free_bytes(self) -> int:
        """How much the disk still takes."""
        return shutil.disk_usage(self._root).free

    @contextmanager
    def _locked(self, *, shared: bool = False) -> Iterator[None]:
        """Keep removals, here and in other processes, from what is being put again; those who put do not wait."""
        descriptor = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with durable.locked(descriptor, shared=shared):
                yield
        finally:
            os.close(descriptor)

    def _make(self, folder: Path) -> None:
        """Make a folder of the store; those above it are flushed once a process, whoever made them."""
        durable.make_folder(folder)
        while folder not in self._known and folder != self._root.parent:
            durable.sync_folder(folder.parent)
            self._known.add(folder)
            folder = folder.parent


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Read the rest of a file in pieces."""
    while piece := file.read(CHUNK):
        yield piece


class _Pieces:
    """The pieces of an open file, which is closed with the last one, or when nobody wants them any longer."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = b"" if self._file.closed else self._file.read(CHUNK)
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def detach(self) -> BinaryIO:
        """Hand over the open file, to be sent and closed by the web server itself."""
        file, self._file = self._file, BytesIO()
        return file

    def close(self) -> None:
        """Close the file; the web server calls this when the reader goes away."""
        self._file.close()

    def __del__(self) -> None:
        self.close()
