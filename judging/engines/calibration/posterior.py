"""Draws of the projects' true qualities, given the scores: effects jointly, and the variances as unsure as they are.

Plugging in the estimated variances makes intervals of small contests too short. Here the ratios γ are taken from a grid
around the estimate, weighed by their REML likelihood (σ² integrated out under 1/σ²) and a half-Cauchy prior of scale 1
on √γ (Gelman 2006); great contests know their variances well enough for the estimate alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from judging.engines.calibration.factor import NotPositive
from judging.engines.calibration.model import Model
from judging.engines.calibration.reml import GREATEST
from judging.engines.calibration.scores import Floats
from judging.engines.calibration.system import System, Weighted

FINE, COARSE = np.linspace(-4.5, 3.5, 11), np.linspace(-2.5, 2.5, 5)
"""Grids of log γ in standard deviations, for small contests and for middling ones."""
FINE_TO, COARSE_TO = 100, 300
"""The greatest smaller side for which each grid is tried."""
NARROWEST, WIDEST = 0.05, 1.5
AT_BOUNDARY = 0.05
"""The ratio about which the grid is laid where the estimate is 0."""
CHUNK = 4_000_000
"""Values drawn at a time."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """Systems at several ratios with their probabilities."""

    systems: tuple[System, ...]
    weights: Floats


def nodes_of(model: Model) -> Nodes:
    """Lay the grid and weigh it."""
    system = model.system
    few = system.weighted.design.n_few
    steps = FINE if few <= FINE_TO else COARSE
    if model.identical or few > COARSE_TO or not any(model.may_vary):
        return Nodes((system,), np.ones(1))
    axes = [_axis(model, side, steps) for side in (0, 1)]
    systems, logs = [], []
    for many in axes[0]:
        for one in axes[1]:
            found = _weigh(system.weighted, (float(many), float(one)))
            if found is not None:
                systems.append(found[0])
                logs.append(found[1])
    weights = np.exp(np.array(logs) - max(logs))
    return Nodes(tuple(systems), weights / weights.sum())


def _axis(model: Model, side: int, steps: Floats) -> Floats:
    """The ratios of one side that are tried."""
    if not model.may_vary[side]:
        return np.zeros(1)
    ratio = (model.system.many, model.system.few)[side]
    information = model.fit.information
    if ratio == 0.0:
        return _spread(AT_BOUNDARY, WIDEST, steps)
    if information[side, side] <= 0.0:
        return _spread(ratio, WIDEST, steps)
    covariance = np.linalg.pinv(information) * 2.0
    width = float(np.clip(np.sqrt(max(covariance[side, side], 0.0)), NARROWEST, WIDEST))
    return _spread(ratio, width, steps)


def _spread(ratio: float, width: float, steps: Floats) -> Floats:
    return np.minimum(ratio * np.exp(width * steps), GREATEST)


def _weigh(weighted: Weighted, ratios: tuple[float, float]) -> tuple[System, float] | None:
    """A system and the logarithm of its posterior density by log γ; None where it cannot be factored."""
    system = System(weighted, ratios)
    try:
        likelihood = -0.5 * system.criterion
    except NotPositive:
        return None
    prior = sum(0.5 * np.log(ratio) - np.log1p(ratio) for ratio in ratios if ratio > 0.0)
    return system, likelihood + float(prior)


def draw_qualities(model: Model, draws: int, generator: Generator) -> Iterator[Floats]:
    """Yield draws of the qualities, (some, I) at a time, ``draws`` in all."""
    nodes = nodes_of(model)
    shares = generator.multinomial(draws, nodes.weights)
    for system, count in zip(nodes.systems, shares, strict=True):
        size = max(CHUNK // max(len(system.weighted.many), 1), 1)
        for start in range(0, int(count), size):
            yield _draw(model, system, min(size, int(count) - start), generator)


def _draw(model: Model, system: System, count: int, generator: Generator) -> Floats:
    """Draw σ², the mean, the few given the mean, and the many given both; (count, I)."""
    weighted, found = system.weighted, system.effects
    degrees = max(weighted.degrees, 1)
    sigma = np.sqrt(system.quadratic / generator.chisquare(degrees, count))
    off = sigma * generator.standard_normal(count) / np.sqrt(system.mean_information)
    white = generator.standard_normal((len(weighted.few), count))
    few = system.few * (found.few[:, None] - np.outer(system.tilt, off))
    few += np.sqrt(system.few) * sigma * system.half(white)
    mean = found.mean + off
    if not weighted.design.items_many:
        return np.transpose(weighted.centre + mean + few)
    many = weighted.sums.many[:, None] - np.outer(weighted.many, mean) - weighted.matrix @ few
    many *= system.shares[:, None]
    many += np.sqrt(system.shares)[:, None] * generator.standard_normal(many.shape) * sigma
    return np.transpose(weighted.centre + mean + many)
