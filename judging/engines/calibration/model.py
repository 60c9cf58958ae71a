"""The whole estimate: checks, limits, the plain fit and the fit with a noise for each expert."""

from dataclasses import dataclass

import numpy as np

from judging.engines.calibration.design import Design, lay_out
from judging.engines.calibration.noise import Noise, fit_with_noise
from judging.engines.calibration.reml import GREATEST, Fit, fit_from_several, moments
from judging.engines.calibration.scores import Limit, Scores
from judging.engines.calibration.system import System, weigh

NOTHING = 1e-24
"""A spread of the scores, over their square, that is nothing but rounding."""


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted model; ``identical`` where all scores are one number, and nothing was fitted."""

    design: Design
    fit: Fit
    noise: Noise
    limits: tuple[Limit, ...]
    identical: bool
    may_vary: tuple[bool, bool]
    """Whether the scores could tell the variance of the many, and of the few, from the residual."""

    @property
    def system(self) -> System:
        """The equations at the estimate."""
        return self.fit.system


def estimate(scores: Scores, *, expert_noise: bool) -> Model:
    """Fit the model; whatever the scores cannot tell apart is named among the limits and fixed at zero."""
    design = lay_out(scores)
    limits = limits_of(design)
    weighted = weigh(design, np.ones(len(scores.score)))
    identical = weighted.square <= NOTHING * float(scores.score @ scores.score + 1.0)
    free = design.sides(*_telling(limits))
    if identical:
        found = Fit(System(weighted, (0.0, 0.0)), (False, False), np.zeros((2, 2)))
        limits = (*limits, Limit.IDENTICAL_SCORES)
    else:
        found = fit_from_several(weighted, moments(design), free)
    noise = Noise(np.ones(scores.n_raters), np.zeros(scores.n_raters), float("inf"))
    if expert_noise and not identical and not _is_exact(found):
        found, noise = fit_with_noise(found)
    if not identical:
        limits = (*limits, *_limits_found(found, free))
    return Model(design, found, noise, limits, identical, free)


def limits_of(design: Design) -> tuple[Limit, ...]:
    """What the layout alone leaves open."""
    scores, parts = design.scores, design.parts
    items, raters = np.unique(scores.item), np.unique(scores.rater)
    count = len(scores.score)
    told: list[tuple[bool, Limit]] = [
        (len(items) == 1, Limit.ONE_PROJECT),
        (len(raters) == 1, Limit.ONE_EXPERT),
        (len(items) == count, Limit.PROJECTS_SEEN_ONCE),
        (len(raters) == count, Limit.EXPERTS_HEARD_ONCE),
        (len(np.unique(parts.item[items])) > 1, Limit.NO_LINKS),
    ]
    return tuple(limit for holds, limit in told if holds)


def _telling(limits: tuple[Limit, ...]) -> tuple[bool, bool]:
    """Which variances (of the projects and of the experts) the scores can tell from the residual."""
    items = not {Limit.ONE_PROJECT, Limit.PROJECTS_SEEN_ONCE} & set(limits)
    raters = not {Limit.ONE_EXPERT, Limit.EXPERTS_HEARD_ONCE} & set(limits)
    return items, raters


def _limits_found(found: Fit, free: tuple[bool, bool]) -> tuple[Limit, ...]:
    ratios = (found.system.many, found.system.few)
    zero = [is_free and ratio == 0.0 for is_free, ratio in zip(free, ratios, strict=True)]
    items, raters = found.system.weighted.design.sides(*zero)
    exact = _is_exact(found)
    told = ((items, Limit.ITEM_VARIANCE_ZERO), (raters, Limit.RATER_VARIANCE_ZERO), (exact, Limit.NO_RESIDUAL))
    return tuple(limit for holds, limit in told if holds)


def _is_exact(found: Fit) -> bool:
    """Whether nothing is left beside the effects: then there is no noise to tell the experts apart by."""
    return max(found.system.many, found.system.few) >= GREATEST / 2.0
