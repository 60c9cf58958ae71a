"""What is made once a run of the tests, by whichever worker needs it first; the others wait for it."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

folder: Path | None = None
"""A folder of this run that every worker has; tests/conftest.py names it. None outside of the tests."""


@contextmanager
def alone(name: str, own: Path) -> Iterator[Path]:
    """Be the only one of this run who does what ``name`` stands for.

    Gives the folder of the run, or ``own`` where there is none.
    """
    place = folder or own
    with (place / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def made_once(name: str, own: Path, make: Callable[[Path], object]) -> Path:
    """A file or folder that ``make`` makes at the path that it is given; only to be read, or copied.

    It stands in the folder of the run, or in ``own`` where there is none.
    """
    with alone(name, own) as place:
        path, unfinished = place / name, place / f"{name}.unfinished"
        if not path.exists():
            shutil.rmtree(unfinished, ignore_errors=True)  # of somebody who failed
            unfinished.unlink(missing_ok=True)
            make(unfinished)
            unfinished.rename(path)
    return path
