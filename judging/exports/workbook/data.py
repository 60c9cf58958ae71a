"""The flat data sheets: a header row and one row a fact. Marks, values, weights and the limit are edited here."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from judging.domain.record import ReviewState
from judging.domain.rubric import (
    AnswerStyle,
    BandsCriterion,
    BelowPass,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
)
from judging.domain.rules import BudgetMode
from judging.domain.shares import bases
from judging.exports.facts import CONFIDENCE_WORDS, NOTHING, ReviewFact, moscow, yes_no
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
    GROUP_COMMENTS,
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
TO_APPLICANT, CONFIDENCE = Column("Комментарий заявителю", "wrapped", 60), Column("Уверенность", "text", 13)
CANNOT_JUDGE = "Эксперт не может оценить: критерий не участвует в среднем"
GROUP_COMMENTS_COLUMNS = (
    NUMBER,
    Column("Эксперт", "text", 30),
    Column("Группа", "wrapped", 40),
    Column("Комментарий", "wrapped", 60),
    Column("Комментарий заявителю", "wrapped", 60),
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
SHEET_COLUMNS = (
    Column("Ответы", "text", 16),
    Column("Обязательный", "text", 14),
    Column("Можно не оценивать", "text", 19),
    Column("Ниже порога", "text", 16),
)
ANSWER_WORDS = {
    AnswerStyle.MARKS: "баллы",
    AnswerStyle.YES_NO: "да или нет",
    AnswerStyle.TRAFFIC_LIGHT: "светофор",
}
BELOW_WORDS = {BelowPass.REJECT: "отклонение", BelowPass.PANEL: "решает комиссия"}
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
    export = layout.export
    beside = (*((TO_APPLICANT,) if export.tells_applicant else ()), *((CONFIDENCE,) if export.tells_confidence else ()))
    sheet = book.add(layout.sheet(MARKS), (*MARKS_COLUMNS, *beside))
    for number, code, fact in layout.marks():
        told = (fact.review.to_applicant.get(code) or NOTHING,) if export.tells_applicant else ()
        sure = (_confidence(fact),) if export.tells_confidence else ()
        sheet.append((*_mark_row(number, code, fact), *told, *sure))


def write_group_comments(book: Sheets, layout: Layout) -> None:
    """Write «Комментарии к группам»: what was said of groups of criteria; no sheet where nothing was."""
    rows = [(fact.review.application, fact.review.expert, *said) for fact, *said in layout.export.of_groups()]
    if rows:
        sheet = book.add(layout.sheet(GROUP_COMMENTS), GROUP_COMMENTS_COLUMNS)
        for number, expert, title, words, told in rows:
            sheet.append((number, expert, title, words or NOTHING, told or NOTHING))


def _confidence(fact: ReviewFact) -> str:
    return CONFIDENCE_WORDS[fact.review.confidence] if fact.review.confidence else NOTHING


def _mark_row(number: str, code: str, fact: ReviewFact) -> tuple[Value, ...]:
    review = fact.review
    mark = review.scores.get(code)
    sent = NOTHING if review.submitted_at is None else moscow(review.submitted_at)
    missing = "Нет балла" if mark is None and review.state is ReviewState.SUBMITTED else ""
    if code in review.abstained:
        missing = CANNOT_JUDGE
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
    grouped, richer = bool(layout.groups), any(map(_says_more, layout.criteria))
    beside = (*((GROUP,) if grouped else ()), *(SHEET_COLUMNS if richer else ()))
    sheet = book.add(layout.sheet(CRITERIA), (*CRITERIA_COLUMNS, *beside))
    for row, criterion in enumerate(layout.criteria, start=FIRST):
        kind, *rest = _criterion_cells(criterion, layout, row)
        group = (criterion.group or NOTHING,) if grouped else ()
        more = _sheet_cells(criterion) if richer else ()
        sheet.append((criterion.code, criterion.title, kind, criterion.weight, *rest, *group, *more))


def _says_more(criterion: Criterion) -> bool:
    """Say whether there is something to tell of a criterion in the columns of the sheet."""
    usual = _sheet_cells(ExpertCriterion("", "", Decimal(0), Scale(Decimal(0), Decimal(1), Decimal(1))))
    return isinstance(criterion, ExpertCriterion) and _sheet_cells(replace(criterion, pass_mark=None)) != usual


def _sheet_cells(criterion: Criterion) -> tuple[Value, ...]:
    if not isinstance(criterion, ExpertCriterion):
        return (NOTHING,) * len(SHEET_COLUMNS)
    below = BELOW_WORDS[criterion.below_pass] if criterion.pass_mark is not None or _panel(criterion) else NOTHING
    return (ANSWER_WORDS[criterion.answers], yes_no(criterion.required), yes_no(criterion.may_abstain), below)


def _panel(criterion: ExpertCriterion) -> bool:
    return criterion.below_pass is BelowPass.PANEL


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
    if rules.below_pass is BelowPass.PANEL:
        yield "Ниже порога итога", BELOW_WORDS[rules.below_pass], "text"
