"""The sign of life of the background worker: a file whose time is set anew; it needs no space on the disk."""

from datetime import UTC, datetime
from pathlib import Path

NAME = "worker-alive"


def beat(instance: Path) -> bool:
    """Say that the worker is alive; False where the disk does not even take that."""
    path = instance / NAME
    try:
        path.touch(mode=0o600)
    except OSError:
        return False
    return True


def last_beat(instance: Path) -> datetime | None:
    """Return when the worker last said that it was alive; None where none ever did."""
    try:
        return datetime.fromtimestamp((instance / NAME).stat().st_mtime, UTC)
    except OSError:
        return None
