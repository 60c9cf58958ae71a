"""Two texts word by word: nothing is lost on either side, and what is marked is what the other does not have."""

import time

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.word_differences import Piece, word_differences

WORDS = st.lists(st.sampled_from(["один", "два", "три", " ", ", ", "\n", "12 500"]), max_size=12).map("".join)


@given(WORDS, WORDS)
def test_the_pieces_are_the_texts_and_what_is_shared_is_the_same(first: str, second: str) -> None:
    mine, theirs = word_differences(first, second)
    assert ("".join(one.text for one in mine), "".join(one.text for one in theirs)) == (first, second)
    shared = ["".join(one.text for one in pieces if not one.own) for pieces in (mine, theirs)]
    assert shared[0] == shared[1]
    assert (first == second) == (not any(one.own for one in (*mine, *theirs)))


def test_a_word_that_was_changed_is_marked_alone() -> None:
    mine, theirs = word_differences("Выпуск 50 узлов в год", "Выпуск 70 узлов в год")
    assert mine == (Piece("Выпуск "), Piece("50", own=True), Piece(" узлов в год"))
    assert theirs == (Piece("Выпуск "), Piece("70", own=True), Piece(" узлов в год"))


def test_two_long_texts_take_no_time() -> None:
    began = time.perf_counter()
    mine, _ = word_differences("раз два " * 2500, "три четыре " * 2000)
    assert ([one.own for one in mine], time.perf_counter() - began < 1) == ([True, False], True)


def test_two_texts_of_the_same_few_words_and_signs_take_no_time() -> None:
    for first, second in ((("." * 30 + ",") * 48, ("." * 29 + ";") * 49), ("а " * 700 + "б", "в " + "а " * 690)):
        began = time.perf_counter()
        pieces = word_differences(f"раз {first} раз", f"два {second} два")
        assert ["".join(one.text for one in text) for text in pieces] == [f"раз {first} раз", f"два {second} два"]
        assert time.perf_counter() - began < 1
