"""Random small contests for properties of the rules, made quickly from a seed and full of coincidences.

Equal totals and instants, missing marks, values on the edges of bands, recusals, conflicts and additional reviews are
frequent on purpose.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from judging.domain.record import Conflict, ContestRecord, ContestTerms, Decision, ReviewState
from judging.domain.rubric import Criterion, ExpertCriterion, RelativeCriterion, Scale, marks
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules
from tests.domain.records import START, application, bands, expert_criterion, linear, relative, review, terms

SCALES = tuple(
    Scale(*map(Decimal, bounds))
    for bounds in (("0", "10", "1"), ("1", "5", "1"), ("0", "3", "0.5"), ("-2", "1", "0.1"))
)
WEIGHTS = ("1", "7", "10", "12.5", "33.33")
VALUES = ("-2", "0", "0.5", "3", "7", "9.99", "10", "10.01", "25")
EXPERTS = "abcdefg"


def contests() -> st.SearchStrategy[ContestRecord]:
    return st.integers(0, 2**32 - 1).map(contest)


def contest(seed: int) -> ContestRecord:
    """Make one whole contest; the same seed gives the same."""
    random = Random(seed)
    criteria = tuple(_criterion(random, f"C{n}") for n in range(1, random.randint(2, 6)))
    numbers = [f"{n:03d}" for n in range(random.randint(0, 7))]
    pairs = [(name, number) for number in numbers for name in EXPERTS if random.random() < 0.5]
    barred = random.sample(pairs, min(len(pairs), random.randint(0, 2)))
    return ContestRecord(
        contest=_terms(random, criteria),
        organisations=(),
        clusters=(),
        applications=tuple(_application(random, number, criteria) for number in numbers),
        experts=(),
        conflicts=tuple(Conflict(f"{name}@example.org", number, "other") for name, number in barred),
        reviews=tuple(_review(random, name, number, criteria) for name, number in pairs),
    )


def _criterion(random: Random, code: str) -> Criterion:
    weight = random.choice(WEIGHTS)
    kind = random.randrange(6)
    if kind < 3:
        scale = random.choice(SCALES)
        floor = random.choice((None, None, random.choice(marks(scale))))
        return expert_criterion(code, weight, scale=scale, pass_mark=floor)
    if kind == 3:
        return linear(code, weight, *random.sample(VALUES, 2))
    if kind == 4:
        return relative(code, weight, random.choice(("max", "min")))
    return bands((None, "1"), ("0.5", "3"), ("10", "7.5"), ("25", "10"), code=code, weight=weight)


def _terms(random: Random, criteria: tuple[Criterion, ...]) -> ContestTerms:
    related = [item.code for item in criteria if isinstance(item, RelativeCriterion)]
    frozen = {code: Decimal(random.choice(VALUES)) for code in related if random.random() < 0.3}
    return terms(
        *criteria,
        rules=_rules(random, criteria),
        budget=random.choice((None, 0, 250, 600)),
        frozen_base=frozen or None,
    )


def _rules(random: Random, criteria: tuple[Criterion, ...]) -> Rules:
    ties = ["requested", "submitted_at", *(f"criterion:{item.code}" for item in criteria)]
    return Rules(
        experts_per_application=random.randint(1, 3),
        aggregate=random.choice(list(Aggregate)),
        divergence=Divergence(
            random.choice((None, Decimal("0.1"), Decimal("0.25"))), random.choice((None, Decimal(2), Decimal("0.7")))
        ),
        additional_review=random.choice(list(AdditionalRule)),
        pass_total=random.choice((None, Decimal(5), Decimal("12.34"))),
        rounding=random.choice((0, 1, 2, 2, 6)),
        tie_breakers=tuple(random.sample(ties, random.randint(0, min(3, len(ties))))),
        budget_mode=random.choice(list(BudgetMode)),
        max_winners=random.choice((None, None, 0, 1, 3)),
        cap_per_application=random.choice((None, None, 100, 120)),
    )


def _application(random: Random, number: str, criteria: tuple[Criterion, ...]):
    names = [item.code for item in criteria if random.random() < 0.85]
    return application(
        number,
        indicators={name: random.choice(VALUES) for name in names},
        requested=random.choice((100, 120, 120, 333)),
        submitted_at=START + timedelta(seconds=random.randint(0, 2)),
        status=random.choice((*(Decision.ADMITTED,) * 5, Decision.REJECTED, Decision.WITHDRAWN)),
    )


def _review(random: Random, name: str, number: str, criteria: tuple[Criterion, ...]):
    given = [item for item in criteria if isinstance(item, ExpertCriterion) and random.random() < 0.93]
    return review(
        name,
        number,
        {item.code: str(random.choice(marks(item.scale))) for item in given},
        state=random.choice((*(ReviewState.SUBMITTED,) * 7, ReviewState.ASSIGNED, ReviewState.RECUSED)),
        submitted_at=START + timedelta(minutes=random.randint(0, 3)),
        additional=random.random() < 0.25,
    )


def shuffled(record: ContestRecord, random: Random) -> ContestRecord:
    """The same contest with its applications, reviews and conflicts in another order."""
    lists = {name: getattr(record, name) for name in ("applications", "reviews", "conflicts")}
    return replace(record, **{name: tuple(random.sample(items, len(items))) for name, items in lists.items()})
