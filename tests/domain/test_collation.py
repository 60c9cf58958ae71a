"""How text is searched and sorted."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.collation import search_key, search_words, sort_key

RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Жёсткие диски", "жесткие диски"),
        ("ООО «Ромашка»", "ооо ромашка"),
        ('ООО "Ромашка"', "ооо ромашка"),
        ("ООО „Ромашка“", "ооо ромашка"),
        ("Завод № 41", "завод 41"),
        ("Завод №41", "завод 41"),
        ("И\u0306огурт", "йогурт"),
        ("Е\u0308лка", "елка"),
        ("за\u0301мок", "замок"),
        ("со\u00adвместный", "совместный"),
        ("про\u200bект\ufeff", "проект"),
        ("\u202eправо\u202c", "право"),
        ("1\u00a0000\u202f000", "1 000 000"),
        ("строка\nвторая\tтретья", "строка вторая третья"),
        ("импорто–замещение", "импорто-замещение"),
        ("импорто\u2011замещение", "импорто-замещение"),
        ("Straße ﬁ", "strasse fi"),
        ("  ", ""),
    ],
)
def test_text_is_searched_in_one_spelling(written: str, searched: str) -> None:
    assert search_key(written) == searched


def test_a_search_takes_the_words_apart_and_no_more_than_twenty() -> None:
    assert search_words("  «Ёлкин»,  П. ") == ["елкин,", "п."]
    assert len(search_words("слово " * 1000)) == 20


@pytest.mark.parametrize(
    "ordered",
    [
        ["Елисеев И. И.", "Елкин А. И.", "Елкин П. И.", "Ёлкин П. И.", "Ерёмина А. Л.", "Яшин О. О."],
        [
            "алюминиевый крепёж",
            "Единый стенд",
            "Ёлочные ограничители",
            "Жёсткие диски",
            "«Умный» насос",
            "Яхтенные лебёдки",
        ],
        ["«Алмаз»", "алюминиевый", "Ёмкостной", "Кластер К", "Яхтенный"],
        ["", "0", "1", "2", "10", "11", "12", "1000000"],
        ["1", "01", "001", "2"],
        ["ПП41-2026-2", "ПП41-2026-0010", "ПП41-2026-11", "ПП41-2027-1"],
        ["Завод 2", "Завод 10", "Завод А"],
        ["Проект", "Проект Б", "Проектор"],
    ],
)
def test_lists_are_in_the_order_people_look_things_up(ordered: list[str]) -> None:
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered


@given(st.text())
def test_searching_for_a_text_finds_it(text: str) -> None:
    assert all(word in search_key(text) for word in search_words(text))


@given(st.text())
def test_the_form_is_one_for_every_spelling(text: str) -> None:
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert {search_key(form) for form in forms} == {search_key(search_key(text))} == {search_key(text)}
    assert len({sort_key(form) for form in forms}) == 1


@given(st.text())
def test_keys_can_be_stored(text: str) -> None:
    for key in (search_key(text), sort_key(text)):
        assert "\x00" not in key
        key.encode()


@given(st.lists(st.text(RUSSIAN + RUSSIAN.upper(), max_size=6)))
def test_words_without_yo_stand_in_the_order_of_the_alphabet(words: list[str]) -> None:
    assert [one.lower() for one in sorted(words, key=sort_key)] == sorted(one.lower() for one in words)


@given(st.lists(st.integers(min_value=0, max_value=10**30)))
def test_numbers_sort_as_numbers(numbers: list[int]) -> None:
    assert sorted(map(str, numbers), key=sort_key) == [str(number) for number in sorted(numbers)]


@given(st.text(RUSSIAN, max_size=5), st.text(RUSSIAN, max_size=5))
def test_yo_comes_right_after_e(before: str, after: str) -> None:
    plain, dotted = f"{before}е{after}", f"{before}ё{after}"
    following = f"{plain}а"
    assert sort_key(plain) < sort_key(dotted) < sort_key(following)
