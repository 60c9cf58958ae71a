"""The history of a score sheet: every state can be had back from the present one and what the saves changed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.record import Recommendation
from judging.domain.sheet_history import (
    Broken,
    Save,
    Step,
    at_moment,
    changes,
    is_overtaken,
    sheet_of,
    steps,
    texts_of,
    undone,
)
from judging.domain.sheets import Sheet

NOON = datetime(2026, 11, 30, 9, tzinfo=UTC)
FIELDS = st.sampled_from(["mark-E1", "comment-E1", "comment-E2", "recommendation"])
TEXTS = st.dictionaries(FIELDS, st.text("абв 12\n😀", min_size=1, max_size=12), max_size=4)


def saved(minutes: float, made: dict[str, list[int | str]], tab: str = "one", by_id: int = 1) -> Save:
    return Save(NOON + timedelta(minutes=minutes), by_id, tab, made)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_every_state_is_had_back(states: list[dict[str, str]]) -> None:
    saves = [saved(n + 1, changes(before, states[n + 1])) for n, before in enumerate(states[:-1])]
    for n, state in enumerate(states):
        assert at_moment(states[-1], saves, NOON + timedelta(minutes=n)) == state
    assert at_moment(states[-1], saves, NOON - timedelta(days=1)) == states[0]


@given(TEXTS, TEXTS)
def test_what_is_undone_is_what_was_changed(before: dict[str, str], after: dict[str, str]) -> None:
    made = changes(before, after)
    assert undone(after, made) == before
    assert set(made) == {name for name in {*before, *after} if before.get(name) != after.get(name)}


def test_a_comment_that_grows_by_a_word_costs_a_word() -> None:
    made = changes({"comment-E1": "Есть образец."}, {"comment-E1": "Есть опытный образец.", "mark-E1": "7"})
    assert made == {"comment-E1": [6, "", "пытный о"], "mark-E1": [0, "", "7"]}


def test_changes_of_another_text_are_not_undone() -> None:
    with pytest.raises(Broken):
        undone({"comment-E1": "Другое"}, {"comment-E1": [0, "", "Есть"]})


@given(
    st.dictionaries(st.sampled_from(["E1", "K-2"]), st.decimals(0, 10, places=1)),
    st.dictionaries(st.sampled_from(["E1", "K-2"]), st.text(min_size=1)),
    st.none() | st.sampled_from(Recommendation),
)
def test_a_sheet_is_the_same_after_it_was_flattened(
    scores: dict[str, Decimal], comments: dict[str, str], verdict: Recommendation | None
) -> None:
    assert sheet_of(texts_of(Sheet(scores, comments, verdict))) == Sheet(scores, comments, verdict)


def test_saves_in_a_row_are_one_step_and_what_came_to_nothing_is_none() -> None:
    one, two = {"mark-E1": "7"}, {"mark-E1": "7", "comment-E1": "Есть"}
    three = {**two, "mark-E1": "4"}
    saves = [
        saved(0, changes({}, one)), saved(2, changes(one, two)),  # one step: the same page, two minutes between
        saved(30, changes(two, three)),
        saved(60, changes(three, two), tab="two"), saved(61, changes(two, three), tab="two"),  # came to nothing
    ]  # fmt: skip
    assert steps(three, saves) == (
        Step(NOON + timedelta(minutes=30), NOON + timedelta(minutes=30), 1, two, three),
        Step(NOON, NOON + timedelta(minutes=2), 1, {}, two),
    )
    assert [step.fields for step in steps(three, saves)] == [("mark-E1",), ("comment-E1", "mark-E1")]
    assert steps({}, []) == ()


@given(st.lists(TEXTS, min_size=1, max_size=6), st.data())
def test_a_copy_of_any_state_there_was_is_overtaken(states: list[dict[str, str]], data: st.DataObject) -> None:
    saves = [saved(n + 1, changes(before, states[n + 1])) for n, before in enumerate(states[:-1])]
    assert is_overtaken(data.draw(st.sampled_from(states)), states[-1], saves)


def test_a_copy_with_a_word_or_a_mark_that_was_never_saved_is_not_overtaken() -> None:
    states: list[dict[str, str]] = [
        {},
        {"mark-E1": "7", "comment-E1": "Есть"},
        {"mark-E1": "10", "comment-E1": "Есть опыт"},
    ]
    saves = [saved(n, changes(states[n], states[n + 1])) for n in range(2)]
    kept = {"mark-E1": "7", "comment-E1": "Есть оп"}  # the mark of once, and the beginning of what was typed on
    assert is_overtaken(kept, states[-1], saves)
    for new in ({"mark-E1": "1"}, {"mark-E1": "4"}, {"comment-E1": "Есть опыт, но"}, {"comment-E2": "Иное"}):
        assert not is_overtaken(kept | new, states[-1], saves)
