"""The versions of the archive: what each one added, and which of them a record needs.

A version never changes once it is out: snapshots of rankings are hashed over archives (ADR 24). What a contest has that
version 1 has no word for is an *addition*: a key of the version that brought it, and how a record is without it. A
record is written in the lowest version that loses nothing; in a lower one additions are left out, and whoever asks is
told which.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from judging.adapters.archive.additions import Addition
from judging.adapters.archive.sheet_additions import SHEET_ADDITIONS
from judging.domain.record import ContestRecord
from judging.domain.rubric import in_total

FORMAT = "contest-archive"
VERSIONS = (1, 2)
FIRST, LATEST = VERSIONS[0], VERSIONS[-1]


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


def _groups(record: ContestRecord) -> int:
    return sum(bool(item.group) for item in record.contest.criteria)


def _without_groups(record: ContestRecord) -> ContestRecord:
    criteria = tuple(replace(item, group="", group_en="") for item in record.contest.criteria)
    return replace(record, contest=replace(record.contest, criteria=criteria))


def _outside(record: ContestRecord) -> frozenset[str]:
    return frozenset(item.code for item in record.contest.criteria if not in_total(item))


def _without_outside(record: ContestRecord) -> ContestRecord:
    """Leave criteria outside the total out with their marks and comments: no total is another one."""
    codes, terms = _outside(record), record.contest
    base = terms.frozen_base
    reviews = (
        replace(
            item,
            scores={code: mark for code, mark in item.scores.items() if code not in codes},
            comments={code: text for code, text in item.comments.items() if code not in codes},
        )
        for item in record.reviews
    )
    contest = replace(
        terms,
        criteria=tuple(item for item in terms.criteria if item.code not in codes),
        frozen_base=None if base is None else {code: value for code, value in base.items() if code not in codes},
        nominations=tuple(
            replace(item, weights={code: value for code, value in item.weights.items() if code not in codes})
            for item in terms.nominations
        ),
    )
    return replace(record, contest=contest, reviews=tuple(reviews))


def _without_forms(record: ContestRecord) -> ContestRecord:
    return replace(record, contest=replace(record.contest, forms=()))


def _without_milestones(record: ContestRecord) -> ContestRecord:
    return replace(record, contest=replace(record.contest, milestones=()))


def _without_submissions(record: ContestRecord) -> ContestRecord:
    return replace(record, applications=tuple(replace(item, submissions=()) for item in record.applications))


ADDITIONS: tuple[Addition, ...] = (
    Addition(2, "contest.criteria.group", _groups, _without_groups),
    Addition(2, "contest.criteria of weight 0", lambda record: len(_outside(record)), _without_outside),
    Addition(2, "contest.nominations", lambda record: len(record.contest.nominations), _without_nominations),
    Addition(2, "contest.forms", lambda record: len(record.contest.forms), _without_forms),
    Addition(2, "contest.milestones", lambda record: len(record.contest.milestones), _without_milestones),
    Addition(
        2,
        "applications.nomination",
        lambda record: sum(item.nomination is not None for item in record.applications),
        _without_choices,
    ),
    Addition(
        2,
        "applications.submissions",
        lambda record: sum(len(item.submissions) for item in record.applications),
        _without_submissions,
    ),
    *SHEET_ADDITIONS,
)
