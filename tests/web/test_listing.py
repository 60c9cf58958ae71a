"""What the address of a list chooses, and pages of lists at hand."""

from datetime import date
from enum import StrEnum

from judging.queries.paging import Page, cut, last_page
from judging.queries.searching import fits
from judging.web.listing import day_of, id_of, member_of, one_of, page_of, search_of, sort_of


class Colour(StrEnum):
    """Something to choose from."""

    RED = "red"


def test_a_list_is_cut_into_pages_of_which_there_is_always_one() -> None:
    assert cut("abcdef", 9, 4) == Page("ef", 2, 6, 4)
    assert cut((), 3) == Page((), 1, 0, 100)
    assert [last_page(total, 4) for total in (0, 1, 4, 5)] == [1, 1, 1, 2]
    assert (cut("abcdef", 1, 4).pages, cut("abcdef", 1, 4).with_rows([1, 2])) == (2, Page([1, 2], 1, 6, 4))


def test_a_page_that_makes_no_sense_is_the_first_and_one_beyond_all_lists_the_farthest() -> None:
    asked = ("", "2", "x", "-2", "0", "9999999", "²", "٣", "99999")
    assert [page_of({"page": text}) for text in asked] == [1, 2, 1, 1, 1, 1, 1, 1, 10_000]
    assert page_of({"experts": "3"}, "experts") == 3


def test_what_a_list_does_not_know_is_not_chosen() -> None:
    assert [one_of({"kind": text}, "kind", ("a", "b")) for text in ("a", "c", "")] == ["a", "", ""]
    assert [one_of({"view": text}, "view", ("map", "list"), "map") for text in ("list", "x")] == ["list", "map"]
    assert [member_of({"c": text}, "c", Colour) for text in ("red", "RED", "")] == [Colour.RED, None, None]
    assert [id_of({"id": text}, "id") for text in ("12", "-1", "1" * 10, "²", "")] == [12, None, None, None, None]
    assert [day_of({"d": text}, "d") for text in ("2026-11-30", "2026-13-30", "")] == [date(2026, 11, 30), None, None]


def test_an_order_is_one_of_the_lists_own_in_either_direction() -> None:
    asked = ("name", "-name", "--name", "age", "")
    assert [sort_of({"sort": text}, ("name", "when"), "-when") for text in asked] == [
        "name", "-name", "-when", "-when", "-when",
    ]  # fmt: skip


def test_a_search_is_stripped_and_bounded() -> None:
    assert [search_of({"q": text}) for text in ("  насос ", "я" * 300)] == ["насос", "я" * 200]
    assert search_of({"person": "Иванова"}, "person", 3) == "Ива"


def test_a_text_fits_when_every_word_of_the_search_is_in_it() -> None:
    assert (fits("НАСОСЫ 12", "Насосы", "012"), fits("насосы 13", "Насосы", "012")) == (True, False)
