"""Print how long the ranked workbook of a large contest takes to write, and the peak of memory.

Usage: python bench/workbook.py [APPLICATIONS] [FILE]; 5,000 applications × 3 reviews × 6 expert criteria by default.
"""

import random
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from judging.domain.ranking import rank
from judging.domain.record import (
    Application,
    Cluster,
    ContestRecord,
    ContestTerms,
    Decision,
    Expert,
    Organisation,
    Review,
    ReviewState,
)
from judging.domain.rubric import Criterion, ExpertCriterion, LinearCriterion, RelativeCriterion, Scale
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules
from judging.exports.facts import RankingExport
from judging.exports.workbook import ranked_workbook

OPENED = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
EXPERTS = 300
REVIEWS = 3


def rubric() -> tuple[Criterion, ...]:
    """Make six expert criteria and six computed ones."""
    scale = Scale(Decimal(0), Decimal(10), Decimal(1))
    expert = [ExpertCriterion(f"E{n}", f"Экспертный критерий {n}", Decimal(8), scale, Decimal(2)) for n in range(1, 7)]
    linear = [
        LinearCriterion(f"C{n}", f"Расчётный критерий {n}", Decimal(8), f"v{n}", Decimal(0), Decimal(97))
        for n in range(1, 5)
    ]
    relative = [RelativeCriterion(f"C{n}", f"Сравнительный {n}", Decimal(10), f"v{n}", "max") for n in (5, 6)]
    return (*linear, *relative, *expert)


def contest(applications: int, seed: int = 1) -> ContestRecord:
    """Make a contest of ``applications`` applications, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 -- sample data, no secret
    terms = ContestTerms(
        code="BENCH",
        title="Большой конкурс",
        timezone="Europe/Moscow",
        applications_open=OPENED,
        applications_close=OPENED + timedelta(days=30),
        review_close=OPENED + timedelta(days=60),
        budget=10**12,
        criteria=rubric(),
        rules=Rules(
            experts_per_application=REVIEWS,
            aggregate=Aggregate.MEAN,
            divergence=Divergence(Decimal("0.5"), None),
            additional_review=AdditionalRule.MEAN_ALL,
            pass_total=Decimal(40),
            rounding=2,
            tie_breakers=("criterion:C1", "requested", "submitted_at"),
            budget_mode=BudgetMode.SKIP,
        ),
    )
    emails = [f"expert{n}@example.org" for n in range(EXPERTS)]
    owner = Organisation("0000001004", "1000000001000", "ООО Завод «Пример»", "16")
    items = tuple(_application(n, chance) for n in range(applications))
    return ContestRecord(
        contest=terms,
        organisations=(owner,),
        clusters=(Cluster("K", "Промышленный кластер", "16", "Машиностроение", owner.inn, (owner.inn,)),),
        applications=items,
        experts=tuple(Expert(email, email, None, "77", (), 100) for email in emails),
        conflicts=(),
        reviews=tuple(_review(item, email, chance) for item in items for email in chance.sample(emails, REVIEWS)),
    )


def _application(index: int, chance: random.Random) -> Application:
    return Application(
        number=f"{index:05d}",
        title=f"Совместный проект {index}",
        cluster="K",
        initiator="0000001004",
        partners=(),
        submitted_at=OPENED + timedelta(seconds=chance.randrange(2_000_000)),
        status=Decision.ADMITTED,
        requested=chance.randrange(10**9, 10**10),
        total_cost=10**10,
        topics=(),
        indicators={f"v{n}": Decimal(chance.randrange(1000)).scaleb(-1) for n in range(1, 7)},
    )


def _review(application: Application, expert: str, chance: random.Random) -> Review:
    marks = {f"E{n}": Decimal(chance.randrange(2, 11)) for n in range(1, 7)}
    sent = OPENED + timedelta(days=31, seconds=chance.randrange(1_000_000))
    comments = {code: f"Замечание эксперта о критерии {code}: раздел проработан неполно." for code in marks}
    return Review(expert, application.number, ReviewState.SUBMITTED, sent, marks, comments)


def main(applications: int = 5_000, target: str = "") -> None:
    """Make the contest, write its workbook, print seconds, megabytes of memory and of the file."""
    record = contest(applications)
    ranking = rank(record)
    start = time.perf_counter()
    content = ranked_workbook(RankingExport(record, ranking, datetime.now(UTC), "bench"))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{applications} applications: {seconds:.1f} s, peak {peak:.0f} MB, file {len(content) / 1e6:.1f} MB")
    if target:
        Path(target).write_bytes(content)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:3])
