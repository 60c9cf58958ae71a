"""The disks that an installation writes to: how much is free, and whether they take anything at all."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """The disk under a folder: ``free`` and ``total`` in bytes; None where it does not answer."""

    folder: Path
    free: int | None
    total: int | None
    read_only: bool

    def takes(self, reserve: int) -> bool:
        """Whether it can be written to and ``reserve`` bytes are free."""
        return self.free is not None and not self.read_only and self.free >= reserve


def disks_of(folders: Iterable[Path]) -> list[Disk]:
    """Look at the disk under each folder, each once, in the order given."""
    return [disk_of(folder) for folder in dict.fromkeys(folders)]


def disk_of(folder: Path) -> Disk:
    """Look at the disk under a folder."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return Disk(folder, None, None, True)
    read_only = bool(found.f_flag & os.ST_RDONLY)
    return Disk(folder, found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize, read_only)
