"""The firmness of a ranking as files: a flat table for each figure, and the whole report. Advice, never official.

Tables are CSV like those of :mod:`.tables`, rounded as people read them: points to two decimals, probabilities and
coefficients to three. The JSON holds every digit of the report. A statistic that the data do not carry is an empty
cell, and the last column of its row says why.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from judging.adapters.translations import template
from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.firmness import (
    CAUTION_LABELS,
    GRADE_LABELS,
    REFUSAL_LABELS,
    Grade,
    Panel,
    Project,
    Refusal,
    Report,
    Scenario,
    ScenarioKind,
    printed,
    to_document,
)
from judging.domain.rules import AGGREGATE_LABELS, Aggregate
from judging.exports.facts import OUTCOME_WORDS, file_name, yes_no
from judging.exports.tables import Cell, lines

LANGUAGE = "ru"
"""The language of the papers."""
PLACES_HEADINGS = (
    "Рег. номер", "Место", "Итог", "Исход", "Экспертиз", "Панель", "Место в панели", "Итог с поправкой на строгость",
    "Погрешность", "Итог с поправкой без сглаживания", "Место от", "Место до", "Вероятность выше границы",
    "Вероятность в пределах бюджета", "Зона", "Примечание",
)  # fmt: skip
PANELS_HEADINGS = (
    "Панель", "Проектов", "Экспертов", "Экспертиз", "Победителей", "Доля разброса: качество проектов",
    "Доля разброса: строгость экспертов", "Доля разброса: случайность", "Корреляция строгости и качества увиденного",
    "Примечание",
)  # fmt: skip
EXPERTS_HEADINGS = (
    "Эксперт", "Имя", "Панель", "Экспертиз", "Средний итог", "Средний итог других на тех же проектах",
    "Мягче (+) или строже (−) среднего", "От", "До", "Разброс", "Несогласие с проектами", "Требует внимания",
    "Примечание",
)  # fmt: skip
RESIDUALS_HEADINGS = (
    "Эксперт", "Рег. номер", "Итог эксперта", "Ожидалось", "Отклонение", "Отклонение в единицах разброса",
)  # fmt: skip
AGREEMENT_HEADINGS = (
    "Код", "Критерий", "Проектов", "Оценок", "Альфа Криппендорфа", "Альфа Криппендорфа (порядковая)", "ICC(1)",
    "ICC(1,k)", "W Кендалла", "Примечание",
)  # fmt: skip
SENSITIVITY_HEADINGS = ("Вариант", "Предмет", "Изменение, %", "Рег. номер", "Что меняется", "Примечание")
NEXT_HEADINGS = ("Рег. номер", "Ожидаемая польза, баллов", "Экспертиз", "Вероятность выше границы")
WHOLE = "Итог"
"""The weighted total where agreement is given by criterion."""
UP, DOWN, NOBODY = "становится победителем", "перестаёт быть победителем", "границу никто не переходит"
CSV, JSON = "text/csv; charset=utf-8", "application/json"


@dataclass(frozen=True)
class Figure:
    """One download of the page on firmness.

    ``file_name`` is a pattern with the fields ``code`` (of the contest) and ``stamp`` (Moscow time of the download).
    ``write`` returns the whole file or yields its parts.
    """

    key: str
    label: str
    file_name: str
    media_type: str
    permission: Permission
    write: Callable[[Report], bytes | Iterator[bytes]]

    def named(self, report: Report, made_at: datetime) -> str:
        """Return the file's name; ``made_at`` is an aware instant."""
        return file_name(self.file_name, report.contest, made_at)

    def parts(self, report: Report) -> Iterator[bytes]:
        """Yield the file in parts, whichever way it is written."""
        content = self.write(report)
        if isinstance(content, bytes):
            yield content
        else:
            yield from content


def places_csv(report: Report) -> Iterator[bytes]:
    """Yield the projects in the official order: place, interval, probabilities."""
    return lines(PLACES_HEADINGS, _places(report))


def panels_csv(report: Report) -> Iterator[bytes]:
    """Yield the panels: sizes, what the differences between scores are made of, why something is not said."""
    return lines(PANELS_HEADINGS, map(_panel, report.panels))


def experts_csv(report: Report) -> Iterator[bytes]:
    """Yield the experts: strictness with its interval, spread, misfit."""
    return lines(EXPERTS_HEADINGS, _experts(report))


def residuals_csv(report: Report) -> Iterator[bytes]:
    """Yield the counted reviews, each beside what was to be expected."""
    rows = (
        (*pair, points(item.score), points(item.expected), points(item.residual), points(item.standardised))
        for item in report.cells
        for pair in [(item.expert, item.number)]
    )
    return lines(RESIDUALS_HEADINGS, rows)


def agreement_csv(report: Report) -> Iterator[bytes]:
    """Yield the coefficients of agreement: of the weighted total, then criterion by criterion."""
    rows = (
        (item.code or WHOLE, item.title or WHOLE, item.projects, item.scores, share(item.alpha),
         share(item.alpha_ordinal), share(item.icc1), share(item.icc1k), share(item.kendall_w), reason(item.refusal))
        for item in report.agreement
    )  # fmt: skip
    return lines(AGREEMENT_HEADINGS, rows)


def sensitivity_csv(report: Report) -> Iterator[bytes]:
    """Yield who crosses the line: a row for each scenario and project, one row where nobody does."""
    scenarios = report.sensitivity.scenarios if report.sensitivity else ()
    return lines(SENSITIVITY_HEADINGS, (row for item in scenarios for row in _crossings(item)))


def next_reviews_csv(report: Report) -> Iterator[bytes]:
    """Yield the projects for which one more review is worth most, best first."""
    rows = ((item.number, points(item.value), item.reviews, share(item.p_line)) for item in report.next_reviews)
    return lines(NEXT_HEADINGS, rows)


def report_json(report: Report) -> bytes:
    """Return the whole report as JSON."""
    return json.dumps(to_document(report), ensure_ascii=False, indent=1).encode()


_ENTRIES = (
    Figure("places", N_("Places and probabilities (CSV)"), "{code}-firmness-places-{stamp}.csv", CSV,
           Permission.EXPORT, places_csv),
    Figure("panels", N_("Panels and what differences are made of (CSV)"), "{code}-firmness-panels-{stamp}.csv", CSV,
           Permission.EXPORT, panels_csv),
    Figure("experts", N_("Strictness of experts (CSV)"), "{code}-firmness-experts-{stamp}.csv", CSV,
           Permission.EXPORT, experts_csv),
    Figure("residuals", N_("Scores beside what was expected (CSV)"), "{code}-firmness-residuals-{stamp}.csv", CSV,
           Permission.EXPORT, residuals_csv),
    Figure("agreement", N_("Agreement by criterion (CSV)"), "{code}-firmness-agreement-{stamp}.csv", CSV,
           Permission.EXPORT, agreement_csv),
    Figure("sensitivity", N_("Who crosses the line (CSV)"), "{code}-firmness-sensitivity-{stamp}.csv", CSV,
           Permission.EXPORT, sensitivity_csv),
    Figure("next-reviews", N_("Where one more review is worth most (CSV)"),
           "{code}-firmness-next-reviews-{stamp}.csv", CSV, Permission.EXPORT, next_reviews_csv),
    Figure("firmness-json", N_("The whole report (JSON)"), "{code}-firmness-{stamp}.json", JSON, Permission.EXPORT,
           report_json),
)  # fmt: skip

FIGURES: Mapping[str, Figure] = {entry.key: entry for entry in _ENTRIES}
"""Every download of the page on firmness by its key, in the order of the page."""


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


def _places(report: Report) -> Iterator[Sequence[Cell]]:
    panels = {panel.number: panel for panel in report.panels}
    for item in report.projects:
        yield (
            item.number,
            item.place,
            item.total,
            OUTCOME_WORDS[item.outcome],
            item.reviews,
            item.panel,
            item.panel_place,
            points(item.corrected),
            points(item.corrected_se),
            points(item.corrected_fixed),
            item.lo,
            item.hi,
            share(item.p_line),
            share(item.p_funded),
            zone(item.grade),
            reason(unsaid(panels, item)),
        )


def _panel(item: Panel) -> Sequence[Cell]:
    parts = item.variances.shares if item.variances else None
    notes = [reason(item.refusal), reason(item.no_line)]
    notes += [template(LANGUAGE, CAUTION_LABELS[caution]) for caution in item.cautions]
    return (
        item.number,
        item.projects,
        item.experts,
        item.scores,
        item.winners,
        *([share(part) for part in (parts.item, parts.rater, parts.residual)] if parts else [None] * 3),
        share(item.informative),
        " ".join(filter(None, notes)) or None,
    )


def _experts(report: Report) -> Iterator[Sequence[Cell]]:
    for item in report.experts:
        yield (
            item.email,
            item.name,
            item.panel,
            item.scores,
            points(item.own_mean),
            points(item.others_mean),
            points(item.severity),
            points(item.lo),
            points(item.hi),
            points(item.noise),
            points(item.misfit),
            None if item.refusal else yes_no(item.flagged),
            reason(item.refusal),
        )


def _crossings(item: Scenario) -> Iterator[Sequence[Cell]]:
    name = scenario_words(item), item.subject, item.change or None
    note = f"Заявок, оценённых только этим экспертом и сохранивших итог: {item.alone}" if item.alone else None
    yield from ((*name, number, UP, note) for number in item.up)
    yield from ((*name, number, DOWN, note) for number in item.down)
    if not (item.up or item.down):
        yield (*name, None, NOBODY, note)
