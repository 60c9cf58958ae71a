"""What every save of a sheet leaves behind, and the sheet of a moment brought back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.lifecycle import NotPossible
from judging.domain.sheets import Sheet
from judging.models import JournalRecord, Review, SheetEdit
from judging.queries.sheet_histories import sheet_at, steps_of
from judging.services import scoring
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

MINUTE = timedelta(minutes=1)


def world(session: Session) -> Review:
    contest = factories.contest(session)
    application = factories.application(session, contest)
    return factories.review(session, factories.expert(session, contest), application, "accepted")


def by(review: Review, minutes: int) -> By:
    return By(Actor(user_id=review.expert.user_id, name=review.expert.name), MOMENT + minutes * MINUTE)


def save(session: Session, review: Review, minutes: int, scores: dict[str, str], **comments: str) -> None:
    marks = {code: Decimal(mark) for code, mark in scores.items()}
    draft = scoring.SheetDraft(marks, comments, None, review.version, tab="one")
    scoring.save_draft(session, review, draft, by=by(review, minutes))
    session.flush()


def restore(session: Session, review: Review, minutes: int, to: int, version: int) -> None:
    moment = MOMENT + to * MINUTE
    scoring.restore_sheet(session, review, moment=moment, version=version, by=by(review, minutes))
    session.flush()


def test_every_save_leaves_what_it_changed_and_the_same_again_leaves_nothing(session: Session) -> None:
    review = world(session)
    save(session, review, 0, {"E1": "7"}, E1="Есть")
    save(session, review, 1, {"E1": "7.0"}, E1="Есть опыт")
    save(session, review, 2, {"E1": "7.0"}, E1="Есть опыт")
    rows = session.scalars(select(SheetEdit).order_by(SheetEdit.id)).all()
    first, second = {"mark-E1": [0, "", "7"], "comment-E1": [0, "", "Есть"]}, {"comment-E1": [4, "", " опыт"]}
    assert [row.changes for row in rows] == [first, second | {"mark-E1": [1, "", ".0"]}]
    assert [(row.at, row.by_id, row.tab) for row in rows] == [
        (MOMENT + n * MINUTE, review.expert.user_id, "one") for n in range(2)
    ]


def test_the_sheet_of_a_moment_comes_back_and_what_was_there_stays_in_the_history(session: Session) -> None:
    review = world(session)
    save(session, review, 0, {"E1": "7"}, E1="Есть образец")
    save(session, review, 30, {"E2": "3"})
    restore(session, review, 60, to=0, version=review.version)
    assert (review.scores, review.comments) == ({"E1": "7"}, {"E1": "Есть образец"})
    assert sheet_at(session, review, MOMENT + 30 * MINUTE) == Sheet({"E2": Decimal(3)})
    assert sheet_at(session, review, MOMENT - MINUTE) == Sheet()
    assert [(step.first_at, step.fields) for step in steps_of(session, review)] == [
        (MOMENT + 60 * MINUTE, ("comment-E1", "mark-E1", "mark-E2")),
        (MOMENT + 30 * MINUTE, ("comment-E1", "mark-E1", "mark-E2")),
        (MOMENT, ("comment-E1", "mark-E1")),
    ]
    last = session.scalars(select(JournalRecord).order_by(JournalRecord.id.desc())).first()
    assert last is not None
    assert (last.event, last.details["restored"]) == ("review.saved", MOMENT.isoformat())


def test_nothing_comes_back_over_newer_words_or_into_a_submitted_sheet(session: Session) -> None:
    review = world(session)
    save(session, review, 0, {"E1": "7"})
    known = review.version
    save(session, review, 30, {"E1": "4"})
    with pytest.raises(Stale):
        restore(session, review, 60, to=0, version=known)
    review.status, review.submitted_at = "submitted", MOMENT
    session.flush()
    with pytest.raises(NotPossible):
        restore(session, review, 60, to=0, version=review.version)
    assert review.scores == {"E1": "4"}
