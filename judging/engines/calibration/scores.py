"""What goes in: codes and scores, checked once; and what cannot be said from them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

GREATEST_CODE = 2**31 - 1
LOOSEST = 50
"""Codes may have gaps, but not more than so many a score: what is sparser is no numbering 0..n-1."""


class InputFault(ValueError):
    """The arrays are no scores: other lengths, codes below zero or not whole, scores that are not finite, nothing."""


class Limit(StrEnum):
    """What the scores cannot say, or say only under an assumption."""

    ONE_PROJECT = "one_project"
    """There is one project: nothing can be compared."""
    ONE_EXPERT = "one_expert"
    """One expert judged everything: severity and the level of the projects cannot be told apart."""
    PROJECTS_SEEN_ONCE = "projects_seen_once"
    """No project has two scores: the quality of a project and the chance of one reading cannot be told apart."""
    EXPERTS_HEARD_ONCE = "experts_heard_once"
    """No expert gave two scores: the severity of an expert and the chance of one reading cannot be told apart."""
    IDENTICAL_SCORES = "identical_scores"
    """All scores are the same."""
    NO_LINKS = "no_links"
    """Groups of experts and projects have nobody in common: only an assumption compares them."""
    ITEM_VARIANCE_ZERO = "item_variance_zero"
    """The projects differ no more than chance would make them."""
    RATER_VARIANCE_ZERO = "rater_variance_zero"
    """The experts differ in severity no more than chance would make them."""
    NO_RESIDUAL = "no_residual"
    """Every score is the sum of an expert's and a project's part: nothing is left to measure chance by."""
    INFORMATIVE_ASSIGNMENT = "informative_assignment"
    """Strict experts sat on strong projects, or the reverse: random effects blame the projects for the experts."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Checked scores: ``score[n]`` was given by expert ``rater[n]`` to project ``item[n]``; all of shape (n,)."""

    rater: Ints
    item: Ints
    score: Floats
    n_raters: int
    n_items: int


def tally(codes: Ints, values: Floats, size: int) -> Floats:
    """The sum of ``values`` over each code below ``size``, (size,)."""
    return np.bincount(codes, values, minlength=size).astype(np.float64, copy=False)


def read_scores(rater: ArrayLike, item: ArrayLike, score: ArrayLike) -> Scores:
    """Check the arrays; raises :class:`InputFault` with a sentence that says what is wrong."""
    marks = np.asarray(score)
    if marks.ndim != 1 or not len(marks):
        raise InputFault("score must be a row of at least one number")
    try:
        marks = np.ascontiguousarray(marks, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise InputFault("score must be numbers") from fault
    if not np.isfinite(marks).all():
        raise InputFault("every score must be a finite number")
    raters, items = _codes("rater", rater, len(marks)), _codes("item", item, len(marks))
    return Scores(raters, items, marks, int(raters.max()) + 1, int(items.max()) + 1)


def free_of(name: str, barred: ArrayLike | None, scores: Scores) -> Bools:
    """Which projects are not ``barred``, (I,): all where nothing is said; raises :class:`InputFault`."""
    given = np.zeros(scores.n_items, bool) if barred is None else np.asarray(barred)
    if given.shape != (scores.n_items,) or given.dtype != np.bool_:
        raise InputFault(f"{name} must be {scores.n_items} truth values, one a project")
    return ~given


def row_of(name: str, given: ArrayLike | None, scores: Scores) -> Floats:
    """A number a project, (I,): zeros where nothing is given; raises :class:`InputFault`."""
    row = np.zeros(scores.n_items) if given is None else np.asarray(given, dtype=np.float64)
    if row.shape != (scores.n_items,) or not np.isfinite(row).all():
        raise InputFault(f"{name} must be {scores.n_items} finite numbers, one a project")
    return row


def check_line(k: int) -> None:
    """Check how many are above the line; raises :class:`InputFault`."""
    if int(k) != k or k < 0:
        raise InputFault("k must be a whole number, 0 or more")


def read_codes(rater: ArrayLike, item: ArrayLike) -> tuple[Ints, Ints]:
    """Check two rows of codes of one length; raises :class:`InputFault`."""
    length = np.asarray(rater).size
    if not length:
        raise InputFault("rater must be a row of at least one code")
    return _codes("rater", rater, length), _codes("item", item, length)


def _codes(name: str, given: ArrayLike, length: int) -> Ints:
    codes: NDArray[Any] = np.asarray(given)
    if codes.shape != (length,):
        raise InputFault(f"{name} must be a row of {length} codes, one a score")
    if codes.dtype.kind not in "iu":
        raise InputFault(f"{name} must be whole numbers")
    if codes.min() < 0:
        raise InputFault(f"{name} must not be below zero")
    if int(codes.max()) > min(GREATEST_CODE, LOOSEST * length + LOOSEST):
        raise InputFault(f"{name} must number 0..n-1 without great gaps")
    return np.ascontiguousarray(codes, dtype=np.int64)
