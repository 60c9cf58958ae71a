"""Contests with groups of criteria and criteria outside the total, made of contests without them."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from judging.domain.record import ContestRecord, Review
from judging.domain.rubric import Band, BandsCriterion, Criterion, ExpertCriterion, Scale, marks

BESIDE: tuple[Criterion, ...] = (
    ExpertCriterion("Q1", "Качество подготовки заявки", Decimal(0), Scale(Decimal(1), Decimal(5), Decimal("0.5"))),
    BandsCriterion("Q2", "Занятость", Decimal(0), "jobs", (Band(None, Decimal(3)), Band(Decimal(5), Decimal(8)))),
)
TITLES = ("Технологический уровень", "Экономика", "")


def grouped(record: ContestRecord, random: Random) -> ContestRecord:
    """Put the criteria into groups, runs of neighbours; some stay in none."""
    titles = [title for title in TITLES for _ in range(random.randint(0, 3))]
    random.shuffle(titles)
    order = sorted(titles[: len(record.contest.criteria)], key=TITLES.index)
    order += [""] * (len(record.contest.criteria) - len(order))
    criteria = tuple(
        replace(item, group=title, group_en=f"{title} (en)" if title and random.random() < 0.5 else "")
        for item, title in zip(record.contest.criteria, order, strict=True)
    )
    return replace(record, contest=replace(record.contest, criteria=criteria))


def beside(record: ContestRecord, random: Random) -> ContestRecord:
    """Add criteria outside the total at random places, with marks in most reviews; in the group that stands there."""
    criteria = list(record.contest.criteria)
    for item in BESIDE:
        place = random.randint(0, len(criteria))
        before = criteria[place - 1] if place else None
        neighbour = (before.group, before.group_en) if before is not None else ("", "")
        criteria.insert(place, replace(item, group=neighbour[0], group_en=neighbour[1]))
    reviews = tuple(_marked(item, random) for item in record.reviews)
    return replace(record, contest=replace(record.contest, criteria=tuple(criteria)), reviews=reviews)


def _marked(review: Review, random: Random) -> Review:
    first = BESIDE[0]
    if not isinstance(first, ExpertCriterion) or random.random() < 0.2:
        return review
    return replace(review, scores={**review.scores, first.code: random.choice(marks(first.scale))})
