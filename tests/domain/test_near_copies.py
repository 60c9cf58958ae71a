"""How alike two texts are."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.near_copies import ALIKE, resemblance, shingles

TEXT = "Создать на базе участников кластера выпуск шпиндельных узлов для станков с ЧПУ"
words = st.lists(st.sampled_from(["станок", "литьё", "узел", "цех", "насос", "вал"]), max_size=12).map(" ".join)


def test_the_share_is_that_of_the_runs_that_both_have() -> None:
    one, other = shingles(["а б в г д е"]), shingles(["а б в г д ё ж"])
    assert resemblance(one, other) == Fraction(3, 4)


def test_spelling_quotes_and_case_make_no_difference() -> None:
    assert resemblance(shingles([TEXT]), shingles([TEXT.upper().replace(" ", "  ") + "."])) == 1


def test_a_text_with_one_word_changed_is_alike_and_another_one_is_not() -> None:
    changed = TEXT.replace("шпиндельных", "редукторных")
    assert resemblance(shingles([TEXT] * 2), shingles([TEXT, changed])) >= ALIKE
    assert resemblance(shingles([TEXT]), shingles(["Наладить литьё чугуна для насосов большой мощности"])) == 0


def test_texts_of_few_words_are_like_nothing() -> None:
    assert resemblance(shingles(["три слова тут"]), shingles(["три слова тут"])) == 0


@given(words, words)
def test_it_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    first, second = shingles([one]), shingles([other])
    assert 0 <= resemblance(first, second) == resemblance(second, first) <= 1
    assert resemblance(first, first) == (1 if first else 0)
