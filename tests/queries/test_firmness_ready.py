"""Which reports can be had while a request waits, and which are left to a worker."""

from dataclasses import replace

import pytest

from judging.domain.ranking import rank
from judging.queries.firmness import WAITED_FOR_ROWS as BOUND
from judging.queries.firmness import counted_reviews, is_small
from tests.domain.records import application
from tests.queries.test_firmness import contest


@pytest.mark.parametrize(
    ("projects", "each", "idle", "small"),
    [
        (BOUND // 2, 2, 0, True),
        (BOUND // 2 + 1, 2, 0, False),
        (10, 2, BOUND - 10, True),
        (10, 2, BOUND - 9, False),
    ],
)
def test_a_report_is_small_by_its_reviews_and_by_its_applications(
    projects: int, each: int, idle: int, small: bool
) -> None:
    record = contest(projects, 4, each)
    waiting = tuple(application(f"W{index}") for index in range(idle))
    ranking = rank(replace(record, applications=(*record.applications, *waiting)))
    assert (counted_reviews(ranking), len(ranking.rows)) == (projects * each, projects + idle)
    assert is_small(ranking) is small
