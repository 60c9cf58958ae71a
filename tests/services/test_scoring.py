"""Drafts, handing in, return and recusal of a review."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.canonical import digest
from judging.domain.errors import Refused, RuleViolation
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.stages import NotOpen
from judging.models import Conflict, Contest, JournalRecord, Letter, Review, ReviewVersion
from judging.services import scoring
from judging.services.concurrency import Stale
from judging.services.scoring.review_declare import OwnTeam
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

ACTOR = Actor(user_id=None, name="Эксперт")
FULL = {f"E{n}": Decimal(7) for n in range(1, 7)}


def world(session: Session, status: str = "accepted", **values: Any) -> Review:
    contest = factories.contest(session)
    application = factories.application(session, contest)
    return factories.review(session, factories.expert(session, contest), application, status, **values)


def save(session: Session, review: Review, scores: dict[str, Decimal] | None = None, **values: Any) -> Review:
    by = By(ACTOR, values.pop("now", MOMENT))
    given = {"scores": scores or {}, "comments": {}, "recommendation": None, "version": review.version}
    return scoring.save_draft(session, review, scoring.SheetDraft(**(given | values)), by=by)


def submit(session: Session, review: Review, **values: Any) -> ReviewVersion:
    by = By(ACTOR, values.pop("now", MOMENT))
    return scoring.submit_review(session, review, **({"version": review.version} | values), by=by)


def records(session: Session) -> list[tuple[str, dict[str, Any]]]:
    session.flush()
    rows = session.scalars(select(JournalRecord).order_by(JournalRecord.id))
    return [(row.event, row.details) for row in rows]


def test_a_draft_may_be_incomplete_and_the_journal_holds_what_changed(session: Session) -> None:
    review = world(session)
    save(session, review, {"E1": Decimal(7)}, comments={"E1": "Есть\r\nобразец\x00", "E2": "  "})
    save(session, review, {"E1": Decimal(4), "E2": Decimal(1)}, recommendation="support")
    session.flush()
    assert (review.scores, review.comments, review.recommendation) == ({"E1": "4", "E2": "1"}, {}, "support")
    assert (review.version, review.saved_at, review.status) == (3, MOMENT, "accepted")
    assert records(session) == [
        ("review.saved", {"marks": {"E1": [None, "7"]}, "comments": {"E1": [0, 12]}}),
        (
            "review.saved",
            {
                "marks": {"E1": ["7", "4"], "E2": [None, "1"]},
                "comments": {"E1": [12, 0]},
                "recommendation": [None, "support"],
            },
        ),
    ]


def test_saving_the_same_again_writes_nothing_even_from_an_old_version(session: Session) -> None:
    review = world(session)
    save(session, review, {"E1": Decimal(7)})
    session.flush()
    save(session, review, {"E1": Decimal("7.0")}, version=1, now=MOMENT + timedelta(hours=1))
    assert (review.version, review.saved_at, len(records(session))) == (2, MOMENT, 1)


def test_an_old_version_overwrites_nothing(session: Session) -> None:
    review = world(session)
    save(session, review, {"E1": Decimal(7)})
    session.flush()
    with pytest.raises(Stale) as refusal:
        save(session, review, {"E1": Decimal(2)}, version=1)
    assert (refusal.value.current, review.scores, len(records(session))) == (review, {"E1": "7"}, 1)


def test_a_press_is_not_stale_after_an_autosave_of_the_same_page(session: Session) -> None:
    review = world(session)
    save(session, review, {"E1": Decimal(7)}, tab="a")
    session.flush()
    save(session, review, {"E1": Decimal(7), "E2": Decimal(2)}, version=1, tab="a", pressed=True)
    session.flush()
    assert (review.scores, review.version) == ({"E1": "7", "E2": "2"}, 3)


@pytest.mark.parametrize(
    ("tabs", "late"),
    [
        (["b"], {"tab": "a", "pressed": True}),
        (["a", "b"], {"tab": "a", "pressed": True}),
        (["b", "a"], {"tab": "a", "pressed": True}),
        ([""], {"tab": "", "pressed": True}),
        (["a"], {"tab": "a", "pressed": False}),
    ],
)
def test_a_press_does_not_go_over_other_pages_nor_a_late_autosave_over_a_press(
    session: Session, tabs: list[str], late: dict[str, Any]
) -> None:
    review = world(session)
    for mark, tab in enumerate(tabs, start=1):
        save(session, review, {"E1": Decimal(mark)}, tab=tab)
        session.flush()
    with pytest.raises(Stale):
        save(session, review, {"E1": Decimal(9)}, version=1, **late)
    assert review.scores == {"E1": str(len(tabs))}


def test_marks_off_the_scale_and_unknown_verdicts_are_refused(session: Session) -> None:
    review = world(session)
    with pytest.raises(Refused) as marks:
        save(session, review, {"E1": Decimal(11), "E2": Decimal("1.5"), "C1": Decimal(1)})
    with pytest.raises(Refused) as verdict:
        save(session, review, recommendation="maybe")
    assert [fault.path for fault in marks.value.faults] == ["mark-E1", "mark-E2", "mark-C1"]
    assert [fault.path for fault in verdict.value.faults] == ["recommendation"]
    assert (review.scores, records(session)) == ({}, [])


@pytest.mark.parametrize("status", ["assigned", "submitted", "recused"])
def test_only_a_declared_and_unsubmitted_review_is_saved(session: Session, status: str) -> None:
    review = world(session, status)
    before = dict(review.scores)
    with pytest.raises(NotPossible):
        save(session, review, {"E1": Decimal(3)})
    assert (review.scores, records(session)) == (before, [])


def test_after_the_deadline_a_draft_is_kept_and_cannot_be_handed_in(session: Session) -> None:
    review = world(session)
    late = review.application.contest.review_close
    save(session, review, FULL, recommendation="support", now=late)
    with pytest.raises(NotOpen):
        submit(session, review, now=late)
    submit(session, review, now=late - timedelta(microseconds=1))
    assert (review.status, review.submitted_at) == ("submitted", late - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("close", "words"),
    [
        (lambda review: setattr(review.application.contest, "status", "ranking_frozen"), "The ranking is frozen"),
        (lambda review: setattr(review.application.contest, "status", "cancelled"), "The contest is cancelled"),
        (lambda review: setattr(review.application, "status", "withdrawn"), "The application has left the contest"),
    ],
)
def test_nothing_changes_once_contest_or_application_is_past_it(
    session: Session, close: Callable[[Review], None], words: str
) -> None:
    review = world(session, scores=dict.fromkeys(FULL, "7"), recommendation="support")
    close(review)
    session.flush()
    for act in (lambda: save(session, review, {"E1": Decimal(3)}), lambda: submit(session, review)):
        with pytest.raises(NotPossible, match=words):
            act()
    assert (review.status, records(session)) == ("accepted", [])


def test_handing_in_names_every_fault_at_once_and_locks_nothing(session: Session) -> None:
    review = world(session, scores={**{code: "7" for code in FULL if code != "E5"}, "E2": "9"})
    with pytest.raises(Refused) as refusal:
        submit(session, review)
    assert [fault.path for fault in refusal.value.faults] == ["comment-E2", "mark-E5", "recommendation"]
    assert (review.status, records(session)) == ("accepted", [])


def test_what_is_handed_in_is_kept_under_its_hash(session: Session) -> None:
    review = world(session, scores=dict.fromkeys(FULL, "7"), comments={"E1": "Есть"}, recommendation="support")
    kept = submit(session, review)
    session.flush()
    assert kept.sheet == {
        "contest": review.application.contest.code,
        "application": review.application.number,
        "title": review.application.title,
        "expert": review.expert.email,
        "expert_name": review.expert.name,
        "additional": False,
        "version": 1,
        "submitted_at": "2026-03-15T09:00:00+00:00",
        "scores": dict.fromkeys(FULL, "7"),
        "comments": {"E1": "Есть"},
        "recommendation": "support",
    }
    assert kept.sha256 == digest(kept.sheet)
    assert (review.status, review.submitted_at) == ("submitted", MOMENT)
    assert records(session) == [
        ("review.submitted", {"status": ["accepted", "submitted"], "version": 1, "sha256": kept.sha256})
    ]


def test_handing_in_twice_or_another_draft_than_was_seen_is_refused(session: Session) -> None:
    review = world(session, scores=dict.fromkeys(FULL, "7"), recommendation="support")
    with pytest.raises(Stale):
        submit(session, review, version=review.version + 1)
    submit(session, review)
    session.flush()
    with pytest.raises(NotPossible):
        submit(session, review)
    assert len(records(session)) == 1


def test_a_returned_review_keeps_what_was_handed_in_and_tells_its_expert(session: Session) -> None:
    review = world(session, scores=dict.fromkeys(FULL, "7"), recommendation="support")
    submit(session, review)
    session.flush()
    scoring.return_review(session, review, reason=" Поясните E2. ", version=review.version, by=By(ACTOR, MOMENT))
    session.flush()
    assert (review.status, review.submitted_at, review.reason) == ("accepted", None, "Поясните E2.")
    assert review.scores == dict.fromkeys(FULL, "7")
    letter = session.scalars(select(Letter)).one()
    assert (letter.recipient, letter.key) == (review.expert.email, f"review-returned-{review.id}-1")
    assert "Поясните E2." in letter.body
    save(session, review, {**FULL, "E2": Decimal(8)}, recommendation="support")
    session.flush()
    second = submit(session, review)
    versions = session.scalars(select(ReviewVersion).order_by(ReviewVersion.number)).all()
    assert [(kept.number, kept.sheet["scores"]["E2"]) for kept in versions] == [(1, "7"), (2, "8")]
    assert (review.reason, second.number) == (None, 2)


def test_a_review_of_an_archive_is_written_down_before_it_is_returned(session: Session) -> None:
    review = world(session, "submitted", mark=5)
    scoring.return_review(session, review, reason="Ошибка", version=review.version, by=By(ACTOR, MOMENT))
    kept = session.scalars(select(ReviewVersion)).one()
    assert (kept.number, kept.sheet["scores"]["E1"], kept.made_at) == (1, "5", MOMENT)


def test_a_return_needs_a_reason_a_submitted_review_and_an_open_contest(session: Session) -> None:
    review = world(session, "submitted")
    draft = world(session)
    given = {"version": 1, "by": By(ACTOR, MOMENT)}
    with pytest.raises(ReasonMissing):
        scoring.return_review(session, review, reason=" ", **given)
    with pytest.raises(NotPossible):
        scoring.return_review(session, draft, reason="Так", **given)
    review.application.contest.status = "ranking_frozen"
    session.flush()
    with pytest.raises(GateClosed):
        scoring.return_review(session, review, reason="Так", **given)
    assert (review.status, records(session)) == ("submitted", [])


def test_declaring_no_conflict_opens_the_sheet_once(session: Session) -> None:
    review = world(session, "assigned")
    scoring.declare_no_conflict(session, review, by=By(ACTOR, MOMENT))
    session.flush()
    assert (review.status, review.declared_at) == ("accepted", MOMENT)
    with pytest.raises(NotPossible):
        scoring.declare_no_conflict(session, review, by=By(ACTOR, MOMENT))
    assert records(session) == [("review.no_conflict_declared", {"status": ["assigned", "accepted"]})]


def test_no_declaration_after_the_deadline(session: Session) -> None:
    review = world(session, "assigned")
    with pytest.raises(NotOpen):
        scoring.declare_no_conflict(session, review, by=By(ACTOR, review.application.contest.review_close))
    assert review.status == "assigned"


def test_nobody_says_to_be_in_no_conflict_with_the_application_of_the_own_team(session: Session) -> None:
    review = world(session, status="assigned")
    review.expert.user = factories.user(session)
    review.application.team = factories.team(session, factories.user(session), review.expert.user)
    session.flush()
    with pytest.raises(OwnTeam):
        scoring.declare_no_conflict(session, review, by=By(ACTOR, MOMENT))
    assert (review.status, review.declared_at) == ("assigned", None)


@pytest.mark.parametrize(
    ("reason", "words", "stored"), [("relative", "брат", "relative:брат"), ("other", " Сосед ", "Сосед")]
)
def test_a_recusal_takes_the_expert_off_and_lists_the_conflict(
    session: Session, reason: str, words: str, stored: str
) -> None:
    review = world(session, "assigned")
    scoring.recuse(session, review, reason=reason, words=words, by=By(ACTOR, MOMENT))
    session.flush()
    conflict = session.scalars(select(Conflict)).one()
    assert (conflict.kind, conflict.reason, review.status, review.reason) == ("declared", stored, "recused", stored)
    assert [event for event, _ in records(session)] == ["conflict.declared"]


@pytest.mark.parametrize(
    ("reason", "words", "path"),
    [("", "", "reason"), ("employer_initiator", "", "reason"), ("other", " ", "words"), ("other", "я" * 1001, "words")],
)
def test_a_recusal_needs_a_declared_reason(session: Session, reason: str, words: str, path: str) -> None:
    review = world(session, "assigned")
    with pytest.raises(Refused) as refusal:
        scoring.recuse(session, review, reason=reason, words=words, by=By(ACTOR, MOMENT))
    assert [fault.path for fault in refusal.value.faults] == [path]
    assert (review.status, records(session)) == ("assigned", [])


def _race(acts: list[Callable[[], None]]) -> list[str]:
    """Start the acts in the same moment; return how each ended, sorted."""
    start, ends = Barrier(len(acts)), []

    def run(act: Callable[[], None]) -> None:
        start.wait()
        try:
            act()
            ends.append("done")
        except RuleViolation as refusal:
            ends.append(type(refusal).__name__)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def test_of_two_saves_in_one_moment_exactly_one_wins(store: Store) -> None:
    with store() as session:
        review_id = world(session).id

    def saving(mark: int) -> Callable[[], None]:
        def act() -> None:
            with store() as session:
                save(session, session.get_one(Review, review_id), {"E1": Decimal(mark)}, version=1)

        return act

    assert _race([saving(4), saving(8)]) == ["Stale", "done"]
    with store() as session:
        review = session.get_one(Review, review_id)
        [(_, details)] = records(session)
        assert (review.version, details["marks"]["E1"]) == (2, [None, review.scores["E1"]])


def test_of_a_save_and_a_submission_in_one_moment_nothing_is_half_done(store: Store) -> None:
    with store() as session:
        review = world(session, scores=dict.fromkeys(FULL, "7"), recommendation="support")
        review_id = review.id

    def saving() -> None:
        with store() as session:
            save(session, session.get_one(Review, review_id), {"E1": Decimal(5)}, version=1)

    def submitting() -> None:
        with store() as session:
            submit(session, session.get_one(Review, review_id), version=1)

    assert _race([saving, submitting]) in (["NotPossible", "done"], ["Stale", "done"])
    with store() as session:
        review, contest = session.get_one(Review, review_id), session.scalars(select(Contest)).one()
        locked = review.status == "submitted"
        kept = session.scalars(select(ReviewVersion.sheet)).all()
        assert [sheet["scores"] for sheet in kept] == ([review.scores] if locked else [])
        assert contest.ranking_revision == (1 if locked else 0)
