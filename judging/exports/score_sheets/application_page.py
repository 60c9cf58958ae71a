"""The sheet of one application: a row a criterion under the headings of the groups, then what is said of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from judging.domain.offline.places import Part, Place, Written, written
from judging.domain.rubric import ExpertCriterion, in_total, maximum_total
from judging.exports.score_sheets.checking import (
    NO_CHOICE,
    Asked,
    check_formula,
    check_of,
    missing,
    points_formula,
    points_of,
)
from judging.exports.score_sheets.describing import meaning, note_of, rule_words
from judging.exports.score_sheets.layout import MARK, row_key, whole_key
from judging.exports.score_sheets.paper import Page, Paper, cell
from judging.exports.score_sheets.words import RECOMMENDATIONS, offered, scale_words, shown_mark
from judging.queries.offline_sheets import OfflineSheet
from judging.queries.rubrics import SheetCriterion

CODE, TITLE, MEANING, SCORE, PANEL, CHECK, POINTS = range(1, 8)
HEADINGS = ("Код", "Критерий", "Что означает оценка", "Оценка", "Комментарий для комиссии", "Проверка", "Баллы")
WIDTHS = (8, 34, 44, 16, 60, 20, 10)
HEAD, FIRST = 5, 6
LEAST = 4
"""Lines that a row has room for at least, so that one sees what is being written."""


@dataclass(frozen=True)
class Summary:
    """Where the sheet says how far it is, for the overview: the cells, and what stands in them now."""

    name: str
    filled: tuple[str, int]
    criteria: int
    total: tuple[str, Fraction]
    maximum: Decimal
    missing: tuple[str, int]


@dataclass
class ApplicationPage:
    """Writes the sheet of one application."""

    page: Page
    name: str
    sheet: OfflineSheet
    deadline: str
    stored: Written = field(init=False)
    checks: list[str] = field(default_factory=list)
    row: int = FIRST

    @classmethod
    def begin(cls, paper: Paper, name: str, sheet: OfflineSheet, deadline: str) -> "ApplicationPage":
        """Begin a sheet called ``name``."""
        return cls(paper.add(name, WIDTHS), name, sheet, deadline)

    def __post_init__(self) -> None:
        self.stored = written(self.sheet.sheet)

    def write(self) -> Summary:
        """Write it from top to bottom."""
        self._head()
        group = ""
        for criterion in self.sheet.criteria:
            if criterion.rule.group and criterion.rule.group != group:
                self.page.put(self.row, [criterion.rule.group, *[""] * 6], "group", CODE)
                self.row += 1
            group = criterion.rule.group
            self._criterion(criterion)
        return self._foot()

    def _head(self) -> None:
        sheet, page = self.sheet, self.page
        keys = [None] * (POINTS + 1)
        page.put(0, [MARK, *keys[1:SCORE], Part.MARK.value, Part.PANEL.value], "plain")
        page.write(1, CODE, f"Заявка {sheet.number}. {sheet.title}", "title")
        page.write(2, CODE, f"{sheet.cluster}. {self.deadline}", "closed")
        page.write(3, CODE, "Заполняйте жёлтые ячейки; остальные защищены.", "closed")
        page.put(HEAD, HEADINGS[: SCORE - 1], "head", CODE)
        page.write(HEAD, SCORE, HEADINGS[SCORE - 1], "head")
        page.write(HEAD, PANEL, HEADINGS[PANEL - 1], "head-panel")
        page.put(HEAD, HEADINGS[PANEL:], "head", CHECK)
        page.freeze(FIRST, MEANING)
        page.repeat(HEAD)

    def _criterion(self, criterion: SheetCriterion) -> None:
        rule, page, row = criterion.rule, self.page, self.row
        mark, comment = (self.stored.get(Place(part, rule.code), "") for part in (Part.MARK, Part.PANEL))
        options = offered(rule)
        listed = page.paper.options(options) if options else ""
        asked = Asked(rule, cell(row, SCORE), cell(row, PANEL), listed)
        texts = {TITLE: criterion.title, MEANING: meaning(criterion), PANEL: comment}
        page.room(row, [(text, WIDTHS[column - 1]) for column, text in texts.items()], LEAST)
        page.write(row, 0, row_key(self.sheet.review_id, rule.code), "plain")
        page.write(row, CODE, rule.code, "plain")
        page.write(row, TITLE, criterion.title, "strong")
        page.write(row, MEANING, meaning(criterion), "quiet")
        page.write(row, SCORE, shown_mark(rule, mark) if mark else "", "mark")
        page.write(row, PANEL, comment, "text")
        check = check_of(rule, mark, comment)
        self.checks.append(check)
        page.formula(row, CHECK, check_formula(asked), check, "check")
        page.formula(row, POINTS, points_formula(asked), _shown(points_of(rule, mark)), "points")
        page.note(row, SCORE, note_of(criterion))
        message = f"{scale_words(rule.scale)}. {rule_words(rule)}".strip()
        if options:
            page.offer(row, SCORE, options, f"Оценка {rule.code}", message)
        else:
            scale, at = rule.scale, asked.mark
            page.bound(row, SCORE, f"AND({at}>={scale.minimum},{at}<={scale.maximum})", f"Оценка {rule.code}", message)
        self.row += 1

    def _foot(self) -> Summary:
        page, last = self.page, self.row - 1
        rules = [criterion.rule for criterion in self.sheet.criteria]
        total = total_of(self.sheet, self.stored)
        marks = sum(Place(Part.MARK, rule.code) in self.stored for rule in rules)
        page.write(self.row, TITLE, "Итого", "strong")
        most = maximum_total(rules)
        page.write(self.row, MEANING, f"баллов из {most:f}" + _outside(rules), "quiet")
        points = f"SUM({cell(FIRST, POINTS)}:{cell(last, POINTS)})"
        page.formula(self.row, POINTS, points, total, "points-strong")
        if most:
            share = f"{cell(self.row, POINTS)}/{most:f}"
            page.formula(self.row, CHECK, share, total / Fraction(most), "share")
        total_row = self.row
        self.row += 2
        self._recommendation()
        lacking = f'COUNTIF({cell(FIRST, CHECK)}:{cell(last, CHECK)},"?*")+({cell(self.row, CHECK)}<>"")'
        filled = f"COUNTA({cell(FIRST, SCORE)}:{cell(last, SCORE)})"
        self.row += 2
        page.write(self.row, TITLE, "Ещё не заполнено", "strong")
        page.formula(self.row, SCORE, lacking, missing(self.checks), "whole")
        page.write(self.row + 1, TITLE, "Выставлено оценок", "strong")
        page.formula(self.row + 1, SCORE, filled, marks, "whole")
        return Summary(
            self.name,
            (cell(self.row + 1, SCORE), marks),
            len(rules),
            (cell(total_row, POINTS), total),
            most,
            (cell(self.row, SCORE), missing(self.checks)),
        )

    def _recommendation(self) -> None:
        page, row, chosen = self.page, self.row, self.stored.get(Place(Part.RECOMMENDATION), "")
        page.room(row, [], 2)
        page.write(row, 0, row_key(self.sheet.review_id, whole_key(Part.RECOMMENDATION)), "plain")
        page.write(row, TITLE, "Ваша рекомендация", "strong")
        page.write(row, MEANING, "Выберите ответ из списка", "quiet")
        page.write(row, SCORE, RECOMMENDATIONS.get(chosen, ""), "choice")
        page.formula(row, CHECK, f'IF({cell(row, SCORE)}="","{NO_CHOICE}","")', "" if chosen else NO_CHOICE, "check")
        self.checks.append("" if chosen else NO_CHOICE)
        options = tuple(RECOMMENDATIONS.values())
        page.offer(row, SCORE, options, "Ваша рекомендация", "Выберите ответ из списка.")


def total_of(sheet: OfflineSheet, stored: Written) -> Fraction:
    """Return the points of the marks that a sheet has."""
    given = (points_of(item.rule, stored.get(Place(Part.MARK, item.code), "")) for item in sheet.criteria)
    return sum((worth for worth in given if isinstance(worth, Fraction)), Fraction(0))


def _shown(points: Fraction | str) -> Decimal | str | float:
    return points if isinstance(points, str) else float(points)


def _outside(rules: Sequence[ExpertCriterion]) -> str:
    return "" if all(map(in_total, rules)) else "; критерии вне итога в сумму не входят"
