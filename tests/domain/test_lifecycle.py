import importlib.util
from pathlib import Path

import pytest

from judging.domain.access import Permission
from judging.domain.lifecycle import (
    INITIAL,
    STATUS_LABELS,
    STATUSES,
    SUBJECT_LABELS,
    TRANSITIONS,
    Action,
    ApplicationStatus,
    ContestStatus,
    FirmnessStatus,
    NotPossible,
    PlanStatus,
    ReasonMissing,
    ReviewStatus,
    Subject,
    actions,
    advance,
)
from judging.domain.record import (
    Decision,
    ReviewState,
    application_status_of,
    decision_of,
    review_state_of,
    review_status_of,
)

ROOT = Path(__file__).resolve().parents[2]
EVERY_CASE = [(subject, status, action) for subject in Subject for status in STATUSES[subject] for action in Action]
FINAL = {
    Subject.CONTEST: {ContestStatus.RESULTS_PUBLISHED, ContestStatus.CANCELLED},
    Subject.APPLICATION: {ApplicationStatus.WITHDRAWN},
    Subject.REVIEW: {ReviewStatus.RECUSED, ReviewStatus.REMOVED},
    Subject.PLAN: {PlanStatus.APPLIED, PlanStatus.DISCARDED},
    Subject.FIRMNESS: {FirmnessStatus.READY, FirmnessStatus.FAILED},
}


def expected(subject, status, action):
    for row in TRANSITIONS:
        if (row.subject, row.action) == (subject, action) and status in row.sources:
            return row.target
    return NotPossible


@pytest.mark.parametrize(("subject", "status", "action"), EVERY_CASE)
def test_every_action_on_every_status_leads_on_or_is_refused_in_words(subject, status, action):
    target = expected(subject, status, action)
    if target is NotPossible:
        with pytest.raises(NotPossible, match=r"\.$"):
            advance(subject, status, action, reason="because")
    else:
        assert advance(subject, status, action, reason="because") is target


def test_no_row_is_written_twice():
    assert len({(row.subject, row.action) for row in TRANSITIONS}) == len(TRANSITIONS)


def test_rows_stay_within_their_subject():
    strangers = [
        row for row in TRANSITIONS for status in (*row.sources, row.target) if type(status) is not STATUSES[row.subject]
    ]
    assert strangers == []


def test_every_status_can_be_reached():
    reached = {subject: {INITIAL[subject]} for subject in Subject}
    for _ in TRANSITIONS:
        for row in TRANSITIONS:
            if reached[row.subject].intersection(row.sources):
                reached[row.subject].add(row.target)
    assert reached == {subject: set(statuses) for subject, statuses in STATUSES.items()}


def test_statuses_without_a_way_on_are_the_final_ones():
    ends = {subject: {status for status in STATUSES[subject] if not actions(subject, status)} for subject in Subject}
    assert ends == FINAL


def test_every_row_names_a_permission():
    assert {row.permission for row in TRANSITIONS} <= {permission.value for permission in Permission}


def test_every_status_has_its_label():
    labelled = {subject: list(labels) for subject, labels in STATUS_LABELS.items()}
    assert labelled == {subject: list(statuses) for subject, statuses in STATUSES.items()}
    assert set(SUBJECT_LABELS) == set(Subject)


@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_rejection_without_a_reason_is_refused(reason):
    with pytest.raises(ReasonMissing):
        advance(Subject.APPLICATION, ApplicationStatus.SUBMITTED, Action.REJECT, reason=reason)


def test_status_of_another_subject_is_refused_although_its_word_is_the_same():
    with pytest.raises(NotPossible):
        advance(Subject.CONTEST, ApplicationStatus.DRAFT, Action.PUBLISH)


def test_unknown_action_of_a_subject_is_refused():
    with pytest.raises(NotPossible, match="no such action"):
        advance(Subject.REVIEW, ReviewStatus.ASSIGNED, Action.PUBLISH)


def test_actions_are_offered_in_the_order_of_the_table():
    offered = [row.action for row in actions(Subject.APPLICATION, ApplicationStatus.SUBMITTED)]
    assert offered == [Action.ADMIT, Action.REJECT, Action.WITHDRAW]


def test_frozen_ranking_cannot_be_unfrozen_once_approved():
    with pytest.raises(NotPossible):
        advance(Subject.CONTEST, ContestStatus.APPROVED, Action.UNFREEZE_RANKING, reason="an error")


def test_review_is_never_submitted_without_a_declaration():
    with pytest.raises(NotPossible):
        advance(Subject.REVIEW, ReviewStatus.ASSIGNED, Action.SUBMIT)


def test_archive_knows_fewer_statuses_of_applications():
    assert {status: decision_of(status) for status in ApplicationStatus} == {
        ApplicationStatus.DRAFT: None,
        ApplicationStatus.SUBMITTED: None,
        ApplicationStatus.ADMITTED: Decision.ADMITTED,
        ApplicationStatus.REJECTED: Decision.REJECTED,
        ApplicationStatus.WITHDRAWN: Decision.WITHDRAWN,
    }


def test_archive_knows_fewer_statuses_of_reviews():
    assert {status: review_state_of(status) for status in ReviewStatus} == {
        ReviewStatus.PROPOSED: None,
        ReviewStatus.ASSIGNED: ReviewState.ASSIGNED,
        ReviewStatus.ACCEPTED: ReviewState.ASSIGNED,
        ReviewStatus.SUBMITTED: ReviewState.SUBMITTED,
        ReviewStatus.RECUSED: ReviewState.RECUSED,
        ReviewStatus.REMOVED: None,
    }


def test_what_an_archive_says_comes_back_the_same():
    assert [decision_of(application_status_of(decision)) for decision in Decision] == list(Decision)
    assert [review_state_of(review_status_of(state)) for state in ReviewState] == list(ReviewState)


def test_documentation_is_generated_from_the_table():
    spec = importlib.util.spec_from_file_location("lifecycle_docs", ROOT / "bin" / "lifecycle_docs.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.TARGET.read_text(encoding="utf-8") == generator.document()
