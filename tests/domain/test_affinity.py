"""Affinity of experts and projects by codes of ОКВЭД2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.affinity import LEVEL_LABELS, NO_AFFINITY, Affinity, Level, affinity_of, level_between

codes = st.from_regex(r"\A[0-9]{2}(\.[0-9]{1,2}(\.[0-9]{1,2})?)?\Z")
topics = st.lists(codes, max_size=4)


@pytest.mark.parametrize(
    ("first", "second", "level"),
    [
        ("28.41", "28.41", Level.EXACT),
        ("28", "28", Level.EXACT),
        ("28.41", "28.41.1", Level.GROUP),
        ("28.41.11", "28.41.21", Level.GROUP),
        ("28.41.11", "28.41.12", Level.GROUP),
        ("28.41", "28.49", Level.CLASS),
        ("28.4", "28.41", Level.CLASS),
        ("28", "28.41", Level.CLASS),
        ("28.41", "29.41", Level.NONE),
        ("28.41", "25", Level.NONE),
        ("", "", Level.NONE),
        ("", "28", Level.NONE),
    ],
)
def test_codes_agree_as_deep_as_the_tree_does(first: str, second: str, level: Level) -> None:
    assert (level_between(first, second), level_between(second, first)) == (level, level)


def test_the_best_pair_of_codes_is_named() -> None:
    found = affinity_of(["62.01", "28.49", "28.41.1"], ["22.29", "28.41"])
    assert (found, found.value) == (Affinity(Level.GROUP, "28.41.1", "28.41"), 3)


def test_the_first_of_equally_good_pairs_is_named() -> None:
    assert affinity_of(["28.41", "29.10"], ["29.10", "28.41"]) == Affinity(Level.EXACT, "29.10", "29.10")


@pytest.mark.parametrize(("expert", "application"), [([], ["28.41"]), (["28.41"], []), (["01.11"], ["28.41"])])
def test_nothing_in_common_is_no_affinity(expert: list[str], application: list[str]) -> None:
    assert affinity_of(expert, application) == NO_AFFINITY


@given(topics, topics)
def test_affinity_is_the_best_level_of_all_pairs(expert: list[str], application: list[str]) -> None:
    best = max((level_between(a, b) for a in expert for b in application), default=Level.NONE)
    assert affinity_of(expert, application).level == best


@given(topics, topics, codes)
def test_another_topic_never_makes_the_match_worse(expert: list[str], application: list[str], more: str) -> None:
    assert affinity_of([*expert, more], application).value >= affinity_of(expert, application).value


def test_every_level_has_a_label() -> None:
    assert set(LEVEL_LABELS) == set(Level)
