"""A whole report on the firmness of a ranking, for pages and downloads: twenty projects, eight experts, two panels.

Quality and strictness are drawn from a seed; marks, places, probabilities and scenarios hang together, though they are
not those that the engine would find. The second panel is too small for places of its own, one expert of the first has
too few reviews, one looks careless.
"""

from dataclasses import replace
from decimal import Decimal
from random import Random
from statistics import NormalDist, mean
from typing import Any

from judging.domain.firmness import (
    LEAST_VALUE,
    Caution,
    Cell,
    Contested,
    CriterionAgreement,
    Expert,
    NextReview,
    Panel,
    Project,
    Refusal,
    Report,
    Scenario,
    ScenarioKind,
    Sensitivity,
    Variances,
    figure,
    grade_of,
)
from judging.domain.ranking import Outcome

SEVERITY = {
    "belova": ("Белова Анна Сергеевна", 2.4),
    "gromov": ("Громов Илья Петрович", -3.1),
    "denisova": ("Денисова Ольга Игоревна", 0.6),
    "ershov": ("Ершов Павел Николаевич", -0.9),
    "zhukova": ("Жукова Мария Львовна", 1.0),
    "ilyin": ("Ильин Константин Юрьевич", 0.0),
    "kiseleva": ("Киселёва Тамара Викторовна", 1.7),
    "lapin": ("Лапин Роман Андреевич", -1.7),
}
MAIN = ("belova", "gromov", "denisova", "ershov", "zhukova", "ilyin")
SIDE = ("kiseleva", "lapin")
CARELESS, SHORT = "ershov", "ilyin"
LINE = 7
ERROR = 2.2


def email(name: str) -> str:
    return f"{name}@example.org"


def report(**changes: Any) -> Report:
    """The report; ``changes`` replace its fields."""
    random = Random(20)
    quality = {f"СП-{n:03d}": random.gauss(62, 7) for n in range(1, 21)}
    cells = tuple(_cells(random, quality))
    totals = {number: mean(cell.score for cell in cells if cell.number == number) for number in quality}
    order = sorted(totals, key=lambda number: (-totals[number], number))
    main = [number for number in order if number <= "СП-016"]
    projects = tuple(_project(order, main, number, totals, cells) for number in order)
    whole = Report(
        contest="УР-2026",
        digest="5f" * 32,
        engine="1",
        provisional=False,
        maximum=Decimal(100),
        line=LINE,
        budget=300_000_000_00,
        panels=_panels(main, projects, cells),
        projects=projects,
        experts=tuple(_expert(name, cells) for name in (*MAIN, *SIDE)),
        cells=cells,
        agreement=AGREEMENT,
        sensitivity=_sensitivity(order),
        next_reviews=_next_reviews(projects),
    )
    return replace(whole, **changes)


def _cells(random: Random, quality: dict[str, float]):
    for index, (number, value) in enumerate(quality.items()):
        for name in _reviewers(index, number):
            careless = random.gauss(62, 7) if name == CARELESS else value
            score = round(careless + SEVERITY[name][1] + random.gauss(0, ERROR), 1)
            expected = value + SEVERITY[name][1]
            residual = score - expected
            yield Cell(
                email(name), number, score, figure(expected), figure(residual), figure(residual / ERROR)
            )  # fmt: skip


def _reviewers(index: int, number: str) -> tuple[str, ...]:
    if number > "СП-016":
        return SIDE
    busy = MAIN[:-1]
    chosen = tuple(busy[(index + step) % len(busy)] for step in range(3))
    return (*chosen[:2], SHORT) if index % 4 == 3 else chosen


def _project(
    order: list[str], main: list[str], number: str, totals: dict[str, float], cells: tuple[Cell, ...]
) -> Project:
    place, own = order.index(number) + 1, [cell for cell in cells if cell.number == number]
    plain = Project(
        number=number,
        place=place,
        total=Decimal(f"{totals[number]:.2f}"),
        outcome=Outcome.WINNER if place <= LINE else Outcome.RESERVE,
        winner=place <= LINE,
        reviews=len(own),
        panel=1 if number in main else 2,
    )
    if number not in main:
        side = [other for other in order if other not in main]
        return replace(plain, panel_place=side.index(number) + 1)
    inside, line = main.index(number) + 1, sum(order.index(other) < LINE for other in main)
    corrected = mean(cell.expected - SEVERITY[cell.expert.partition("@")[0]][1] for cell in own)
    edge = (totals[main[line - 1]] + totals[main[line]]) / 2
    above = figure(NormalDist(edge, ERROR).cdf(corrected))
    return replace(
        plain,
        panel_place=inside,
        corrected=figure(corrected),
        corrected_se=figure(ERROR / len(own) ** 0.5),
        lo=max(1, inside - 3),
        hi=min(len(main), inside + 3),
        p_line=above,
        p_funded=figure(above * 0.98),
        grade=grade_of(above),
        next_value=figure(above * (1 - above) * 0.8),
    )


def _panels(main: list[str], projects: tuple[Project, ...], cells: tuple[Cell, ...]) -> tuple[Panel, ...]:
    winners = [sum(item.winner for item in projects if item.panel == number) for number in (1, 2)]
    scores = [sum((cell.number in main) == inside for cell in cells) for inside in (True, False)]
    return (
        Panel(
            1, len(main), len(MAIN), scores[0], winners[0], None, None, Variances(46.2, 3.9, 7.4), -0.41, False,
            (),
        ),
        Panel(2, 4, len(SIDE), scores[1], winners[1], Refusal.FEW_PROJECTS, None, None, None, False, ()),
    )  # fmt: skip


def _expert(name: str, cells: tuple[Cell, ...]) -> Expert:
    title, severity = SEVERITY[name]
    scores = sum(cell.expert == email(name) for cell in cells)
    own, others = _beside(email(name), cells)
    plain = Expert(
        email(name), title, 2 if name in SIDE else 1, scores, scores >= 8, own_mean=own, others_mean=others
    )  # fmt: skip
    if name in SIDE:
        return replace(plain, refusal=Refusal.FEW_PROJECTS)
    if not plain.enough:
        return replace(plain, refusal=Refusal.FEW_SCORES)
    half, careless = figure(1.645 * ERROR / scores**0.5), name == CARELESS
    return replace(
        plain,
        severity=severity,
        lo=figure(severity - half),
        hi=figure(severity + half),
        noise=6.4 if careless else 2.1,
        misfit=4.7 if careless else -6.2,
        flagged=careless,
    )


def _beside(address: str, cells: tuple[Cell, ...]) -> tuple[float, float]:
    own = [cell for cell in cells if cell.expert == address]
    others = [
        mean(other.score for other in cells if other.number == cell.number and other.expert != address) for cell in own
    ]
    return figure(mean(cell.score for cell in own)), figure(mean(others))


AGREEMENT = (
    CriterionAgreement("", "", 20, 56, None, 0.71, 0.69, 0.72, 0.885, None),
    CriterionAgreement("К1", "Значимость проекта для отрасли", 20, 56, None, 0.66, 0.64, 0.67, 0.859, None),
    CriterionAgreement("К2", "Проработанность кооперации", 20, 56, None, 0.41, 0.43, 0.42, 0.685, None),
    CriterionAgreement("К3", "Готовность производства", 20, 56, None, 0.12, 0.15, 0.13, 0.31, None),
    CriterionAgreement("К4", "Наличие сбыта", 20, 56, Refusal.IDENTICAL_SCORES),
)


def _sensitivity(order: list[str]) -> Sensitivity:
    edge, beyond, far = order[LINE - 1], order[LINE], order[LINE + 1]
    moved = {"up": (beyond,), "down": (edge,)}
    scenarios = (
        Scenario(ScenarioKind.WEIGHT, "К1", 10),
        Scenario(ScenarioKind.WEIGHT, "К1", -10, **moved),
        Scenario(ScenarioKind.WEIGHT, "К2", 10),
        Scenario(ScenarioKind.WEIGHT, "К2", -10),
        *(
            Scenario(ScenarioKind.WITHOUT_EXPERT, email(name), **(moved if name == "gromov" else {}))
            for name in (*MAIN, *SIDE)
        ),
        Scenario(ScenarioKind.AGGREGATE, "median", 0, (beyond, far), (edge,)),
    )
    contested = (Contested(edge, True, 3), Contested(beyond, False, 3), Contested(far, False, 1))
    return Sensitivity(scenarios, tuple(order[: LINE - 1]), contested)


def _next_reviews(projects: tuple[Project, ...]) -> tuple[NextReview, ...]:
    worth = (item for item in projects if (item.next_value or 0) >= LEAST_VALUE)
    valued = sorted(worth, key=lambda item: -(item.next_value or 0))
    return tuple(NextReview(item.number, item.next_value or 0, item.reviews, item.p_line) for item in valued[:10])


def cautious(**changes: Any) -> Report:
    """The same report where strict experts had the strong projects and one panel's projects cannot be told apart."""
    plain = report()
    first, second = plain.panels
    cautions = (Caution.ITEM_VARIANCE_ZERO, Caution.INFORMATIVE_ASSIGNMENT)
    panels = (replace(first, informative=-0.83, alarm=True, cautions=cautions), second)
    projects = tuple(
        item if item.corrected is None else replace(item, corrected_fixed=figure(item.corrected - 1.5))
        for item in plain.projects
    )
    return replace(plain, panels=panels, projects=projects, **changes)


def refused(refusal: Refusal = Refusal.NO_REVIEWS) -> Report:
    """A report that says only why it says nothing."""
    return report(
        panels=(), projects=(), experts=(), cells=(), agreement=(), sensitivity=None, next_reviews=(), refusal=refusal,
        line=0,
    )  # fmt: skip
