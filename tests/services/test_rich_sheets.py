"""Saving and handing in a sheet that asks for more than marks: what is stored, recorded, kept, and told to staff."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.sheet_history import as_others_see, sheet_of, texts_of
from judging.domain.sheets import Sheet
from judging.models import JournalRecord, Letter, Review, ReviewVersion
from judging.queries.invariants import reviews as checks
from judging.queries.invariants.sheet_histories import broken
from judging.queries.scoring import stored_sheet
from judging.queries.sheet_histories import steps_of
from judging.queries.states import sheet_hash
from judging.services import scoring
from judging.services.scoring.review_return import return_review
from tests import factories
from tests.factories import MOMENT
from tests.rich_sheets import READY, enrich

BY = By(Actor(user_id=None, name="Эксперт"), MOMENT)
GROUP = f"group:{READY}"
SECRET = "Похоже на прошлогодний проект соседей"
MARKS = {"E1": Decimal(7), "E3": Decimal("4.5"), "E5": Decimal(1), "E6": Decimal(2)}


@pytest.fixture
def review(session: Session) -> Review:
    contest = factories.contest(session)
    enrich(contest)
    return factories.review(
        session, factories.expert(session, contest), factories.application(session, contest), "accepted"
    )


def save(session: Session, review: Review, **values: Any) -> None:
    draft = {"scores": {}, "comments": {}, "recommendation": None, "version": review.version} | values
    scoring.save_draft(session, review, scoring.SheetDraft(**draft), by=BY)
    session.flush()


def full(session: Session, review: Review, **values: Any) -> None:
    given = {
        "scores": MARKS, "comments": {"E1": "Есть образец", GROUP: "Спрос подтверждён"}, "recommendation": "support",
        "abstained": ["E2"], "to_applicant": {"E1": "Уточните сроки"}, "private": {"E1": SECRET}, "confidence": "high",
        "in_scope": True,
    }  # fmt: skip
    save(session, review, **given | values)


def details(session: Session) -> list[dict[str, Any]]:
    return list(session.scalars(select(JournalRecord.details).order_by(JournalRecord.id)))


def test_everything_is_stored_whole_and_of_private_notes_the_journal_knows_only_that_they_changed(
    session: Session, review: Review
) -> None:
    assert sheet_of(texts_of(stored_sheet(review))) == stored_sheet(review)
    full(session, review)
    full(session, review, private={"E1": SECRET * 9, "E2": "Ещё"}, scope_reason="", abstained={"E2"})
    full(session, review, private={"E1": SECRET * 9, "E2": "Ещё"})
    sheet = stored_sheet(review)
    assert (sheet.abstained, sheet.to_applicant, sheet.confidence, sheet.in_scope) == (
        frozenset({"E2"}), {"E1": "Уточните сроки"}, "high", True,
    )  # fmt: skip
    assert (sheet.private, sheet.comments[GROUP]) == ({"E1": SECRET * 9, "E2": "Ещё"}, "Спрос подтверждён")
    assert details(session) == [
        {
            "marks": {"E1": [None, "7"], "E3": [None, "4.5"], "E5": [None, "1"], "E6": [None, "2"]},
            "comments": {"E1": [0, 12], GROUP: [0, 17]},
            "recommendation": [None, "support"],
            "abstained": [[], ["E2"]],
            "to_applicant": {"E1": [0, 14]},
            "private": True,
            "confidence": [None, "high"],
            "in_scope": [None, True],
        },
        {"private": True},
    ]


def test_a_moment_of_the_sheet_comes_back_with_everything_and_others_read_no_private_note_of_its_history(
    session: Session, review: Review
) -> None:
    full(session, review, in_scope=False, scope_reason="Участник один")
    before = stored_sheet(review)
    assert sheet_of(texts_of(before)) == before
    later = By(BY.actor, MOMENT + timedelta(hours=1))
    cleared = scoring.SheetDraft({}, {}, None, review.version)
    scoring.save_draft(session, review, cleared, by=later)
    session.flush()
    assert stored_sheet(review) == Sheet()
    seen = as_others_see(steps_of(session, review))
    assert [SECRET in str(step) for step in seen] == [False, False]
    scoring.restore_sheet(session, review, moment=MOMENT, version=review.version, by=later)
    session.flush()
    assert (stored_sheet(review), list(broken(session))) == (before, [])


def test_an_abstention_where_none_is_allowed_or_beside_a_mark_is_refused(session: Session, review: Review) -> None:
    for scores, abstained, words in (({}, ["E1"], "mark-E1"), ({"E2": Decimal(5)}, ["E2"], "mark-E2")):
        with pytest.raises(Refused) as refusal:
            save(session, review, scores=scores, abstained=abstained, confidence="high")
        assert [fault.path for fault in refusal.value.faults] == [words]
    with pytest.raises(Refused) as refusal:
        save(session, review, confidence="very", recommendation="maybe")
    assert [fault.path for fault in refusal.value.faults] == ["recommendation", "confidence"]
    assert details(session) == []


def test_the_kept_version_says_what_was_given_and_nothing_private(session: Session, review: Review) -> None:
    full(session, review)
    kept = scoring.submit_review(session, review, version=review.version, by=BY)
    session.flush()
    old = {"contest", "application", "title", "expert", "expert_name", "additional", "version", "submitted_at",
           "scores", "comments", "recommendation"}  # fmt: skip
    assert kept.sheet.keys() - old == {"abstained", "to_applicant", "confidence", "in_scope"}
    assert SECRET not in str(kept.sheet)
    assert (list(checks.changed_sheets(session)), kept.sha256) == ([], digest(kept.sheet))
    before = sheet_hash(review)
    review.notes = review.notes | {"applicant": {"E1": "Подменено"}}
    session.flush()
    assert [offence.found for offence in checks.changed_sheets(session)] == ["to_applicant"]
    assert sheet_hash(review) != before


def test_a_plain_sheet_is_written_as_it_always_was(session: Session) -> None:
    contest = factories.contest(session)
    review = factories.review(
        session, factories.expert(session, contest), factories.application(session, contest), "accepted"
    )
    save(session, review, scores={f"E{n}": Decimal(7) for n in range(1, 7)}, recommendation="support")
    kept = scoring.submit_review(session, review, version=review.version, by=BY)
    assert list(kept.sheet)[-3:] == ["scores", "comments", "recommendation"]


def test_outside_the_scope_staff_are_told_and_nothing_filled_in_is_lost(session: Session, review: Review) -> None:
    secretary, other = factories.user(session, "secretary"), factories.user(session, "chair")
    full(session, review, in_scope=False, scope_reason="Участник один", recommendation=None, confidence=None)
    scoring.submit_review(session, review, version=review.version, by=BY)
    session.flush()
    letters = session.scalars(select(Letter)).all()
    assert [(letter.recipient, "Участник один" in letter.body) for letter in letters] == [(secretary.email, True)]
    assert other.email not in {letter.recipient for letter in letters}
    assert (review.status, details(session)[-1]["outside"]) == ("submitted", True)
    return_review(session, review, reason="Проверьте ещё раз", version=review.version, by=BY)
    session.flush()
    full(session, review)
    scoring.submit_review(session, review, version=review.version, by=BY)
    session.flush()
    versions = session.scalars(select(ReviewVersion).order_by(ReviewVersion.number)).all()
    assert [version.sheet["in_scope"] for version in versions] == [False, True]
    assert [version.sheet["scores"] for version in versions] == [{code: f"{mark}" for code, mark in MARKS.items()}] * 2
