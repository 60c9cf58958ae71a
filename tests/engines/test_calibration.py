"""The calibration of scores against lme4, tables worked out by hand and plain matrix algebra; what must not matter."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from judging.engines.calibration import Calibration, calibrate
from tests.engines.calibration_reference import Plain, Variances, squeezed

DATA = Path(__file__).resolve().parents[1] / "data" / "calibration"
GOLDEN: dict[str, Any] = json.loads((DATA / "golden.json").read_text("utf-8"))
WEIGHTS = np.array([20, 15, 15, 10, 10, 10, 10, 10])
Rows = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Experts, projects, scores."""


def penicillin() -> Rows:
    with (DATA / "penicillin.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return (
        np.array([ord(row["rater"]) - ord("A") for row in rows]),
        np.array([ord(row["item"]) - ord("a") for row in rows]),
        np.array([float(row["score"]) for row in rows]),
    )


def contest60() -> Rows:
    with np.load(DATA / "syn_contest60.npz") as data:
        keys = data["item"].astype(np.int64) * 15 + data["rater"]
        pairs, pair = np.unique(keys, return_inverse=True)
        marks = data["score"] / float(data["score_div"])
        totals = np.bincount(pair, marks * WEIGHTS[data["criterion"]]) / 10.0
    return pairs % 15, pairs // 15, totals


def national() -> Rows:
    with np.load(DATA / "syn_national_lin.npz") as data:
        return data["rater"].astype(np.int64), data["item"].astype(np.int64), data["score"] / float(data["score_div"])


SETS = {"penicillin": penicillin, "syn_contest60_total": contest60, "syn_national_lin": national}


def codes(names: Sequence[str]) -> np.ndarray:
    """Codes of what the golden file names: letters of the Penicillin data, numbers of the others."""
    return np.array([int(name) if name.isdigit() else ord(name.lower()) - ord("a") for name in names])


@pytest.mark.parametrize("name", SETS)
def test_the_values_of_lme4(name: str) -> None:
    golden, told = GOLDEN[name], calibrate(*SETS[name]())
    items, raters = codes(golden["items"]["id"]), codes(golden["raters"]["id"])
    spread = np.sqrt(golden["variances"]["item"])
    assert dict(told.variances) == pytest.approx(golden["variances"], rel=1e-4)
    assert (told.mu, told.mu_se) == pytest.approx((golden["mu"], golden["mu_se"]), rel=1e-5)
    assert told.reml_crit == pytest.approx(golden["reml_crit"], abs=1e-5)
    assert told.quality[items] == pytest.approx(np.array(golden["items"]["quality"]), abs=1e-4 * spread)
    assert told.quality_se[items] == pytest.approx(np.array(golden["items"]["quality_se"]), rel=1e-3)
    assert told.severity[raters] == pytest.approx(np.array(golden["raters"]["severity"]), abs=1e-4 * spread)
    assert told.severity_se[raters] == pytest.approx(np.array(golden["raters"]["severity_se"]), rel=1e-3)
    assert told.limits == ()


# Complete tables: everything has a closed form.


def rows_of(table: Any) -> Rows:
    """A table of projects × experts, NaN where there is no score."""
    cells = np.asarray(table, np.float64)
    item, rater = np.nonzero(~np.isnan(cells))
    return rater, item, cells[item, rater]


def test_a_table_worked_out_by_hand() -> None:
    # row means 4, 7, 10; column means 6, 8; grand mean 7; squares: rows 36, columns 6, rest 4, so that the mean squares
    # are 18, 6, 2: variances (18 - 2)/2 = 8, (6 - 2)/3 = 4/3 and 2; the projects' means shrink by 8/9, the experts' 2/3
    told = calibrate(*rows_of([[2, 6], [7, 7], [9, 11]]))
    assert dict(told.variances) == pytest.approx({"item": 8.0, "rater": 4 / 3, "residual": 2.0}, rel=1e-6)
    assert told.quality == pytest.approx([7 - 8 / 3, 7, 7 + 8 / 3], rel=1e-6)
    assert told.severity == pytest.approx([-2 / 3, 2 / 3], rel=1e-6)
    assert (told.mu, told.mu_se) == pytest.approx((7, np.sqrt(8 / 3 + 2 / 3 + 2 / 6)), rel=1e-6)
    assert told.limits == ()


def test_the_prediction_errors_of_that_table() -> None:
    # a project's own part: 8 · 1/9 of it unseen, shared among three by the mean; the experts': 4/3 · 1/3
    told = calibrate(*rows_of([[2, 6], [7, 7], [9, 11]]))
    assert told.severity_se**2 == pytest.approx([4 / 3 * (1 - 2 / 3 * 1 / 2)] * 2, rel=1e-6)
    plain = Plain.of(*rows_of([[2, 6], [7, 7], [9, 11]]))
    exact = plain.solve(Variances(8.0, 4 / 3, plain.residual(2.0)))
    assert told.quality_se == pytest.approx(exact.quality_se, rel=1e-6)
    assert told.severity_se == pytest.approx(exact.severity_se, rel=1e-6)


tables = st.tuples(st.integers(2, 7), st.integers(2, 6), st.integers(0, 2**32 - 1)).map(
    lambda one: np.round(
        60
        + 9 * np.random.default_rng(one[2]).normal(size=(one[0], 1))
        + 7 * np.random.default_rng(one[2] + 1).normal(size=(1, one[1]))
        + 4 * np.random.default_rng(one[2] + 2).normal(size=(one[0], one[1])),
        1,
    )
)


@given(tables)
@settings(max_examples=15, deadline=None)
def test_complete_tables_give_the_analysis_of_variance(table: np.ndarray) -> None:
    n, k = table.shape
    rows, columns, mean = table.mean(axis=1), table.mean(axis=0), table.mean()
    of_rows = k * ((rows - mean) ** 2).sum() / (n - 1)
    of_columns = n * ((columns - mean) ** 2).sum() / (k - 1)
    rest = ((table - rows[:, None] - columns[None, :] + mean) ** 2).sum() / ((n - 1) * (k - 1))
    assume(min(of_rows, of_columns) > 1.2 * rest > 1e-3)
    told = calibrate(*rows_of(table))
    item, rater = (of_rows - rest) / k, (of_columns - rest) / n
    assert dict(told.variances) == pytest.approx({"item": item, "rater": rater, "residual": rest}, rel=1e-5)
    assert told.mu == pytest.approx(mean, abs=1e-9)
    assert told.mu_se == pytest.approx(np.sqrt(item / n + rater / k + rest / (n * k)), rel=1e-5)
    assert told.quality == pytest.approx(mean + (rows - mean) * k * item / (k * item + rest), abs=1e-4)
    assert told.severity == pytest.approx((columns - mean) * n * rater / (n * rater + rest), abs=1e-4)


# Any layout: plain matrix algebra.


@st.composite
def contests(draw: st.DrawFn) -> Rows:
    """Small contests of any layout: unequal numbers, parts without links, the same pair twice, gaps in the codes."""
    items, raters = draw(st.integers(2, 7)), draw(st.integers(2, 6))
    pairs = draw(st.lists(st.tuples(st.integers(0, raters - 1), st.integers(0, items - 1)), min_size=5, max_size=24))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rater, item = (np.array(column) for column in zip(*pairs, strict=True))
    spreads = draw(st.tuples(*[st.sampled_from([0.0, 3.0, 10.0])] * 2))
    quality, severity = (
        spread * generator.normal(size=size) for spread, size in zip(spreads, (items, raters), strict=True)
    )
    score = np.round(60 + quality[item] + severity[rater] + 5 * generator.normal(size=len(rater)), 1)
    assume(len(np.unique(item)) > 1 and len(np.unique(rater)) > 1)
    assume(len(np.unique(item)) < len(item) and len(np.unique(rater)) < len(rater))
    return rater, item, score


@st.composite
def sturdy_contests(draw: st.DrawFn) -> Rows:
    """Contests of at least four projects with two or three experts each: the likelihood has one clear best."""
    items, raters = draw(st.integers(4, 9)), draw(st.integers(3, 6))
    each, generator = draw(st.integers(2, 3)), np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spreads = draw(st.tuples(*[st.sampled_from([0.0, 3.0, 10.0])] * 2))
    rater = np.concatenate([generator.permutation(raters)[:each] for _ in range(items)])
    item = np.repeat(np.arange(items), each)
    quality, severity = (
        spread * generator.normal(size=size) for spread, size in zip(spreads, (items, raters), strict=True)
    )
    return rater, item, np.round(60 + quality[item] + severity[rater] + 5 * generator.normal(size=len(rater)), 1)


def at(told: Calibration, plain: Plain) -> Variances:
    variances = told.variances
    return Variances(variances["item"], variances["rater"], plain.residual(variances["residual"]))


@given(contests())
@settings(max_examples=15, deadline=None)
def test_everything_is_what_plain_algebra_says_at_the_same_variances(rows: Rows) -> None:
    told, plain = calibrate(*rows), Plain.of(*rows)
    assume(told.variances["residual"] > 1e-5 * sum(told.variances.values()))
    exact = plain.solve(at(told, plain))
    assert told.reml_crit == pytest.approx(plain.criterion(at(told, plain)), rel=1e-8)
    assert (told.mu, told.mu_se) == pytest.approx((exact.mu, exact.mu_se), rel=1e-7)
    for name in ("quality", "quality_se", "severity", "severity_se"):
        assert getattr(told, name) == pytest.approx(getattr(exact, name), rel=1e-6, abs=1e-6), name
    assert told.expected == pytest.approx(exact.fitted, abs=1e-6)


@given(sturdy_contests())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_no_general_optimiser_finds_a_better_fit(rows: Rows) -> None:
    told = calibrate(*rows)
    assume(told.variances["residual"] > 1e-5 * sum(told.variances.values()))
    best, _ = Plain.of(*rows).best()
    assert told.reml_crit <= best + 1e-6


# Noise that differs between the experts.


def uneven_contest(seed: int) -> Rows:
    """Forty projects, eight experts, four each; the last two experts throw dice."""
    generator = np.random.default_rng(seed)
    rater = np.concatenate([generator.permutation(8)[:4] for _ in range(40)])
    item = np.repeat(np.arange(40), 4)
    noise = np.array([2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 15.0, 20.0])
    quality, severity = 10 * generator.normal(size=40), 6 * generator.normal(size=8)
    return rater, item, np.round(60 + quality[item] + severity[rater] + noise[rater] * generator.normal(size=160), 1)


@pytest.mark.parametrize("seed", range(3))
def test_the_noise_of_the_experts_rests_where_its_moments_are(seed: int) -> None:
    rows = uneven_contest(seed)
    told, plain = calibrate(*rows, expert_noise=True), Plain.of(*rows)
    own = Variances(told.variances["item"], told.variances["rater"], told.noise[rows[0]] ** 2)
    exact = plain.solve(own)
    degrees = np.bincount(rows[0], exact.left)
    measured = np.bincount(rows[0], (rows[2] - exact.fitted) ** 2) / degrees
    shrunk = squeezed(measured, degrees)
    assert told.noise**2 / told.variances["residual"] == pytest.approx(shrunk / shrunk[rows[0]].mean(), rel=2e-3)
    assert told.quality == pytest.approx(exact.quality, abs=1e-3)
    assert told.quality_se == pytest.approx(exact.quality_se, rel=1e-3)
    assert told.severity == pytest.approx(exact.severity, abs=1e-3)
    assert told.severity_se == pytest.approx(exact.severity_se, rel=1e-3)
    assert set(np.argsort(told.noise)[-2:].tolist()) == {6, 7}


@pytest.mark.parametrize("seed", range(3))
def test_the_variances_beside_the_noise_are_the_likeliest(seed: int) -> None:
    rows = uneven_contest(seed)
    told, plain = calibrate(*rows, expert_noise=True), Plain.of(*rows)

    def criterion(item: float, rater: float) -> float:
        residual = told.noise[rows[0]] ** 2
        return plain.criterion(Variances(told.variances["item"] * item, told.variances["rater"] * rater, residual))

    least = criterion(1.0, 1.0)
    assert all(criterion(*step) > least for step in ((1.02, 1.0), (0.98, 1.0), (1.0, 1.05), (1.0, 0.95)))


def test_experts_who_are_alike_have_one_noise() -> None:
    generator = np.random.default_rng(8)
    rater, item = np.tile(np.arange(6), 30), np.repeat(np.arange(30), 6)
    same = generator.permuted(np.tile([-3.0, -2.0, -1.0, 1.0, 2.0, 3.0], (30, 1)), axis=1).ravel()
    rows = rater, item, np.round(60 + 10 * generator.normal(size=30)[item] + same, 1)
    plain, told = calibrate(*rows), calibrate(*rows, expert_noise=True)
    assert told.noise == pytest.approx(np.full(6, np.sqrt(plain.variances["residual"])), rel=1e-6)
    assert told.quality == pytest.approx(plain.quality, rel=1e-6)
    assert told.reml_crit == pytest.approx(plain.reml_crit, abs=1e-6)


# What must not matter, and what must.


def shuffled(rows: Rows, seed: int) -> tuple[Rows, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    rater, item = (np.unique(codes, return_inverse=True)[1] for codes in rows[:2])
    score = rows[2]
    raters, items = (generator.permutation(len(np.unique(codes))) for codes in (rater, item))
    order = generator.permutation(len(score))
    return (raters[rater][order], items[item][order], score[order]), raters, items


@given(sturdy_contests(), st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=8, deadline=None)
def test_names_and_order_only_rename(rows: Rows, seed: int, noise: bool) -> None:
    renamed, raters, items = shuffled(rows, seed)
    seen_raters, seen_items = np.unique(rows[0]), np.unique(rows[1])
    told, other = calibrate(*rows, expert_noise=noise), calibrate(*renamed, expert_noise=noise)
    assume(told.variances["residual"] > 1e-5 * sum(told.variances.values()))
    assert set(other.limits) == set(told.limits)
    assert dict(other.variances) == pytest.approx(dict(told.variances), rel=1e-3, abs=1e-6)
    pairs = ((items, seen_items), (raters, seen_raters))
    for name, side in (("quality", 0), ("quality_se", 0), ("severity", 1), ("severity_se", 1), ("noise", 1)):
        places, seen = pairs[side]
        assert getattr(other, name)[places] == pytest.approx(getattr(told, name)[seen], abs=1e-3), name


@given(sturdy_contests(), st.sampled_from([-1000.0, 7.5, 1e5]), st.booleans())
@settings(max_examples=8, deadline=None)
def test_shifted_scores_shift_the_quality_alone(rows: Rows, shift: float, noise: bool) -> None:
    rater, item, score = rows
    told, other = calibrate(*rows, expert_noise=noise), calibrate(rater, item, score + shift, expert_noise=noise)
    assume(told.variances["residual"] > 1e-5 * sum(told.variances.values()))
    assert other.limits == told.limits
    assert (other.mu - shift, other.reml_crit) == pytest.approx((told.mu, told.reml_crit), abs=1e-3)
    assert other.quality - shift == pytest.approx(told.quality, abs=1e-3)
    for name in ("quality_se", "severity", "severity_se", "noise"):
        assert getattr(other, name) == pytest.approx(getattr(told, name), abs=1e-3), name


@given(sturdy_contests(), st.sampled_from([-1.0, 0.01, 1000.0]), st.booleans())
@settings(max_examples=8, deadline=None)
def test_another_unit_is_another_unit_everywhere(rows: Rows, unit: float, noise: bool) -> None:
    rater, item, score = rows
    told, other = calibrate(*rows, expert_noise=noise), calibrate(rater, item, score * unit, expert_noise=noise)
    assume(told.variances["residual"] > 1e-5 * sum(told.variances.values()))
    assert other.limits == told.limits
    assert {name: value / unit**2 for name, value in other.variances.items()} == pytest.approx(
        dict(told.variances), rel=1e-3, abs=1e-6
    )
    for name, scale in (("quality", unit), ("severity", unit), ("quality_se", abs(unit)), ("noise", abs(unit))):
        assert getattr(other, name) / scale == pytest.approx(getattr(told, name), abs=1e-3), name


@pytest.mark.parametrize("noise", [False, True])
def test_the_same_scores_give_the_same_bytes(noise: bool) -> None:
    first, second = (calibrate(*contest60(), expert_noise=noise) for _ in range(2))
    for name in ("quality", "quality_se", "severity", "severity_se", "noise", "expected"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes(), name
    assert (first.mu, first.reml_crit, first.variances) == (second.mu, second.reml_crit, second.variances)
