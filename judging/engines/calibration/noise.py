"""How noisy each expert is: residual variances, shrunk towards each other as far as the data say they are alike.

The shrinkage is limma's moment estimator (Smyth 2004, section 6.2): where the experts differ no more than chance makes
them, its prior degrees of freedom are infinite, all variances are one, and the model is the plain one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma

from judging.engines.calibration.reml import Fit, Ratios, fit
from judging.engines.calibration.scores import Floats, Ints, tally
from judging.engines.calibration.system import System, Weighted, weigh

ROUNDS = 12
ROUNDS_OF_GREAT = 2
SETTLED = 1e-4
LEAST_DEGREES = 0.5
"""Experts with fewer degrees of freedom tell nothing of the spread of the variances."""
FLOOR = 1e-6


@dataclass(frozen=True, eq=False)
class Noise:
    """Residual variances of the experts as ratios to σ², (J,), and the degrees of freedom behind each, (J,)."""

    ratios: Floats
    degrees: Floats
    prior_degrees: float


def squeeze(variances: Floats, degrees: Floats) -> tuple[Floats, float]:
    """Shrink sample ``variances`` with ``degrees`` of freedom towards their common value; the prior's degrees too."""
    telling = (degrees >= LEAST_DEGREES) & (variances > 0.0)
    if telling.sum() < 2:
        common = float((variances * degrees).sum() / degrees.sum()) if degrees.sum() > 0.0 else 1.0
        return np.full(len(variances), max(common, FLOOR)), float("inf")
    half = degrees[telling] / 2.0
    logs = np.log(np.maximum(variances[telling], FLOOR * variances[telling].max()))
    centred = logs - digamma(half) + np.log(half)
    mean = float(centred.mean())
    excess = float(centred.var(ddof=1) - polygamma(1, half).mean())
    if excess <= 0.0:
        common = float((variances * degrees).sum() / degrees.sum())
        return np.full(len(variances), common), float("inf")
    prior = 2.0 * _trigamma_inverse(excess)
    common = float(np.exp(mean + digamma(prior / 2.0) - np.log(prior / 2.0)))
    return (prior * common + degrees * variances) / (prior + degrees), prior


def _trigamma_inverse(value: float) -> float:
    """Newton's method on one over trigamma (Smyth 2004, appendix)."""
    if value > 1e7:
        return float(1.0 / np.sqrt(value))
    if value < 1e-6:
        return 1.0 / value
    found = 0.5 + 1.0 / value
    for _ in range(50):
        trigamma = float(polygamma(1, found))
        step = trigamma * (1.0 - trigamma / value) / float(polygamma(2, found))
        found += step
        if -step / found < 1e-10:
            break
    return found


def residual_moments(system: System, ratios: Floats) -> tuple[Floats, Floats]:
    """Each expert's residual variance over σ² and its degrees of freedom, both (J,).

    With residuals r = R P y, E[r²] = s² · (s² P_nn): an expert's degrees are the sum of what is in brackets, one less
    the leverage of each score.
    """
    weighted = system.weighted
    scores = weighted.design.scores
    residuals = scores.score - expected(system)
    left = 1.0 - weighted.weights * _uncertainty(system)[weighted.design.cells.of_score]
    degrees = tally(scores.rater, np.clip(left, 0.0, 1.0), scores.n_raters)
    squares = tally(scores.rater, residuals**2, scores.n_raters)
    sigma2 = max(system.scale, 1e-300)
    return squares / np.maximum(degrees, 1e-9) / sigma2, degrees


def expected(system: System) -> Floats:
    """What each score is expected to be, (n,): the mean and both predicted effects."""
    weighted, found = system.weighted, system.effects
    many = system.many * found.many[weighted.design.many_of_score]
    few = system.few * found.few[weighted.design.few_of_score]
    mean: Floats = weighted.centre + found.mean + many + few
    return mean


def _uncertainty(system: System) -> Floats:
    """The prediction variance over σ² of mean + many + few at each cell, (cells,)."""
    cells, few, d = system.weighted.design.cells, system.few, system.shares
    between = system.few_diagonal[cells.few] - 2.0 * d[cells.many] * system.spread_cells
    between += (d**2 * system.spread)[cells.many]
    lean = system.e + d * few * (system.weighted.matrix @ system.tilt)
    leans = lean[cells.many] - few * system.tilt[cells.few]
    found: Floats = d[cells.many] + few * between + leans**2 / system.mean_information
    return found


def fit_with_noise(plain: Fit) -> tuple[Fit, Noise]:
    """From the plain fit: weigh, fit and measure in turn until the weights rest."""
    found = plain
    scores = plain.system.weighted.design.scores
    ratios = np.ones(scores.n_raters)
    great = any(factor.single for factor in plain.system.factors)
    noise = Noise(ratios, ratios * 0.0, float("inf"))
    for _ in range(ROUNDS_OF_GREAT if great else ROUNDS):
        if found.system.scale <= 0.0:
            break
        variances, degrees = residual_moments(found.system, ratios)
        squeezed, prior = squeeze(variances, degrees)
        new = np.maximum(squeezed / _mean(squeezed, scores.rater), FLOOR)
        moved = float(np.abs(np.log(new / ratios)).max())
        noise, ratios = Noise(new, degrees, prior), new
        if moved < SETTLED:
            break
        found = _again(found, 1.0 / new[scores.rater], great=great)
    return found, noise


def _mean(ratios: Floats, rater: Ints) -> float:
    """The mean of the experts' variances over the scores."""
    return float(ratios[rater].mean())


def _again(before: Fit, weights: Floats, *, great: bool) -> Fit:
    weighted: Weighted = weigh(before.system.weighted.design, weights)
    ratios: Ratios = (before.system.many, before.system.few)
    if great:
        return Fit(System(weighted, ratios), before.free, before.information)
    return fit(weighted, ratios, before.free)
