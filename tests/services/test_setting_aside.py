"""A review that staff set aside: it stays, does not count, and leaves its place open; and it can count again."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.models import JournalRecord, Letter, Review
from judging.queries.assignment.divergences import divergences
from judging.queries.assignment.places import coverage, experts
from judging.queries.scoring import own_tasks
from judging.services import scoring
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT
from tests.services.planning import apply_made, contest_of, experts_of, tasks_of

BY = By(Actor(user_id=None, name="Секретарь"), MOMENT + timedelta(hours=1))


def handed_in(session: Session, **values: Any) -> Review:
    contest = contest_of(session, wanted=1)
    application = factories.application(session, contest)
    return factories.review(session, experts_of(session, contest, "28.41")[0], application, "submitted", **values)


def aside(session: Session, review: Review, reason: str = " Списано. ", by: By = BY) -> Review:
    scoring.set_review_aside(session, review, reason=reason, version=review.version, by=by)
    session.flush()
    return review


def test_it_stays_as_it_was_handed_in_and_its_expert_reads_why(session: Session) -> None:
    review = handed_in(session)
    marks = dict(review.scores)
    aside(session, review)
    assert (review.status, review.scores, review.submitted_at) == ("submitted", marks, MOMENT)
    assert (review.set_aside_at, review.set_aside_reason, review.set_aside_by_id) == (BY.now, "Списано.", None)
    letter = session.scalars(select(Letter)).one()
    assert (letter.recipient, "Списано." in letter.body) == (review.expert.email, True)
    line = own_tasks(session, [review.expert_id])[0]
    assert (line.counts, line.set_aside) == (False, "Списано.")
    assert [(row.event, row.details) for row in session.scalars(select(JournalRecord))] == [
        ("review.set_aside", {"reason": "Списано."})
    ]
    session.refresh(review.application.contest)
    assert review.application.contest.ranking_revision == 1


def test_its_place_is_open_for_another_expert_on_the_board_and_in_a_plan(session: Session) -> None:
    review = handed_in(session)
    contest, free = review.application.contest, experts_of(session, review.application.contest, "28.41")[0]
    loads = experts(session, contest.id)
    assert coverage(session, contest.id, 1, loads).missing == 0
    aside(session, review)
    assert coverage(session, contest.id, 1, loads).missing == 1
    apply_made(session, contest)
    assert tasks_of(session, contest) == {
        (review.expert_id, review.application_id, "submitted"), (free.id, review.application_id, "proposed")
    }  # fmt: skip


def test_nothing_diverges_from_it(session: Session) -> None:
    low = handed_in(session, mark=1)
    other = experts_of(session, low.application.contest, "28.41")[0]
    factories.review(session, other, low.application, "submitted", mark=10)
    assert [one.id for one in divergences(session, low.contest_id)] == [low.application_id]
    aside(session, low)
    assert divergences(session, low.contest_id) == []


def test_it_counts_again_with_a_reason_and_a_letter(session: Session) -> None:
    review = aside(session, handed_in(session))
    scoring.count_review_again(session, review, reason="Проверено", version=review.version, by=BY)
    session.flush()
    assert (review.set_aside_at, review.set_aside_reason, review.set_aside_by_id) == (None, None, None)
    assert own_tasks(session, [review.expert_id])[0].counts
    bodies = [letter.body for letter in session.scalars(select(Letter).order_by(Letter.id))]
    assert [("Списано." in body, "Проверено" in body) for body in bodies] == [(True, False), (False, True)]


def test_what_is_set_aside_is_not_returned_and_neither_act_is_done_twice(session: Session) -> None:
    review = handed_in(session)
    with pytest.raises(NotPossible):
        scoring.count_review_again(session, review, reason="Так", version=review.version, by=BY)
    aside(session, review)
    with pytest.raises(NotPossible):
        aside(session, review)
    with pytest.raises(NotPossible):
        scoring.return_review(session, review, reason="Так", version=review.version, by=BY)


def test_it_takes_a_reason_a_submitted_review_its_version_and_a_ranking_that_is_not_frozen(session: Session) -> None:
    review = handed_in(session)
    with pytest.raises(ReasonMissing):
        aside(session, review, reason=" ")
    with pytest.raises(Stale):
        scoring.set_review_aside(session, review, reason="Так", version=review.version + 1, by=BY)
    draft = factories.review(
        session, experts_of(session, review.application.contest, "28.41")[0], review.application, "accepted"
    )
    with pytest.raises(NotPossible):
        aside(session, draft)
    review.application.contest.status = "ranking_frozen"
    session.flush()
    with pytest.raises(GateClosed):
        aside(session, review)
    assert session.scalars(select(JournalRecord)).all() == []
