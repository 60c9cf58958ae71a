"""An expert refuses a task without a conflict: the place is free, the draft stays, another one is proposed and told."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.distribution import DistributionRules, PlanKind
from judging.domain.errors import Refused
from judging.domain.lifecycle import NotPossible
from judging.models import Conflict, Contest, JournalRecord, Letter, Review
from judging.queries.assignment import places
from judging.queries.assignment.replacements import refused_page
from judging.services import assignment, conflicts, scoring
from judging.services.assignment.plan_input import load_input
from judging.services.assignment.rules_change import put_assignment_rules
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT

BY = By(CONSOLE, MOMENT)
DRAFT: dict[str, Any] = {"scores": {"E1": "5"}, "comments": {"E1": "Почти"}, "saved_at": MOMENT}


def world(session: Session, status: str = "accepted", **values: Any) -> Review:
    rules = {**factories.PRESET["rules"], "experts_per_application": 1}
    contest = factories.contest(session, rules=rules)
    application = factories.application(session, contest, topics=["28.41"])
    return factories.review(session, factories.expert(session, contest, region="16"), application, status, **values)


def decline(session: Session, review: Review, reason: str = "overloaded", words: str = "") -> Review:
    return scoring.decline_review(session, review, reason=reason, words=words, by=BY, refusals_url="https://x/refusals")


def events(session: Session) -> list[str]:
    session.flush()
    return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


@pytest.mark.parametrize("status", ["assigned", "accepted"])
def test_a_refusal_frees_the_place_keeps_the_draft_and_writes_no_conflict(session: Session, status: str) -> None:
    review = world(session, status, later_at=MOMENT, **DRAFT)
    secretary = factories.user(session, "secretary")
    decline(session, review, "other", " Уезжаю ")
    session.flush()
    record = session.scalars(select(JournalRecord)).one()
    letter = session.scalars(select(Letter)).one()
    assert (review.status, review.reason, review.later_at) == ("declined", "other:Уезжаю", None)
    assert (review.scores, review.comments) == (DRAFT["scores"], DRAFT["comments"])
    assert (record.event, record.details) == (
        "review.declined", {"status": [status, "declined"], "reason": "other:Уезжаю"},
    )  # fmt: skip
    assert session.scalars(select(Conflict)).all() == []
    assert places.coverage(session, review.contest_id, 1, places.experts(session, review.contest_id)).filled == (
        1, 0, 0, 0,
    )  # fmt: skip
    assert (letter.recipient, "https://x/refusals" in letter.body, "Уезжаю" in letter.body) == (
        secretary.email, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "words", "path"), [("", "", "reason"), ("relative", "", "reason"), ("other", " ", "words")]
)
def test_a_refusal_names_a_reason_of_the_list(session: Session, reason: str, words: str, path: str) -> None:
    review = world(session)
    with pytest.raises(Refused) as refused:
        decline(session, review, reason, words)
    assert ([fault.path for fault in refused.value.faults], review.status) == ([path], "accepted")


@pytest.mark.parametrize("status", ["submitted", "recused", "declined"])
def test_only_what_waits_for_its_expert_is_refused(session: Session, status: str) -> None:
    review = world(session, status)
    with pytest.raises(NotPossible):
        decline(session, review)


def test_the_engine_does_not_propose_the_pair_while_the_refusal_stands(session: Session) -> None:
    review = decline(session, world(session))
    session.flush()
    contest = session.get_one(Contest, review.contest_id)
    assert load_input(session, contest, PlanKind.REGULAR).document["taken"] == [[0, 0]]
    with pytest.raises(assignment.PairTaken):
        assignment.propose_review(session, contest, expert=review.expert, application=review.application, by=BY)


def test_a_conflict_found_later_leaves_the_refusal_as_it_is(session: Session) -> None:
    review = decline(session, world(session, **DRAFT))
    conflicts.enter_conflict(session, expert=review.expert, application=review.application, reason="Родня", by=BY)
    assert (review.status, review.reason) == ("declined", "overloaded")


def test_the_best_expert_with_room_who_breaks_no_rule_is_proposed(session: Session) -> None:
    review = world(session)
    contest = review.expert.contest
    put_assignment_rules(session, contest, DistributionRules(own_region_barred=True), by=BY)
    home = review.application.cluster.region
    elsewhere = "77" if home != "77" else "16"
    best = factories.expert(session, contest, name="Лучший", region=elsewhere, topics=["28.41"])
    factories.expert(session, contest, name="Свой", region=home, topics=["28.41"])
    factories.expert(session, contest, name="Занят", region=elsewhere, topics=["28.41"], max_load=0)
    barred = factories.expert(session, contest, name="Родня", region=elsewhere, topics=["28.41"])
    factories.conflict(session, barred, review.application)
    other = factories.expert(session, contest, name="Дальний", region=elsewhere, topics=["01.11"])
    decline(session, review)
    session.flush()
    row = refused_page(session, contest.id, 1, 1).rows[0]
    assert (row.id, row.open, [one.expert.id for one in row.offered]) == (review.id, True, [best.id, other.id])


def test_one_press_assigns_the_replacement_tells_it_and_closes_the_place(session: Session) -> None:
    review = world(session, **DRAFT)
    contest = review.expert.contest
    heir = factories.expert(session, contest)
    decline(session, review)
    session.flush()
    change = assignment.Reassignment(heir, review.version)
    given = assignment.replace_refused(session, contest, review, change, by=BY, tasks_url="https://x")
    session.flush()
    made = session.scalars(select(Review).where(Review.expert_id == heir.id)).one()
    assert (given, made.status, made.application_id) == (made, "assigned", review.application_id)
    assert (made.scores, made.comments) == ({}, {})
    assert (review.status, review.scores) == ("declined", DRAFT["scores"])
    assert events(session) == ["review.declined", "assignment.proposed", "assignment.notified"]
    row = refused_page(session, contest.id, 1, 1).rows[0]
    assert (row.open, row.offered) == (False, ())


def test_a_replacement_by_an_old_page_changes_nothing(session: Session) -> None:
    review = world(session)
    heir = factories.expert(session, review.expert.contest)
    decline(session, review)
    session.flush()
    change = assignment.Reassignment(heir, review.version - 1)
    with pytest.raises(Stale):
        assignment.replace_refused(session, review.expert.contest, review, change, by=BY, tasks_url="https://x")
    assert events(session) == ["review.declined"]


def test_the_task_can_be_given_to_the_same_expert_again_with_the_draft(session: Session) -> None:
    review = world(session, **DRAFT)
    decline(session, review)
    session.flush()
    assignment.ask_again(
        session, review.expert.contest, review, version=review.version, by=BY, tasks_url="https://x/reviews"
    )
    session.flush()
    assert (review.status, review.reason, review.scores) == ("assigned", None, {"E1": "5"})
    assert events(session) == ["review.declined", "review.asked_again"]
    assert session.scalars(select(Letter.recipient)).all() == [review.expert.email]


def test_a_task_is_put_off_with_its_draft_saved_and_taken_up_again(session: Session) -> None:
    review = world(session)
    draft = scoring.SheetDraft({"E1": Decimal(7)}, {}, None, version=review.version, pressed=True)
    scoring.put_off(session, review, draft, by=BY)
    session.flush()
    assert (review.scores, review.later_at, review.status, review.version) == ({"E1": "7"}, MOMENT, "accepted", 2)
    again = scoring.SheetDraft({"E1": Decimal(7)}, {}, None, version=review.version, pressed=True)
    scoring.take_up_again(session, review, again, by=BY)
    session.expire(review)
    assert (review.later_at, review.version) == (None, 2)
    assert events(session) == ["review.saved", "review.put_off", "review.put_off"]


def test_nothing_is_put_off_where_the_draft_cannot_be_saved(session: Session) -> None:
    review = world(session, **DRAFT)
    draft = scoring.SheetDraft({"E1": Decimal(1)}, {}, None, version=review.version - 1, pressed=True)
    with pytest.raises(Stale):
        scoring.put_off(session, review, draft, by=BY)
    assert (review.later_at, events(session)) == (None, [])


def test_of_several_sheets_each_goes_by_its_own_rules(session: Session) -> None:
    first = world(session, recommendation="support", scores={f"E{n}": "7" for n in range(1, 7)}, later_at=MOMENT)
    contest = first.expert.contest
    full = {"recommendation": "support", "scores": {f"E{n}": "7" for n in range(1, 7)}}
    stale, bare, last = (
        factories.review(session, first.expert, factories.application(session, contest), "accepted", **values)
        for values in (full, {}, full)
    )
    asked = [scoring.Asked(one, one.version - (one is stale)) for one in (first, stale, bare, last)]
    outcomes = scoring.submit_reviews(session, asked, by=BY)
    session.flush()
    assert [type(one.refusal).__name__ for one in outcomes] == ["NoneType", "Stale", "Refused", "NoneType"]
    assert [one.status for one in (first, stale, bare, last)] == ["submitted", "accepted", "accepted", "submitted"]
    assert (first.later_at, events(session)) == (None, ["review.submitted"] * 2)


def test_marks_of_a_row_leave_the_rest_of_the_sheet_and_overwrite_no_newer_ones(session: Session) -> None:
    review = world(session, scores={"E1": "5", "E2": "4"}, comments={"E1": "Почти"}, recommendation="support")
    marks = scoring.Marks({"E1": Decimal(6), "E2": None}, review.version)
    scoring.save_marks(session, review, marks, by=BY)
    session.flush()
    assert (review.scores, review.comments, review.recommendation) == ({"E1": "6"}, {"E1": "Почти"}, "support")
    with pytest.raises(Stale):
        scoring.save_marks(session, review, scoring.Marks({"E1": Decimal(1)}, 1), by=BY)
    assert review.scores == {"E1": "6"}
