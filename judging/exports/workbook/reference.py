"""The sheet «Справочно»: how firm the places are. Plain data on the last sheet, which no formula reads.

One flat table for facts of several sorts: «Раздел» says which, and a column that a sort of facts does not have holds a
dash, so that filtering «Раздел» leaves a table of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from judging.adapters.translations import template
from judging.domain.firmness import (
    CAUTION_LABELS,
    HALF_WIDTH,
    CriterionAgreement,
    Expert,
    Panel,
    Project,
    Refusal,
    Report,
    Scenario,
    Sensitivity,
)
from judging.exports.facts import NOTHING, RankingExport
from judging.exports.firmness_cells import LANGUAGE, WHOLE, points, reason, scenario_words, share, unsaid, zone
from judging.exports.workbook.book import LEFT, Column, Sheets, Value
from judging.exports.workbook.layout import REFERENCE, Layout

COLUMNS = (
    Column("Раздел", "text", 22),
    Column("Предмет", "text", 30),
    Column("Показатель", "wrapped", 48),
    Column("Официальное место", "whole", 14),
    Column("Официальный итог", "points", 14),
    Column("Значение", "estimate", 11),
    Column("От", "estimate", 9),
    Column("До", "estimate", 9),
    Column("Место от", "whole", 10),
    Column("Место до", "whole", 10),
    Column("Выше границы", "share", 12),
    Column("В пределах бюджета", "share", 13),
    Column("Вывод", "wrapped", 60),
)
VALUE = 5
"""The column whose facts are of different sorts."""
ABOUT, PANELS, PROJECTS, EXPERTS = "О листе", "Панели", "Проекты", "Эксперты"
AGREEMENT, SENSITIVITY, CONTESTED, NEXT = "Согласие экспертов", "Чувствительность", "У границы", "Ещё одна экспертиза"
EVERYTHING = "весь лист"
ADVICE = (
    "Справочно: официальные места, итоги и исходы от этого листа не зависят. Это статистика тех же учтённых экспертиз: "
    "насколько места устойчивы к случайности и к строгости экспертов. Все интервалы — с вероятностью 90 %. Граница — "
    "между победителями и остальными; место от и до — внутри панели, то есть проектов, связанных общими экспертами."
)
NOT_CALCULATED = (
    "Не рассчитано: конкурс большой, и расчёт запускается отдельно. Откройте страницу «Устойчивость рейтинга» этого "
    "конкурса, нажмите «Рассчитать», дождитесь окончания и выгрузите книгу снова."
)
ONLY_PRESENT = (
    " Рассчитывается текущее состояние конкурса: на снимок расчёт переносится, если после него оценки не менялись."
)
PROVISIONAL = "Не все экспертизы сданы: рассчитано так, как если бы имеющиеся были всеми."
CORRECTED = "Итог с поправкой на строгость экспертов"
UNSHRUNK = "То же без сглаживания"
OWN_MEAN, OTHERS_MEAN = "Средний итог эксперта, баллов", "Средний итог других на тех же проектах, баллов"
SEVERITY = "Мягче (+) или строже (−) среднего, баллов"
NOISE = "Разброс оценок, баллов"
MISFIT = "Несогласие с проектами (больше нуля — есть)"
FLAGGED = "Оценки почти не следуют за проектами: стоит прочитать заключения."


@dataclass(frozen=True)
class Fact:
    """One row; what is None is a dash. ``sort`` is the number format of ``value``; ``places`` and ``chances`` pairs."""

    section: str
    subject: str
    what: str
    says: str | None = None
    value: Decimal | int | None = None
    sort: str = "estimate"
    interval: tuple[Decimal | None, Decimal | None] = (None, None)
    project: Project | None = None
    places: tuple[int | None, int | None] = (None, None)
    chances: tuple[Decimal | None, Decimal | None] = (None, None)

    def cells(self) -> tuple[Value, ...]:
        """Return the row."""
        official = (self.project.place, self.project.total) if self.project else (None, None)
        told = (*official, self.value, *self.interval, *self.places, *self.chances)
        numbers = (NOTHING if item is None else item for item in told)
        return (self.section, self.subject, self.what, *numbers, self.says or NOTHING)


def write_reference(book: Sheets, layout: Layout) -> None:
    """Write «Справочно» from the report of the export, or how to get one."""
    sheet = book.add(layout.sheet(REFERENCE), COLUMNS)
    for fact in facts(layout.export):
        cells = fact.cells()
        sheet.append(cells, [_format(fact, index, cell) for index, cell in enumerate(cells)])


def _format(fact: Fact, index: int, cell: Value) -> str:
    """Return the number format of a cell: a dash among numbers stands at their side."""
    own = COLUMNS[index].format
    if cell == NOTHING and own not in LEFT:
        return "none"
    return fact.sort if index == VALUE else own


def facts(export: RankingExport) -> Iterator[Fact]:
    """Yield the rows of the sheet."""
    yield Fact(ABOUT, EVERYTHING, "Назначение", ADVICE)
    report = export.firmness
    if report is None:
        says = NOT_CALCULATED + (ONLY_PRESENT if export.snapshot_number is not None else "")
        yield Fact(ABOUT, EVERYTHING, "Состояние", says)
        return
    yield from _about(report)
    projects = {item.number: item for item in report.projects}
    yield from _projects(report)
    yield from (fact for expert in report.experts for fact in _expert(expert))
    yield from (fact for item in report.agreement for fact in _agreement(item))
    if report.sensitivity:
        yield from _sensitivity(report.sensitivity, projects)
    for item in report.next_reviews:
        yield Fact(
            NEXT,
            item.number,
            "Ожидаемая польза ещё одной экспертизы, баллов",
            f"Экспертиз сейчас: {item.reviews}",
            points(item.value),
            project=projects[item.number],
            chances=(share(item.p_line), None),
        )
    yield from (fact for panel in report.panels for fact in _panel(panel))


def _about(report: Report) -> Iterator[Fact]:
    yield Fact(ABOUT, EVERYTHING, "SHA-256 исходных данных", report.digest)
    yield Fact(ABOUT, EVERYTHING, "Версия расчёта", report.engine)
    if report.provisional:
        yield Fact(ABOUT, EVERYTHING, "Предварительно", PROVISIONAL)
    if report.refusal:
        yield Fact(ABOUT, EVERYTHING, "Недостаточно данных", reason(report.refusal))
    for panel in report.panels:
        for caution in panel.cautions:
            yield Fact(ABOUT, f"Панель {panel.number}", "Оговорка", template(LANGUAGE, CAUTION_LABELS[caution]))


def _panel(panel: Panel) -> Iterator[Fact]:
    subject = f"Панель {panel.number}"
    counts = (("Проектов", panel.projects), ("Экспертов", panel.experts), ("Учтённых экспертиз", panel.scores))
    for what, count in counts:
        yield Fact(PANELS, subject, what, value=count, sort="whole")
    yield Fact(PANELS, subject, "Победителей", reason(panel.no_line), panel.winners, "whole")
    if panel.refusal:
        yield Fact(PANELS, subject, "Недостаточно данных", reason(panel.refusal))
    if panel.variances:
        parts = panel.variances.shares
        yield Fact(PANELS, subject, "Доля разброса: качество проектов", value=share(parts.item), sort="share")
        yield Fact(PANELS, subject, "Доля разброса: строгость экспертов", value=share(parts.rater), sort="share")
        yield Fact(PANELS, subject, "Доля разброса: случайность", value=share(parts.residual), sort="share")
    if panel.informative is not None:
        yield Fact(PANELS, subject, "Корреляция строгости и качества увиденного", value=share(panel.informative))


def _projects(report: Report) -> Iterator[Fact]:
    panels = {panel.number: panel for panel in report.panels}
    for item in report.projects:
        spread = None if item.corrected_se is None else item.corrected_se * HALF_WIDTH
        yield Fact(
            PROJECTS,
            item.number,
            CORRECTED,
            _standing(item, unsaid(panels, item), several=len(panels) > 1),
            points(item.corrected),
            interval=_around(item.corrected, spread),
            project=item,
            places=(item.lo, item.hi),
            chances=(share(item.p_line), share(item.p_funded)),
        )
        if item.panel and panels[item.panel].alarm and item.corrected_fixed is not None:
            yield Fact(PROJECTS, item.number, UNSHRUNK, value=points(item.corrected_fixed), project=item)


def _around(middle: float | None, spread: float | None) -> tuple[Decimal | None, Decimal | None]:
    if middle is None or spread is None:
        return None, None
    return points(middle - spread), points(middle + spread)


def _standing(item: Project, refusal: Refusal | None, *, several: bool) -> str:
    verdict = (zone(item.grade) or reason(refusal) or NOTHING).removesuffix(".")
    if not several or item.panel is None:
        return verdict
    return f"{verdict}; панель {item.panel}, место в ней {item.panel_place}"


def _expert(item: Expert) -> Iterator[Fact]:
    says = f"{item.name}. {reason(item.refusal)}" if item.refusal else item.name
    yield Fact(EXPERTS, item.email, "Учтённых экспертиз", says, item.scores, "whole")
    if item.own_mean is not None:
        yield Fact(EXPERTS, item.email, OWN_MEAN, value=points(item.own_mean))
        yield Fact(EXPERTS, item.email, OTHERS_MEAN, value=points(item.others_mean))
    if item.refusal:
        return
    yield Fact(
        EXPERTS, item.email, SEVERITY, _strictness(item), points(item.severity),
        interval=(points(item.lo), points(item.hi)),
    )  # fmt: skip
    yield Fact(EXPERTS, item.email, NOISE, value=points(item.noise))
    yield Fact(EXPERTS, item.email, MISFIT, FLAGGED if item.flagged else None, points(item.misfit))


def _strictness(item: Expert) -> str | None:
    if item.lo is None or item.hi is None:
        return None
    if item.lo > 0:
        return "Мягче среднего эксперта"
    return "Строже среднего эксперта" if item.hi < 0 else "Может не отличаться от среднего эксперта"


def _agreement(item: CriterionAgreement) -> Iterator[Fact]:
    subject, title = item.code or WHOLE, item.title or None
    if item.refusal:
        yield Fact(AGREEMENT, subject, "Недостаточно данных", ". ".join(filter(None, (title, reason(item.refusal)))))
        return
    coefficients = (
        ("Альфа Криппендорфа", item.alpha),
        ("Альфа Криппендорфа (порядковая)", item.alpha_ordinal),
        ("ICC(1): одной оценки", item.icc1),
        ("ICC(1,k): среднего оценок", item.icc1k),
        ("W Кендалла", item.kendall_w),
    )
    for what, value in coefficients:
        if value is not None:
            yield Fact(AGREEMENT, subject, what, title, share(value))


def _sensitivity(found: Sensitivity, projects: Mapping[str, Project]) -> Iterator[Fact]:
    for item in found.scenarios:
        yield from _scenario(item)
    what = f"Переходит границу, вариантов из {len(found.scenarios)}"
    for number in found.steadfast:
        yield Fact(CONTESTED, number, what, "Победитель во всех вариантах", 0, "whole", project=projects[number])
    for other in found.contested:
        says = "Победитель, но не в этих вариантах" if other.winner else "Победитель только в этих вариантах"
        yield Fact(CONTESTED, other.number, what, says, other.crossings, "whole", project=projects[other.number])


def _scenario(item: Scenario) -> Iterator[Fact]:
    subject, moved = scenario_words(item), len(item.up) + len(item.down)
    words = (("становятся победителями", item.up), ("перестают быть победителями", item.down))
    says = "; ".join(f"{what}: {', '.join(numbers)}" for what, numbers in words if numbers)
    yield Fact(SENSITIVITY, subject, "Переходят границу", says or "никто", moved, "whole")
    if item.alone:
        yield Fact(SENSITIVITY, subject, "Оценены только этим экспертом", "Сохраняют итог", item.alone, "whole")
