"""Coefficients of agreement against published tables, tables worked out by hand and plain sums over all pairs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from judging.engines.calibration.agreement import Agreement, agreement
from judging.engines.calibration.scores import InputFault

NAMES = tuple(Agreement.__dataclass_fields__)
Scores = tuple[list[int], list[int], list[float]]


def listed(table: Sequence[Sequence[float | None]]) -> Scores:
    """A table of projects × experts as lists; None is a score that was not given."""
    cells = [
        (rater, item, score) for item, row in enumerate(table) for rater, score in enumerate(row) if score is not None
    ]
    return [rater for rater, _, _ in cells], [item for _, item, _ in cells], [score for _, _, score in cells]


def found(table: Sequence[Sequence[float | None]]) -> dict[str, Any]:
    return asdict(agreement(*listed(table)))


def nothing(**but: float | bool) -> dict[str, Any]:
    return dict.fromkeys(NAMES) | {"complete": False} | but


SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
KRIPPENDORFF = [
    [1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1], [None, 3, None, None],
]  # fmt: skip


def test_the_table_of_shrout_and_fleiss() -> None:
    told = found(SHROUT_FLEISS)
    published = {"icc1": 0.17, "icc2": 0.29, "icc3": 0.71, "icc1k": 0.44, "icc2k": 0.62, "icc3k": 0.91}
    assert {name: round(told[name], 2) for name in published} == published
    assert told["complete"] is True


def test_the_mean_squares_of_shrout_and_fleiss_worked_out() -> None:
    # their analysis of variance: between targets 11.24 (5 df), within 6.26 (18), judges 32.49 (3), residual 1.02 (15)
    targets, within, judges, rest = 56.2083333333 / 5, 112.75 / 18, 97.4583333333 / 3, 15.2916666667 / 15
    severity = (judges - rest) / 6
    told = found(SHROUT_FLEISS)
    assert {name: told[name] for name in NAMES if name.startswith("icc")} == pytest.approx(
        {
            "icc1": (targets - within) / (targets + 3 * within),
            "icc1k": (targets - within) / targets,
            "icc2": (targets - rest) / (targets + 3 * rest + 4 * severity),
            "icc2k": (targets - rest) / (targets + severity),
            "icc3": (targets - rest) / (targets + 3 * rest),
            "icc3k": (targets - rest) / targets,
        },
        abs=1e-9,
    )


def test_the_four_observers_of_krippendorff() -> None:
    told = found(KRIPPENDORFF)
    published = {"alpha_nominal": 0.743, "alpha_ordinal": 0.815, "alpha_interval": 0.849}
    assert {name: round(told[name], 3) for name in published} == published
    assert [told[name] for name in ("icc2", "icc2k", "icc3", "icc3k", "kendall_w", "complete")] == [None] * 5 + [False]


def test_the_binary_example_of_krippendorff() -> None:
    # 2011, part A: two observers, ten units; 4 units differ, 14 zeros and 6 ones; with two values all scales are alike
    told = found([[float(x), float(y)] for x, y in zip("0100000010", "1110010000", strict=True)])
    kinds = [told[f"alpha_{kind}"] for kind in ("nominal", "ordinal", "interval")]
    assert kinds == pytest.approx([1 - 19 * 4 / (14 * 6)] * 3, abs=1e-12)
    assert round(kinds[0], 3) == 0.095


def test_the_nominal_example_of_krippendorff() -> None:
    # 2011, part B: two observers, twelve units, five letters: (23·18 − 104) / (24·23 − 104)
    letters = {letter: float(index) for index, letter in enumerate("abcde")}
    told = found([[letters[x], letters[y]] for x, y in zip("aabbdcccedda", "babbbccceddd", strict=True)])
    assert told["alpha_nominal"] == pytest.approx(310 / 448, abs=1e-12)
    assert round(told["alpha_nominal"], 3) == 0.692


def test_concordance_by_hand() -> None:
    # orders 1234, 1243, 2134: sums of ranks 4, 5, 10, 11 around 7.5; W = 12·37 / (9·60)
    assert found([[1, 1, 2], [2, 2, 1], [3, 4, 3], [4, 3, 4]])["kendall_w"] == pytest.approx(12 * 37 / 540, abs=1e-12)


def test_concordance_with_ties_by_hand() -> None:
    # the first expert's ranks are 1, 2½, 2½, 4 (T = 2³ − 2): sums 4, 5½, 8½, 12, S = 37.5; W = 12·37.5 / (540 − 3·6)
    table = [[10, 1, 2], [20, 2, 1], [20, 3, 3], [40, 4, 4]]
    assert found(table)["kendall_w"] == pytest.approx(450 / 522, abs=1e-12)


def test_an_expert_who_gives_everybody_the_same_takes_part_in_the_concordance() -> None:
    # sums of ranks 2+2, 1+2, 3+2 → S = 2 of 2 · (2 + 0)
    assert found([[6, 5], [4, 5], [9, 5]])["kendall_w"] == pytest.approx(0.5, abs=1e-12)


def test_unequal_numbers_of_scores_by_hand() -> None:
    # groups (1, 3), (6), (5, 7, 9): mean 31/6; between 215/6 − …, within 2 + 8; n₀ = (6 − 14/6) / 2 = 11/6
    between = (2 * (2 - 31 / 6) ** 2 + (6 - 31 / 6) ** 2 + 3 * (7 - 31 / 6) ** 2) / 2
    within, typical = (2 + 8) / 3, 11 / 6
    told = found([[1, 3, None], [None, 6, None], [5, 7, 9]])
    assert (told["icc1"], told["icc1k"]) == pytest.approx(
        ((between - within) / (between + (typical - 1) * within), (between - within) / between), abs=1e-12
    )


PERFECT = [[1, 1, 1], [2, 2, 2], [4, 4, 4]]
SHIFTED = [[1.0, 2.5], [2.0, 3.5], [4.0, 5.5]]


def test_perfect_agreement_is_one_everywhere() -> None:
    assert found(PERFECT) == dict.fromkeys(NAMES, 1.0) | {"complete": True}


def test_severity_alone_leaves_the_consistency_perfect() -> None:
    told = found(SHIFTED)
    assert [told[name] for name in ("icc3", "icc3k", "kendall_w")] == pytest.approx([1, 1, 1], abs=1e-12)
    # mean squares 14/3 of projects, 27/8 of experts, 0 of the rest
    assert told["icc2"] == pytest.approx((14 / 3) / (14 / 3 + 2 * (27 / 8) / 3), abs=1e-12)


def test_what_are_no_scores_is_refused() -> None:
    for faulty in (
        ([], [], []),
        ([0, 1], [0, 0], [1.0, np.nan]),
        ([0, 1], [0, 0], [1.0, np.inf]),
        ([-1, 1], [0, 0], [1.0, 2.0]),
        ([0, 1], [0], [1.0, 2.0]),
        ([0.5, 1.0], [0, 0], [1.0, 2.0]),
    ):
        with pytest.raises(InputFault):
            agreement(*faulty)


def test_numbers_at_the_end_of_what_a_float_holds() -> None:
    least, most = [[-1.0, -1.0], [0.5, 0.5], [1.0, 0.5]], [[-1e308, -1e308], [5e307, 5e307], [1e308, 5e307]]
    assert found(most) == pytest.approx(found(least), abs=1e-12)


def test_one_score() -> None:
    assert found([[5.0]]) == nothing(complete=True)


def test_one_project_with_several_scores() -> None:
    # nothing to tell projects apart by; alpha has a definition: observed and expected differences are the same
    told = found([[5.0, 7.0, 8.0]])
    assert told == nothing(complete=True, alpha_interval=0.0, alpha_ordinal=0.0, alpha_nominal=0.0)


def test_one_score_for_each_project() -> None:
    assert found([[5.0, None], [None, 7.0], [8.0, None]]) == nothing()


def test_one_expert_for_all_projects() -> None:
    assert found([[5.0], [7.0], [8.0]]) == nothing(complete=True)


@pytest.mark.parametrize("value", [0.0, 0.1, 72.3, 1e9])
def test_identical_scores(value: float) -> None:
    assert found([[value] * 3] * 4) == nothing(complete=True)
    assert found([[value, value, None], [None, value, value]]) == nothing()


def test_projects_that_cannot_be_told_apart() -> None:
    # the experts differ, the projects do not: the mean of several scores says nothing, one score says less than nothing
    told = found([[0.1, 0.7], [0.1, 0.7], [0.1, 0.7]])
    assert [told[name] for name in ("icc1", "icc1k", "icc3", "icc3k", "kendall_w")] == [-1.0, None, None, None, None]
    assert told["complete"] is True


def test_a_score_given_twice_is_not_a_complete_design() -> None:
    told = asdict(agreement([0, 0, 1, 1, 0, 1], [0, 0, 0, 1, 1, 1], [1.0, 2.0, 3.0, 5.0, 4.0, 6.0]))
    assert told["complete"] is False
    assert told["icc3"] is None


# Plain definitions, over all pairs of scores.

KINDS: dict[str, Callable[[float, float, np.ndarray], float]] = {
    "alpha_interval": lambda x, y, _: (x - y) ** 2,
    "alpha_ordinal": lambda x, y, everything: _between(min(x, y), max(x, y), everything),
    "alpha_nominal": lambda x, y, _: float(x != y),
}


def _between(low: float, high: float, everything: np.ndarray) -> float:
    inside = ((everything >= low) & (everything <= high)).sum()
    return (inside - ((everything == low).sum() + (everything == high).sum()) / 2) ** 2


def plain_alpha(kind: str, items: Sequence[int], scores: Sequence[float]) -> float | None:
    groups = [[y for other, y in zip(items, scores, strict=True) if other == item] for item in sorted(set(items))]
    units = [group for group in groups if len(group) > 1]
    everything = np.array([score for unit in units for score in unit])
    observed = sum(KINDS[kind](x, y, everything) / (len(unit) - 1) for unit in units for x, y in permutations(unit, 2))
    expected = sum(KINDS[kind](x, y, everything) for x, y in permutations(everything.tolist(), 2))
    return 1 - (len(everything) - 1) * observed / expected if expected else None


def plain_one_way(items: Sequence[int], scores: Sequence[float]) -> tuple[float | None, float | None]:
    """ICC(1) by the difference of mean squares; ICC(k) by the formula of Spearman and Brown for n₀ scores."""
    groups = [[y for other, y in zip(items, scores, strict=True) if other == item] for item in sorted(set(items))]
    number, size = len(scores), len(groups)
    if size < 2 or number == size:
        return None, None
    middle = sum(scores) / number
    between = sum(len(group) * (np.mean(group) - middle) ** 2 for group in groups) / (size - 1)
    within = sum((y - np.mean(group)) ** 2 for group in groups for y in group) / (number - size)
    typical = (number - sum(len(group) ** 2 for group in groups) / number) / (size - 1)
    of_projects = (between - within) / typical
    if not of_projects + within > 1e-12:
        return None, None
    one = of_projects / (of_projects + within)
    return one, typical * one / (1 + (typical - 1) * one) if between > 1e-12 else None


def plain_two_way(table: np.ndarray) -> dict[str, float | None]:
    """Shrout and Fleiss's formulas with sums of squares by subtraction."""
    n, k = table.shape
    if n < 2 or k < 2:
        return dict.fromkeys(("icc2", "icc2k", "icc3", "icc3k"))
    all_of_it = table.sum() ** 2 / (n * k)
    rows = (table.sum(axis=1) ** 2).sum() / k - all_of_it
    columns = (table.sum(axis=0) ** 2).sum() / n - all_of_it
    rest = (table**2).sum() - all_of_it - rows - columns
    bms, jms, ems = rows / (n - 1), columns / (k - 1), rest / ((n - 1) * (k - 1))
    below = {
        "icc2": bms + (k - 1) * ems + k * (jms - ems) / n,
        "icc2k": bms + (jms - ems) / n,
        "icc3": bms + (k - 1) * ems,
        "icc3k": bms,
    }
    return {name: (bms - ems) / value if value > 1e-9 else None for name, value in below.items()}


def plain_concordance(table: np.ndarray) -> float | None:
    n, m = table.shape
    if n < 2 or m < 2:
        return None
    from scipy.stats import rankdata  # takes long to load

    ranks = np.apply_along_axis(rankdata, 0, table)
    ties = sum((t**3 - t) for column in table.T for t in np.unique(column, return_counts=True)[1].tolist())
    below = m**2 * (n**3 - n) - m * ties
    return (12 * (ranks.sum(axis=1) ** 2).sum() - 3 * m**2 * n * (n + 1) ** 2) / below if below else None


tables = st.tuples(st.integers(1, 7), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 8).map(float), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)
sparse_scores = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 40).map(lambda tenths: tenths / 10)),
    min_size=1,
    max_size=25,
    unique_by=lambda one: one[:2],
).map(lambda rows: tuple(map(list, zip(*rows, strict=True))))


@given(sparse_scores)
@settings(max_examples=150, deadline=None)
def test_alpha_is_the_sum_over_all_pairs(scores: Scores) -> None:
    raters, items, values = scores
    told = asdict(agreement(raters, items, values))
    assert {kind: told[kind] for kind in KINDS} == pytest.approx(
        {kind: plain_alpha(kind, items, values) for kind in KINDS}, abs=1e-9
    )


@given(sparse_scores)
@settings(max_examples=150, deadline=None)
def test_the_one_way_coefficients_are_the_textbook_ones(scores: Scores) -> None:
    raters, items, values = scores
    told = agreement(raters, items, values)
    assert [told.icc1, told.icc1k] == pytest.approx(list(plain_one_way(items, values)), abs=1e-9)


@given(tables)
@example([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
@settings(max_examples=150, deadline=None)
def test_the_two_way_coefficients_are_the_textbook_ones(rows: list[list[float]]) -> None:
    expected = plain_two_way(np.array(rows)) | {"kendall_w": plain_concordance(np.array(rows)), "complete": True}
    told = found(rows)
    assert {name: told[name] for name in expected} == pytest.approx(expected, abs=1e-9)


@given(tables.filter(lambda rows: len(rows) > 1 and len(rows[0]) > 2))
@settings(max_examples=50, deadline=None)
def test_the_concordance_is_that_of_friedmans_test(rows: list[list[float]]) -> None:
    from scipy.stats import friedmanchisquare  # takes long to load

    told, table = found(rows)["kendall_w"], np.array(rows)
    if told is not None:
        statistic = friedmanchisquare(*table).statistic if len(table) > 2 else None
        expected = plain_concordance(table) if statistic is None else statistic / (table.shape[1] * (len(table) - 1))
        assert told == pytest.approx(expected, abs=1e-9)


@given(sparse_scores, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_names_and_order_do_not_matter(scores: Scores, chance: Any) -> None:
    rows = list(zip(*scores, strict=True))
    raters, items = list(range(5)), list(range(7))
    for order in (rows, raters, items):
        chance.shuffle(order)
    renamed = [(11 * raters[rater] + 3, 7 * items[item] + 2, score) for rater, item, score in rows]
    told = agreement(*(list(column) for column in zip(*renamed, strict=True)))
    assert asdict(told) == pytest.approx(asdict(agreement(*scores)), abs=1e-9)


@given(sparse_scores, st.integers(-50, 50), st.sampled_from([0.25, 0.5, 2.0, 8.0]))
@settings(max_examples=100, deadline=None)
def test_zero_and_unit_of_the_scale_do_not_matter(scores: Scores, shift: int, unit: float) -> None:
    raters, items, values = scores
    other = [unit * round(value * 10) + shift for value in values]
    assert asdict(agreement(raters, items, other)) == pytest.approx(asdict(agreement(*scores)), abs=1e-9)


@given(tables, st.sampled_from([np.sqrt, np.exp, np.cbrt]))
@settings(max_examples=50, deadline=None)
def test_the_ordinal_coefficients_see_the_order_alone(rows: list[list[float]], bent: Any) -> None:
    plain, other = found(rows), found(bent(np.array(rows)).tolist())
    for name in ("alpha_ordinal", "alpha_nominal", "kendall_w"):
        assert other[name] == pytest.approx(plain[name], abs=1e-9)


def test_five_thousand_projects_take_milliseconds() -> None:
    generator = np.random.default_rng(5)
    items = np.repeat(np.arange(5000), 3)
    raters = generator.integers(0, 500, len(items))
    values = np.round(generator.normal(60, 12, len(items)), 2)
    start = time.process_time()
    told = agreement(raters, items, values)
    assert time.process_time() - start < 0.25  # about 0.003 on an idle core
    assert told.alpha_interval == pytest.approx(0.0, abs=0.03)
