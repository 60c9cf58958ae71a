"""Numbers and money: every space, both signs of decimals, ₽; what is not understood says why."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.errors import Unfit
from judging.domain.fields.numbers import read_decimal, read_money

GROUPS, FINE, FULL = "groups of three", "No more than 2 decimals", "in full, in roubles"
NO_SUM, BEYOND, NEGATIVE = "Enter an amount", "10 trillion", "not negative"


@pytest.mark.parametrize(
    ("typed", "kopecks"),
    [
        ("0", 0), ("1250000", 125_000_000), ("1 250 000,50", 125_000_050), ("1\u00a0250\u202f000", 125_000_000),
        ("1\u2009250\u2003000\u3000000", 125_000_000_000), ("1'250'000", 125_000_000), ("1’250’000.5", 125_000_050),
        ("1.250.000,50", 125_000_050), ("1,250,000.50", 125_000_050), ("1.250.000", 125_000_000),
        ("1,250,000", 125_000_000), ("12,5", 1250), ("12.05", 1205), ("1 250 ₽", 125_000), ("1 250 руб.", 125_000),
        ("1 250,00 рублей", 125_000), ("1250р.", 125_000), ("1250 RUB", 125_000), ("007", 700), ("+5", 500),
        (",5", 50), ("5,", 500), ("-0", 0), ("9999999999999,99", 999_999_999_999_999), ("\u200b12\ufeff", 1200),
        ("₽ 100", 10_000), ("₽100,50", 10_050), ("руб. 1 250 000,50", 125_000_050), ("Рублей 5", 500), ("RUB 5", 500),
    ],
)  # fmt: skip
def test_sums_are_read_as_people_type_them(typed, kopecks):
    assert read_money(typed) == kopecks


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("12 50 000", GROUPS), ("₽ 12 50 000", GROUPS), ("₽", NO_SUM), ("₽ 5 ₽", NO_SUM), ("₽ ₽ 5", NO_SUM),
        ("₽ −5", NEGATIVE), ("руб. 5 тыс.", FULL), ("1 250 00", GROUPS), ("1.250.00", GROUPS), ("1,250.000,50", GROUPS),
        ("1 250.000,50", GROUPS), ("1,5,5", GROUPS), ("1 250,50 00", GROUPS), ("1250 000 00", GROUPS),
        ("1.250", FINE), ("1,250", FINE), ("0,001", FINE), ("1,25 млн", FULL), ("5 тыс. руб.", FULL), ("5 т.р.", FULL),
        ("-5", NEGATIVE), ("−5 ₽", NEGATIVE), ("–0,01", NEGATIVE), ("10000000000000", BEYOND), ("1e5", NO_SUM),
        ("NaN", NO_SUM), ("inf", NO_SUM), ("0x10", NO_SUM), ("1_000", NO_SUM), ("", NO_SUM), (".", NO_SUM),
        ("5-5", NO_SUM), ("１２３", NO_SUM), ("١٢٣", NO_SUM), ("$5", NO_SUM), ("1О0", "“О” is not a digit"),
        ("10l", "“l” is not a digit"), ("9" * 31, "more than 30 digits"), ("9" * 100_000, NO_SUM),
    ],
)  # fmt: skip
def test_what_is_no_sum_says_why(typed, said):
    with pytest.raises(Unfit) as unfit:
        read_money(typed)
    assert unfit.match(said)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12,5 %", "12.5"), ("-12.50", "-12.50"), ("− 1 000,5", "-1000.5"), ("1.250", "1.250"), ("-0", "0"),
        ("0,00", "0.00"),
    ],
)  # fmt: skip
def test_decimals_keep_their_noughts_and_take_their_unit(typed, number):
    assert str(read_decimal(typed, unit="%")) == number


@given(st.integers(0, 10**15 - 1), st.sampled_from(" \u00a0\u2009\u202f'’"), st.sampled_from(",."))
def test_every_sum_is_read_back_however_it_is_grouped(kopecks, gap, point):
    typed = f"{kopecks // 100:,}".replace(",", gap) + f"{point}{kopecks % 100:02d}"
    assert read_money(typed) == kopecks


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_every_decimal_is_read_back_exactly(number):
    assert read_decimal(f"{number:f}".replace(".", ",")) == Decimal(number)
