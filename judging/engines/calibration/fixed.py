"""Plain least squares: projects and experts as fixed effects, nothing shrunk, nothing assumed of who judged whom."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import LinearOperator, cg

from judging.engines.calibration.design import Batch, Design, lay_out, whole
from judging.engines.calibration.model import limits_of
from judging.engines.calibration.scores import Bools, Floats, Limit, Scores, tally
from judging.engines.calibration.system import Weighted, weigh

NOISE = 1e-13
"""What sums of marks that should cancel leave behind, of the marks; nothing that is less is solved for."""
LONGEST = 300
"""Steps of the conjugate gradients."""


@dataclass(frozen=True, eq=False)
class FixedEffects:
    """Least squares; ``quality`` (I,) is what an expert of mean severity of its component would give.

    ``judged`` (I,) says which projects have scores; the others have the mean, without a standard error.
    ``residual`` is the residual variance; it and the errors are not numbers where no degree of freedom is left.
    """

    quality: Floats
    quality_se: Floats
    severity: Floats
    severity_se: Floats
    residual: float
    judged: Bools
    expected: Floats
    limits: tuple[Limit, ...]


def solve_fixed(scores: Scores) -> FixedEffects:
    """Solve each component by itself, the larger side eliminated."""
    design = lay_out(scores)
    weighted = weigh(design, np.ones(len(scores.score)))
    shares = 1.0 / np.maximum(weighted.many, 1.0)
    right = weighted.sums.few - weighted.transposed @ (shares * weighted.sums.many)
    few, few_variance, many_variance = _solve(weighted, shares, right)
    many = shares * (weighted.sums.many - weighted.matrix @ few)
    items, raters = design.sides(many, few)
    variances = design.sides(many_variance, few_variance)
    expected = weighted.centre + items[scores.item] + raters[scores.rater]
    residual = _residual(design, scores.score - expected)
    shift = _mean_by_part(design, raters, scores)
    judged = np.bincount(scores.item, minlength=scores.n_items) > 0
    quality = np.where(judged, weighted.centre + items + shift[design.parts.item], scores.score.mean())
    return FixedEffects(
        quality=quality,
        quality_se=np.where(judged, np.sqrt(residual * variances[0]), np.nan),
        severity=raters - shift[design.parts.rater],
        severity_se=np.sqrt(residual * variances[1]),
        residual=residual,
        judged=judged,
        expected=expected,
        limits=limits_of(design) if np.isfinite(residual) else (*limits_of(design), Limit.NO_RESIDUAL),
    )


def least_squares(design: Design) -> tuple[Floats, Floats]:
    """Quality (I,) and severity (J,) without their errors, by conjugate gradients: quick however many there are.

    Of each component's severities the level is arbitrary.
    """
    scores = design.scores
    weighted = weigh(design, np.ones(len(scores.score)))
    shares = 1.0 / np.maximum(weighted.many, 1.0)
    matrix, transposed, diagonal = weighted.matrix, weighted.transposed, np.maximum(weighted.few, 1.0)
    right = weighted.sums.few - transposed @ (shares * weighted.sums.many)
    size = (design.n_few, design.n_few)
    schur = LinearOperator(size, matvec=lambda x: weighted.few * x - transposed @ (shares * (matrix @ x)), dtype=float)
    scaling = LinearOperator(size, matvec=lambda x: x / diagonal, dtype=float)
    least = 1e-9 * float(np.linalg.norm(weighted.sums.few) + np.linalg.norm(weighted.sums.many))
    lost = NOISE * float(np.abs(scores.score - weighted.centre).sum())
    if np.linalg.norm(right) <= max(least, lost):
        few = np.zeros(design.n_few)
    else:
        few, _ = cg(schur, right, rtol=1e-7, atol=least, maxiter=LONGEST, M=scaling)
    many = shares * (weighted.sums.many - matrix @ few)
    items, raters = design.sides(many, few)
    return weighted.centre + items, raters


def _solve(weighted: Weighted, shares: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Effects of the few with mean 0 in each component, and prediction variances of few and many, over σ²."""
    padded = np.append(right, 0.0)
    few, variance = np.zeros(len(padded)), np.zeros(len(padded))
    spread = np.zeros(len(weighted.cells))
    for batch in weighted.design.batches:
        inverse = _pseudo_inverse(batch, weighted, shares)
        few[batch.few] = np.matmul(inverse, padded[batch.few][:, :, None])[:, :, 0]
        variance[batch.few] = np.diagonal(inverse, axis1=1, axis2=2)
        here, values = batch.spread(weighted.cells, inverse)
        spread[here] = values
    cells = weighted.design.cells
    many = tally(cells.many, weighted.cells * spread, len(weighted.many))
    return few[:-1], np.maximum(variance[:-1], 0.0), np.maximum(shares + shares**2 * many, 0.0)


def _pseudo_inverse(batch: Batch, weighted: Weighted, shares: Floats) -> Floats:
    """Of each component's Schur complement, whose null space is the constant over the component's few."""
    core = -batch.gram(weighted.cells, shares)
    if len(core) == 1:
        core = whole(core).astype(np.float64, copy=False)
    diagonal = np.arange(core.shape[1])
    core[:, diagonal, diagonal] += np.append(weighted.few, 0.0)[batch.few]
    here = (batch.few < len(weighted.few)).astype(np.float64)
    size = here.sum(axis=1)[:, None, None]
    constant = here[:, :, None] * here[:, None, :] / size
    level = core[:, diagonal, diagonal].sum(axis=1)[:, None, None] / size + 1e-9
    raised = core + level * constant
    raised[:, diagonal, diagonal] += 1.0 - here
    inverse: Floats = np.linalg.inv(raised) - constant / level
    inverse[:, diagonal, diagonal] -= 1.0 - here
    return inverse


def _residual(design: Design, off: Floats) -> float:
    """The residual sum of squares over its degrees of freedom; not a number where there are none."""
    scores = design.scores
    seen = len(np.unique(scores.item)) + len(np.unique(scores.rater))
    parts = len(np.unique(design.parts.item[scores.item]))
    degrees = len(off) - seen + parts
    return float(off @ off) / degrees if degrees > 0 else float("nan")


def _mean_by_part(design: Design, raters: Floats, scores: Scores) -> Floats:
    """The mean severity of the experts of each component, (components,)."""
    judging = np.unique(scores.rater)
    part = design.parts.rater[judging]
    counts = np.bincount(part, minlength=design.parts.count)
    return tally(part, raters[judging], design.parts.count) / np.maximum(counts, 1)
