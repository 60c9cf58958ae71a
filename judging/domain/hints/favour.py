"""Whether an expert marks the projects of some region above what the others and their own manner let expect.

A total is taken as the sum of what the application is worth, how generous the expert is, and what is left. What is left
is free of both: a strict expert is not found by being strict, a strong region not by being strong. On the projects of a
region it is compared with what is left on the expert's other projects, twice:

* against chance within the expert's own sheets: which of them are of the region is dealt out anew (a permutation test,
  which supposes nothing about how marks are spread), and
* against the noise of the others' sheets, or of the expert's own where that is greater: few sheets say little, however
  neatly they fall.

Both must agree, and the difference must be worth looking at. So an honest expert is named at most as often as the
stricter of the two allows: :data:`CHANCE`, one of two hundred, whatever the number of regions.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from judging.domain.hints.sheets import FEWEST, Hint, HintKind, JudgedSheet, Panel

CHANCE = 0.005
"""How often an honest expert may be named, all regions of that expert together."""
CHANCE_WITHIN = 0.05
"""The same of the test within the expert's own sheets, of which there are seldom enough for less."""
WORTH_LOOKING = 0.08
"""The least difference, in shares of the full total: less does not carry a project over the line by itself."""
FEWEST_OF_REGION = 2
"""Projects of the region that an expert has judged at least, and of other regions one more."""
ROUNDS = 40
"""Of fitting; each halves what is off at least, and totals have no more than a few digits."""
MOST_DEALT = 5_000
"""Ways of dealing the region out that are all tried; of more, as many are drawn."""
FEWEST_LEFT = 30
"""Sheets of others without which the noise of the contest is not known."""


@dataclass(frozen=True)
class Noise:
    """What is left of each sheet's total, by its review, and the sum of the squares by expert with their number."""

    left: Mapping[int, float]
    squares: Mapping[int, tuple[float, int]]

    def without(self, expert: int) -> float | None:
        """How far the totals of all others are off, as a standard deviation; None where too little is known."""
        own = self.squares.get(expert, (0.0, 0))
        number = sum(count for _, count in self.squares.values()) - own[1]
        total = sum(square for square, _ in self.squares.values()) - own[0]
        return math.sqrt(total / number) if number >= FEWEST_LEFT and total > 0 else None


def noise_of(panel: Panel) -> Noise:
    """Take from each total what its application is worth and how generous its expert is."""
    compared = [sheet for group in panel.by_application.values() if len(group) > 1 for sheet in group]
    worth: dict[int, float] = {}
    bent: dict[int, float] = defaultdict(float)
    for _ in range(ROUNDS):
        worth = _means((sheet.application, sheet.total - bent[sheet.expert]) for sheet in compared)
        bent = defaultdict(float, _means((sheet.expert, sheet.total - worth[sheet.application]) for sheet in compared))
    left = {sheet.review: sheet.total - worth[sheet.application] - bent[sheet.expert] for sheet in compared}
    squares: dict[int, tuple[float, int]] = {}
    for sheet in compared:
        square, count = squares.get(sheet.expert, (0.0, 0))
        squares[sheet.expert] = (square + left[sheet.review] ** 2, count + 1)
    return Noise(left, squares)


def _means(pairs: Iterator[tuple[int, float]]) -> dict[int, float]:
    found: defaultdict[int, list[float]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: math.fsum(values) / len(values) for key, values in found.items()}


def favoured(noise: Noise, sheets: Sequence[JudgedSheet]) -> Iterator[Hint]:
    """Yield a hint for each region whose projects this expert marks higher than anything else explains."""
    known = [sheet for sheet in sheets if sheet.review in noise.left]
    spread = noise.without(known[0].expert) if len(known) >= FEWEST else None
    if spread is None:
        return
    regions = [region for region in sorted({sheet.region for sheet in known}) if _is_testable(known, region)]
    for region in regions:
        inside = [noise.left[sheet.review] for sheet in known if sheet.region == region]
        outside = [noise.left[sheet.review] for sheet in known if sheet.region != region]
        gap = _gap(inside, outside)
        noisy = max(spread, _own_noise(inside, outside))
        by_noise = _tail(gap / (noisy * math.sqrt(1 / len(inside) + 1 / len(outside))))
        if gap < WORTH_LOOKING or by_noise > CHANCE / len(regions):
            continue
        if _dealt(inside, outside, f"{known[0].expert}:{region}") <= CHANCE_WITHIN:
            reviews = tuple(sheet.review for sheet in known if sheet.region == region)
            facts = {"alike": len(inside), "of": len(known), "region": region, "points": round(100 * gap)}
            yield Hint(HintKind.FAVOURS, known[0].expert, reviews, facts)


def _is_testable(sheets: Sequence[JudgedSheet], region: str) -> bool:
    inside = sum(sheet.region == region for sheet in sheets)
    enough = inside >= FEWEST_OF_REGION and len(sheets) - inside > FEWEST_OF_REGION
    return enough and math.comb(len(sheets), inside) * CHANCE_WITHIN >= 1


def _gap(inside: Sequence[float], outside: Sequence[float]) -> float:
    return math.fsum(inside) / len(inside) - math.fsum(outside) / len(outside)


def _own_noise(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How far the expert's sheets are off within the region and outside of it, as a standard deviation."""
    squares = (
        math.fsum((value - math.fsum(group) / len(group)) ** 2 for value in group) for group in (inside, outside)
    )
    return math.sqrt(math.fsum(squares) / (len(inside) + len(outside) - 2))


def _tail(deviations: float) -> float:
    """How often the normal law gives as much or more."""
    return math.erfc(deviations / math.sqrt(2)) / 2


def _dealt(inside: Sequence[float], outside: Sequence[float], seed: str) -> float:
    """How often so many sheets dealt out at random are as far above the rest as those of the region are."""
    values, number = [*inside, *outside], len(inside)
    least = math.fsum(inside) - 1e-12
    if math.comb(len(values), number) <= MOST_DEALT:
        sums = [math.fsum(chosen) for chosen in combinations(values, number)]
        return sum(one >= least for one in sums) / len(sums)
    dice = random.Random(seed)  # noqa: S311 -- draws of a test of significance, the same whenever it is repeated
    as_far = sum(math.fsum(dice.sample(values, number)) >= least for _ in range(MOST_DEALT))
    return (as_far + 1) / (MOST_DEALT + 1)
