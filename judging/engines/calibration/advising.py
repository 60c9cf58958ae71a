"""Where one more review is worth most: the expected gain of the choice of the best."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from judging.engines.calibration.calibrating import of_model
from judging.engines.calibration.model import Model, estimate
from judging.engines.calibration.scores import Floats, Ints, check_line, free_of, read_scores, row_of

FAR = -30.0
"""Standard deviations from the line at which a review is worth nothing in double precision."""


@dataclass(frozen=True, eq=False)
class NextReview:
    """What one more review of each project is worth.

    ``value`` (I,) is by how many points the sum of the true qualities of the ``k`` chosen is expected to rise if the
    project is judged once more; ``order`` (I,) are the projects by it, best first, ties by code.
    ``numpy.asarray`` of it is the value.
    """

    value: Floats
    order: Ints

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        """The value."""
        return np.array(self.value, dtype=dtype, copy=copy)


def next_expert(
    rater: ArrayLike,
    item: ArrayLike,
    score: ArrayLike,
    k: int,
    *,
    offset: ArrayLike | None = None,
    barred: ArrayLike | None = None,
) -> NextReview:
    """Weigh one more review of each project, where the ``k`` best are chosen (the knowledge gradient, Frazier 2009).

    A further review by one of the experts moves a project's estimate by a normal amount; it is worth something only
    as far as that may carry the project over the line, so the value is greatest near it and for projects little known.
    ``offset`` and ``barred`` (I,) as in :func:`ranks`. With nothing to choose (k of 0 or of all) the values are 0.
    Raises :class:`InputFault`.
    """
    scores = read_scores(rater, item, score)
    check_line(k)
    known = row_of("offset", offset, scores)
    free = free_of("barred", barred, scores)
    model, value = estimate(scores, expert_noise=True), np.zeros(scores.n_items)
    if not model.identical and 0 < k < free.sum():
        variance, noise = _uncertainty(model)
        value[free] = _gradient((of_model(model).quality + known)[free], variance[free], noise, k)
    return NextReview(value, np.argsort(-value, kind="stable"))


def _uncertainty(model: Model) -> tuple[Floats, float]:
    """Of each project the variance of its effect's prediction error, and that of a further score given the effect."""
    system = model.system
    many, few = (each * system.scale for each in system.prediction_variances()[:2])
    items, raters = model.design.sides(many, few)
    return items, system.scale + float(raters.mean())


def _gradient(mean: Floats, variance: Floats, noise: float, k: int) -> Floats:
    """E max over the choice after the review, less before: σ̃ f(-Δ/σ̃), f(z) = φ(z) + zΦ(z)."""
    order = np.argsort(-mean, kind="stable")
    inside = np.zeros(len(mean), bool)
    inside[order[:k]] = True
    rival = np.where(inside, mean[order[k]], mean[order[k - 1]])
    moved = np.sqrt(variance**2 / (variance + noise))
    far = np.full(len(mean), FAR)
    gap = np.maximum(np.divide(-np.abs(mean - rival), moved, out=far.copy(), where=moved > 0.0), far)
    density = np.exp(-(gap**2) / 2.0) / np.sqrt(2.0 * np.pi)
    value: Floats = moved * np.maximum(density + gap * ndtr(gap), 0.0)
    return value
