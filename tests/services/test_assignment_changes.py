"""Changes of the plan by hand, and additional reviews after a divergence."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import RuleViolation
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.models import Application, Contest, Expert, JournalRecord, KeptDraft, Letter, Review, ReviewVersion
from judging.services import assignment
from judging.services.concurrency import Stale
from judging.services.scoring import declare_no_conflict
from tests import factories

NOW = factories.MOMENT
DONE = By(CONSOLE, NOW)


@pytest.fixture
def contest(session: Session) -> Contest:
    return factories.contest(session)


@pytest.fixture
def application(session: Session, contest: Contest) -> Application:
    return factories.application(session, contest)


def records(session: Session) -> list[tuple[str, str, dict]]:
    session.flush()
    return [(one.event, one.subject_label, one.details) for one in session.scalars(select(JournalRecord))]


def reviews(session: Session) -> list[tuple[int, int, str, bool]]:
    session.flush()
    found = session.scalars(select(Review).order_by(Review.id))
    return [(one.expert_id, one.application_id, one.status, one.additional) for one in found]


def hand_over(session: Session, review: Review, heir: Expert) -> Review:
    change = assignment.Reassignment(expert=heir, version=review.version, reason="Отпуск")
    contest = review.application.contest
    return assignment.reassign_review(
        session, contest, review, change, by=DONE, tasks_url="https://example.org/reviews"
    )


def test_a_proposal_by_hand_is_recorded(session: Session, contest: Contest, application: Application) -> None:
    expert = factories.expert(session, contest)
    assignment.propose_review(session, contest, expert=expert, application=application, by=DONE)
    assert reviews(session) == [(expert.id, application.id, "proposed", False)]
    assert records(session) == [
        (
            "assignment.proposed",
            f"{expert.name} / {application.number}",
            {"expert": expert.email, "additional": False, "reason": ""},
        )
    ]


@pytest.mark.parametrize("status", ["proposed", "assigned", "accepted", "submitted", "recused"])
def test_a_pair_gets_one_task(session: Session, contest: Contest, application: Application, status: str) -> None:
    review = factories.review(session, factories.expert(session, contest), application, status)
    with pytest.raises(assignment.PairTaken):
        assignment.propose_review(session, contest, expert=review.expert, application=application, by=DONE)
    assert reviews(session) == [(review.expert_id, application.id, status, False)]


def test_a_pair_in_conflict_is_refused(session: Session, contest: Contest, application: Application) -> None:
    expert = factories.expert(session, contest)
    factories.conflict(session, expert, application)
    with pytest.raises(assignment.PairBarred):
        assignment.propose_review(session, contest, expert=expert, application=application, reason="Надо", by=DONE)
    assert (reviews(session), records(session)) == ([], [])


@pytest.mark.parametrize("status", ["draft", "submitted", "rejected", "withdrawn"])
def test_only_admitted_applications_are_assigned(session: Session, contest: Contest, status: str) -> None:
    application, expert = factories.application(session, contest, status=status), factories.expert(session, contest)
    with pytest.raises(NotPossible):
        assignment.propose_review(session, contest, expert=expert, application=application, by=DONE)


def test_an_expert_of_another_contest_is_refused(session: Session, contest: Contest, application: Application) -> None:
    stranger = factories.expert(session, factories.contest(session))
    with pytest.raises(RuleViolation, match="different contests"):
        assignment.propose_review(session, contest, expert=stranger, application=application, by=DONE)


def test_beyond_the_limit_of_the_expert_only_with_a_reason(session: Session, contest: Contest) -> None:
    expert = factories.expert(session, contest, max_load=1)
    first, second = (factories.application(session, contest) for _ in range(2))
    factories.review(session, expert, first)
    with pytest.raises(assignment.ReasonNeeded) as refusal:
        assignment.propose_review(session, contest, expert=expert, application=second, reason="  ", by=DONE)
    assert str(refusal.value) == f"{expert.name} has 1 tasks of 1: give a reason to exceed the limit."
    assignment.propose_review(session, contest, expert=expert, application=second, reason="Согласовано", by=DONE)
    assert records(session)[0][2] == {"expert": expert.email, "additional": False, "reason": "Согласовано"}


def test_more_experts_than_the_rules_ask_for_only_with_a_reason(
    session: Session, contest: Contest, application: Application
) -> None:
    for _ in range(contest.rules["experts_per_application"]):
        factories.review(session, factories.expert(session, contest), application)
    one_more = factories.expert(session, contest)
    with pytest.raises(assignment.ReasonNeeded):
        assignment.propose_review(session, contest, expert=one_more, application=application, by=DONE)
    assignment.propose_review(session, contest, expert=one_more, application=application, reason="Спор", by=DONE)
    assert reviews(session)[-1] == (one_more.id, application.id, "proposed", False)


def test_nothing_changes_once_the_ranking_is_frozen(session: Session) -> None:
    contest = factories.contest(session, status="ranking_frozen")
    review = factories.review(session, factories.expert(session, contest), factories.application(session, contest))
    with pytest.raises(GateClosed):
        assignment.remove_review(session, contest, review, version=1, by=DONE)
    with pytest.raises(GateClosed):
        assignment.remove_proposals(session, contest, by=DONE)
    with pytest.raises(GateClosed):
        assignment.propose_review(
            session, contest, expert=factories.expert(session, contest), application=review.application, by=DONE
        )
    assert reviews(session) == [(review.expert_id, review.application_id, "assigned", False)]


def test_a_proposal_is_removed_without_a_letter(session: Session, contest: Contest, application: Application) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "proposed")
    expert = review.expert
    assignment.remove_review(session, contest, review, version=review.version, by=DONE)
    assert (reviews(session), session.scalars(select(Letter)).all()) == ([], [])
    assert records(session) == [
        (
            "assignment.removed",
            f"{expert.name} / {application.number}",
            {"expert": expert.email, "status": ["proposed", None], "reason": ""},
        )
    ]


def test_an_expert_who_knew_of_the_task_is_told(session: Session, contest: Contest, application: Application) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "assigned")
    expert = review.expert
    assignment.remove_review(session, contest, review, version=review.version, by=DONE)
    letter = session.scalars(select(Letter)).one()
    assert (letter.recipient, application.number in letter.body) == (expert.email, True)


def test_a_sheet_that_was_begun_is_taken_away_with_a_reason_and_kept(
    session: Session, contest: Contest, application: Application
) -> None:
    draft = {"scores": {"E1": "8"}, "comments": {"E1": "Хорошо"}, "recommendation": None}
    review = factories.review(session, factories.expert(session, contest), application, "accepted", **draft)
    session.add(ReviewVersion(review_id=review.id, number=1, sheet={"marks": 1}, sha256="f" * 64, made_at=NOW))
    expert = review.expert
    with pytest.raises(ReasonMissing):
        assignment.remove_review(session, contest, review, version=review.version, by=DONE)
    assignment.remove_review(session, contest, review, version=review.version, reason=" Болезнь ", by=DONE)
    assert reviews(session) == []
    assert records(session)[0][2] == {
        "expert": expert.email,
        "status": ["accepted", None],
        "reason": "Болезнь",
        "draft": draft,
        "handed_in": [{"number": 1, "sheet": {"marks": 1}, "sha256": "f" * 64}],
    }


@pytest.mark.parametrize("status", ["submitted", "recused"])
def test_what_is_done_or_declined_is_not_removed(
    session: Session, contest: Contest, application: Application, status: str
) -> None:
    review = factories.review(session, factories.expert(session, contest), application, status)
    with pytest.raises(NotPossible):
        assignment.remove_review(session, contest, review, version=review.version, reason="Надо", by=DONE)


def test_a_sheet_saved_meanwhile_is_not_removed_unseen(
    session: Session, contest: Contest, application: Application
) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "accepted")
    review.scores = {"E1": "5"}
    session.flush()
    with pytest.raises(Stale):
        assignment.remove_review(session, contest, review, version=1, reason="Надо", by=DONE)


def test_a_task_is_handed_over(session: Session, contest: Contest, application: Application) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "accepted", scores={"E1": "5"})
    heir = factories.expert(session, contest)
    hand_over(session, review, heir)
    assert reviews(session) == [(heir.id, application.id, "assigned", False)]
    assert [event for event, _, _ in records(session)] == [
        "assignment.removed", "assignment.proposed", "assignment.notified"
    ]  # fmt: skip


def test_who_leaves_and_who_comes_are_told_at_once(
    session: Session, contest: Contest, application: Application
) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "accepted", scores={"E1": "5"})
    left, heir = review.expert, factories.expert(session, contest)
    hand_over(session, review, heir)
    told = {letter.recipient: letter for letter in session.scalars(select(Letter))}
    assert set(told) == {left.email, heir.email}
    assert application.number in told[left.email].body
    assert "хранится" in told[left.email].body
    assert "https://example.org/reviews" in told[heir.email].body


def test_a_proposal_is_handed_over_without_a_letter(
    session: Session, contest: Contest, application: Application
) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "proposed")
    heir = factories.expert(session, contest)
    hand_over(session, review, heir)
    assert reviews(session) == [(heir.id, application.id, "proposed", False)]
    assert session.scalars(select(Letter)).all() == []


def test_a_declined_task_is_given_to_another_and_stays_on_record(
    session: Session, contest: Contest, application: Application
) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "recused")
    heir = factories.expert(session, contest)
    hand_over(session, review, heir)
    assert reviews(session) == [
        (review.expert_id, application.id, "recused", False), (heir.id, application.id, "assigned", False),
    ]  # fmt: skip
    assert [letter.recipient for letter in session.scalars(select(Letter))] == [heir.email]


def test_a_draft_is_its_experts_again_and_never_the_next_ones(
    session: Session, contest: Contest, application: Application
) -> None:
    sheet = {
        "scores": {"E1": "8"}, "comments": {"E1": "Хорошо"}, "recommendation": "support", "abstained": ["E2"],
        "notes": {"private": {"E1": "про себя"}}, "confidence": "low", "in_scope": True, "scope_reason": "",
    }  # fmt: skip
    review = factories.review(session, factories.expert(session, contest), application, "accepted", **sheet)
    first, heir = review.expert, factories.expert(session, contest)
    second = hand_over(session, review, heir)
    declare_no_conflict(session, second, by=DONE)
    assert {name: getattr(second, name) for name in sheet} == {
        "scores": {}, "comments": {}, "recommendation": None, "abstained": [], "notes": {}, "confidence": None,
        "in_scope": None, "scope_reason": "",
    }  # fmt: skip
    again = hand_over(session, second, first)
    assert again.scores == {}
    declare_no_conflict(session, again, by=DONE)
    assert {name: getattr(again, name) for name in sheet} == sheet
    session.flush()
    assert session.scalars(select(KeptDraft)).all() == []


def test_a_task_is_not_handed_over_to_somebody_without_room(
    session: Session, contest: Contest, application: Application
) -> None:
    review = factories.review(session, factories.expert(session, contest), application, "assigned")
    heir = factories.expert(session, contest, max_load=0)
    with pytest.raises(assignment.ReasonNeeded):
        hand_over(session, review, heir)


def test_all_proposals_are_removed_and_nothing_else(session: Session, contest: Contest) -> None:
    expert = factories.expert(session, contest)
    tasks = [
        factories.review(session, expert, factories.application(session, contest), status)
        for status in ("proposed", "proposed", "assigned")
    ]
    assert assignment.remove_proposals(session, contest, by=DONE) == 2
    assert reviews(session) == [(expert.id, tasks[2].application_id, "assigned", False)]
    assert records(session) == [
        ("assignment.removed", contest.title, {"removed": 2, "status": ["proposed", None]}),
    ]
    with pytest.raises(NotPossible):
        assignment.remove_proposals(session, contest, by=DONE)


def marked(session: Session, contest: Contest, application: Application, *marks: int) -> None:
    for mark in marks:
        factories.review(session, factories.expert(session, contest), application, "submitted", mark=mark)


def test_an_additional_review_follows_a_divergence(
    session: Session, contest: Contest, application: Application
) -> None:
    marked(session, contest, application, 2, 9)
    expert = factories.expert(session, contest)
    assignment.add_additional_review(session, contest, expert=expert, application=application, by=DONE)
    assert reviews(session)[-1] == (expert.id, application.id, "proposed", True)
    assert records(session)[0][2] == {"expert": expert.email, "additional": True, "reason": ""}
    with pytest.raises(assignment.NoAdditionalNeeded, match="assigned already"):
        assignment.add_additional_review(
            session, contest, expert=factories.expert(session, contest), application=application, by=DONE
        )


def test_reviews_that_agree_need_no_additional_one(
    session: Session, contest: Contest, application: Application
) -> None:
    marked(session, contest, application, 7, 7)
    with pytest.raises(assignment.NoAdditionalNeeded, match="do not differ"):
        assignment.add_additional_review(
            session, contest, expert=factories.expert(session, contest), application=application, by=DONE
        )


def test_a_divergence_with_a_review_in_conflict_is_none(
    session: Session, contest: Contest, application: Application
) -> None:
    marked(session, contest, application, 2, 9)
    factories.conflict(session, session.scalars(select(Review)).first().expert, application)
    with pytest.raises(assignment.NoAdditionalNeeded, match="do not differ"):
        assignment.add_additional_review(
            session, contest, expert=factories.expert(session, contest), application=application, by=DONE
        )


def test_a_declined_additional_review_is_given_to_another(
    session: Session, contest: Contest, application: Application
) -> None:
    marked(session, contest, application, 2, 9)
    factories.review(session, factories.expert(session, contest), application, "recused", additional=True)
    heir = factories.expert(session, contest)
    assignment.add_additional_review(session, contest, expert=heir, application=application, by=DONE)
    assert reviews(session)[-1] == (heir.id, application.id, "proposed", True)
