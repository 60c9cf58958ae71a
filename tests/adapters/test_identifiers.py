"""ИНН, ОГРН and ОГРНИП are told from what only looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.adapters.identifiers import inn_fault, ogrn_fault

INN_LENGTH = "An INN has 10 digits, a sole trader's 12"
INN_DIGIT = "The check digit of the INN does not match"
OGRN_LENGTH = "An OGRN has 13 digits, an OGRNIP 15"
OGRN_DIGIT = "The check digit of the OGRN does not match"
OGRN_START = "An OGRN does not begin with 0, an OGRNIP begins with 3 or 4"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("7707083893", None),
        ("0000001004", None),
        ("500100732259", None),
        ("7707083894", INN_DIGIT),
        ("500100732258", INN_DIGIT),
        ("", INN_LENGTH),
        ("770708389", INN_LENGTH),
        ("77070838930", INN_LENGTH),
        ("7707 083893", INN_LENGTH),
        ("7707083893\n", INN_LENGTH),
        ("٧٧٠٧٠٨٣٨٩٣", INN_LENGTH),
    ],
)
def test_an_inn_is_right_or_its_fault_is_named(number, fault):
    assert inn_fault(number) == fault


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("1027700132195", None),
        ("1000000001000", None),
        ("304500116000157", None),
        ("1027700132196", OGRN_DIGIT),
        ("304500116000158", OGRN_DIGIT),
        ("0027700132195", OGRN_START),
        ("104500116000157", OGRN_START),
        ("102770013219", OGRN_LENGTH),
        (" 1027700132195", OGRN_LENGTH),
        ("", OGRN_LENGTH),
    ],
)
def test_an_ogrn_is_right_or_its_fault_is_named(number, fault):
    assert ogrn_fault(number) == fault


@given(st.integers(min_value=30_000_000_000_000, max_value=49_999_999_999_999))
def test_exactly_one_last_digit_makes_an_ogrnip(body):
    right = str(body % 13 % 10)
    assert [digit for digit in "0123456789" if ogrn_fault(f"{body}{digit}") is None] == [right]


@given(st.integers(min_value=0, max_value=999_999_999))
def test_exactly_one_last_digit_makes_an_inn(body):
    assert sum(inn_fault(f"{body:09}{digit}") is None for digit in range(10)) == 1
