"""How firm the places are: intervals of the rank, and the probability to be above the line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from judging.engines.calibration.model import estimate
from judging.engines.calibration.posterior import draw_qualities
from judging.engines.calibration.scores import (
    Bools,
    Floats,
    InputFault,
    Ints,
    Limit,
    Scores,
    check_line,
    free_of,
    read_scores,
    row_of,
)

DRAWS, FEWEST_DRAWS, VALUES = 4000, 400, 20_000_000
Mode = Literal["strict", "skip", "partial", "proportional"]


@dataclass(frozen=True, eq=False)
class Ranks:
    """Of each project, (I,); rank 1 is best.

    ``p_top`` is the probability to be among the ``k`` best of all that can be chosen, ``lo`` and ``hi`` the interval of
    the rank at the level asked for, ``expected`` the mean rank. Where the scores fall into parts without links, ``lo``,
    ``hi`` and ``expected`` are ranks inside a project's own part, while ``p_top`` compares all of them under the
    assumption that the experts of all parts are equally strict on average. ``p_funded`` is the probability to be
    reached by the budget, None where none was given. ``limits`` say what is not known: without a second score of any
    project, or where projects differ no more than by chance, every order is equally likely, and the intervals say so.
    """

    p_top: Floats
    lo: Ints
    hi: Ints
    expected: Floats
    p_funded: Floats | None
    level: float
    limits: tuple[Limit, ...]


@dataclass(frozen=True, eq=False)
class Purse:
    """Money to be walked down a ranking: ``cost`` (I,) and ``budget`` in one unit; see :func:`ranks`."""

    cost: Floats
    budget: float
    mode: Mode
    threshold: float | None
    most: int | None


def ranks(
    rater: ArrayLike,
    item: ArrayLike,
    score: ArrayLike,
    k: int,
    level: float = 0.9,
    *,
    expert_noise: bool = True,
    seed: int = 0,
    offset: ArrayLike | None = None,
    cost: ArrayLike | None = None,
    budget: float | None = None,
    mode: Mode = "strict",
    threshold: float | None = None,
    most: int | None = None,
    barred: ArrayLike | None = None,
) -> Ranks:
    """Draw the true qualities jointly, rank each draw, and count.

    ``offset`` (I,) are points that are known exactly (criteria computed from indicators): they are added to the
    quality before ranking. With ``cost`` (I,) and ``budget`` (one unit, whichever) the money is walked down each draw
    in the order of the ranks: ``mode`` strict stops at the first that does not fit, skip passes over it, partial gives
    it what is left, proportional funds all; nobody below ``threshold`` is funded, nor more than ``most``.
    ``barred`` (I,) says who cannot be chosen: such a project has its ranks, but is not among the ``k`` best.
    The same ``seed`` gives the same answer. Raises :class:`InputFault` for arrays that do not fit, ``k`` below 0,
    ``level`` outside (0, 1), a cost without a budget or the reverse.
    """
    scores = read_scores(rater, item, score)
    check_line(k)
    if not 0.0 < level < 1.0:
        raise InputFault("level must be between 0 and 1")
    known = row_of("offset", offset, scores)
    free = free_of("barred", barred, scores)
    purse = _purse(scores, cost, budget, mode, threshold, most)
    model = estimate(scores, expert_noise=expert_noise)
    draws = int(np.clip(VALUES // scores.n_items, FEWEST_DRAWS, DRAWS))
    generator = np.random.Generator(np.random.PCG64(seed))
    groups = _groups(model.design.parts.item, scores)
    ranked = np.empty((draws, scores.n_items), np.int32)
    top, funded, done = np.zeros(scores.n_items), np.zeros(scores.n_items), 0
    for qualities in draw_qualities(model, draws, generator):
        totals = qualities + known
        order = _order(totals, generator, tied=float(np.ptp(qualities[0])) == 0.0)
        whole = _ranked(order)
        top += _chosen(order, free, int(k))
        if purse is not None:
            funded += _funded(order, totals, purse)
        ranked[done : done + len(totals)] = whole if len(groups) == 1 else _by_group(whole, groups)
        done += len(totals)
    return _summed(ranked, top / draws, None if purse is None else funded / draws, level, model.limits)


def _summed(
    ranked: NDArray[np.int32], top: Floats, funded: Floats | None, level: float, limits: tuple[Limit, ...]
) -> Ranks:
    draws = len(ranked)
    ordered = np.sort(np.ascontiguousarray(ranked.T), axis=1)
    lo, hi = _shortest(ordered, int(np.ceil(level * draws)))
    return Ranks(
        p_top=top,
        lo=lo,
        hi=hi,
        expected=ordered.mean(axis=1),
        p_funded=funded,
        level=level,
        limits=limits,
    )


def _shortest(ordered: NDArray[np.int32], held: int) -> tuple[Ints, Ints]:
    """The shortest intervals that hold ``held`` of the sorted draws (I, draws), the most central where several are."""
    starts = ordered.shape[1] - held + 1
    widths = (ordered[:, held - 1 :] - ordered[:, :starts]).astype(np.float64)
    widths += np.abs(np.arange(starts) - (starts - 1) / 2.0) / (starts + 1.0)
    best = widths.argmin(axis=1)
    rows = np.arange(len(ordered))
    return ordered[rows, best].astype(np.int64), ordered[rows, best + held - 1].astype(np.int64)


def _purse(
    scores: Scores,
    cost: ArrayLike | None,
    budget: float | None,
    mode: Mode,
    threshold: float | None,
    most: int | None,
) -> Purse | None:
    if cost is None and budget is None:
        return None
    if cost is None or budget is None:
        raise InputFault("cost and budget go together")
    if mode not in WALKS:
        raise InputFault(f"mode must be one of {', '.join(WALKS)}")
    return Purse(row_of("cost", cost, scores), float(budget), mode, threshold, most)


def _groups(parts: Ints, scores: Scores) -> list[Ints]:
    """The projects of each part that has a score; those without a score are one group more."""
    judged = np.bincount(scores.item, minlength=scores.n_items) > 0
    label = np.where(judged, parts, parts.max() + 1)
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _order(totals: Floats, generator: np.random.Generator, *, tied: bool) -> NDArray[np.intp]:
    """The projects of each draw, best first; where qualities are ``tied`` (a variance of 0) chance breaks the ties."""
    if not tied:
        return np.argsort(-totals, axis=1)
    return np.lexsort((generator.random(totals.shape), -totals), axis=1)


def _ranked(order: NDArray[np.intp]) -> NDArray[np.int32]:
    found = np.empty(order.shape, np.int32)
    np.put_along_axis(found, order, np.arange(1, order.shape[1] + 1, dtype=np.int32)[None, :], axis=1)
    return found


def _chosen(order: NDArray[np.intp], free: Bools, k: int) -> Ints:
    """In how many draws each project is among the ``k`` best of those that can be chosen, (I,)."""
    if free.all():
        return np.bincount(order[:, :k].ravel(), minlength=order.shape[1])
    may = free[order]
    return np.bincount(order[may & (np.cumsum(may, axis=1) <= k)], minlength=order.shape[1])


def _by_group(whole: NDArray[np.int32], groups: list[Ints]) -> NDArray[np.int32]:
    """Ranks inside each group, from ranks among all."""
    found = np.empty_like(whole)
    for group in groups:
        found[:, group] = _ranked(np.argsort(whole[:, group], axis=1))
    return found


def _funded(order: NDArray[np.intp], totals: Floats, purse: Purse) -> Floats:
    """In how many draws each project gets money, (I,); draws are walked side by side."""
    draws = len(order)
    rows = np.arange(draws)
    left, winners, open_ = np.full(draws, purse.budget), np.zeros(draws, np.int64), np.ones(draws, bool)
    counts = np.zeros(order.shape[1])
    walk = WALKS[purse.mode]
    for column in order.T:
        cost = purse.cost[column]
        may = open_ & (cost > 0.0)
        if purse.threshold is not None:
            may &= totals[rows, column] >= purse.threshold
        if purse.most is not None:
            may &= winners < purse.most
        given, open_, left = walk(may, cost, left, open_)
        winners += given
        np.add.at(counts, column[given], 1.0)
        if not open_.any():
            break
    return counts


Walk = Callable[[Bools, Floats, Floats, Bools], tuple[Bools, Bools, Floats]]


def _strict(may: Bools, cost: Floats, left: Floats, open_: Bools) -> tuple[Bools, Bools, Floats]:
    given = may & (cost <= left)
    return given, open_ & ~(may & ~given), left - cost * given


def _skip(may: Bools, cost: Floats, left: Floats, open_: Bools) -> tuple[Bools, Bools, Floats]:
    given = may & (cost <= left)
    return given, open_, left - cost * given


def _partial(may: Bools, cost: Floats, left: Floats, open_: Bools) -> tuple[Bools, Bools, Floats]:
    given = may & (left > 0.0)
    left = np.maximum(left - cost * given, 0.0)
    return given, open_ & (left > 0.0), left


def _proportional(may: Bools, cost: Floats, left: Floats, open_: Bools) -> tuple[Bools, Bools, Floats]:
    return may & (left > 0.0), open_, left


WALKS: Mapping[str, Walk] = {"strict": _strict, "skip": _skip, "partial": _partial, "proportional": _proportional}
"""How money goes down a ranking, the modes of the contest's rules."""
