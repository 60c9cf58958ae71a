import importlib.util
from collections import Counter, defaultdict
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
    allowed,
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
WAYS = {
    Subject.CONTEST: {
        "publish": {"draft": "published"},
        "freeze_ranking": {"published": "ranking_frozen"},
        "unfreeze_ranking": {"ranking_frozen": "published"},
        "approve_ranking": {"ranking_frozen": "approved"},
        "publish_results": {"approved": "results_published"},
        "cancel": {"draft": "cancelled", "published": "cancelled", "ranking_frozen": "cancelled"},
    },
    Subject.APPLICATION: {
        "submit": {"draft": "submitted"},
        "admit": {"submitted": "admitted"},
        "reject": {"submitted": "rejected", "admitted": "rejected"},
        "reinstate": {"rejected": "admitted"},
        "withdraw": {"submitted": "withdrawn", "admitted": "withdrawn"},
        "give_up": {"draft": "withdrawn"},
        "undo_withdrawal": {"withdrawn": "submitted"},
        "take_up": {"withdrawn": "draft"},
        "remove": {"draft": None},
    },
    Subject.REVIEW: {
        "assign": {"proposed": "assigned"},
        "accept": {"assigned": "accepted"},
        "submit": {"accepted": "submitted"},
        "recuse": {"assigned": "recused", "accepted": "recused", "submitted": "submitted"},
        "decline": {"assigned": "declined", "accepted": "declined"},
        "ask_again": {"declined": "assigned"},
        "bar": {"proposed": None, "assigned": "recused", "accepted": "recused", "submitted": "submitted"},
        "return": {"submitted": "accepted"},
        "set_aside": {"submitted": "submitted"},
        "count_again": {"submitted": "submitted"},
        "remove": {"proposed": None, "assigned": None, "accepted": None},
    },
    Subject.PLAN: {
        "retry": {"failed": "queued"},
        "finish": {"queued": "ready"},
        "find_impossible": {"queued": "impossible"},
        "fail": {"queued": "failed"},
        "outdate": {"ready": "outdated"},
        "apply": {"ready": "applied"},
        "discard": {
            "queued": "discarded", "ready": "discarded", "impossible": "discarded", "failed": "discarded",
            "outdated": "discarded",
        },
    },
    Subject.FIRMNESS: {
        "retry": {"failed": "queued"},
        "finish": {"queued": "ready"},
        "fail": {"queued": "failed"},
    },
}  # fmt: skip
"""Every way on, written by hand: action, status before, status after; None: the row is deleted."""
FINAL = {
    Subject.CONTEST: {ContestStatus.RESULTS_PUBLISHED, ContestStatus.CANCELLED},
    Subject.APPLICATION: set(),
    Subject.REVIEW: {ReviewStatus.RECUSED},
    Subject.PLAN: {PlanStatus.APPLIED, PlanStatus.DISCARDED},
    Subject.FIRMNESS: {FirmnessStatus.READY},
}


def way(subject, status, action):
    """(action, before, after) where there is such a way, None where it is refused."""
    try:
        after = allowed(subject, status, action, reason="because").target
    except NotPossible:
        return None
    return action.value, status.value, after.value if after else None


@pytest.mark.parametrize("subject", Subject)
def test_every_action_leads_from_these_statuses_to_these_and_from_no_others(subject):
    found = {way(subject, status, action) for status in STATUSES[subject] for action in Action} - {None}
    assert found == {(action, *pair) for action, pairs in WAYS[subject].items() for pair in pairs.items()}


def test_every_refusal_is_a_sentence():
    assert [row.refusal for row in TRANSITIONS if not row.refusal.endswith(".")] == []


def test_an_action_that_leaves_nothing_has_no_status_to_advance_to():
    with pytest.raises(ValueError, match="remove leaves no review"):
        advance(Subject.REVIEW, ReviewStatus.PROPOSED, Action.REMOVE)


def test_rows_of_one_action_differ_in_their_targets_alone():
    told = defaultdict(set)
    for row in TRANSITIONS:
        told[row.subject, row.action].add((row.label, row.refusal, row.permission, row.needs_reason))
    assert [key for key, words in told.items() if len(words) > 1] == []
    sources = Counter((row.subject, row.action, status) for row in TRANSITIONS for status in row.sources)
    assert set(sources.values()) == {1}


def test_rows_stay_within_their_subject():
    statuses = [(row.subject, status) for row in TRANSITIONS for status in (*row.sources, row.target) if status]
    strangers = [(subject, status) for subject, status in statuses if type(status) is not STATUSES[subject]]
    assert strangers == []


def test_every_status_can_be_reached():
    reached = {subject: {INITIAL[subject]} for subject in Subject}
    for _ in TRANSITIONS:
        for row in TRANSITIONS:
            if row.target and reached[row.subject].intersection(row.sources):
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
        ReviewStatus.DECLINED: None,
    }


def test_what_an_archive_says_comes_back_the_same():
    assert [decision_of(application_status_of(decision)) for decision in Decision] == list(Decision)
    assert [review_state_of(review_status_of(state)) for state in ReviewState] == list(ReviewState)


def test_documentation_is_generated_from_the_table():
    spec = importlib.util.spec_from_file_location("lifecycle_docs", ROOT / "bin" / "lifecycle_docs.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    assert generator.TARGET.read_text(encoding="utf-8") == generator.document()
