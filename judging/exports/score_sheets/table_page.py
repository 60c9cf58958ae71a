"""All applications in one table: a row an application, a column a criterion, the comments to the right of the marks."""

from dataclasses import dataclass
from fractions import Fraction

from judging.domain.offline.places import OUTSIDE, Part, Place, Written, places_of, written
from judging.domain.sheet_rules import GROUP, Audience
from judging.domain.sheets import audiences
from judging.exports.score_sheets.application_page import QUESTIONS
from judging.exports.score_sheets.checking import (
    Asked,
    check_formula,
    check_of,
    fits,
    missing,
    points_formula,
    total_formula,
    total_of,
)
from judging.exports.score_sheets.columns import ADDRESSED
from judging.exports.score_sheets.describing import note_of
from judging.exports.score_sheets.layout import MARK, TABLE, row_key, whole_key
from judging.exports.score_sheets.paper import Page, Paper, cell
from judging.exports.score_sheets.words import CHOICES, offered, scale_words, shown_mark
from judging.queries.offline_sheets import OfflineSheet, OfflineSheets
from judging.queries.rubrics import SheetCriterion, rules_of

HEAD, FIRST = 3, 4
CHECK, TOTAL, FIRST_COLUMN = 3, 4, 5
NOT_JUDGED = "—"
LONGEST_FORMULA = 8000
MOST_SUMMED = 200


@dataclass(frozen=True)
class Column:
    """A column that is filled: its place on every sheet, its key, its heading and how wide it is."""

    place: Place
    key: str
    heading: str
    look: str = "head"
    width: int = 14


class TablePage:
    """Writes the table."""

    def __init__(self, paper: Paper, given: OfflineSheets) -> None:
        self.given = given
        self.criteria: dict[str, SheetCriterion] = {}
        for sheet in given.sheets:
            for criterion in sheet.criteria:
                self.criteria.setdefault(criterion.code, criterion)
        self.columns = self._columns()
        self.at = {column.place: index for index, column in enumerate(self.columns, start=FIRST_COLUMN)}
        widths = [12, 40, 12, 10, *(column.width for column in self.columns)]
        self.page: Page = paper.add(TABLE, widths)

    def write(self) -> None:
        """Write the head and a row an application."""
        self._head()
        for row, sheet in enumerate(self.given.sheets, start=FIRST):
            self._row(row, sheet)
        self.page.freeze(FIRST, FIRST_COLUMN)
        self.page.filter(HEAD, FIRST + len(self.given.sheets) - 1, FIRST_COLUMN + len(self.columns) - 1)

    def _columns(self) -> list[Column]:
        """Marks and answers first, then the comments, those to one audience beside each other."""
        found, comments = list[Column](), dict[Audience, list[Column]]()
        rules = [item.rule for item in self.criteria.values()]
        for place in places_of(rules, self.given.asked):
            if place.part is Part.MARK:
                found.append(Column(place, f"{Part.MARK}|{place.code}", self._titled(place.code)))
            elif place.part in CHOICES:
                key = f"{Part.MARK}|{whole_key(place.part)}"
                found.append(Column(place, key, QUESTIONS[place.part][0], width=20))
            elif place.part is Part.SCOPE_REASON:
                key = f"{Part.PANEL}|{whole_key(Part.SCOPE)}"
                found.append(Column(place, key, "Почему не по профилю", width=30))
            else:
                audience = Audience(place.part.value)
                heading, look, _ = ADDRESSED[audience]
                title = f"{heading}. {self._titled(place.code)}"
                column = Column(place, f"{place.part}|{place.code}", title, look, 44)
                comments.setdefault(audience, []).append(column)
        return [*found, *(column for one in audiences(self.given.asked) for column in comments.get(one, ()))]

    def _titled(self, code: str) -> str:
        return (
            f"Группа «{code.removeprefix(GROUP)}»" if code.startswith(GROUP) else f"{code}. {self.criteria[code].title}"
        )

    def _head(self) -> None:
        page = self.page
        page.put(0, [MARK, *[None] * (FIRST_COLUMN - 1), *(column.key for column in self.columns)], "plain")
        page.write(1, 1, "Все заявки в одной таблице: заполняйте жёлтые ячейки; комментарии – справа", "title")
        page.room(HEAD, [(column.heading, column.width) for column in self.columns])
        page.put(HEAD, ["Заявка", "Проект", "Не хватает", "Баллы"], "head", 1)
        for index, column in enumerate(self.columns, start=FIRST_COLUMN):
            page.write(HEAD, index, column.heading, column.look)
            if column.place.part is Part.MARK:
                page.note(HEAD, index, note_of(self.criteria[column.place.code]))

    def _row(self, row: int, sheet: OfflineSheet) -> None:
        page, stored = self.page, written(sheet.sheet)
        own = set(places_of(rules_of(sheet.criteria), self.given.asked))
        texts = [(stored.get(column.place, ""), column.width) for column in self.columns if column.look != "head"]
        page.room(row, [(sheet.title, 40), *texts], 3)
        page.put(row, [row_key(sheet.review_id), sheet.number, sheet.title], "plain")
        for index, column in enumerate(self.columns, start=FIRST_COLUMN):
            if column.place not in own:
                page.write(row, index, NOT_JUDGED, "closed")
            elif column.place.part is Part.MARK:
                self._mark(row, index, stored.get(column.place, ""), column.place.code)
            elif column.place.part in CHOICES:
                words, (title, hint) = CHOICES[column.place.part], QUESTIONS[column.place.part]
                page.write(row, index, words.get(stored.get(column.place, ""), ""), "choice")
                page.offer(row, index, tuple(words.values()), title, hint)
            else:
                page.words(row, index, stored.get(column.place, ""))
        self._sums(row, sheet, stored)

    def _mark(self, row: int, column: int, mark: str, code: str) -> None:
        page, rule = self.page, self.criteria[code].rule
        options, asked = offered(rule), self._asked(row, self.criteria[code])
        page.write(row, column, shown_mark(rule, mark) if mark else "", "mark")
        if options:
            page.offer(row, column, options, f"Оценка {code}", scale_words(rule.scale))
        else:
            page.bound(row, column, fits(asked), f"Оценка {code}", scale_words(rule.scale))

    def _asked(self, row: int, criterion: SheetCriterion) -> Asked:
        options, code = offered(criterion.rule), criterion.code
        mark, comment = (cell(row, self.at[Place(part, code)]) for part in (Part.MARK, Part.PANEL))
        return Asked(criterion.rule, mark, comment, self.page.paper.options(options) if options else "")

    def _sums(self, row: int, sheet: OfflineSheet, stored: Written) -> None:
        """What is missing and the points; of a rubric too long for a formula they are figures of the download."""
        asked = [self._asked(row, criterion) for criterion in sheet.criteria]
        formulas = [f'({check_formula(one)}<>"")' for one in asked]
        checks = [
            check_of(rule, stored.get(Place(Part.MARK, rule.code), ""), stored.get(Place(Part.PANEL, rule.code), ""))
            for rule in rules_of(sheet.criteria)
        ]
        for part, question in self._required().items():
            formulas.append(f'({cell(row, self.at[Place(part)])}="")' if question else "0")
            checks.append("" if not question or stored.get(Place(part)) else "x")
        check, lacking = "+".join(["0", *formulas]), missing(checks)
        if self.given.asked.scope:
            said, why = (cell(row, self.at[Place(part)]) for part in (Part.SCOPE, Part.SCOPE_REASON))
            check = f'IF({said}="{CHOICES[Part.SCOPE][OUTSIDE]}",IF(LEN(TRIM({why}))=0,1,0),{check}+({said}=""))'
            answer, reason = stored.get(Place(Part.SCOPE)), stored.get(Place(Part.SCOPE_REASON))
            lacking = int(not reason) if answer == OUTSIDE else lacking + (answer is None)
        points = total_formula(asked, f"SUM({','.join(points_formula(one, '0') for one in asked)})")
        worth = total_of(rules_of(sheet.criteria), sheet.sheet)
        self._written(row, (check, lacking), (points, worth), many=len(asked) > MOST_SUMMED)

    def _required(self) -> dict[Part, bool]:
        asked = self.given.asked
        whole = {Part.CONFIDENCE: asked.confidence, Part.RECOMMENDATION: asked.recommendation}
        return {part: question.is_required for part, question in whole.items() if question.is_asked}

    def _written(self, row: int, check: tuple[str, int], points: tuple[str, Fraction], *, many: bool) -> None:
        if many or max(len(check[0]), len(points[0])) > LONGEST_FORMULA:
            self.page.write(row, CHECK, check[1], "whole")
            self.page.write(row, TOTAL, float(points[1]), "points")
            return
        self.page.formula(row, CHECK, check[0], check[1], "whole")
        self.page.formula(row, TOTAL, points[0], float(points[1]), "points")
