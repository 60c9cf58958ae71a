"""The share of its full score that one mark or one indicator's value gives; 0 <= share <= 1 on a well-formed rubric.

Source: the contest-archive format, «Criteria». Exact arithmetic: shares are fractions.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from judging.domain.record import Application, ContestTerms, Decision
from judging.domain.rubric import (
    FULL_BAND_SCORE,
    BandsCriterion,
    ComputedCriterion,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    computed_criteria,
)

ZERO = Fraction(0)


def mark_share(criterion: ExpertCriterion, mark: Decimal) -> Fraction:
    """Return the share of the full score that one mark gives."""
    lowest = Fraction(criterion.scale.minimum)
    return (Fraction(mark) - lowest) / (Fraction(criterion.scale.maximum) - lowest)


def full_points(criterion: Criterion) -> Fraction:
    """Return what a full score brings: the weight; 1 where it brings none, so that its share itself is reckoned."""
    return Fraction(criterion.weight) or Fraction(1)


def bases(
    criteria: Sequence[Criterion], applications: Iterable[Application], frozen: Mapping[str, Decimal] | None = None
) -> Mapping[str, Decimal]:
    """Return what relative criteria compare with, by code: the frozen value, else the best one among the admitted.

    For ``min`` only values above 0 compete. A criterion without any value has no entry.
    """
    indicators = [item.indicators for item in applications if item.status is Decision.ADMITTED]
    found = dict(frozen or {})
    for criterion in criteria:
        if isinstance(criterion, RelativeCriterion) and criterion.code not in found:
            values = [row[criterion.indicator] for row in indicators if criterion.indicator in row]
            best = _best(criterion, values)
            found |= {} if best is None else {criterion.code: best}
    return found


def computed_share(criterion: ComputedCriterion, value: Decimal | None, base: Decimal | None) -> Fraction:
    """Return the share of the full score that an indicator's value gives; a missing value gives 0.

    ``base`` is looked at by a relative criterion only: see :func:`bases`.
    """
    if value is None:
        return ZERO
    match criterion:
        case LinearCriterion():
            return _linear_share(criterion, value)
        case RelativeCriterion():
            return _relative_share(criterion, value, base)
        case BandsCriterion():
            return _band_share(criterion, value)


def band_at(criterion: BandsCriterion, value: Decimal) -> int | None:
    """Return the place of the band that ``value`` lies in; None where it lies before the first one."""
    starts = [band.start for band in criterion.bands if band.start is not None]
    index = bisect_right(starts, value) + len(criterion.bands) - len(starts) - 1
    return index if index >= 0 else None


def calculator(terms: ContestTerms, admitted: Sequence[Application]) -> Callable[[Application], dict[str, Fraction]]:
    """Return a function that gives the points of an application's computed criteria; equal values are met once.

    Of what is outside the total it gives the share of the full score.
    """
    compared = bases(terms.criteria, admitted, terms.frozen_base)
    criteria = computed_criteria(terms.criteria)
    known: dict[str, dict[Decimal | None, Fraction]] = {item.code: {} for item in criteria}

    def points(application: Application) -> dict[str, Fraction]:
        found = {}
        for item in criteria:
            value, memory = application.indicators.get(item.indicator), known[item.code]
            if value not in memory:
                memory[value] = full_points(item) * computed_share(item, value, compared.get(item.code))
            found[item.code] = memory[value]
        return found

    return points


def _best(criterion: RelativeCriterion, values: Iterable[Decimal]) -> Decimal | None:
    if criterion.best == "max":
        return max(values, default=None)
    return min((value for value in values if value > 0), default=None)


def _linear_share(criterion: LinearCriterion, value: Decimal) -> Fraction:
    start = Fraction(criterion.zero_at)
    return _clipped((Fraction(value) - start) / (Fraction(criterion.full_at) - start))


def _relative_share(criterion: RelativeCriterion, value: Decimal, base: Decimal | None) -> Fraction:
    divisor = base if criterion.best == "max" else value
    if base is None or divisor is None or divisor <= 0:
        return ZERO
    return _clipped(Fraction(value) / Fraction(base) if criterion.best == "max" else Fraction(base) / Fraction(value))


def _band_share(criterion: BandsCriterion, value: Decimal) -> Fraction:
    index = band_at(criterion, value)
    return ZERO if index is None else Fraction(criterion.bands[index].score) / Fraction(FULL_BAND_SCORE)


def _clipped(share: Fraction) -> Fraction:
    return min(max(share, ZERO), Fraction(1))
