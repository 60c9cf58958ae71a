"""REML: the variance ratios under which the scores are likeliest, the mean accounted for.

Newton's method with the average-information matrix (Gilmour, Thompson & Cullis 1995) on the logarithms of the ratios
γ, σ² profiled out, from the moments of Gao & Owen 2017. A ratio that runs to zero is tried at zero, and stays there
where the likelihood falls with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from judging.engines.calibration.design import Design
from judging.engines.calibration.factor import NotPositive
from judging.engines.calibration.scores import Bools, Floats, Ints, tally
from judging.engines.calibration.system import Effects, Sums, System, Weighted

STEPS = 60
SETTLED = 3e-7
"""The greatest step of log γ that ends the search; the error left is smaller still."""
LONGEST = 3.0
NEAR_ZERO = 1e-4
LEAST, GREATEST = 1e-9, 1e9
HALVINGS = 12

PEAKS_SIDE, PEAKS_SCORES, FEW_SCORES = 64, 1000, 100
"""Other peaks are looked for where the shorter side of the design, and the scores, are at most so many; on a grid, too,
where the scores are as few as the last."""
ELSEWHERE = ((1.0, 1.0), (20.0, 0.05), (0.05, 20.0))
GRID = (0.001, 0.02, 0.08, 0.3, 1.2, 5.0, 20.0, 80.0)
"""Ratios at which other peaks are looked for."""
PEAK = 1e-6
"""By how much another peak of the likelihood has to be higher."""

Ratios = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Slope:
    """The gradient (2,) and the average information (2, 2) of the criterion by the ratios themselves."""

    gradient: Floats
    information: Floats


def slope(system: System) -> Slope:
    """Differentiate the criterion at a system's ratios."""
    found, sigma2 = system.effects, max(system.scale, 1e-300)
    squares = np.array([found.many @ found.many, found.few @ found.few])
    gradient = np.array(system.traces) - squares / sigma2
    sums, inner = _working(system.weighted, found)
    solved = system.solve(*sums)
    curve = np.array([[system.product(sums[i], inner[i, j], solved[j]) for j in (0, 1)] for i in (0, 1)])
    curve = (curve + curve.T) / 2.0 / sigma2
    curve -= np.outer(squares, squares) / sigma2**2 / max(system.weighted.degrees, 1)
    return Slope(gradient, curve)


def _working(weighted: Weighted, found: Effects) -> tuple[tuple[Sums, Sums], Floats]:
    """The working vectors Z Z'P₀y of both sides by their sums, and their weighted inner products (2, 2)."""
    many = Sums(weighted.many * found.many, weighted.transposed @ found.many, float(weighted.many @ found.many))
    few = Sums(weighted.matrix @ found.few, weighted.few * found.few, float(weighted.few @ found.few))
    mixed = float(found.many @ few.many)
    inner = np.array([[found.many @ many.many, mixed], [mixed, found.few @ few.few]])
    return (many, few), inner


@dataclass(frozen=True, eq=False)
class Fit:
    """The system at the best ratios, and how sharply the criterion is curved there, by the logarithms of the free."""

    system: System
    free: tuple[bool, bool]
    information: Floats


def fit(weighted: Weighted, start: Ratios, free: tuple[bool, bool]) -> Fit:
    """Find the best ratios; those that are not ``free`` are 0."""
    ratios = np.where(free, np.clip(start, 1e-3, 1e3), 0.0)
    open_ = np.array(free)
    system = System(weighted, _pair(ratios))
    bent = np.zeros((2, 2))
    for _ in range(STEPS):
        if not open_.any() or system.scale <= 0.0:
            break
        at = slope(system)
        low = open_ & (ratios < NEAR_ZERO) & (at.gradient > 0.0)
        if low.any():
            system, ratios, open_ = _at_zero(system, ratios, open_, low)
            continue
        step, bent = _newton(at, ratios, open_)
        system, step = _advance(system, ratios, step)
        ratios = np.array([system.many, system.few])
        if np.abs(step).max() < SETTLED:
            break
    return Fit(system, (bool(open_[0]), bool(open_[1])), bent)


def fit_from_several(weighted: Weighted, start: Ratios, free: tuple[bool, bool]) -> Fit:
    """The best of the fits from ``start`` and, where scores are few and may have several peaks, from elsewhere."""
    found = fit(weighted, start, free)
    small = weighted.design.n_few <= PEAKS_SIDE and len(weighted.weights) <= PEAKS_SCORES
    if not small or not any(free) or found.system.scale <= 0.0:
        return found
    starts = [*ELSEWHERE, *(_troughs(weighted, free) if len(weighted.weights) <= FEW_SCORES else ())]
    best = min((fit(weighted, elsewhere, free) for elsewhere in starts), key=lambda other: other.system.criterion)
    return best if best.system.criterion < found.system.criterion - PEAK else found


def _troughs(weighted: Weighted, free: tuple[bool, bool]) -> Iterator[Ratios]:
    """The points of a grid where the criterion is no higher than at their neighbours."""
    many, few = (GRID if is_free else (0.0,) for is_free in free)
    values = np.array([[System(weighted, (one, other)).criterion for other in few] for one in many])
    framed = np.pad(values, 1, constant_values=np.inf)
    around = [framed[:-2, 1:-1], framed[2:, 1:-1], framed[1:-1, :-2], framed[1:-1, 2:]]
    for at in np.argwhere(values <= np.minimum.reduce(around)):
        yield many[at[0]], few[at[1]]


def _newton(at: Slope, ratios: Floats, free: Bools) -> tuple[Floats, Floats]:
    """The step of log γ, at most :data:`LONGEST`, and the information by log γ."""
    gradient = np.where(free, at.gradient * ratios, 0.0)
    bent = np.where(np.outer(free, free), at.information * np.outer(ratios, ratios), 0.0)
    values, vectors = np.linalg.eigh(bent)
    floor = max(values.max(), 1.0) * 1e-10
    step = -(vectors / np.maximum(values, floor)) @ (vectors.T @ gradient)
    longest = np.abs(step).max()
    return (step if longest <= LONGEST else step * (LONGEST / longest)), bent


def _advance(system: System, ratios: Floats, step: Floats) -> tuple[System, Floats]:
    """Take the step, or as much of it as does not raise the criterion.

    Of a great system the criterion would cost another factor in double precision: there the step is trusted.
    """
    trusted = any(factor.single for factor in system.factors) or np.abs(step).max() < 1e-3
    for _ in range(HALVINGS):
        tried = System(system.weighted, _pair(np.clip(ratios * np.exp(step), LEAST * (ratios > 0.0), GREATEST)))
        if trusted or _no_worse(tried, system):
            return tried, step
        step = step / 2.0
    return system, step * 0.0


def _no_worse(tried: System, system: System) -> bool:
    try:
        return tried.criterion <= system.criterion + 1e-9 * abs(system.criterion)
    except NotPositive:
        return False


def _at_zero(system: System, ratios: Floats, free: Bools, low: Bools) -> tuple[System, Floats, Bools]:
    """Try the ratios ``low`` at 0: there they stay if the criterion rises from there, else they go on from near it."""
    tried = System(system.weighted, _pair(np.where(low, 0.0, ratios)))
    rising = low & (slope(tried).gradient >= 0.0)
    if rising.any():
        kept = np.where(rising, 0.0, ratios)
        return System(system.weighted, _pair(kept)), kept, free & ~rising
    back = np.where(low, NEAR_ZERO, ratios)
    return System(system.weighted, _pair(back)), back, free


def _pair(ratios: Floats) -> Ratios:
    return float(ratios[0]), float(ratios[1])


def moments(design: Design) -> Ratios:
    """Ratios of the many and few from three sums of squares (Gao & Owen 2017, section 3); at least 0.001."""
    score = design.scores.score - design.scores.score.mean()
    total, count = float(score @ score), len(score)
    within = [_within(score, codes, size) for codes, size in _sides(design)]
    (many_square, many_count, many_seen), (few_square, few_count, few_seen) = within
    equations = np.array(
        [
            [0.0, count - many_seen, count - many_seen],
            [count - few_seen, 0.0, count - few_seen],
            [count - many_count, count - few_count, count - 1.0],
        ]
    )
    found = np.linalg.lstsq(equations, np.array([many_square, few_square, total]), rcond=None)[0]
    error = max(float(found[2]), 0.02 * total / count, 1e-300)
    return max(float(found[0]) / error, 1e-3), max(float(found[1]) / error, 1e-3)


def _sides(design: Design) -> tuple[tuple[Ints, int], tuple[Ints, int]]:
    return (design.many_of_score, design.n_many), (design.few_of_score, design.n_few)


def _within(score: Floats, codes: Ints, size: int) -> tuple[float, float, int]:
    """Sum of squares within groups, Σ N² / n, and the number of groups that have a score."""
    counts = np.bincount(codes, minlength=size)
    sums = tally(codes, score, size)
    seen = counts > 0
    square = float(score @ score - (sums[seen] ** 2 / counts[seen]).sum())
    return square, float((counts.astype(float) ** 2).sum() / len(score)), int(seen.sum())
