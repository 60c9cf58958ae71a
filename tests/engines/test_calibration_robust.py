"""Whatever layout and whatever numbers come: no crash, no warning, every figure a number where one is promised."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.engines.calibration import (
    Limit,
    agreement,
    calibrate,
    components,
    expert_misfit,
    informative,
    next_expert,
    ranks,
)

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]

FIGURES = {
    "coarse": lambda generator, size: generator.integers(0, 3, size).astype(float),
    "tenths": lambda generator, size: np.round(generator.normal(60, 10, size), 1),
    "identical": lambda generator, size: np.full(size, generator.choice([0.0, 0.1, 1e9, -5.0])),
    "any unit and level": lambda generator, size: (
        generator.normal(size=size) * 10.0 ** generator.integers(-8, 9) + 10.0 ** generator.integers(-3, 7)
    ),
}


@st.composite
def anything(draw: st.DrawFn) -> Rows:
    """Any pairs of up to eight projects and six experts, unseen codes and repeated pairs among them."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(1, 24))
    rater, item = (generator.integers(0, draw(st.integers(1, most)), size) for most in (6, 8))
    return rater, item, FIGURES[draw(st.sampled_from(sorted(FIGURES)))](generator, size)


@given(anything(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_the_model_always_answers_in_numbers(rows: Rows, noise: bool) -> None:
    told = calibrate(*rows, expert_noise=noise)
    raters, items = rows[0].max() + 1, rows[1].max() + 1
    lengths = {"quality": items, "quality_se": items, "severity": raters, "severity_se": raters, "noise": raters}
    assert {name: getattr(told, name).shape for name in lengths} == {name: (size,) for name, size in lengths.items()}
    assert all(np.isfinite(getattr(told, name)).all() for name in lengths)
    assert min(told.variances.values()) >= 0
    assert len(set(told.limits)) == len(told.limits)


@given(anything(), st.integers(0, 9))
@settings(max_examples=15, deadline=None)
def test_places_always_add_up(rows: Rows, k: int) -> None:
    items = int(rows[1].max()) + 1
    found = ranks(*rows, k, cost=np.ones(items), budget=2.0)
    assert abs(found.p_top.sum() - min(k, items)) < 1e-9
    assert ((found.lo >= 1) & (found.lo <= found.hi) & (found.hi <= items)).all()
    assert found.p_funded is not None
    assert abs(found.p_funded.sum() - min(2, items)) < 1e-9


@given(anything(), st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_advice_is_always_given_in_numbers(rows: Rows, k: int) -> None:
    misfit, following = expert_misfit(*rows), next_expert(*rows, k)
    assert np.isfinite(misfit.index).all()
    assert misfit.scores.sum() == len(rows[2])
    assert not (misfit.flagged & ~misfit.enough).any()
    assert np.isfinite(following.value).all()
    assert following.value.min() >= 0
    assert sorted(following.order.tolist()) == list(range(int(rows[1].max()) + 1))


def test_marks_of_one_expert_that_even_out_are_nothing_to_solve_for() -> None:
    rows = np.zeros(9, int), np.array([1, 0, 1, 1, 1, 1, 0, 0, 1]), np.array([1.0, 2, 2, 2, 2, 0, 0, 2, 1])
    assert informative(*rows).correlation is None


@given(anything())
@settings(max_examples=40, deadline=None)
def test_what_is_correlated_is_between_its_bounds(rows: Rows) -> None:
    told, agreed = informative(*rows), agreement(*rows)
    assert told.correlation is None or -1 - 1e-9 <= told.correlation <= 1 + 1e-9
    most: list[Any] = [agreed.alpha_interval, agreed.alpha_ordinal, agreed.alpha_nominal, agreed.icc1, agreed.icc3]
    assert all(value is None or value <= 1 + 1e-9 for value in most)
    assert agreed.kendall_w is None or -1e-9 <= agreed.kendall_w <= 1 + 1e-9


@given(anything())
@settings(max_examples=40, deadline=None)
def test_fixed_effects_leave_nothing_that_a_project_or_an_expert_explains(rows: Rows) -> None:
    rater, item, score = rows
    told = calibrate(*rows, effects="fixed")
    off = score - told.expected
    least = 1e-6 * (np.ptp(score) + 1e-9 * np.abs(score).max() + 1e-12)
    assert np.abs(np.bincount(rater, off)).max() <= least
    assert np.abs(np.bincount(item, off)).max() <= least


@given(anything())
@settings(max_examples=40, deadline=None)
def test_whoever_shares_a_project_is_in_its_component(rows: Rows) -> None:
    told = components(*rows[:2])
    assert told.rater[rows[0]].tolist() == told.item[rows[1]].tolist()
    assert sorted(set(told.rater.tolist()) | set(told.item.tolist())) == list(range(told.count))


def exact(generator: np.random.Generator, of_projects: float, of_experts: float) -> tuple[Rows, np.ndarray, np.ndarray]:
    """Scores without any chance, some of the pairs of 15 projects and 6 experts; the parts of both."""
    pairs = [(rater, item) for item in range(15) for rater in sorted(generator.choice(6, 3, replace=False))]
    rater, item = (np.array(codes) for codes in zip(*pairs, strict=True))
    quality, severity = generator.normal(60, 10, 15) * of_projects, generator.normal(0, 3, 6) * of_experts
    return (rater, item, quality[item] + severity[rater]), quality, severity


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(("of_projects", "of_experts"), [(1, 0), (0, 1), (1, 1), (1, 1e-3), (1e-3, 1)])
def test_scores_without_any_chance_are_told_apart_exactly(seed: int, of_projects: float, of_experts: float) -> None:
    rows, quality, severity = exact(np.random.default_rng(seed), of_projects, of_experts)
    told = calibrate(*rows, expert_noise=True)
    spread = np.ptp(rows[2])
    assert np.abs(told.quality - told.quality.mean() - quality + quality.mean()).max() <= 1e-4 * spread
    assert np.abs(told.severity - told.severity.mean() - severity + severity.mean()).max() <= 1e-4 * spread
    assert np.isfinite([*told.quality_se, *told.severity_se, *told.noise]).all()
    assert np.isfinite(next_expert(*rows, 5).value).all()
    found = ranks(*rows, 5)
    assert found.p_top.sum() == pytest.approx(5)
    if of_projects == 1:
        assert found.p_top[np.argsort(-quality)].tolist() == [1.0] * 5 + [0.0] * 10
    if of_projects == 0:
        assert Limit.ITEM_VARIANCE_ZERO in told.limits
