"""What an addition is: a key that a version of the archive brought."""

from collections.abc import Callable
from dataclasses import dataclass

from judging.domain.record import ContestRecord


@dataclass(frozen=True)
class Addition:
    """A key at ``path`` that came with ``version``: how often a record has it, and the record without it."""

    version: int
    path: str
    count: Callable[[ContestRecord], int]
    without: Callable[[ContestRecord], ContestRecord]
