"""How the statistics of a report on firmness are written in cells, on papers whose language is Russian."""

from collections.abc import Mapping
from decimal import Decimal

from judging.adapters.translations import template
from judging.domain.firmness import (
    GRADE_LABELS,
    REFUSAL_LABELS,
    Grade,
    Panel,
    Project,
    Refusal,
    Scenario,
    ScenarioKind,
    printed,
)
from judging.domain.rules import AGGREGATE_LABELS, Aggregate

LANGUAGE = "ru"
"""The language of the papers."""
WHOLE = "Итог"
"""The weighted total where agreement is given by criterion."""


def points(value: float | None) -> Decimal | None:
    """Round a statistic in points half up to two decimals, without a negative zero."""
    return None if value is None else printed(value, 2)


def share(value: float | None) -> Decimal | None:
    """Round a probability or a coefficient to three decimals, without a negative zero."""
    return None if value is None else Decimal(f"{value:z.3f}")


def reason(refusal: Refusal | None) -> str | None:
    """Say in Russian why something is not said."""
    return None if refusal is None else template(LANGUAGE, REFUSAL_LABELS[refusal])


def zone(grade: Grade | None) -> str | None:
    """Say in Russian on which side of the line a project is."""
    return None if grade is None else template(LANGUAGE, GRADE_LABELS[grade])


def unsaid(panels: Mapping[int, Panel], project: Project) -> Refusal | None:
    """Return why nothing is said of a project's place or of its side of the line."""
    if project.panel is None:
        return Refusal.NO_REVIEWS
    panel = panels[project.panel]
    return panel.unsaid


def scenario_words(item: Scenario) -> str:
    """Name a scenario in Russian: «Вес E1 +10 %»."""
    match item.kind:
        case ScenarioKind.WEIGHT:
            return f"Вес {item.subject} {'−' if item.change < 0 else '+'}{abs(item.change)} %"
        case ScenarioKind.WITHOUT_EXPERT:
            return f"Без эксперта {item.subject}"
        case ScenarioKind.AGGREGATE:
            return f"Усреднение: {template(LANGUAGE, AGGREGATE_LABELS[Aggregate(item.subject)]).lower()}"
