"""Affinity of experts and projects by codes of ОКВЭД2."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.affinity import (
    GREATEST_MATCH,
    LEVEL_LABELS,
    NO_AFFINITY,
    WEIGHTS,
    Affinity,
    MatchLevel,
    Part,
    affinity_of,
    ancestors,
    level_between,
    match_value,
)

codes = st.from_regex(r"\A[0-9]{2}(\.[0-9]{1,2}(\.[0-9]{1,2})?)?\Z")
topics = st.lists(codes, max_size=4)


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        ("28.41", "28.41", MatchLevel.EXACT),
        ("28", "28", MatchLevel.EXACT),
        ("28.41", "28.41.1", MatchLevel.GROUP),
        ("28.41.11", "28.41.21", MatchLevel.GROUP),
        ("28.41.11", "28.41.12", MatchLevel.GROUP),
        ("28.41", "28.49", MatchLevel.CLASS),
        ("28.4", "28.41", MatchLevel.CLASS),
        ("28", "28.41", MatchLevel.CLASS),
        ("28.41", "29.41", MatchLevel.SECTION),
        ("28.41", "25", MatchLevel.SECTION),
        ("28.41", "35.11", MatchLevel.NONE),
        ("62.01", "63.11", MatchLevel.SECTION),
        ("34.10", "34.20", MatchLevel.CLASS),
        ("34.10", "28.41", MatchLevel.NONE),
        ("", "", MatchLevel.NONE),
        ("", "28", MatchLevel.NONE),
    ],
)
def test_codes_agree_as_deep_as_the_tree_does(first: str, second: str, level: MatchLevel) -> None:
    assert (level_between(first, second), level_between(second, first)) == (level, level)


def test_the_best_pair_of_codes_is_named_with_the_nearest_code_for_every_topic() -> None:
    found = affinity_of(["62.01", "28.49", "28.41.1"], ["22.29", "28.41", "01.11"])
    parts = (
        Part("22.29", "28.49", MatchLevel.SECTION),
        Part("28.41", "28.41.1", MatchLevel.GROUP),
        Part("01.11", "", MatchLevel.NONE),
    )
    assert found == Affinity(MatchLevel.GROUP, "28.41.1", "28.41", parts)
    assert found.value == 700 + (150 + 700) // 30


def test_the_first_of_equally_good_pairs_is_named() -> None:
    found = affinity_of(["28.41", "29.10"], ["29.10", "28.41"])
    assert (found.level, found.expert_code, found.application_code) == (MatchLevel.EXACT, "29.10", "29.10")


@pytest.mark.parametrize(("expert", "application"), [([], ["28.41"]), (["28.41"], []), (["01.11"], ["28.41"])])
def test_nothing_in_common_is_no_match(expert: list[str], application: list[str]) -> None:
    found = affinity_of(expert, application)
    assert (found.level, found.value, found.expert_code) == (MatchLevel.NONE, 0, "")
    assert [part.expert_code for part in found.parts] == [""] * len(application)


def test_without_topics_there_is_nothing_to_match() -> None:
    assert affinity_of(["28.41"], []) == NO_AFFINITY


@pytest.mark.parametrize(
    ("levels", "value"),
    [
        ([], 0),
        ([MatchLevel.NONE], 0),
        ([MatchLevel.SECTION], 165),
        ([MatchLevel.CLASS], 440),
        ([MatchLevel.GROUP], 770),
        ([MatchLevel.EXACT], GREATEST_MATCH),
        ([MatchLevel.EXACT, MatchLevel.NONE], 1050),
        ([MatchLevel.EXACT, MatchLevel.CLASS], 1070),
        ([MatchLevel.NONE, MatchLevel.NONE, MatchLevel.CLASS], 413),
    ],
)
def test_the_match_is_the_best_level_and_a_tenth_of_the_mean(levels: list[MatchLevel], value: int) -> None:
    assert match_value(levels) == value


def test_breadth_never_outweighs_a_nearer_code() -> None:
    weights = sorted(WEIGHTS.values())
    assert all(low + low // 10 < high for low, high in pairwise(weights))


@given(topics, topics)
def test_affinity_is_the_best_level_of_all_pairs(expert: list[str], application: list[str]) -> None:
    best = max((level_between(a, b) for a in expert for b in application), default=MatchLevel.NONE)
    assert affinity_of(expert, application).level == best


@given(topics, topics)
def test_every_topic_has_its_nearest_code(expert: list[str], application: list[str]) -> None:
    parts = affinity_of(expert, application).parts
    nearest = [max((level_between(mine, code) for mine in expert), default=MatchLevel.NONE) for code in application]
    assert [(part.application_code, part.level) for part in parts] == list(zip(application, nearest, strict=True))


@given(topics, topics, codes)
def test_another_topic_never_makes_the_match_worse(expert: list[str], application: list[str], more: str) -> None:
    assert affinity_of([*expert, more], application).value >= affinity_of(expert, application).value


def test_every_level_has_a_label_and_a_weight() -> None:
    assert (set(LEVEL_LABELS), set(WEIGHTS)) == (set(MatchLevel), set(MatchLevel))


@given(codes, codes)
def test_codes_agree_at_the_deepest_node_that_they_share(first: str, second: str) -> None:
    one, other = ancestors(first), ancestors(second)
    shared = [level for level in one if one[level] == other.get(level)]
    assert level_between(first, second) == max(shared, default=MatchLevel.NONE)
