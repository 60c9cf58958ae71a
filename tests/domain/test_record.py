"""A contest as it may leave the system: sheets that are not handed in are empty, all else is whole."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from judging.domain.ranking import rank
from judging.domain.record import ContestRecord, Recommendation, Review, ReviewState, without_drafts
from tests.strategies import contest_records

SENT = datetime(2026, 4, 10, 9, tzinfo=UTC)


def review(state: ReviewState, submitted_at: datetime | None) -> Review:
    return Review(
        expert="expert@example.org",
        application="001",
        state=state,
        submitted_at=submitted_at,
        scores={"E1": Decimal(3)},
        comments={"E1": "Мало"},
        recommendation=Recommendation.DO_NOT_SUPPORT,
        additional=True,
        reason="Причина",
    )


@pytest.mark.parametrize(
    ("state", "submitted_at", "kept"),
    [
        (ReviewState.SUBMITTED, SENT, True),
        (ReviewState.ASSIGNED, None, False),
        (ReviewState.ASSIGNED, SENT, False),
        (ReviewState.RECUSED, None, False),
        (ReviewState.RECUSED, SENT, True),
    ],
)
def test_a_sheet_is_others_to_read_once_it_is_handed_in(
    state: ReviewState, submitted_at: datetime | None, kept: bool
) -> None:
    given = review(state, submitted_at)
    shown = given if kept else replace(given, scores={}, comments={}, recommendation=None)
    bare = ContestRecord(None, (), (), (), (), (), (given,))  # type: ignore[arg-type]  # the terms play no part
    assert without_drafts(bare) == replace(bare, reviews=(shown,))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40, deadline=None)
@given(contest_records(most_applications=3))
def test_the_ranking_is_the_same_without_drafts(record: ContestRecord) -> None:
    begun = {code: Decimal(1) for review in record.reviews for code in review.scores}
    drafts = tuple(
        review if review.state is ReviewState.SUBMITTED else replace(review, scores=begun) for review in record.reviews
    )
    assert rank(without_drafts(replace(record, reviews=drafts))) == rank(replace(record, reviews=drafts))
