"""The sheet of one application: the question of scope, a row a criterion by groups, the answers about the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from judging.domain.offline.places import OUTSIDE, Part, Place, Written, written
from judging.domain.rubric import ExpertCriterion, in_total, maximum_total
from judging.domain.sheet_rules import GROUP, Asked, Audience
from judging.domain.sheets import audiences
from judging.exports.score_sheets import checking
from judging.exports.score_sheets.columns import ADDRESSED
from judging.exports.score_sheets.describing import meaning, note_of, rule_words
from judging.exports.score_sheets.front_words import deadline_words
from judging.exports.score_sheets.layout import MARK, row_key, whole_key
from judging.exports.score_sheets.paper import Page, Paper, cell
from judging.exports.score_sheets.words import CHOICES, offered, scale_words, shown_mark
from judging.queries.offline_sheets import OfflineSheet, OfflineSheets
from judging.queries.rubrics import SheetCriterion, rules_of

CODE, TITLE, MEANING, SCORE, COMMENT = range(1, 6)
TITLE_WIDTH, MEANING_WIDTH, CHECK_WIDTH = 34, 46, 20
HEAD, FIRST = 5, 6
LEAST = 4
"""Lines that a row has room for at least, so that one sees what is being written."""
OUT_OF_SCOPE = "не по профилю: оценки не нужны"
QUESTIONS: Mapping[Part, tuple[str, str]] = {
    Part.SCOPE: ("Проект по профилю конкурса?", "Если нет, напишите почему; оценки тогда не нужны."),
    Part.CONFIDENCE: ("Уверенность в оценках", "На баллы это не влияет."),
    Part.RECOMMENDATION: ("Ваша рекомендация", "Выберите ответ из списка."),
}


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
    given: OfflineSheets
    stored: Written = field(init=False)
    checks: list[str] = field(default_factory=list)
    marked: list[checking.Asked] = field(default_factory=list)
    scope: str = ""
    """The cell that answers the question of scope, where it is asked."""
    row: int = FIRST

    @classmethod
    def begin(cls, paper: Paper, name: str, sheet: OfflineSheet, given: OfflineSheets) -> "ApplicationPage":
        """Begin a sheet called ``name``."""
        comments = len(audiences(given.asked))
        widths = (8, TITLE_WIDTH, MEANING_WIDTH, 18, *[_comment_width(comments)] * comments, CHECK_WIDTH, 10)
        return cls(paper.add(name, widths), name, sheet, given)

    def __post_init__(self) -> None:
        self.stored = written(self.sheet.sheet)
        self.audiences: tuple[Audience, ...] = audiences(self.given.asked)
        self.check, self.points = COMMENT + len(self.audiences), COMMENT + len(self.audiences) + 1

    def write(self) -> Summary:
        """Write it from top to bottom."""
        self._head()
        if self.given.asked.scope:
            self._scope()
        first = self.row
        for group, criteria in groupby(self.sheet.criteria, key=lambda criterion: criterion.rule.group):
            if group:
                self.page.put(self.row, [group, *[""] * (self.points - CODE)], "group", CODE)
                self.row += 1
            for criterion in criteria:
                self._criterion(criterion)
            if group and self.given.asked.groups:
                self._group(group)
        return self._foot(first)

    def _head(self) -> None:
        sheet, page = self.sheet, self.page
        parts = [audience.value for audience in self.audiences]
        page.put(0, [MARK, *[None] * (SCORE - 1), Part.MARK.value, *parts], "plain")
        page.write(1, CODE, f"Заявка {sheet.number}. {sheet.title}", "title")
        page.write(2, CODE, f"{sheet.cluster}. {deadline_words(self.given)}", "closed")
        page.write(3, CODE, "Заполняйте жёлтые ячейки; остальные защищены.", "closed")
        page.room(HEAD, [(ADDRESSED[one].heading, _comment_width(len(parts))) for one in self.audiences], 2)
        page.put(HEAD, ("Код", "Критерий", "Что означает оценка", "Оценка"), "head", CODE)
        for column, audience in enumerate(self.audiences, start=COMMENT):
            page.write(HEAD, column, ADDRESSED[audience].heading, ADDRESSED[audience].look)
        page.put(HEAD, ("Проверка", "Баллы"), "head", self.check)
        page.freeze(FIRST, MEANING)
        page.repeat(HEAD)

    def _scope(self) -> None:
        self.scope, row = cell(self.row, SCORE), self.row
        reason, answer = self.stored.get(Place(Part.SCOPE_REASON), ""), self.stored.get(Place(Part.SCOPE), "")
        explained = f'IF(LEN(TRIM({cell(row, COMMENT)}))=0,"{checking.NO_SCOPE_REASON}","{OUT_OF_SCOPE}")'
        formula = f'IF({self.scope}="","{checking.NO_CHOICE}",IF({self._is_outside()},{explained},""))'
        outside = OUT_OF_SCOPE if reason.strip() else checking.NO_SCOPE_REASON
        self._question(Part.SCOPE, formula, {"": checking.NO_CHOICE, OUTSIDE: outside}.get(answer, ""))
        self.page.words(row, COMMENT, reason)

    def _is_outside(self) -> str:
        return f'{self.scope}="{CHOICES[Part.SCOPE][OUTSIDE]}"'

    @property
    def _outside(self) -> bool:
        return bool(self.scope) and self.stored.get(Place(Part.SCOPE)) == OUTSIDE

    def _criterion(self, criterion: SheetCriterion) -> None:
        rule, page, row = criterion.rule, self.page, self.row
        mark, comment = (self.stored.get(Place(part, rule.code), "") for part in (Part.MARK, Part.PANEL))
        options = offered(rule)
        asked = checking.Asked(
            rule, cell(row, SCORE), cell(row, COMMENT), page.paper.options(options) if options else ""
        )
        self.marked.append(asked)
        self._words(rule.code, [(criterion.title, TITLE_WIDTH), (meaning(criterion), MEANING_WIDTH)])
        page.write(row, CODE, rule.code, "plain")
        page.write(row, TITLE, criterion.title, "strong")
        page.write(row, MEANING, meaning(criterion), "quiet")
        page.write(row, SCORE, shown_mark(rule, mark) if mark else "", "mark")
        self._checked(checking.check_formula(asked), checking.check_of(rule, mark, comment))
        points = checking.points_of(rule, mark)
        shown = points if isinstance(points, str) else float(points)
        page.formula(row, self.points, checking.points_formula(asked), shown, "points")
        page.note(row, SCORE, note_of(criterion))
        message = f"{scale_words(rule.scale)}. {rule_words(rule)}".strip()
        if options:
            page.offer(row, SCORE, options, f"Оценка {rule.code}", message)
        else:
            page.bound(row, SCORE, checking.fits(asked), f"Оценка {rule.code}", message)
        self.row += 1

    def _group(self, group: str) -> None:
        words = f"Комментарий к группе «{group}»"
        self._words(GROUP + group, [(words, TITLE_WIDTH)])
        self.page.write(self.row, TITLE, words, "quiet")
        self.row += 1

    def _words(self, place: str, texts: Sequence[tuple[str, int]]) -> None:
        """Write the key of a row and its comments, and make room for them."""
        page, width = self.page, _comment_width(len(self.audiences))
        said = [self.stored.get(Place(Part(audience.value), place), "") for audience in self.audiences]
        page.room(self.row, [*texts, *((text, width) for text in said)], LEAST)
        page.write(self.row, 0, row_key(self.sheet.review_id, place), "plain")
        for column, text in enumerate(said, start=COMMENT):
            page.words(self.row, column, text)

    def _checked(self, formula: str, check: str) -> None:
        """Write a check, which is silent about a project outside the scope of the contest."""
        if self.scope:
            formula = f'IF({self._is_outside()},"",{formula})'
        check = "" if self._outside else check
        self.checks.append(check)
        self.page.formula(self.row, self.check, formula, check, "check")

    def _question(self, part: Part, formula: str, check: str) -> None:
        page, (title, hint), words = self.page, QUESTIONS[part], CHOICES[part]
        page.room(self.row, [(hint, MEANING_WIDTH)], 2)
        page.write(self.row, 0, row_key(self.sheet.review_id, whole_key(part)), "plain")
        page.write(self.row, TITLE, title, "strong")
        page.write(self.row, MEANING, hint, "quiet")
        page.write(self.row, SCORE, words.get(self.stored.get(Place(part), ""), ""), "choice")
        page.formula(self.row, self.check, formula, check, "check")
        page.offer(self.row, SCORE, tuple(words.values()), title, hint)
        self.row += 1

    def _asked_of_whole(self, part: Part, asked: Asked) -> None:
        if not asked.is_asked:
            return
        check = checking.NO_CHOICE if asked.is_required and not self.stored.get(Place(part)) else ""
        check = "" if self._outside else check
        self.checks.append(check)
        formula = f'IF({cell(self.row, SCORE)}="","{checking.NO_CHOICE}","")' if asked.is_required else '""'
        self._question(part, f'IF({self._is_outside()},"",{formula})' if self.scope else formula, check)

    def _foot(self, first: int) -> Summary:
        page, last, rules = self.page, self.row - 1, rules_of(self.sheet.criteria)
        most, worth, total_row = maximum_total(rules), checking.total_of(rules, self.sheet.sheet), self.row
        page.write(self.row, TITLE, "Итого", "strong")
        page.write(self.row, MEANING, f"баллов из {most:f}{_said_of_total(rules)}", "quiet")
        points = f"SUM({cell(first, self.points)}:{cell(last, self.points)})"
        page.formula(self.row, self.points, checking.total_formula(self.marked, points), float(worth), "points-strong")
        if most:
            page.formula(
                self.row, self.check, f"{cell(self.row, self.points)}/{most:f}", float(worth / Fraction(most)), "share"
            )
        self.row += 2
        before = self.row
        self._asked_of_whole(Part.CONFIDENCE, self.given.asked.confidence)
        self._asked_of_whole(Part.RECOMMENDATION, self.given.asked.recommendation)
        checks = [f'COUNTIF({cell(first, self.check)}:{cell(last, self.check)},"?*")']
        checks += [f'({cell(row, self.check)}<>"")' for row in range(before, self.row)]
        return self._sums(first, last, "+".join(checks), (cell(total_row, self.points), worth))

    def _sums(self, first: int, last: int, lacking: str, worth: tuple[str, Fraction]) -> Summary:
        page, count = self.page, checking.missing(self.checks)
        if self.scope:
            unexplained = f'({cell(FIRST, self.check)}<>"")*({cell(FIRST, self.check)}<>"{OUT_OF_SCOPE}")'
            lacking = f"{lacking}+{unexplained}"
            answer, reason = self.stored.get(Place(Part.SCOPE)), self.stored.get(Place(Part.SCOPE_REASON))
            count += answer is None or (answer == OUTSIDE and not reason)
        filled = sum(Place(Part.MARK, rule.code) in self.stored for rule in rules_of(self.sheet.criteria))
        self.row += 1
        page.write(self.row, TITLE, "Ещё не заполнено", "strong")
        page.formula(self.row, SCORE, lacking, count, "whole")
        page.write(self.row + 1, TITLE, "Выставлено оценок", "strong")
        page.formula(self.row + 1, SCORE, f"COUNTA({cell(first, SCORE)}:{cell(last, SCORE)})", filled, "whole")
        return Summary(
            self.name, (cell(self.row + 1, SCORE), filled), len(self.sheet.criteria), worth,
            maximum_total(rules_of(self.sheet.criteria)), (cell(self.row, SCORE), count),
        )  # fmt: skip


def _comment_width(count: int) -> int:
    return 60 if count == 1 else 44


def _said_of_total(rules: Sequence[ExpertCriterion]) -> str:
    outside = "" if all(map(in_total, rules)) else "; критерии вне итога в сумму не входят"
    left_out = "; без тех, что оценить нельзя, – в пересчёте на все" if any(rule.may_abstain for rule in rules) else ""
    return outside + left_out
