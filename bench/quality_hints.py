"""How often the hints about experts find a planted lazy expert, and how often they name an honest one.

``python -m bench.quality_hints`` makes contests of invented experts, plants one of each manner into contests of their
own and prints the rates as Markdown; ``--contests`` says how many of each, ``--seed`` from which number on.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from judging.domain.hints import HintKind, JudgedSheet, Panel, hints_of

OPENED = datetime(2027, 3, 1, 9, tzinfo=UTC)
CRITERIA = tuple(f"E{number}" for number in range(1, 9))
HIGHEST = 10
REGIONS = ("16", "52", "63", "74")
SYLLABLES = ("ка", "ро", "ли", "ме", "сту", "про", "вы", "на", "до", "те", "ри", "зо", "бу", "ван", "ске", "мо")
LAZY: Mapping[str, HintKind] = {
    "same row": HintKind.SAME_ROWS,
    "flat rows": HintKind.FLAT_ROWS,
    "extremes": HintKind.EXTREMES,
    "no reasons": HintKind.NO_REASONS,
    "too fast": HintKind.TOO_FAST,
    "own text": HintKind.OWN_TEXT,
    "another's text": HintKind.FOREIGN_TEXT,
    "the application's text": HintKind.APPLICATION_TEXT,
    "favours a region": HintKind.FAVOURS,
}
"""What is planted, and the hint that is to find it."""
HONEST = ("plain", "strict", "generous", "narrow", "terse", "quick", "stock phrases", "erratic")
"""Manners that are nobody's fault, whom no hint is to name."""


@dataclass(frozen=True)
class Size:
    """How large a contest is."""

    applications: int = 40
    experts: int = 12
    each: int = 3


@dataclass
class Simulated:
    """A contest that was made up: its panel, the texts of its applications, and the manner of each expert."""

    panel: Panel
    texts: Mapping[int, str]
    manners: Mapping[int, str]


def simulated(seed: int, manners: Mapping[int, str], size: Size | None = None) -> Simulated:
    """Make a contest; experts without a manner of their own are plain."""
    dice, shape = random.Random(seed), size or Size()  # noqa: S311 -- invented contests, the same for the same seed
    vocabulary = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 5))) for _ in range(3000)]
    made = _Maker(dice, vocabulary, {key: manners.get(key, "plain") for key in range(shape.experts)}, shape)
    return Simulated(made.panel(), made.texts, made.manners)


class _Maker:
    """What is drawn once for a contest, and its sheets one after the other."""

    def __init__(self, dice: random.Random, vocabulary: Sequence[str], manners: Mapping[int, str], size: Size) -> None:
        self.dice, self.vocabulary, self.manners, self.size = dice, vocabulary, manners, size
        numbers = range(size.applications)
        self.worth = {key: dice.gauss(6, 1.5) for key in numbers}
        self.region = {key: dice.choice(REGIONS) for key in numbers}
        self.texts = {key: self.words(300) for key in numbers}
        self.bent = {key: dice.gauss(0, 0.8) for key in manners}
        self.favourite = {key: dice.choice(REGIONS) for key in manners}
        self.stock = {key: self.words(40) for key in manners}
        self.usual = {key: [dice.randint(5, 8) for _ in CRITERIA] for key in manners}
        self.declared = {key: OPENED + timedelta(hours=dice.randint(0, 60)) for key in manners}
        self.clock = dict(self.declared)

    def words(self, number: int) -> str:
        """So many words that mean nothing."""
        return " ".join(self.dice.choices(self.vocabulary, k=number))

    def panel(self) -> Panel:
        """Deal the applications out evenly and have each judged."""
        loads = Counter(dict.fromkeys(self.manners, 0))
        sheets: list[JudgedSheet] = []
        for application in range(self.size.applications):
            order = sorted(self.manners, key=lambda key: (loads[key], self.dice.random()))[: self.size.each]
            for expert in order:
                loads[expert] += 1
                sheets.append(self.sheet(len(sheets), expert, application))
        ends = {code: (Decimal(0), Decimal(HIGHEST)) for code in CRITERIA}
        return Panel(self.with_copies(sheets), ends)

    def sheet(self, review: int, expert: int, application: int) -> JudgedSheet:
        """One sheet in the manner of its expert."""
        marks = self.marks(expert, application)
        declared, submitted = self.times(expert)
        return JudgedSheet(
            review=review,
            expert=expert,
            application=application,
            region=self.region[application],
            marks={code: Decimal(mark) for code, mark in zip(CRITERIA, marks, strict=True)},
            reasons=self.reasons(expert, application),
            total=sum(marks) / (HIGHEST * len(CRITERIA)),
            declared_at=declared,
            submitted_at=submitted,
        )

    def marks(self, expert: int, application: int) -> list[int]:
        """The marks of all criteria."""
        manner, dice = self.manners[expert], self.dice
        if manner == "same row" and dice.random() < 0.95:
            return self.usual[expert]
        if manner == "flat rows" and dice.random() < 0.95:
            return [_mark(self.worth[application] + dice.gauss(0, 1.5))] * len(CRITERIA)
        noise = 2.0 if manner == "erratic" else 0.8
        level = self.worth[application] + self.bent[expert] + dice.gauss(0, noise)
        level += {"strict": -3.0, "generous": 2.5}.get(manner, 0.0)
        if manner == "favours a region" and self.region[application] == self.favourite[expert]:
            level += 2.5
        if manner == "narrow":
            level = 6 + (level - 6) / 3
        given = [level + dice.gauss(0, 0.5 if manner == "narrow" else 1.0) for _ in CRITERIA]
        if manner == "extremes":
            return [HIGHEST if mark > 6 else 0 for mark in given]
        return [_mark(mark) for mark in given]

    def times(self, expert: int) -> tuple[datetime, datetime]:
        """When the application was opened to the expert and when the sheet was handed in."""
        manner = self.manners[expert]
        if manner == "too fast":
            opened = self.clock[expert]
            self.clock[expert] = opened + timedelta(minutes=self.dice.uniform(1, 4))
            return opened, self.clock[expert]
        minutes = 15 if manner == "quick" else 45
        self.clock[expert] += timedelta(minutes=minutes * self.dice.lognormvariate(0, 0.4))
        return self.declared[expert], self.clock[expert]

    def reasons(self, expert: int, application: int) -> dict[str, str]:
        """A few words beside each mark."""
        manner = self.manners[expert]
        if manner == "no reasons":
            return {CRITERIA[0]: "да"}
        if manner == "own text":
            return {CRITERIA[0]: f"{self.stock[expert]} {self.words(3)}"}
        if manner == "the application's text":
            taken = self.texts[application].split()
            start = self.dice.randrange(len(taken) - 60)
            return {CRITERIA[0]: " ".join(taken[start : start + 60])}
        found = {code: self.words(4 if manner == "terse" else self.dice.randint(8, 25)) for code in CRITERIA}
        if manner == "stock phrases":
            found[CRITERIA[-1]] = self.stock[expert]
        return found

    def with_copies(self, sheets: Sequence[JudgedSheet]) -> list[JudgedSheet]:
        """Give those who copy the words of somebody who was there before them, on every third of their sheets."""
        found = list(sheets)
        own: Counter[int] = Counter()
        for place, sheet in enumerate(sheets):
            if self.manners[sheet.expert] != "another's text":
                continue
            own[sheet.expert] += 1
            others = [one for one in sheets if one.application == sheet.application and one.expert != sheet.expert]
            if own[sheet.expert] % 3 == 1 and others:
                last = max([sheet.submitted_at, *(one.submitted_at for one in others)]) + timedelta(hours=1)
                found[place] = replace(sheet, reasons=others[0].reasons, submitted_at=last)
        return found


def _mark(value: float) -> int:
    return min(max(round(value), 0), HIGHEST)


Rates = dict[str, tuple[int, int]]


def detection(kind: str, contests: int, seed: int = 0, size: Size | None = None) -> tuple[int, int]:
    """In how many of so many contests the planted expert is found by the hint of that manner."""
    found = 0
    for number in range(seed, seed + contests):
        made = simulated(number, {0: kind}, size)
        found += any(hint.kind is LAZY[kind] for hint in hints_of(made.panel, made.texts, only=0))
    return found, contests


def false_alarms(contests: int, seed: int = 0, size: Size | None = None) -> tuple[Rates, Rates]:
    """How many honest experts are named at all, by manner, and by kind of hint; of how many."""
    named: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for number in range(seed, seed + contests):
        made = simulated(number, dict(enumerate(HONEST)), size)
        hints = hints_of(made.panel, made.texts)
        seen.update(made.manners.values())
        named.update(made.manners[expert] for expert in {hint.expert for hint in hints})
        kinds.update(hint.kind.value for hint in hints)
    return (
        {manner: (named[manner], seen[manner]) for manner in HONEST},
        {kind.value: (kinds[kind.value], seen.total()) for kind in HintKind},
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the rates."""
    parser = argparse.ArgumentParser("bench.quality_hints", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--contests", type=int, default=200, help="of each manner")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    planted = {kind: detection(kind, asked.contests, asked.seed) for kind in LAZY}
    planted["favours a region, 20 sheets an expert"] = detection(
        "favours a region", asked.contests, asked.seed, Size(applications=80)
    )
    named, kinds = false_alarms(asked.contests, asked.seed)
    for title, rates in (("planted", planted), ("honest", named), ("hint, honest experts", kinds)):
        _table(title, rates, print)
    return 0


def _table(title: str, rates: Rates, say: Callable[[str], None]) -> None:
    say(f"| {title} | named | of | share |\n|---|---|---|---|")
    for name, (found, of) in rates.items():
        say(f"| {name} | {found} | {of} | {100 * found / of:.1f} % |")
    say("")


if __name__ == "__main__":
    raise SystemExit(main())
