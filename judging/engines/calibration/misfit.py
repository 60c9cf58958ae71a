"""Experts whose scores do not follow the projects, and experts who were given the strong or the weak ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from judging.engines.calibration.design import Design, lay_out
from judging.engines.calibration.fixed import least_squares
from judging.engines.calibration.model import Model, estimate
from judging.engines.calibration.scores import Bools, Floats, Ints, Limit, Scores, read_scores, tally

ENOUGH = 8
"""Fewer scores than these allow no verdict on an expert."""
FLAGGED_FROM = 5.0
"""A log likelihood ratio at which one expert in twenty being careless becomes ten to one that this one is."""
FLAGGED_SLOPE = 0.5
MANY_EXPERTS, FEWEST_EXPERTS = 100, 8
TELLING = 1e-6
"""Spreads below so small a share of the scores' range are rounding: with complete panels everybody saw the same."""
ALARM_OF_MANY, ALARM_OF_FEW = -0.5, -0.75


@dataclass(frozen=True, eq=False)
class Misfit:
    """Of each expert, (J,): how little the scores follow what the other experts found of the same projects.

    ``index`` is the log likelihood ratio of «ignores the projects» to «follows them»; above 0 the former is likelier.
    ``slope`` is how far the scores rise with the others' opinion: about 1 for most, 0 for one who ignores it; not a
    number where nobody else judged the same projects. ``scores`` are the numbers of scores, ``enough`` says which are
    at least 8, ``flagged`` who is worth a look: a reason to read the sheets, never a verdict.
    ``numpy.asarray`` of it is the index.
    """

    index: Floats
    slope: Floats
    scores: Ints
    enough: Bools
    flagged: Bools

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        """The index."""
        return np.array(self.index, dtype=dtype, copy=copy)


def expert_misfit(rater: ArrayLike, item: ArrayLike, score: ArrayLike) -> Misfit:
    """Compare two models of each expert's scores, given everybody else's; raises :class:`InputFault`.

    Either a score is the expert's severity, the project's quality as the others see it, and the usual noise; or it is
    the severity and noise of the spread that qualities and noise have together (Neyman & Pearson's ratio of the two).
    """
    scores = read_scores(rater, item, score)
    model = estimate(scores, expert_noise=False)
    counts = np.bincount(scores.rater, minlength=scores.n_raters)
    if model.identical or not model.system.scale > 0.0:
        nothing = np.zeros(scores.n_raters)
        return Misfit(nothing, np.full(scores.n_raters, np.nan), counts, counts >= ENOUGH, nothing > 0.0)
    index, slope = _ratios(model, scores)
    flagged = (counts >= ENOUGH) & (index > FLAGGED_FROM) & (slope < FLAGGED_SLOPE)
    return Misfit(index, slope, counts, counts >= ENOUGH, flagged)


def _ratios(model: Model, scores: Scores) -> tuple[Floats, Floats]:
    system = model.system
    sigma2 = system.scale
    sides = model.design.sides
    item, rater = sides(system.many, system.few)
    known = sides(*system.prediction_variances()[:2])[1] * sigma2
    severity = sides(system.many * system.effects.many, system.few * system.effects.few)[1]
    off = scores.score - system.weighted.centre - system.effects.mean
    share = 1.0 / (sigma2 + known[scores.rater])
    opinion = tally(scores.item, share * (off - severity[scores.rater]), scores.n_items)
    weight = tally(scores.item, share, scores.n_items)
    own = share * (off - severity[scores.rater])
    others = np.maximum(weight[scores.item] - share, 0.0)
    precision = others + (1.0 / (item * sigma2) if item > 0.0 else np.inf)
    mean = np.where(others > 1e-12, (opinion[scores.item] - own) / precision, 0.0)
    follows = _log_density(off - mean, 1.0 / precision + sigma2, rater * sigma2, scores)
    ignores = _log_density(off, np.full(len(off), (item + 1.0) * sigma2), rater * sigma2, scores)
    return ignores - follows, _slope(off, mean, scores)


def _log_density(off: Floats, noise: Floats, severity: float, scores: Scores) -> Floats:
    """Of each expert, the log density of independent noise and one common severity, without constants."""
    ones, sums, squares, logs = (
        tally(scores.rater, weights, scores.n_raters)
        for weights in (1.0 / noise, off / noise, off**2 / noise, np.log(noise))
    )
    shrunk = 1.0 + severity * ones
    density: Floats = -0.5 * (logs + np.log(shrunk) + squares - severity * sums**2 / shrunk)
    return density


def _slope(off: Floats, mean: Floats, scores: Scores) -> Floats:
    """The slope of each expert's scores by the others' opinion, both taken from their means."""
    counts, given, seen = (tally(scores.rater, weights, scores.n_raters) for weights in (np.ones(len(off)), off, mean))
    counts = np.maximum(counts, 1.0)
    rise = mean - (seen / counts)[scores.rater]
    fall = off - (given / counts)[scores.rater]
    square = tally(scores.rater, rise**2, scores.n_raters)
    product = tally(scores.rater, rise * fall, scores.n_raters)
    found: Floats = np.divide(product, square, out=np.full(len(square), np.nan), where=square > 0.0)
    return found


@dataclass(frozen=True)
class Informative:
    """Whether strict experts sat on strong projects.

    ``correlation`` is that of an expert's severity with the mean quality of the projects he judged, None where it is
    not defined; ``alarm`` says that it is so far below 0 that the random effects must not be trusted: the experts'
    strictness is then taken for the projects' weakness, and ``calibrate(…, effects="fixed")`` is the way out.
    """

    correlation: float | None
    alarm: bool


def informative(rater: ArrayLike, item: ArrayLike, score: ArrayLike) -> Informative:
    """Measure it by least squares, inside each component; raises :class:`InputFault`.

    Random effects cannot see it, for they have already taken the one for the other. The alarm is at -0.5 with 100
    experts and more, at -0.75 with fewer, where chance alone reaches further.
    """
    return informative_of(lay_out(read_scores(rater, item, score)))


def informative_of(design: Design) -> Informative:
    """The same of scores already laid out."""
    scores = design.scores
    quality, severity = least_squares(design)
    counts = np.bincount(scores.rater, minlength=scores.n_raters)
    judging = np.flatnonzero(counts)
    seen = tally(scores.rater, quality[scores.item], scores.n_raters)[judging] / counts[judging]
    part = design.parts.rater[judging]
    own, seen = _centred(severity[judging], part), _centred(seen, part)
    least = TELLING * float(np.ptp(scores.score) + 1e-300)
    if len(own) < FEWEST_EXPERTS or own.std() <= least or seen.std() <= least:
        return Informative(None, alarm=False)
    correlation = float(np.corrcoef(own, seen)[0, 1])
    return Informative(correlation, correlation <= (ALARM_OF_MANY if len(own) >= MANY_EXPERTS else ALARM_OF_FEW))


def _centred(values: Floats, part: Ints) -> Floats:
    size = int(part.max()) + 1
    sums, counts = tally(part, values, size), np.maximum(np.bincount(part), 1)
    found: Floats = values - (sums / counts)[part]
    return found


def with_alarm(model: Model) -> tuple[Limit, ...]:
    """The limits of a model, the alarm among them."""
    return (*model.limits, Limit.INFORMATIVE_ASSIGNMENT) if informative_of(model.design).alarm else model.limits
