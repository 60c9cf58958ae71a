from decimal import Decimal
from fractions import Fraction
from statistics import mean, median, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.spread import Spread, spread

marks = st.decimals(-1000, 1000, places=3)


def test_three_marks_by_hand():
    assert spread([Decimal(4), Decimal(9), Decimal(5)]) == Spread(
        3, Fraction(6), Fraction(5), Fraction(4), Fraction(9), Decimal(7).sqrt()
    )


def test_one_mark_has_no_deviation_and_none_has_nothing():
    one = Fraction(7, 3)
    assert spread([one]) == Spread(1, one, one, one, one, None)
    assert spread([]) is None


@given(st.lists(marks, min_size=2, max_size=12))
def test_it_agrees_with_the_standard_library(values: list[Decimal]):
    found, exact = spread(values), [Fraction(value) for value in values]
    assert found is not None
    assert (found.count, found.mean, found.median) == (len(values), mean(exact), median(exact))
    assert (found.least, found.greatest) == (min(exact), max(exact))
    assert float(found.deviation or 0) == pytest.approx(stdev(map(float, values)), abs=1e-9)


@given(st.lists(marks, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_marks_does_not_matter(values: list[Decimal], random):
    shuffled = list(values)
    random.shuffle(shuffled)
    assert spread(shuffled) == spread(values)
