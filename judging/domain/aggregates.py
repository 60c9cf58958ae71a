"""How the marks of several reviews become one: exact, on whole numbers of units that every divisor fits into."""

from collections.abc import Callable, Mapping, Sequence

from judging.domain.rules import Aggregate

TRIMMED_FROM = 5
"""From so many marks on, the trimmed mean drops the smallest and the greatest."""


def _mean(units: Sequence[int]) -> int:
    return sum(units) // len(units)


def _median(units: Sequence[int]) -> int:
    ordered, middle = sorted(units), len(units) // 2
    return ordered[middle] if len(units) % 2 else _mean(ordered[middle - 1 : middle + 1])


def _trimmed_mean(units: Sequence[int]) -> int:
    return _mean(sorted(units)[1:-1] if len(units) >= TRIMMED_FROM else units)


AGGREGATES: Mapping[Aggregate, Callable[[Sequence[int]], int]] = {
    Aggregate.MEAN: _mean,
    Aggregate.MEDIAN: _median,
    Aggregate.TRIMMED_MEAN: _trimmed_mean,
}
