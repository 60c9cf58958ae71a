"""The flat data sheets: a header row and one row a fact. Marks, values, weights and the limit are edited here."""

from collections.abc import Iterator

from judging.domain.record import ReviewState
from judging.domain.rubric import (
    BandsCriterion,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
)
from judging.domain.rules import BudgetMode
from judging.domain.shares import bases
from judging.exports.facts import NOTHING, ReviewFact, moscow, yes_no
from judging.exports.money import roubles
from judging.exports.workbook.book import Column, Formula, Sheets, Value
from judging.exports.workbook.divergences import divergence_rows
from judging.exports.workbook.formulas import best_value
from judging.exports.workbook.layout import (
    BANDS,
    BUDGET,
    CRITERIA,
    DIVERGENCES,
    FIRST,
    INDICATORS,
    MARKS,
    OUTSIDE,
    Layout,
)

NUMBER = Column("Рег. номер", "text", 16)
MARKS_COLUMNS = (
    NUMBER,
    Column("Эксперт", "text", 30),
    Column("Критерий", "text", 10),
    Column("Балл", "number", 8),
    Column("Комментарий", "wrapped", 60),
    Column("Отправлена (МСК)", "instant", 19),
    Column("Дополнительная", "text", 19),
    Column("Учтена", "text", 9),
    Column("Причина", "wrapped", 40),
)
INDICATORS_COLUMNS = (
    NUMBER,
    Column("Критерий", "text", 10),
    Column("Показатель", "text", 30),
    Column("Значение", "number", 14),
)
CRITERIA_COLUMNS = (
    Column("Код", "text", 9),
    Column("Критерий", "wrapped", 50),
    Column("Вид", "text", 38),
    *(Column(name, "number", 11) for name in ("Вес", "Минимум", "Максимум", "Шаг", "Порог")),
    Column("Показатель", "text", 24),
    *(Column(name, "number", 13) for name in ("Ноль при", "Полный балл при", "Лучшее значение")),
)
GROUP = Column("Группа", "wrapped", 40)
BANDS_COLUMNS = (Column("Критерий", "text", 10), Column("От", "band", 14), Column("Балл", "number", 9))
DIVERGENCES_COLUMNS = (
    NUMBER,
    Column("Эксперт 1", "text", 30),
    Column("Эксперт 2", "text", 30),
    *(Column(name, "points", 11) for name in ("Итог 1", "Итог 2", "Разница")),
    Column("Правило", "wrapped", 52),
    Column("Действие", "wrapped", 40),
)
OUTSIDE_COLUMNS = (
    NUMBER,
    Column("Проект", "wrapped", 50),
    Column("Статус", "text", 16),
    Column("Причина", "wrapped", 60),
    Column("Пункт", "text", 14),
    Column("Дата", "date", 12),
)
BUDGET_COLUMNS = (Column("Показатель", "text", 40), Column("Значение", "text", 34))
MINUS_INFINITY = -(10**300)
"""The start of the lowest band; the number format shows it as −∞."""
BEST_WORDS = {"max": "относительный: больше — лучше", "min": "относительный: меньше — лучше"}
BUDGET_WORDS = {
    BudgetMode.STRICT: "по порядку до первой, которой не хватает",
    BudgetMode.SKIP: "по порядку, пропуская тех, кому не хватает",
    BudgetMode.PARTIAL: "по порядку, последней — остаток",
    BudgetMode.PROPORTIONAL: "пропорционально",
}


def write_marks(book: Sheets, layout: Layout) -> None:
    """Write «Оценки экспертов»: application × criterion × expert."""
    sheet = book.add(layout.sheet(MARKS), MARKS_COLUMNS)
    for number, code, fact in layout.marks():
        sheet.append(_mark_row(number, code, fact))


def _mark_row(number: str, code: str, fact: ReviewFact) -> tuple[Value, ...]:
    review = fact.review
    mark = review.scores.get(code)
    sent = NOTHING if review.submitted_at is None else moscow(review.submitted_at)
    missing = "Нет балла" if mark is None and review.state is ReviewState.SUBMITTED else ""
    return (
        number,
        review.expert,
        code,
        NOTHING if mark is None else mark,
        review.comments.get(code) or NOTHING,
        sent,
        yes_no(review.additional),
        yes_no(fact.counted),
        fact.reason or missing or NOTHING,
    )


def write_indicators(book: Sheets, layout: Layout) -> None:
    """Write «Показатели»: application × computed criterion; a missing value is a dash."""
    sheet = book.add(layout.sheet(INDICATORS), INDICATORS_COLUMNS)
    known = {item.number: item.indicators for item in layout.export.record.applications}
    for number, criterion in layout.values():
        value = known[number].get(criterion.indicator)
        sheet.append((number, criterion.code, criterion.indicator, NOTHING if value is None else value))


def write_criteria(book: Sheets, layout: Layout) -> None:
    """Write «Критерии»: the rubric, a row a criterion; where there are groups, each criterion's in the last column."""
    grouped = bool(layout.groups)
    sheet = book.add(layout.sheet(CRITERIA), (*CRITERIA_COLUMNS, *((GROUP,) if grouped else ())))
    for row, criterion in enumerate(layout.criteria, start=FIRST):
        kind, *rest = _criterion_cells(criterion, layout, row)
        group = (criterion.group or NOTHING,) if grouped else ()
        sheet.append((criterion.code, criterion.title, kind, criterion.weight, *rest, *group))


def _criterion_cells(criterion: Criterion, layout: Layout, row: int) -> tuple[Value, ...]:
    """Return the kind, then the cells from «Минимум» to «Лучшее значение»."""
    none = (NOTHING,) * 4
    match criterion:
        case ExpertCriterion(scale=scale, pass_mark=floor):
            cells = (scale.minimum, scale.maximum, scale.step, NOTHING if floor is None else floor)
            return ("экспертный", *cells, *none)
        case LinearCriterion():
            return ("линейный", *none, criterion.indicator, criterion.zero_at, criterion.full_at, NOTHING)
        case BandsCriterion():
            return ("по шкале", *none, criterion.indicator, NOTHING, NOTHING, NOTHING)
        case RelativeCriterion():
            best = _best(criterion, layout, row)
            return (BEST_WORDS[criterion.best], *none, criterion.indicator, NOTHING, NOTHING, best)


def _best(criterion: RelativeCriterion, layout: Layout, row: int) -> Value:
    terms = layout.export.record.contest
    frozen = (terms.frozen_base or {}).get(criterion.code)
    if frozen is not None:
        return frozen
    found = bases(terms.criteria, layout.export.record.applications, terms.frozen_base)
    return Formula(best_value(layout, criterion, row), found.get(criterion.code, 0), array=True)


def write_bands(book: Sheets, layout: Layout) -> None:
    """Write «Шкалы»: the bands of values, ascending."""
    sheet = book.add(layout.sheet(BANDS), BANDS_COLUMNS)
    for criterion in layout.criteria:
        if isinstance(criterion, BandsCriterion):
            for band in criterion.bands:
                start = MINUS_INFINITY if band.start is None else band.start
                sheet.append((criterion.code, start, band.score))


def write_divergences(book: Sheets, layout: Layout) -> None:
    """Write «Расхождения»: the pair of reviews that differ most, for every rule that was broken."""
    sheet = book.add(layout.sheet(DIVERGENCES), DIVERGENCES_COLUMNS)
    for row in divergence_rows(layout.export):
        sheet.append(row)


def write_outside(book: Sheets, layout: Layout) -> None:
    """Write «Не допущены»: the applications outside the ranking."""
    sheet = book.add(layout.sheet(OUTSIDE), OUTSIDE_COLUMNS)
    for item in layout.export.not_admitted:
        words = (item.reason or NOTHING, item.clause or NOTHING)
        sheet.append((item.number, item.title, item.status, *words, item.date or NOTHING))


def write_budget(book: Sheets, layout: Layout) -> None:
    """Write «Бюджет». The rows stand where :mod:`.checks` looks for them."""
    sheet = book.add(layout.sheet(BUDGET), BUDGET_COLUMNS)
    for label, value, style in _budget_rows(layout):
        sheet.append((label, value), ("text", style))


def _budget_rows(layout: Layout) -> Iterator[tuple[str, Value, str]]:
    terms = layout.export.record.contest
    rules = terms.rules
    cap, most = rules.cap_per_application, rules.max_winners
    yield "Лимит, ₽", "без ограничения" if terms.budget is None else roubles(terms.budget), "money"
    yield "Порядок распределения", BUDGET_WORDS[rules.budget_mode], "text"
    yield "Порог итога", "нет" if rules.pass_total is None else rules.pass_total, "number"
    yield "Знаков после запятой", rules.rounding, "whole"
    yield "Предел на одну заявку, ₽", "нет" if cap is None else roubles(cap), "money"
    yield "Наибольшее число победителей", "нет" if most is None else most, "whole"
