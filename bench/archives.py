"""Write the archive of a large contest: always the same one for the same arguments.

``python -m bench.archives --applications 5000 --out build/large.json`` writes 5,000 applications with three submitted
reviews each over six expert criteria, beside six computed ones; with ``--full-answers`` every application answers the
whole form of ПП 41 (:mod:`bench.full_answers`).
"""

import argparse
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from stdnum.ru.inn import calc_company_check_digit
from stdnum.ru.ogrn import calc_check_digit

from bench.full_answers import answered_contest
from judging.adapters.archive import dumped
from judging.domain.record import (
    Application,
    Cluster,
    Conflict,
    ContestRecord,
    ContestTerms,
    Decision,
    Expert,
    Organisation,
    Partner,
    Recommendation,
    Review,
    ReviewState,
)
from judging.domain.regions import REGIONS
from judging.domain.rubric import (
    Band,
    BandsCriterion,
    CommentRule,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
)
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules

OPENED = datetime(2026, 3, 1, 6, tzinfo=UTC)
TOPICS = ("28.41", "28.99", "29.32", "25.62", "26.51", "20.16", "24.10", "22.29")
REGION_CODES = tuple(REGIONS)
APPLICATIONS_PER_EXPERT = 20
REVIEWS = 3
EXPERT_WEIGHTS = (10, 10, 10, 8, 6, 6)
WORDS = (
    "линия", "литьё", "сборка", "редуктор", "подшипник", "насос", "кабель", "станок", "покрытие", "сплав", "фильтр",
    "датчик", "привод", "корпус", "узел", "модуль", "испытания", "стенд", "оснастка", "пресс", "форма", "печь", "цех",
)  # fmt: skip


def large_contest(applications: int, seed: int = 1) -> ContestRecord:
    """Return a contest of so many ``applications``, each with three submitted reviews; a few pairs are in conflict."""
    draw = random.Random(seed)  # noqa: S311 -- made-up data, nothing secret
    organisations = tuple(_organisation(draw, serial) for serial in range(1, applications // 2 + 12))
    inns = [item.inn for item in organisations]
    clusters = tuple(_cluster(draw, serial, inns) for serial in range(1, applications // 100 + 2))
    experts = tuple(
        _expert(draw, serial, inns)
        for serial in range(1, applications * REVIEWS // APPLICATIONS_PER_EXPERT + REVIEWS + 2)
    )
    submitted = tuple(_application(draw, number, clusters, inns) for number in range(1, applications + 1))
    return ContestRecord(
        contest=_terms(applications),
        organisations=organisations,
        clusters=clusters,
        applications=submitted,
        experts=experts,
        conflicts=tuple(
            Conflict(draw.choice(experts).email, item.number, "Работа у участника проекта") for item in submitted[::100]
        ),
        reviews=tuple(review for item in submitted for review in _reviews(draw, item.number, experts)),
    )


def _text(draw: random.Random, least: int, most: int) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randint(least, most))).capitalize()


def _organisation(draw: random.Random, serial: int) -> Organisation:
    inn = f"77{serial:07}"
    ogrn = f"1027{serial:08}"
    return Organisation(
        inn=inn + calc_company_check_digit(inn),
        ogrn=ogrn + calc_check_digit(ogrn + "0"),
        name=f"ООО «{_text(draw, 1, 2)} {serial}»",
        region=draw.choice(REGION_CODES),
    )


def _cluster(draw: random.Random, serial: int, inns: list[str]) -> Cluster:
    members = draw.sample(inns, min(len(inns), 30))
    name = f"Кластер {serial}: {_text(draw, 2, 3)}"
    return Cluster(f"K{serial:03}", name, draw.choice(REGION_CODES), _text(draw, 1, 2), members[0], tuple(members[1:]))


def _expert(draw: random.Random, serial: int, inns: list[str]) -> Expert:
    return Expert(
        email=f"expert{serial:04}@example.org",
        name=f"Эксперт {serial}",
        organisation=draw.choice([None, *inns[:200]]),
        region=draw.choice(REGION_CODES),
        topics=tuple(draw.sample(TOPICS, 3)),
        max_load=APPLICATIONS_PER_EXPERT + 10,
    )


def _application(draw: random.Random, number: int, clusters: tuple[Cluster, ...], inns: list[str]) -> Application:
    cluster = draw.choice(clusters)
    initiator, *partners = draw.sample(cluster.members, min(len(cluster.members), 4))
    requested = draw.randint(1_000, 150_000) * 1_000_00
    return Application(
        number=f"{number:05}",
        title=_text(draw, 6, 14),
        cluster=cluster.code,
        initiator=initiator,
        partners=tuple(Partner(inn, "supplier") for inn in partners),
        submitted_at=OPENED + timedelta(seconds=draw.randrange(30 * 86_400)),
        status=Decision.ADMITTED,
        requested=requested,
        total_cost=requested * draw.randint(2, 4),
        topics=tuple(draw.sample(TOPICS, 2)),
        indicators={
            "private_share": _decimal(draw, 500, 900, 1),
            "jobs": _decimal(draw, 0, 300, 0),
            "import_reduction": _decimal(draw, 0, 70, 0),
            "payback_years": _decimal(draw, 20, 120, 1),
            "cluster_share": _decimal(draw, 0, 100, 0),
            "tax_ratio": _decimal(draw, 0, 400, 2),
        },
    )


def _decimal(draw: random.Random, least: int, most: int, places: int) -> Decimal:
    return Decimal(draw.randint(least, most)).scaleb(-places)


def _reviews(draw: random.Random, number: str, experts: tuple[Expert, ...]) -> list[Review]:
    level = draw.randint(3, 8)
    return [_review(draw, expert.email, number, level) for expert in draw.sample(experts, REVIEWS)]


def _review(draw: random.Random, email: str, number: str, level: int) -> Review:
    marks = {f"E{n}": min(10, max(0, level + draw.randint(-2, 2))) for n in range(1, len(EXPERT_WEIGHTS) + 1)}
    return Review(
        expert=email,
        application=number,
        state=ReviewState.SUBMITTED,
        submitted_at=OPENED + timedelta(days=31, seconds=draw.randrange(28 * 86_400)),
        scores={code: Decimal(mark) for code, mark in marks.items()},
        comments={code: _text(draw, 8, 20) + "." for code, mark in marks.items() if mark <= 3 or mark >= 9},
        recommendation=Recommendation.SUPPORT if level > 5 else Recommendation.DO_NOT_SUPPORT,
    )


def _terms(applications: int) -> ContestTerms:
    return ContestTerms(
        code=f"LARGE-{applications}",
        title=f"Большой конкурс: {applications} заявок",
        timezone="Europe/Moscow",
        applications_open=OPENED,
        applications_close=OPENED + timedelta(days=30),
        review_close=OPENED + timedelta(days=60),
        budget=applications * 20_000_000_00,
        criteria=_criteria(),
        rules=Rules(
            experts_per_application=REVIEWS,
            aggregate=Aggregate.MEAN,
            divergence=Divergence(Decimal("0.25"), Decimal(5)),
            additional_review=AdditionalRule.MEAN_ALL,
            pass_total=Decimal(50),
            rounding=2,
            tie_breakers=("criterion:C1", "requested", "submitted_at"),
            budget_mode=BudgetMode.SKIP,
        ),
    )


def _criteria() -> tuple[Criterion, ...]:
    scale, comments = Scale(Decimal(0), Decimal(10), Decimal(1)), CommentRule(Decimal(3), Decimal(9))
    bands = (Band(None, Decimal(0)), Band(Decimal(10), Decimal(3)), Band(Decimal(50), Decimal(10)))
    return (
        LinearCriterion("C1", "Внебюджетные средства, %", Decimal(10), "private_share", Decimal(50), Decimal(80)),
        RelativeCriterion("C2", "Рабочие места", Decimal(8), "jobs", "max"),
        LinearCriterion("C3", "Снижение импорта, п.п.", Decimal(10), "import_reduction", Decimal(0), Decimal(60)),
        RelativeCriterion("C4", "Окупаемость, лет", Decimal(7), "payback_years", "min"),
        BandsCriterion("C5", "Поставки участникам, %", Decimal(7), "cluster_share", bands),
        LinearCriterion("C6", "Налоги к субсидии", Decimal(8), "tax_ratio", Decimal(0), Decimal(3)),
        *(
            ExpertCriterion(f"E{n}", f"Экспертная оценка {n}", Decimal(weight), scale, None, comments)
            for n, weight in enumerate(EXPERT_WEIGHTS, start=1)
        ),
    )


def main() -> None:
    """Write the archive that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applications", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full-answers", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    record = large_contest(arguments.applications, arguments.seed)
    if arguments.full_answers:
        record = answered_contest(record, WORDS)
    with arguments.out.open("w", encoding="utf-8") as file:
        file.writelines(dumped(record))


if __name__ == "__main__":
    main()
