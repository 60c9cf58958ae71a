"""What scores cannot say is named, what are no scores is refused; parts without links, and plain least squares."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from judging.engines.calibration import InputFault, Limit, calibrate, components
from tests.engines.test_calibration import Rows, contests

# What scores cannot say.

DEGENERATE: dict[str, tuple[list[int], list[int], list[float], set[Limit]]] = {
    "one score": (
        [0], [0], [50.0],
        {Limit.ONE_PROJECT, Limit.ONE_EXPERT, Limit.PROJECTS_SEEN_ONCE, Limit.EXPERTS_HEARD_ONCE,
         Limit.IDENTICAL_SCORES},
    ),
    "one project": ([0, 1, 2], [0, 0, 0], [50.0, 60.0, 64.0], {Limit.ONE_PROJECT, Limit.EXPERTS_HEARD_ONCE}),
    "one expert": ([0, 0, 0], [0, 1, 2], [50.0, 60.0, 64.0], {Limit.ONE_EXPERT, Limit.PROJECTS_SEEN_ONCE}),
    "a score each": (
        [0, 1, 2], [0, 1, 2], [50.0, 60.0, 64.0],
        {Limit.PROJECTS_SEEN_ONCE, Limit.EXPERTS_HEARD_ONCE, Limit.NO_LINKS},
    ),
    "identical": ([0, 1, 0, 1], [0, 0, 1, 1], [50.1] * 4, {Limit.IDENTICAL_SCORES}),
    "projects alike": (
        [0, 1, 2, 0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1, 2, 2, 2],
        [50.0, 60.0, 70.0, 51.0, 61.0, 69.0, 51.0, 59.0, 71.0],
        {Limit.ITEM_VARIANCE_ZERO},
    ),
    "experts alike": (
        [0, 1, 2, 0, 1, 2, 0, 1, 2], [0, 0, 0, 1, 1, 1, 2, 2, 2],
        [50.0, 51.0, 51.0, 60.0, 61.0, 59.0, 70.0, 69.0, 71.0],
        {Limit.RATER_VARIANCE_ZERO},
    ),
    "nobody differs": (
        [0, 1, 0, 1], [0, 0, 1, 1], [50.0, 51.0, 51.0, 50.0], {Limit.ITEM_VARIANCE_ZERO, Limit.RATER_VARIANCE_ZERO},
    ),
    "a sum of parts": (
        [0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2], [50.0, 55.0, 60.0, 65.0, 40.0, 45.0], {Limit.NO_RESIDUAL},
    ),
    "two panels": (
        [0, 1, 0, 1, 2, 3, 2, 3], [0, 0, 1, 1, 2, 2, 3, 3], [50.0, 53.0, 60.0, 65.0, 40.0, 48.0, 47.0, 45.0],
        {Limit.NO_LINKS},
    ),
    "gaps in the codes": ([7, 9, 7, 9, 7, 9], [3, 3, 5, 5, 8, 8], [50.0, 54.0, 60.0, 66.0, 40.0, 41.0], set()),
}  # fmt: skip


@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize("name", DEGENERATE)
def test_what_cannot_be_said_is_named(name: str, noise: bool) -> None:
    rater, item, score, limits = DEGENERATE[name]
    told = calibrate(rater, item, score, expert_noise=noise)
    assert set(told.limits) - {Limit.ITEM_VARIANCE_ZERO, Limit.RATER_VARIANCE_ZERO} == limits - {
        Limit.ITEM_VARIANCE_ZERO, Limit.RATER_VARIANCE_ZERO,
    }  # fmt: skip
    assert limits <= set(told.limits)
    shapes = {
        "quality": max(item) + 1,
        "quality_se": max(item) + 1,
        "severity": max(rater) + 1,
        "noise": max(rater) + 1,
    }
    for array, length in shapes.items():
        assert getattr(told, array).shape == (length,)
        assert np.isfinite(getattr(told, array)).all(), array
    assert (told.quality_se >= 0).all()
    assert min(told.variances.values()) >= 0


def test_projects_without_a_score_are_the_mean_and_as_unsure_as_the_projects_differ() -> None:
    rater, item, score, _ = DEGENERATE["gaps in the codes"]
    told = calibrate(rater, item, score)
    assert told.quality[[0, 1, 2, 4]] == pytest.approx(told.mu, abs=1e-9)
    assert told.quality_se[0] ** 2 == pytest.approx(told.variances["item"] + told.mu_se**2, rel=1e-9)
    assert told.severity[[0, 8]] == pytest.approx(0.0, abs=1e-12)
    assert told.severity_se[0] ** 2 == pytest.approx(told.variances["rater"], rel=1e-9)


def test_identical_scores_are_their_own_mean() -> None:
    told = calibrate([0, 1, 0, 1], [0, 0, 1, 1], [50.1] * 4)
    assert told.quality == pytest.approx([50.1, 50.1])
    assert dict(told.variances) == {"item": 0.0, "rater": 0.0, "residual": 0.0}
    assert told.severity.tolist() == [0.0, 0.0]


FAULTY: dict[str, tuple[Any, Any, Any]] = {
    "empty": ([], [], []),
    "not a number": ([0, 1], [0, 0], [1.0, float("nan")]),
    "infinite": ([0, 1], [0, 0], [1.0, float("inf")]),
    "an expert below zero": ([0, -1], [0, 0], [1.0, 2.0]),
    "a project below zero": ([0, 1], [0, -1], [1.0, 2.0]),
    "too few experts": ([0], [0, 0], [1.0, 2.0]),
    "too many projects": ([0, 1], [0, 0, 1], [1.0, 2.0]),
    "half an expert": ([0.5, 1.0], [0, 0], [1.0, 2.0]),
    "words": ([0, 1], [0, 0], ["good", "bad"]),
    "a table": ([[0, 1]], [[0, 0]], [[1.0, 2.0]]),
    "no numbering": ([0, 10**9], [0, 0], [1.0, 2.0]),
}


@pytest.mark.parametrize("name", FAULTY)
def test_what_are_no_scores_is_refused(name: str) -> None:
    with pytest.raises(InputFault):
        calibrate(*FAULTY[name])


def test_an_unknown_kind_of_effects_is_refused() -> None:
    with pytest.raises(InputFault, match="random or fixed"):
        calibrate([0, 1], [0, 0], [1.0, 2.0], effects="mixed")


# Components and fixed effects.


def test_components_are_numbered_by_their_first_score() -> None:
    told = components([4, 0, 1, 0, 5, 4], [2, 0, 1, 1, 3, 2])
    assert (told.count - 2, told.rater.tolist(), told.item.tolist()) == (3, [1, 1, 3, 4, 0, 2], [1, 1, 0, 2])


def plain_fixed(rows: Rows) -> tuple[np.ndarray, np.ndarray, float]:
    """Least squares with the experts' mean 0 in each component."""
    rater, item, score = rows
    parts = components(rater, item)
    items, raters = np.eye(item.max() + 1)[item], np.eye(rater.max() + 1)[rater]
    seen = np.unique(rater)
    level = np.zeros((parts.count, raters.shape[1]))
    level[parts.rater[seen], seen] = 1.0
    whole = np.vstack([np.hstack([items, raters]), np.hstack([np.zeros((parts.count, items.shape[1])), level])])
    found = np.linalg.lstsq(whole, np.concatenate([score, np.zeros(parts.count)]), rcond=None)[0]
    left = score - np.hstack([items, raters]) @ found
    degrees = len(score) - np.linalg.matrix_rank(np.hstack([items, raters]))
    return found[: items.shape[1]], found[items.shape[1] :], left @ left / degrees if degrees else np.nan


@given(contests())
@settings(max_examples=60, deadline=None)
def test_fixed_effects_are_plain_least_squares(rows: Rows) -> None:
    rater, item, _ = rows
    told = calibrate(*rows, effects="fixed")
    quality, severity, residual = plain_fixed(rows)
    assert told.quality[np.unique(item)] == pytest.approx(quality[np.unique(item)], abs=1e-6)
    assert told.severity[np.unique(rater)] == pytest.approx(severity[np.unique(rater)], abs=1e-6)
    assert told.variances["residual"] == pytest.approx(residual, abs=1e-6, nan_ok=True)
