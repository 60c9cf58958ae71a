"""How far the experts agree: Krippendorff's alpha, intraclass correlations, Kendall's W.

Every coefficient is a closed form over sums and ranks, linear in the number of scores beside one sort: none builds
items × values × values. A coefficient that the data do not define is None: it is never a made-up zero.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from judging.engines.calibration.scores import Floats, Ints, read_scores

DUST = 1e-24
"""Sums of squares up to this, per score and in units of the range of all scores, are rounding: they count as zero."""
CANCELLED = 1e-13
"""What rounding leaves of a difference of mean squares that is zero, in squares of the range."""


@dataclass(frozen=True)
class Agreement:
    """Coefficients of agreement; 1 is perfect, about 0 is chance, None is not defined by these data.

    ``alpha_*``: Krippendorff's alpha for the three kinds of scale; projects with one score say nothing here.
    ``icc1``, ``icc1k``: one score, and the mean of as many as a project typically gets, where nothing is known of who
    gave them. ``icc2*``: the experts are a sample and their severity counts as disagreement; ``icc3*``: severity is
    taken out. ``kendall_w``: concordance of the orders. The last five need a ``complete`` design: every expert scored
    every project exactly once.
    """

    alpha_interval: float | None
    alpha_ordinal: float | None
    alpha_nominal: float | None
    icc1: float | None
    icc1k: float | None
    icc2: float | None
    icc2k: float | None
    icc3: float | None
    icc3k: float | None
    kendall_w: float | None
    complete: bool


def agreement(rater: ArrayLike, item: ArrayLike, score: ArrayLike) -> Agreement:
    """Return how far the scores of ``rater`` [n] for ``item`` [n] agree; ``score`` [n] on any scale.

    Codes may have gaps; who gave no score and what got none do not count. Raises :class:`InputFault`.

    Sources: Krippendorff, Computing Krippendorff's alpha-reliability (2011); Shrout & Fleiss, Psychological Bulletin 86
    (1979) 420-428, whose ICC(1,1) … ICC(3,k) these are; McGraw & Wong, Psychological Methods 1 (1996) 30-46;
    Kendall & Babington Smith, Annals of Mathematical Statistics 10 (1939) 275-287.
    """
    scores = read_scores(rater, item, score)
    raters, items, raw = _compact(scores.rater), _compact(scores.item), scores.score
    values = _standard(raw)
    table = _table(raters, items, values)
    icc1, icc1k = _one_way(items, values)
    icc2, icc2k, icc3, icc3k = (None,) * 4 if table is None else _two_way(table)
    return Agreement(
        alpha_interval=_alpha(items, values, _spread),
        alpha_ordinal=_alpha(items, raw, _spread_of_ranks),
        alpha_nominal=_alpha(items, raw, _unlike),
        icc1=icc1,
        icc1k=icc1k,
        icc2=icc2,
        icc2k=icc2k,
        icc3=icc3,
        icc3k=icc3k,
        kendall_w=None if table is None else _concordance(_table(raters, items, raw)),
        complete=table is not None,
    )


def _compact(labels: Ints | Floats) -> Ints:
    """Return the labels numbered 0..n-1 in their order, without gaps."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64).reshape(-1)


def _standard(raw: Floats) -> Floats:
    """Return scores from the first one in units of their range: every coefficient is the same, equal stays equal."""
    centred = raw / 4 - raw[0] / 4  # a quarter is exact and cannot overflow
    span = float(np.ptp(centred))
    return np.asarray(centred / span if span > 0 else centred, np.float64)


def _alpha(items: Ints, values: Floats, differences: Callable[[Ints, Floats], tuple[float, float]]) -> float | None:
    """Return 1 − observed / expected difference over the projects with two scores or more."""
    counts = np.bincount(items)
    pairable = (counts >= 2)[items]
    if not pairable.any():
        return None
    observed, expected = differences(_compact(items[pairable]), values[pairable])
    number = int(pairable.sum())
    if expected <= DUST * number:
        return None
    return 1.0 - (number - 1) * observed / expected


def _spread(units: Ints, values: Floats) -> tuple[float, float]:
    """Return Σ over pairs (x − y)² inside the units, each by its number of scores − 1, and over all pairs.

    The sum over ordered pairs is twice the number times the sum of squares around the mean.
    """
    counts = np.bincount(units)
    weights = 2.0 * counts / (counts - 1)
    within = np.bincount(units, weights=_around(units, values) ** 2)
    whole = float(np.sum((values - values.mean()) ** 2))
    return float(weights @ within), 2.0 * len(values) * whole


def _spread_of_ranks(units: Ints, values: Floats) -> tuple[float, float]:
    """Return the same of the ordinal differences.

    Krippendorff's ordinal difference (all values between, and half of those at both ends) is the difference of the
    middle ranks, so that one running total does for all pairs.
    """
    return _spread(units, _middle_ranks(values) / len(values))


def _unlike(units: Ints, values: Floats) -> tuple[float, float]:
    """Return how many ordered pairs differ inside the units, each by its number of scores − 1, and of all pairs."""
    labels = _compact(values)
    counts, width = np.bincount(units), int(labels.max()) + 1
    cells, alike = np.unique(units * width + labels, return_counts=True)
    equal = np.bincount(cells // width, weights=alike.astype(np.float64) ** 2)
    observed = np.sum((counts.astype(np.float64) ** 2 - equal) / (counts - 1))
    return float(observed), len(values) ** 2 - float(np.sum(np.bincount(labels).astype(np.float64) ** 2))


def _middle_ranks(values: Floats) -> Floats:
    """Return for every score how many are lower, and half of those that are equal."""
    labels = _compact(values)
    counts = np.bincount(labels)
    return (np.cumsum(counts) - counts / 2.0)[labels]


def _around(groups: Ints, values: Floats) -> Floats:
    """Return the values less the mean of their group."""
    means = np.bincount(groups, weights=values) / np.bincount(groups)
    return np.asarray(values - means[groups], np.float64)


def _one_way(items: Ints, values: Floats) -> tuple[float | None, float | None]:
    """Return ICC(1) and ICC(k) from the one-way analysis of variance; unequal numbers by their typical one, n₀."""
    counts = np.bincount(items)
    groups, number = len(counts), len(values)
    if groups < 2 or number == groups:
        return None, None
    around = _around(items, values)
    inner = _solid(float(np.sum(around**2)), number)
    outer = _solid(float(np.sum((values - around - values.mean()) ** 2)), number)
    typical = (number - float(np.sum(counts.astype(np.float64) ** 2)) / number) / (groups - 1)
    between, within = outer / (groups - 1), inner / (number - groups)
    return (
        _ratio(between - within, between + (typical - 1) * within),
        _ratio(between - within, between),
    )


def _table(raters: Ints, items: Ints, values: Floats) -> Floats | None:
    """Return projects × experts where every expert scored every project once, otherwise None."""
    height, width = int(items.max()) + 1, int(raters.max()) + 1
    if height * width != len(values):
        return None
    cells = items * width + raters
    if np.bincount(cells, minlength=len(values)).max() > 1:
        return None
    table = np.empty(len(values))
    table[cells] = values
    return table.reshape(height, width)


def _two_way(table: Floats) -> tuple[float | None, float | None, float | None, float | None]:
    """Return ICC(2,1), ICC(2,k), ICC(3,1) and ICC(3,k) from the two-way analysis of variance."""
    n, k = table.shape
    if n < 2 or k < 2:
        return None, None, None, None
    rows, columns, middle = table.mean(axis=1), table.mean(axis=0), table.mean()
    rest = table - rows[:, None] - columns[None, :] + middle
    of_rows = _solid(k * float(np.sum((rows - middle) ** 2)), table.size) / (n - 1)
    of_columns = _solid(n * float(np.sum((columns - middle) ** 2)), table.size) / (k - 1)
    error = _solid(float(np.sum(rest**2)), table.size) / ((n - 1) * (k - 1))
    above, severity = of_rows - error, (of_columns - error) / n
    return (
        _ratio(above, of_rows + (k - 1) * error + k * severity),
        _ratio(above, of_rows + severity),
        _ratio(above, of_rows + (k - 1) * error),
        _ratio(above, of_rows),
    )


def _concordance(table: Floats | None) -> float | None:
    """Return Kendall's W of the experts' orders; equal scores share the middle rank and are corrected for.

    The correction of ties is the usual one: m² (n³ − n) − m Σ (t³ − t) is twelve times m Σ, over the experts, of the
    spread of their ranks.
    """
    if table is None or min(table.shape) < 2:
        return None
    ranks = np.column_stack([_middle_ranks(column) for column in table.T])
    ranks -= ranks.mean(axis=0)
    return _ratio(float(np.sum(ranks.sum(axis=1) ** 2)), table.shape[1] * float(np.sum(ranks**2)))


def _solid(squares: float, number: int) -> float:
    """Return a sum of squares, or zero where it is rounding."""
    return squares if squares > DUST * number else 0.0


def _ratio(above: float, below: float) -> float | None:
    """Return the ratio, None where what it divides by is not positive."""
    return above / below if below > CANCELLED else None
