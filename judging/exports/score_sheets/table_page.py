"""All applications in one table: a row an application, a column a criterion, the comments to the right of the marks."""

from collections.abc import Sequence
from fractions import Fraction

from judging.domain.offline.places import Part, Place, written
from judging.exports.score_sheets.application_page import total_of
from judging.exports.score_sheets.checking import NO_CHOICE, Asked, check_formula, check_of, missing, points_formula
from judging.exports.score_sheets.describing import note_of
from judging.exports.score_sheets.layout import MARK, TABLE, row_key, whole_key
from judging.exports.score_sheets.paper import Page, Paper, cell
from judging.exports.score_sheets.words import RECOMMENDATIONS, offered, scale_words, shown_mark
from judging.queries.offline_sheets import OfflineSheet
from judging.queries.rubrics import SheetCriterion

NUMBER, PROJECT, FIRST_MARK = 1, 2, 3
HEAD, FIRST = 3, 4
NOT_JUDGED = "—"
LONGEST_FORMULA = 8000


class TablePage:
    """Writes the table."""

    def __init__(self, paper: Paper, sheets: Sequence[OfflineSheet]) -> None:
        self.sheets = sheets
        self.criteria: dict[str, SheetCriterion] = {}
        for sheet in sheets:
            for criterion in sheet.criteria:
                self.criteria.setdefault(criterion.code, criterion)
        self.codes = list(self.criteria)
        count = len(self.codes)
        self.verdict = FIRST_MARK + count
        self.check, self.total, self.first_comment = self.verdict + 1, self.verdict + 2, self.verdict + 3
        widths = [12, 40, *[14] * count, 22, 14, 12, *[44] * count]
        self.page: Page = paper.add(TABLE, widths)

    def write(self) -> None:
        """Write the head and a row an application."""
        self._head()
        for row, sheet in enumerate(self.sheets, start=FIRST):
            self._row(row, sheet)
        self.page.freeze(FIRST, FIRST_MARK)
        self.page.filter(HEAD, FIRST + len(self.sheets) - 1, self.first_comment + len(self.codes) - 1)

    def _head(self) -> None:
        page, panel = self.page, self.first_comment
        marks = [f"{Part.MARK}|{code}" for code in self.codes]
        comments = [f"{Part.PANEL}|{code}" for code in self.codes]
        verdict = f"{Part.MARK}|{whole_key(Part.RECOMMENDATION)}"
        page.put(0, [MARK, None, None, *marks, verdict, None, None, *comments], "plain")
        page.write(1, 1, "Все заявки в одной таблице: заполняйте жёлтые ячейки, комментарии – справа от оценок", "title")
        page.room(HEAD, [(title, 14) for title in self._titles("")])
        page.put(HEAD, ["Заявка", "Проект", *self._titles(""), "Рекомендация", "Не хватает", "Баллы"], "head", 1)
        page.put(HEAD, self._titles("Комментарий для комиссии: "), "head-panel", panel)
        for place, code in enumerate(self.codes, start=FIRST_MARK):
            page.note(HEAD, place, note_of(self.criteria[code]))

    def _titles(self, before: str) -> list[str]:
        return [f"{before}{code}. {self.criteria[code].title}" for code in self.codes]

    def _row(self, row: int, sheet: OfflineSheet) -> None:
        page, stored, own = self.page, written(sheet.sheet), {item.code: item for item in sheet.criteria}
        page.room(row, [(sheet.title, 40), *((stored.get(Place(Part.PANEL, code), ""), 44) for code in self.codes)], 3)
        page.put(row, [row_key(sheet.review_id), sheet.number, sheet.title], "plain")
        checks, formulas, points = list[str](), list[str](), list[str]()
        for place, code in enumerate(self.codes, start=FIRST_MARK):
            if code not in own:
                page.write(row, place, NOT_JUDGED, "closed")
                continue
            rule, mark = own[code].rule, stored.get(Place(Part.MARK, code), "")
            asked = self._mark(row, place, own[code], mark)
            checks.append(check_of(rule, mark, stored.get(Place(Part.PANEL, code), "")))
            formulas.append(f'({check_formula(asked)}<>"")')
            points.append(points_formula(asked))
        verdict = stored.get(Place(Part.RECOMMENDATION), "")
        page.write(row, self.verdict, RECOMMENDATIONS.get(verdict, ""), "choice")
        page.offer(row, self.verdict, tuple(RECOMMENDATIONS.values()), "Ваша рекомендация", "Выберите ответ из списка.")
        checks.append("" if verdict else NO_CHOICE)
        formulas.append(f'({cell(row, self.verdict)}="")')
        self._sums(row, formulas, missing(checks), points, total_of(sheet, stored))
        for place, code in enumerate(self.codes, start=self.first_comment):
            text = stored.get(Place(Part.PANEL, code), "") if code in own else NOT_JUDGED
            page.write(row, place, text, "text" if code in own else "closed")

    def _mark(self, row: int, place: int, criterion: SheetCriterion, mark: str) -> Asked:
        page, rule, options = self.page, criterion.rule, offered(criterion.rule)
        page.write(row, place, shown_mark(rule, mark) if mark else "", "mark")
        at, comment = cell(row, place), cell(row, self.first_comment + place - FIRST_MARK)
        if options:
            page.offer(row, place, options, f"Оценка {rule.code}", scale_words(rule.scale))
        else:
            bounds = f"AND({at}>={rule.scale.minimum},{at}<={rule.scale.maximum})"
            page.bound(row, place, bounds, f"Оценка {rule.code}", scale_words(rule.scale))
        return Asked(rule, at, comment, page.paper.options(options) if options else "")

    def _sums(self, row: int, checks: list[str], lacking: int, points: list[str], total: Fraction) -> None:
        """What is missing and the points; of a rubric too long for a formula they are figures of the download."""
        check, worth = "0+" + "+".join(checks), f"SUM({','.join(points)})"
        if max(len(check), len(worth)) > LONGEST_FORMULA or len(points) > 200:
            self.page.write(row, self.check, lacking, "whole")
            self.page.write(row, self.total, float(total), "points")
            return
        self.page.formula(row, self.check, check, lacking, "whole")
        self.page.formula(row, self.total, worth, float(total), "points")
