"""Contests for the tests of the exports, drawn once and the same every time."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

from judging.domain.ranking import rank
from judging.domain.record import ContestRecord
from judging.domain.rules import Aggregate, BudgetMode
from judging.exports.facts import RankingExport
from tests.sharing import made_once
from tests.strategies import contest_records

MADE_AT = datetime(2026, 5, 2, 9, 30, 15, tzinfo=UTC)


def export_of(record: ContestRecord) -> RankingExport:
    return RankingExport(record, rank(record), MADE_AT, "secretary@example.org", "published", 3, "ab" * 32)


@contextmanager
def no_local_constants() -> Iterator[None]:
    """Draw nothing from the constants of whatever modules happen to be loaded: they differ from run to run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "_get_local_constants", providers.Constants)
        providers.CONSTANTS_CACHE.cache.clear()
        yield
    providers.CONSTANTS_CACHE.cache.clear()


def drawn(count: int) -> list[ContestRecord]:
    """Draw contests, the same on every run; the ``count`` with the most marks in the ranking, no two with the same."""
    found: list[ContestRecord] = []

    @settings(
        max_examples=60,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(contest_records())
    def collect(record: ContestRecord) -> None:
        found.append(record)

    with no_local_constants():
        collect()
    found.sort(key=lambda record: sum(len(row.counted) + 1 for row in rank(record).rows), reverse=True)
    unlike = list({repr(record.reviews): record for record in reversed(found)}.values())[::-1]
    return unlike[:count]


@pytest.fixture(scope="session")
def contests(shared: Path) -> list[ContestRecord]:
    """One contest for every pair of aggregate and budget mode."""
    pairs = list(product(Aggregate, BudgetMode))
    kept = made_once("contests", shared, lambda path: path.write_bytes(pickle.dumps(drawn(len(pairs)))))
    records: list[ContestRecord] = pickle.loads(kept.read_bytes())
    return [
        replace(
            record,
            contest=replace(record.contest, rules=replace(record.contest.rules, aggregate=way, budget_mode=mode)),
        )
        for record, (way, mode) in zip(records, pairs, strict=True)
    ]
