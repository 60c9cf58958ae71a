"""The versions of the archive: what each one added, and which of them a record needs.

A version never changes once it is out: snapshots of rankings are hashed over archives (ADR 24). What a contest has that
version 1 has no word for is an *addition*: a key of the version that brought it, and how a record is without it. A
record is written in the lowest version that loses nothing; in a lower one additions are left out, and whoever asks is
told which.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from judging.domain.record import ContestRecord

FORMAT = "contest-archive"
VERSIONS = (1, 2)
FIRST, LATEST = VERSIONS[0], VERSIONS[-1]


@dataclass(frozen=True)
class Addition:
    """A key at ``path`` that came with ``version``: how often a record has it, and the record without it."""

    version: int
    path: str
    count: Callable[[ContestRecord], int]
    without: Callable[[ContestRecord], ContestRecord]


@dataclass(frozen=True)
class Dropped:
    """A key that an archive of a lower version has not, and how often the record has it."""

    path: str
    count: int

    def __str__(self) -> str:
        return f"{self.path} ({self.count})"


def version_of(record: ContestRecord) -> int:
    """Return the lowest version that loses nothing of a record."""
    return max((item.version for item in ADDITIONS if item.count(record)), default=FIRST)


def dropped(record: ContestRecord, version: int) -> tuple[Dropped, ...]:
    """Name what a version has no word for, in the order of the format's description."""
    return tuple(Dropped(item.path, item.count(record)) for item in _beyond(record, version))


def reduced(record: ContestRecord, version: int) -> ContestRecord:
    """Return a record without what a version has no word for."""
    for item in _beyond(record, version):
        record = item.without(record)
    return record


def _beyond(record: ContestRecord, version: int) -> Iterator[Addition]:
    return (item for item in ADDITIONS if item.version > version and item.count(record))


def _without_nominations(record: ContestRecord) -> ContestRecord:
    return replace(record, contest=replace(record.contest, nominations=()))


def _without_choices(record: ContestRecord) -> ContestRecord:
    return replace(record, applications=tuple(replace(item, nomination=None) for item in record.applications))


ADDITIONS: tuple[Addition, ...] = (
    Addition(2, "contest.nominations", lambda record: len(record.contest.nominations), _without_nominations),
    Addition(
        2,
        "applications.nomination",
        lambda record: sum(item.nomination is not None for item in record.applications),
        _without_choices,
    ),
)
