"""Flat tables, and the ranking as JSON.

Each is a :class:`Table`, written as CSV for programs and as a plain sheet (:mod:`.sheets`) for people.

CSV: UTF-8 with a byte order mark, semicolons, CRLF, decimal commas. A text that a spreadsheet would take for a formula
(`= + - @`, tab, carriage return, their full-width twins) gets an apostrophe in front, and so does a text that begins
with an apostrophe: taking one leading apostrophe away gives every text back unchanged. Numbers are left alone.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from io import StringIO
from itertools import chain, islice
from typing import NamedTuple

from judging.domain.ranking import ranking_document
from judging.domain.record import Recommendation, ReviewState
from judging.domain.review_totals import review_totals
from judging.domain.rubric import counting_criteria, expert_criteria
from judging.domain.scoring import round_half_up, rounded_totals
from judging.domain.spread import Spread, spread
from judging.exports.facts import (
    CONFIDENCE_WORDS,
    OUTCOME_WORDS,
    PREVIOUS_TOTAL,
    RankingExport,
    ReviewFact,
    moscow,
    passed_word,
    yes_no,
)
from judging.exports.money import roubles

Cell = str | int | Decimal | date | None


class Table(NamedTuple):
    """A flat table: its headings, and rows of as many cells, which may be read once."""

    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
BEGINNINGS = frozenset(DANGEROUS)
SPECIAL = re.compile(r'["\r\n]')
PART = 800
"""Rows that are joined at a time: large enough that joining is cheap, small enough to be sent as it comes."""
RANKING_HEADINGS = (
    "Место", "Рег. номер", "Подана (МСК)", "Кластер", "Регион", "Инициатор", "ИНН", "Проект", "Стоимость, ₽",
    "Запрошено, ₽", "Расчётные баллы", "Экспертные баллы", "Итог", "Порог пройден", "Делит место", "Исход", "Сумма, ₽",
)  # fmt: skip
MARKS_HEADINGS = (
    "Рег. номер", "Эксперт", "Критерий", "Балл", "Комментарий", "Отправлена (МСК)", "Дополнительная", "Учтена",
    "Причина",
)  # fmt: skip
REVIEWS_HEADINGS = (
    "Рег. номер", "Эксперт", "Состояние", "Отправлена (МСК)", "Дополнительная", "Учтена", "Причина", "Итог",
    "Рекомендация",
)  # fmt: skip
SPREAD_HEADINGS = (
    "Рег. номер", "Проект", "Критерий", "Оценок", "Среднее", "Медиана", "Наименьшая", "Наибольшая",
    "Стандартное отклонение",
)  # fmt: skip
NOMINATION = "Номинация"
TO_APPLICANT, CONFIDENCE = ("Комментарий заявителю",), ("Уверенность",)
GROUP_OF = "Группа: "
OUTSIDE = "(вне итога)"
WHOLE = "Итог эксперта"
"""The row of an application's weighted totals, above those of its criteria."""
STATE_WORDS = {
    ReviewState.ASSIGNED: "назначена",
    ReviewState.SUBMITTED: "отправлена",
    ReviewState.RECUSED: "самоотвод",
}
RECOMMENDATION_WORDS = {
    Recommendation.SUPPORT: "поддержать",
    Recommendation.SUPPORT_WITH_CONDITIONS: "поддержать с условиями",
    Recommendation.DO_NOT_SUPPORT: "не поддерживать",
}


def ranking_table(export: RankingExport) -> Table:
    """Return the ranking: the columns of the workbook's «Рейтинг», then a column of points for each criterion.

    Of a criterion outside the total the column has the mark, and its heading says so.
    Of a next stage also the total of the stage before, in the last column.
    """
    codes = [item.code for item in export.record.contest.criteria]
    counting = {item.code for part in export.parts for item in counting_criteria(part.record.contest.criteria)}
    headings = (code if code in counting else f"{code} {OUTSIDE}" for code in codes)
    table = Table((*RANKING_HEADINGS, *headings), _ranking_rows(export, codes))
    totals = export.previous_totals
    if totals is not None:
        beside = ((*row, totals.get(str(row[1]))) for row in table.rows)
        table = Table((*table.headings, PREVIOUS_TOTAL), beside)
    return _nominated(export, table, 1)


def marks_table(export: RankingExport) -> Table:
    """Return all marks: a row for each application, expert and expert criterion, with the comment.

    Comments on groups of criteria have rows of their own after those of the marks.
    """
    beside = (*(TO_APPLICANT if export.tells_applicant else ()), *(CONFIDENCE if export.tells_confidence else ()))
    return _nominated(export, Table((*MARKS_HEADINGS, *beside), _marks_rows(export)), 0)


def reviews_table(export: RankingExport) -> Table:
    """Return all reviews, one a row, with a column of marks for each expert criterion."""
    codes = [item.code for item in expert_criteria(export.record.contest.criteria)]
    return _nominated(export, Table((*REVIEWS_HEADINGS, *codes), _reviews_rows(export, codes)), 0)


def spread_table(export: RankingExport) -> Table:
    """Return the statistics of the counted reviews: of each application its weighted totals, then each criterion."""
    return _nominated(export, Table(SPREAD_HEADINGS, _spread_rows(export)), 0)


def _nominated(export: RankingExport, table: Table, number: int) -> Table:
    """Put «Номинация» before the other columns of a contest that has some; ``number``: the column of the number."""
    titles = export.nominated
    if not export.record.contest.nominations:
        return table
    return Table((NOMINATION, *table.headings), ((titles.get(str(row[number])), *row) for row in table.rows))


def ranking_json(export: RankingExport) -> bytes:
    """Return the ranking as the JSON of the contest-archive format, to the letter: no line end after the last brace."""
    document = ranking_document(export.ranking, export.record.contest.rules.rounding)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def csv_parts(table: Table) -> Iterator[bytes]:
    """Yield a CSV file in parts of some hundred rows, the byte order mark first."""
    yield b"\xef\xbb\xbf"
    rows = chain([table.headings], table.rows)
    while part := list(islice(rows, PART)):
        columns = [_column(cells) for cells in zip(*part, strict=True)]
        yield _joined(list(zip(*columns, strict=True))).encode()


def _column(cells: Sequence[Cell]) -> Sequence[str]:
    """Write the cells of a column; of those that stand in it many times (a number, a mark, a state) each once."""
    different = {id(cell): cell for cell in cells}
    if 2 * len(different) > len(cells):
        return [*map(written, cells)]
    texts = {key: written(cell) for key, cell in different.items()}
    return [texts[id(cell)] for cell in cells]


def _joined(rows: Sequence[Sequence[str]]) -> str:
    """Join cells that need no quotes, which most parts of a file are; else let the library quote what needs it."""
    lines = [";".join(cells) for cells in rows]
    text = "\r\n".join(lines)
    separators, ends = sum(map(len, rows)) - len(rows), len(rows) - 1
    if '"' not in text and text.count(";") == separators and text.count("\n") == text.count("\r") == ends:
        return f"{text}\r\n"
    return "".join(
        f"{line}\r\n" if line.count(";") == len(cells) - 1 and not SPECIAL.search(line) else _quoted(cells)
        for line, cells in zip(lines, rows, strict=True)
    )


def _quoted(cells: Sequence[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def written(cell: Cell) -> str:
    """Write one cell: see the module for the rules of text."""
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] in BEGINNINGS else cell
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        text = str(cell)
        return (f"{cell:f}" if "E" in text else text).replace(".", ",")
    if isinstance(cell, datetime):
        return _instant(cell, cell.tzinfo)
    return str(cell) if isinstance(cell, int) else f"{cell:%d.%m.%Y}"


@lru_cache(maxsize=1024)
def _instant(cell: datetime, _zone: tzinfo | None) -> str:
    """Write an instant by the clock of its own zone; it stands in every row of a review."""
    return f"{cell:%d.%m.%Y %H:%M:%S}"


def _ranking_rows(export: RankingExport, codes: Sequence[str]) -> Iterator[Sequence[Cell]]:
    for entry in export.rows:
        placing, item = entry.placing, entry.application
        yield (
            placing.place,
            placing.number,
            moscow(item.submitted_at),
            entry.cluster.name,
            entry.cluster.region,
            entry.initiator.name,
            entry.initiator.inn,
            item.title,
            roubles(item.total_cost),
            roubles(item.requested),
            placing.computed,
            placing.expert,
            placing.total,
            passed_word(placing),
            yes_no(placing.tied),
            OUTCOME_WORDS[placing.outcome],
            roubles(placing.amount),
            *(placing.outside.get(code, placing.criteria.get(code)) for code in codes),
        )


def _marks_rows(export: RankingExport) -> Iterator[Sequence[Cell]]:
    for part in export.parts:
        yield from _marks_of_part(part)


def _marks_of_part(export: RankingExport) -> Iterator[Sequence[Cell]]:
    codes = [item.code for item in expert_criteria(export.record.contest.criteria)]
    for fact in export.facts():
        review, sent = fact.review, _sent(fact)
        part = (sent, yes_no(review.additional), yes_no(fact.counted), fact.reason)
        number, expert, marks, comments = review.application, review.expert, review.scores, review.comments
        sure = (review.confidence and CONFIDENCE_WORDS[review.confidence],) if export.tells_confidence else ()
        for code in codes:
            told = (review.to_applicant.get(code),) if export.tells_applicant else ()
            yield number, expert, code, marks.get(code), comments.get(code), *part, *told, *sure
    for fact, title, words, told_applicant in export.of_groups():
        counted = (_sent(fact), yes_no(fact.review.additional), yes_no(fact.counted), fact.reason)
        told = (told_applicant or None,) if export.tells_applicant else ()
        sure = (None,) if export.tells_confidence else ()
        who = (fact.review.application, fact.review.expert, f"{GROUP_OF}{title}")
        yield *who, None, words or None, *counted, *told, *sure


def _reviews_rows(export: RankingExport, codes: Sequence[str]) -> Iterator[Sequence[Cell]]:
    for part in export.parts:
        yield from _reviews_of_part(part, codes)


def _reviews_of_part(export: RankingExport, codes: Sequence[str]) -> Iterator[Sequence[Cell]]:
    terms = export.record.contest
    handed_in = [fact.review for fact in export.facts() if fact.review.state is ReviewState.SUBMITTED]
    total = rounded_totals(terms.criteria, handed_in, terms.rules.rounding)
    for fact in export.facts():
        review = fact.review
        submitted = review.state is ReviewState.SUBMITTED
        yield (
            review.application,
            review.expert,
            STATE_WORDS[review.state],
            _sent(fact),
            yes_no(review.additional),
            yes_no(fact.counted),
            fact.reason,
            total(review) if submitted else None,
            review.recommendation and RECOMMENDATION_WORDS[review.recommendation],
            *(review.scores.get(code) for code in codes),
        )


def _spread_rows(export: RankingExport) -> Iterator[Sequence[Cell]]:
    for part in export.parts:
        yield from _spread_of_part(part)


def _spread_of_part(export: RankingExport) -> Iterator[Sequence[Cell]]:
    terms = export.record.contest
    counted = defaultdict(list)
    for fact in export.facts():
        if fact.counted and not fact.agreed:
            counted[fact.review.application].append(fact.review)
    for entry in export.rows:
        reviews = counted[entry.placing.number]
        named = (entry.placing.number, entry.application.title)
        totals = review_totals(terms.criteria, reviews)
        yield *named, WHOLE, *_spread_cells(spread(totals), terms.rules.rounding)
        for item in expert_criteria(terms.criteria):
            marks = [review.scores[item.code] for review in reviews if item.code in review.scores]
            yield *named, item.code, *_spread_cells(spread(marks), terms.rules.rounding)


def _spread_cells(found: Spread | None, places: int) -> Sequence[Cell]:
    if found is None:
        return 0, None, None, None, None, None
    exact = (found.mean, found.median, found.least, found.greatest)
    deviation = None if found.deviation is None else round_half_up(Fraction(found.deviation), places)
    return found.count, *(round_half_up(value, places) for value in exact), deviation


def _sent(fact: ReviewFact) -> datetime | None:
    return fact.review.submitted_at and moscow(fact.review.submitted_at)
