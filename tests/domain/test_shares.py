from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from judging.domain.record import Decision
from judging.domain.scoring import score_applications
from judging.domain.shares import bases, computed_share
from tests.domain.records import application, bands, linear, relative, terms


@pytest.mark.parametrize(
    ("value", "points"),
    [(None, "0"), ("-5", "0"), ("50", "0"), ("62", "4"), ("80", "10"), ("80.01", "10"), ("65", "5")],
)
def test_linear_share_is_clipped(value, points):
    criterion = linear(zero_at="50", full_at="80")
    given_value = None if value is None else Decimal(value)
    assert 10 * computed_share(criterion, given_value, None) == Fraction(points)


def test_linear_share_may_fall():
    criterion = linear(zero_at="10", full_at="3")
    shares = [computed_share(criterion, Decimal(value), None) for value in ("11", "10", "4.5", "3", "0")]
    assert shares == [0, 0, Fraction(11, 14), 1, 1]


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("-1000", "0"),
        ("9.999", "0"),
        ("10", "3"),
        ("24.999", "3"),
        ("25", "6"),
        ("42.7", "6"),
        ("50", "8"),
        ("50.5", "8"),
        ("75", "10"),
        ("1000", "10"),
    ],
)
def test_bands_are_half_open_and_leave_no_gap(value, points):
    criterion = bands((None, "0"), ("10", "3"), ("25", "6"), ("50", "8"), ("75", "10"))
    assert 10 * computed_share(criterion, Decimal(value), None) == Fraction(points)


def test_missing_indicator_gives_nothing_even_where_the_lowest_band_scores():
    assert score_applications(terms(bands((None, "5"))), [application("1")], (), ())[0].total == 0


@pytest.mark.parametrize(
    ("best", "base", "value", "share"),
    [
        ("max", "120", "48", Fraction(2, 5)),
        ("max", "100", "120", 1),
        ("max", "0", "5", 0),
        ("max", "-1", "-5", 0),
        ("max", None, "5", 0),
        ("max", "10", "-5", 0),
        ("min", "3", "4", Fraction(3, 4)),
        ("min", "3", "2", 1),
        ("min", "3", "0", 0),
        ("min", "3", "-1", 0),
        ("min", "-3", "1", 0),
        ("min", None, "5", 0),
    ],
)
def test_relative_share(best, base, value, share):
    given_base = None if base is None else Decimal(base)
    assert computed_share(relative(best=best), Decimal(value), given_base) == share


def test_base_is_the_best_value_of_the_admitted():
    applications = [
        application("1", indicators={"C1": "5", "C2": "-1"}),
        application("2", indicators={"C1": "7", "C2": "4"}),
        application("3", indicators={"C1": "9", "C2": "1"}, status=Decision.REJECTED),
        application("4", indicators={"C1": "9", "C2": "1"}, status=Decision.WITHDRAWN),
        application("5"),
    ]
    criteria = (relative("C1"), relative("C2", best="min"), relative("C3"))
    assert bases(criteria, applications) == {"C1": Decimal(7), "C2": Decimal(4)}
    assert bases(criteria, applications, {"C1": Decimal(3)}) == {"C1": Decimal(3), "C2": Decimal(4)}


def test_frozen_base_keeps_the_order_when_the_best_withdraws():
    criteria = (relative("C1", "60"), linear("C2", "40", "0", "100"))
    facts = {
        "P": {"C1": "100", "C2": "66.5"},
        "Q": {"C1": "120", "C2": "61.325"},
        "R": {"C1": "300", "C2": "0"},
    }
    present = [application(number, indicators=row) for number, row in facts.items()]
    gone = [*present[:2], replace(present[2], status=Decision.WITHDRAWN)]
    frozen = terms(*criteria, frozen_base=bases(criteria, present))
    before = [item.total for item in score_applications(terms(*criteria), present, (), ())][:2]
    moved = [item.total for item in score_applications(terms(*criteria), gone, (), ())]
    kept = [item.total for item in score_applications(frozen, gone, (), ())]
    assert kept == before == [Fraction("46.6"), Fraction("48.53")]
    assert moved == [Fraction("76.6"), Fraction("84.53")]
