"""Mean totals of each expert beside those of the other experts on the same projects."""

from collections import defaultdict
from statistics import fmean
from typing import NamedTuple

from judging.queries.firmness.marks import Marks


class Beside(NamedTuple):
    """Mean totals in points over the projects that others judged as well; None where there are none.

    ``others`` is the mean over these projects of the mean of the others' totals, so that a project counts once.
    """

    own: float | None
    others: float | None


def beside_others(marks: Marks) -> dict[str, Beside]:
    """Return the means of each expert, by e-mail; linear in the number of scores."""
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for row in marks.rows:
        sums[row.number] += row.value
        counts[row.number] += 1
    own, others = defaultdict(list), defaultdict(list)
    for row in marks.rows:
        more = counts[row.number] - 1
        if more:
            own[row.expert].append(row.value)
            others[row.expert].append((sums[row.number] - row.value) / more)
    return {
        email: Beside(fmean(own[email]), fmean(others[email])) if own[email] else Beside(None, None)
        for email in marks.experts
    }
