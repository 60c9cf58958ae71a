"""The nudge before rounding, in the arithmetic that spreadsheets use: binary numbers of double precision."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.rubric import LinearCriterion
from judging.domain.scoring import round_half_up
from judging.exports.workbook.formulas import precision


def criterion(weight: Decimal) -> LinearCriterion:
    return LinearCriterion("C", "C", weight, "v", Decimal(0), Decimal(1))


def in_binary(points: list[Fraction], decimals: int, nudge: float) -> float:
    """Round like the plainest spreadsheet: multiply, add a half, cut off."""
    total = sum(float(item) for item in points) + nudge
    return floor(total * 10**decimals + 0.5) / 10**decimals


weights = st.lists(st.integers(1, 3000).map(lambda units: Decimal(units).scaleb(-2)), min_size=1, max_size=12)


@given(weights, st.integers(0, 6), st.sampled_from((2, 3, 4, 5, 6, 7, 9, 10, 30)), st.data())
def test_points_with_the_nudge_round_as_exact_fractions_do(given_weights, decimals, parts, data):
    exact = precision([criterion(weight) for weight in given_weights], decimals)
    points = [Fraction(weight) * data.draw(st.integers(0, parts)) / parts for weight in given_weights]
    assert in_binary(points, decimals, float(exact.nudge)) == float(round_half_up(sum(points), decimals))


@given(weights, st.integers(0, 4), st.data())
def test_an_exact_half_is_rounded_up(given_weights, decimals, data):
    exact = precision([criterion(weight) for weight in given_weights], decimals)
    points = [Fraction(weight) * data.draw(st.integers(0, 10)) / 30 for weight in given_weights]
    step = Fraction(1, 10**decimals)
    missing = (step / 2 - sum(points)) % step
    total = [*points, missing]
    assert in_binary(total, decimals, float(exact.nudge)) == float(round_half_up(sum(total), decimals))


def test_without_the_nudge_binary_arithmetic_would_lose_halves():
    halves = [[Fraction(units, 1000)] for units in range(5, 100_000, 10)]
    lost = [points for points in halves if in_binary(points, 2, 0.0) != float(round_half_up(points[0], 2))]
    kept = [points for points in halves if in_binary(points, 2, 5e-11) == float(round_half_up(points[0], 2))]
    assert (len(lost) > 100, len(kept)) == (True, len(halves))


def test_precision_leaves_room_for_great_weights_and_many_decimals():
    assert (precision([criterion(Decimal(100))], 2).nudge, precision([criterion(Decimal(10**6))], 2).nudge) == (
        "5E-11",
        "5E-7",
    )
