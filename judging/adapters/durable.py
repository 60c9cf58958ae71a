"""Files that are on the disk when a call returns, and that nobody but the owner of the process reads.

A file is whole or not there: it is written under a temporary name in its own folder, flushed, renamed, and the folder
is flushed. Data alone do not survive a power loss where the folder that names them is not flushed too.
"""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o600, 0o700
PARTIAL = ".part"
"""How the name of a file ends that is not whole yet; what a killed process leaves behind has it too."""


def sync(descriptor: int) -> None:
    """Flush an open file or folder to the disk itself, on macOS through the cache of the drive as well."""
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:
        with suppress(OSError):  # some file systems know only fsync
            fcntl.fcntl(descriptor, full)
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, mode 0700, each flushed into the one above."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=FOLDER_MODE)
    sync_folder(folder.parent)


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Put a file at ``path``, mode 0600, whole and flushed; what was there is replaced. Its folder must be there.

    Where anything fails, ``path`` is as it was and nothing is left behind.
    """
    with _partial(path, pieces) as partial:
        os.replace(partial, path)


def write_new(path: Path, content: bytes) -> None:
    """Put a file at ``path`` in the same way, unless one is there: of several processes one is the first."""
    with _partial(path, [content]) as partial, suppress(FileExistsError):
        os.link(partial, path)


@contextmanager
def _partial(path: Path, pieces: Iterable[bytes]) -> Iterator[Path]:
    """Write beside ``path``; give the whole, flushed file to be put in place; flush the folder after that."""
    descriptor, name = tempfile.mkstemp(suffix=PARTIAL, prefix=".", dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            sync(file.fileno())
        yield partial
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)


def append_line(path: Path, line: bytes) -> None:
    """Add a line to a file, mode 0600, wholly and flushed, or not at all; raise ``OSError`` where it does not fit.

    Threads and processes may add at once.
    """
    known = path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE_MODE)
    try:
        with locked(descriptor):
            _append(descriptor, line)
        sync(descriptor)
    finally:
        os.close(descriptor)
    if not known:
        sync_folder(path.parent)


def _append(descriptor: int, line: bytes) -> None:
    end = os.fstat(descriptor).st_size
    try:
        written = 0
        while written < len(line):
            written += os.write(descriptor, line[written:])
    except OSError:
        os.ftruncate(descriptor, end)
        raise


@contextmanager
def locked(descriptor: int, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of an open file against every other thread and process that has opened it by itself."""
    fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def tighten(path: Path) -> None:
    """Take a file or folder away from everybody but its owner; what is not there, or not ours, stays as it is.

    A folder that all share (with the sticky bit, such as /tmp) is left alone.
    """
    with suppress(FileNotFoundError):
        found = path.stat()
        mode = FOLDER_MODE if stat.S_ISDIR(found.st_mode) else FILE_MODE
        shared = bool(found.st_mode & stat.S_ISVTX)
        if found.st_uid == os.geteuid() and not shared and stat.S_IMODE(found.st_mode) & ~mode:
            path.chmod(mode)


def tighten_tree(folder: Path) -> None:
    """Tighten a folder with all that is in it. One that is tight already is taken to be so throughout."""
    try:
        loose = stat.S_IMODE(folder.stat().st_mode) & ~FOLDER_MODE
    except FileNotFoundError:
        return
    if not loose:
        return
    for place, _, names in os.walk(folder):
        for name in names:
            tighten(Path(place, name))
        if Path(place) != folder:
            tighten(Path(place))
    tighten(folder)  # last: a walk that was broken off is taken up again
