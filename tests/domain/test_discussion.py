"""Who reads and writes what in a discussion, and mentions that every reader sees under a name that they may know."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.access import Actor, Permission, Role, Scope, may
from judging.domain.agreed_scores import agreed_faults, draft_faults
from judging.domain.discussion import (
    Circle,
    DiscussionRules,
    MessageAudience,
    may_be_edited,
    read_by,
    rules_faults,
    speaks_as,
    text_faults,
    written_by,
)
from judging.domain.mentions import kept_text, mentioned, pieces, typed_text
from tests.factories import MOMENT

STAFF, COMMISSION, EXPERTS = MessageAudience
NAMES = {"Анна Берёзкина": "e1", "Анна": "e2", "Эксперт 1": "e3", "Эксперт 12": "e4"}


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.SECRETARY, {STAFF, COMMISSION, EXPERTS}, {STAFF, COMMISSION, EXPERTS}),
        (Role.CHAIR, {COMMISSION, EXPERTS}, {COMMISSION, EXPERTS}),
        (Role.OBSERVER, {COMMISSION, EXPERTS}, set()),
        (Role.EXPERT, {EXPERTS}, {EXPERTS}),
        *((role, set(), set()) for role in (Role.TEAM, Role.LEAD, Role.HEAD, Role.ADMINISTRATOR, Role.PUBLIC)),
    ],
)
def test_each_role_reads_and_writes_to_its_own_audiences(role: Role, reads: set, writes: set) -> None:
    assert (read_by({role}), written_by({role}, Circle.EXPERTS)) == (reads, writes)
    assert written_by({role}, Circle.COMMISSION) == writes - {EXPERTS}
    assert written_by({role}, Circle.NOBODY) == frozenset()


@pytest.mark.parametrize("permission", [Permission.SEE_DISCUSSION, Permission.DISCUSS, Permission.AGREE_ON_SCORE])
def test_an_expert_is_let_in_only_with_a_submitted_review_agreed_and_without_a_conflict(permission: Permission) -> None:
    expert = Actor(user_id=1, name="", expert_ids=frozenset({7}))
    ready = {"contest_id": 1, "expert_id": 7, "declared": True, "submitted": True, "agreed": True, "in_conflict": False}
    opened = {
        name: may(expert, permission, Scope(**{**ready, name: not ready[name]}))
        for name in ("declared", "submitted", "agreed", "in_conflict")
    }
    assert may(expert, permission, Scope(**ready))
    assert opened == dict.fromkeys(opened, False)


def test_who_is_several_speaks_as_the_first_of_them() -> None:
    assert speaks_as({Role.EXPERT, Role.CHAIR}) is Role.CHAIR
    assert speaks_as({Role.TEAM}) is None


def test_a_message_is_changed_for_its_minutes_alone() -> None:
    assert may_be_edited(MOMENT, 15, MOMENT + timedelta(minutes=14, seconds=59))
    assert not may_be_edited(MOMENT, 15, MOMENT + timedelta(minutes=15))
    assert not may_be_edited(MOMENT, 0, MOMENT)


def test_faults_are_named_at_their_fields() -> None:
    assert [fault.path for fault in rules_faults(DiscussionRules(edit_minutes=-1))] == ["edit_minutes"]
    assert [len(list(text_faults(text))) for text in (" \n", "x" * 4000, "x" * 4001)] == [1, 0, 1]
    assert [fault.path for fault in agreed_faults((), {}, " ")] == ["rationale"]
    assert [fault.path for fault in draft_faults((), {}, "x" * 10_001)] == ["rationale"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@Анна Берёзкина, взгляните", "@[e1], взгляните"),
        ("@анна, взгляните", "@[e2], взгляните"),
        ("@Аннабель", "@Аннабель"),
        ("@Эксперт 12 и @Эксперт 1.", "@[e4] и @[e3]."),
        ("почта a@example.org", "почта a@example.org"),
        ("подделка @[e1]", "подделка @ [e1]"),
        ("@", "@"),
    ],
)
def test_the_longest_whole_name_is_mentioned_and_nothing_else(typed: str, kept: str) -> None:
    assert kept_text(typed, NAMES) == kept


@given(st.lists(st.sampled_from([*(f"@{name} " for name in NAMES), "слово ", "@никто ", "@[e9]", "\n"])))
def test_what_is_kept_says_the_same_to_its_author_and_names_nobody_to_others(parts: list[str]) -> None:
    kept = kept_text("".join(parts), NAMES)
    own = {key: name for name, key in NAMES.items()}
    assert kept_text(typed_text(kept, own, "?"), NAMES) == kept
    labels = {key: f"Эксперт {key[1:]}0" for key in own}
    shown = "".join(piece.text for piece in pieces(kept, labels, "участник"))
    assert not any(name in shown for name in ("Анна Берёзкина",))
    assert set(mentioned(kept)) <= set(own)
