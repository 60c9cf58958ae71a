"""Which reviews may count, and whose agreed score counts in their place."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from judging.domain.record import AgreedReview, Conflict, ContestTerms, Review, ReviewState
from judging.domain.rules import AgreedScore

EARLIEST = datetime.min.replace(tzinfo=UTC)


def countable(review: Review, conflicts: frozenset[tuple[str, str]]) -> bool:
    """Say whether ``review`` may count.

    It is submitted, its (expert, application) pair is not in conflict, its expert does not say that the project is out
    of scope, and staff did not set it aside.
    """
    return (
        review.state is ReviewState.SUBMITTED
        and (review.expert, review.application) not in conflicts
        and review.in_scope is not False
        and review.set_aside is None
    )


def countable_reviews(reviews: Iterable[Review], conflicts: Iterable[Conflict]) -> defaultdict[str, list[Review]]:
    """Return the reviews that may count by application number, each list by time of submission, then e-mail."""
    barred = frozenset((item.expert, item.application) for item in conflicts)
    grouped = defaultdict(list)
    for review in reviews:
        if countable(review, barred):
            grouped[review.application].append(review)
    for group in grouped.values():
        group.sort(key=submission)
    return grouped


def submission(review: Review) -> tuple[datetime, str]:
    """Return what orders reviews: the time of submission, then the e-mail."""
    return review.submitted_at or EARLIEST, review.expert


def agreed_scores(
    terms: ContestTerms, agreed: Iterable[AgreedReview], conflicts: Iterable[Conflict]
) -> dict[str, AgreedReview]:
    """Return the agreed scores that count in the place of reviews, by application number.

    None does in a contest whose rules do not say so, nor one by an expert in conflict with the application.
    """
    if terms.rules.agreed_score is not AgreedScore.COUNTS:
        return {}
    barred = frozenset((item.expert, item.application) for item in conflicts)
    return {item.application: item for item in agreed if (item.expert, item.application) not in barred}
