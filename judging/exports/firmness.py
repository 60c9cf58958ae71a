"""The firmness of a ranking as files: a flat table for each figure, and the whole report. Advice, never official.

Tables are CSV like those of :mod:`.tables`, rounded as people read them: points to two decimals, probabilities and
coefficients to three. The JSON holds every digit of the report. A statistic that the data do not carry is an empty
cell, and the last column of its row says why.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from judging.adapters.translations import template
from judging.domain.access import Permission
from judging.domain.errors import N_
from judging.domain.firmness import (
    CAUTION_LABELS,
    Panel,
    Report,
    Scenario,
    to_document,
)
from judging.exports.facts import OUTCOME_WORDS, file_name, marked, yes_no
from judging.exports.firmness_cells import LANGUAGE, WHOLE, points, reason, scenario_words, share, unsaid, zone
from judging.exports.tables import Cell, Table, csv_parts

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
UP, DOWN, NOBODY = "становится победителем", "перестаёт быть победителем", "границу никто не переходит"
CSV, JSON = "text/csv; charset=utf-8", "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def places_table(report: Report) -> Table:
    """Return the projects in the official order: place, interval, probabilities."""
    return Table(PLACES_HEADINGS, _places(report))


def panels_table(report: Report) -> Table:
    """Return the panels: sizes, what the differences between scores are made of, why something is not said."""
    return Table(PANELS_HEADINGS, map(_panel, report.panels))


def experts_table(report: Report) -> Table:
    """Return the experts: strictness with its interval, spread, misfit."""
    return Table(EXPERTS_HEADINGS, _experts(report))


def residuals_table(report: Report) -> Table:
    """Return the counted reviews, each beside what was to be expected."""
    rows = (
        (*pair, points(item.score), points(item.expected), points(item.residual), points(item.standardised))
        for item in report.cells
        for pair in [(item.expert, item.number)]
    )
    return Table(RESIDUALS_HEADINGS, rows)


def agreement_table(report: Report) -> Table:
    """Return the coefficients of agreement: of the weighted total, then criterion by criterion."""
    rows = (
        (item.code or WHOLE, item.title or WHOLE, item.projects, item.scores, share(item.alpha),
         share(item.alpha_ordinal), share(item.icc1), share(item.icc1k), share(item.kendall_w), reason(item.refusal))
        for item in report.agreement
    )  # fmt: skip
    return Table(AGREEMENT_HEADINGS, rows)


def sensitivity_table(report: Report) -> Table:
    """Return who crosses the line: a row for each scenario and project, one row where nobody does."""
    scenarios = report.sensitivity.scenarios if report.sensitivity else ()
    return Table(SENSITIVITY_HEADINGS, (row for item in scenarios for row in _crossings(item)))


def next_reviews_table(report: Report) -> Table:
    """Return the projects for which one more review is worth most, best first."""
    rows = ((item.number, points(item.value), item.reviews, share(item.p_line)) for item in report.next_reviews)
    return Table(NEXT_HEADINGS, rows)


def report_json(report: Report) -> bytes:
    """Return the whole report as JSON."""
    return json.dumps(to_document(report), ensure_ascii=False, indent=1).encode()


def _csv(key: str, label: str, table: Callable[[Report], Table]) -> Figure:
    """A figure for programs."""
    pattern = f"{{code}}-firmness-{key}-{{stamp}}.csv"
    return Figure(key, label, pattern, CSV, Permission.EXPORT, lambda report: csv_parts(table(report)))


def _sheet(key: str, label: str, table: Callable[[Report], Table]) -> Figure:
    """The same figure for people; the file is the same whenever it is made, so it has no time of its own."""

    def write(report: Report) -> bytes:
        from judging.exports.sheets import sheet_of  # a server that starts needs no library of tables

        return sheet_of(table(report), marked(report.contest, f"{report.contest}: firmness, {key}"))

    return Figure(f"{key}-table", label, f"{{code}}-firmness-{key}-{{stamp}}.xlsx", XLSX, Permission.EXPORT, write)


_ENTRIES = (
    _csv("places", N_("Places and probabilities (CSV)"), places_table),
    _sheet("places", N_("Places and probabilities (Excel)"), places_table),
    _csv("panels", N_("Panels and what differences are made of (CSV)"), panels_table),
    _sheet("panels", N_("Panels and what differences are made of (Excel)"), panels_table),
    _csv("experts", N_("Strictness of experts (CSV)"), experts_table),
    _sheet("experts", N_("Strictness of experts (Excel)"), experts_table),
    _csv("residuals", N_("Scores beside what was expected (CSV)"), residuals_table),
    _sheet("residuals", N_("Scores beside what was expected (Excel)"), residuals_table),
    _csv("agreement", N_("Agreement by criterion (CSV)"), agreement_table),
    _sheet("agreement", N_("Agreement by criterion (Excel)"), agreement_table),
    _csv("sensitivity", N_("Who crosses the line (CSV)"), sensitivity_table),
    _sheet("sensitivity", N_("Who crosses the line (Excel)"), sensitivity_table),
    _csv("next-reviews", N_("Where one more review is worth most (CSV)"), next_reviews_table),
    _sheet("next-reviews", N_("Where one more review is worth most (Excel)"), next_reviews_table),
    Figure("firmness-json", N_("The whole report (JSON)"), "{code}-firmness-{stamp}.json", JSON, Permission.EXPORT,
           report_json),
)  # fmt: skip

FIGURES: Mapping[str, Figure] = {entry.key: entry for entry in _ENTRIES}
"""Every download of the page on firmness by its key, in the order of the page."""


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
