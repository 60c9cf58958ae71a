"""The sets of scores: who judges what, and how scores come about from what is true.

A score is a weighted total of 0..100 in tenths: µ + quality + severity + noise, with standard deviations 10, 6 and 8
around 62. Everything is drawn from the hash of :mod:`bench.assignment.draws`, so the sets are the same everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from bench.assignment.draws import Draws, falling

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pairs = tuple[Ints, Ints]
"""Experts and projects, one of each a score."""

MEAN, QUALITY, SEVERITY, NOISE = 62.0, 10.0, 6.0, 8.0
CARELESS = 0.06


@dataclass(frozen=True)
class Case:
    """Scores with the truth behind them: ``quality`` (I,), ``severity``, ``noise`` and ``careless`` (J,)."""

    rater: Ints
    item: Ints
    score: Floats
    quality: Floats
    severity: Floats
    noise: Floats
    careless: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Projects, experts, scores."""
        return len(self.quality), len(self.severity), len(self.score)


def normals(draws: Draws, stream: int, number: int) -> Floats:
    """Return ``number`` standard normal values of the stream."""
    bits = draws.keys(stream, np.arange(number)) >> np.uint64(11)
    return np.asarray(ndtri((bits.astype(np.float64) + 0.5) / 2.0**53), np.float64)


def even(draws: Draws, items: int, raters: int, each: int) -> Pairs:
    """Return ``each`` experts a project; experts are dealt out round by round, each at most once a round."""
    hands = raters // each
    rounds = -(-items // hands)
    dealt = [draws.order(1000 + turn, raters)[: hands * each].reshape(hands, each) for turn in range(rounds)]
    return np.concatenate(dealt)[:items].ravel(), np.repeat(np.arange(items), each)


def uneven(draws: Draws, items: int, raters: int, most: int) -> Pairs:
    """Return one to ``most`` scores a project by experts of very unequal diligence."""
    wanted = draws.between(1000, 1, most, items)
    item = np.repeat(np.arange(items), wanted)
    rater = draws.order(1001, raters)[draws.weighted(1002, falling(raters, root=True), np.arange(len(item)))]
    keys = np.unique(item * raters + rater)
    return keys % raters, keys // raters


def panels(draws: Draws, number: int, items: int, raters: int, each: int) -> Pairs:
    """Return panels that have nobody in common."""
    made = [even(Draws(draws.seed * 1000 + panel), items, raters, each) for panel in range(number)]
    rater = np.concatenate([one + panel * raters for panel, (one, _) in enumerate(made)])
    return rater, np.concatenate([one + panel * items for panel, (_, one) in enumerate(made)])


def judged(draws: Draws, pairs: Pairs, **how: float) -> Case:
    """Return scores by the model itself, but for what is asked.

    ``spread``: standard deviation of the logarithm of the experts' noise; ``heavy``: noise as Student's t with three
    degrees of freedom; ``careless``: such a share of the experts does not look at the project.
    """
    rater, item = pairs
    items, raters = int(item.max()) + 1, int(rater.max()) + 1
    quality, severity = QUALITY * normals(draws, 1, items), SEVERITY * normals(draws, 2, raters)
    return scored(draws, pairs, quality, severity, **how)


def scored(
    draws: Draws,
    pairs: Pairs,
    quality: Floats,
    severity: Floats,
    *,
    spread: float = 0.0,
    heavy: float = 0.0,
    careless: float = 0.0,
) -> Case:
    """Return scores for what is true."""
    rater, item = pairs
    raters, number = len(severity), len(rater)
    noise = np.exp(spread * normals(draws, 3, raters))
    noise *= NOISE / np.sqrt(np.mean(noise**2))
    chance = normals(draws, 4, number)
    if heavy:
        square = sum(normals(draws, 5 + part, number) ** 2 for part in range(3))
        chance /= np.sqrt(square)  # t with three degrees of freedom, over its standard deviation √3
    blind = draws.order(8, raters) < round(careless * raters)
    total = np.where(
        blind[rater], np.hypot(QUALITY, NOISE) * normals(draws, 9, number), quality[item] + noise[rater] * chance
    )
    score = np.clip(np.round(MEAN + severity[rater] + total, 1), 0, 100)
    return Case(rater, item, score, quality, severity, noise, blind)


def strict_on_strong(draws: Draws, items: int, raters: int, each: int) -> Case:
    """Return scores where the better projects went to the stricter experts (informative assignment)."""
    quality, severity = QUALITY * normals(draws, 1, items), SEVERITY * normals(draws, 2, raters)
    best = np.argsort(-(quality / QUALITY + 1.2 * normals(draws, 1000, items)), kind="stable")
    strict = np.argsort(severity / SEVERITY + 0.3 * normals(draws, 1001, raters), kind="stable")
    place = np.empty(items)
    place[best] = np.arange(items) * raters / items
    width = 0.06 * raters + 2
    seats = place[:, None] + width * normals(draws, 1002, items * 8 * each).reshape(items, 8 * each)
    seats = np.abs(np.rint(seats).astype(np.int64))
    seats = raters - 1 - np.abs(raters - 1 - seats)
    rater = np.concatenate([strict[_firsts(row, each)] for row in seats])
    return scored(draws, (rater, np.repeat(np.arange(items), each)), quality, severity)


def _firsts(row: Ints, each: int) -> Ints:
    """Return the first ``each`` different values."""
    return row[np.sort(np.unique(row, return_index=True)[1])[:each]]


def national(seed: int, **how: float) -> Case:
    """Return 5,000 projects × 500 experts × 3."""
    draws = Draws(seed)
    return judged(draws, even(draws, 5000, 500, 3), **how)


def contest(seed: int, items: int, raters: int, each: int, **how: float) -> Case:
    """Return a contest of one panel."""
    draws = Draws(seed)
    return judged(draws, even(draws, items, raters, each), **how)


def _uneven(seed: int, items: int, raters: int, most: int) -> Case:
    draws = Draws(seed)
    return judged(draws, uneven(draws, items, raters, most))


def _panels(seed: int, number: int, items: int, raters: int, each: int) -> Case:
    draws = Draws(seed)
    return judged(draws, panels(draws, number, items, raters, each))


SMALL: dict[str, Callable[[], Case]] = {
    "60×15×3": lambda: contest(101, 60, 15, 3),
    "60×15×2": lambda: contest(102, 60, 15, 2),
    "20×6×3": lambda: contest(103, 20, 6, 3),
    "2000×200×3": lambda: contest(104, 2000, 200, 3),
}
LONG: dict[str, Callable[[], Case]] = {
    "lin": lambda: national(201),
    "het": lambda: national(202, spread=0.5),
    "heavy": lambda: national(203, heavy=1.0),
    "outlier": lambda: national(204, careless=CARELESS),
    "harsh": lambda: strict_on_strong(Draws(205), 5000, 500, 3),
    "islands": lambda: _panels(206, 150, 9, 11, 11),
    "regions": lambda: _panels(207, 80, 60, 15, 3),
    "sparse": lambda: contest(208, 6000, 4000, 2),
    "uneven": lambda: _uneven(209, 4000, 600, 6),
    "wide": lambda: contest(210, 300, 3000, 20),
}
HUGE: dict[str, Callable[[], Case]] = {"huge": lambda: contest(301, 100_000, 5_000, 3)}
MADE = {**SMALL, **LONG, **HUGE}
SHIPPED = ("Penicillin", "InstEval")
"""Data sets that come with lme4."""
