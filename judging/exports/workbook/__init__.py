"""The ranked workbook: flat data sheets and a ranking that recomputes itself by formulas.

A contest with nominations has all these sheets for each of them, and one before them that says which is which.

Only :mod:`.book` knows the library that writes the file.
"""

from judging.exports.facts import RankingExport, marked, moscow
from judging.exports.workbook.book import Book, footer_text
from judging.exports.workbook.checks import Checks
from judging.exports.workbook.data import (
    write_bands,
    write_budget,
    write_criteria,
    write_divergences,
    write_group_comments,
    write_indicators,
    write_marks,
    write_outside,
)
from judging.exports.workbook.formulas import precision
from judging.exports.workbook.layout import MOST_KEY_COMPARISONS, Layout
from judging.exports.workbook.method import write_method
from judging.exports.workbook.nominations import write_nominations
from judging.exports.workbook.ranking import RankingSheets
from judging.exports.workbook.reference import write_reference


def ranked_workbook(export: RankingExport, *, most_comparisons: int = MOST_KEY_COMPARISONS) -> bytes:
    """Return the workbook as an .xlsx file.

    Above ``most_comparisons`` formulas name the very rows of their data instead of finding them by key.
    """
    terms = export.record.contest
    book = Book(terms.rules.rounding, _footer(export))
    book.describe(marked(terms.code, f"Рейтинг. {terms.title}"), export.made_by, export.made_at)
    if not terms.nominations:
        _write(book, Layout(export, most_comparisons))
        return book.close()
    layouts = [Layout(part, most_comparisons, place) for place, part in enumerate(export.parts, start=1)]
    write_nominations(book, layouts)
    for layout in layouts:
        _write(book, layout)
    return book.close()


def _write(book: Book, layout: Layout) -> None:
    """Write all sheets of a contest without nominations, or of one nomination."""
    terms = layout.export.record.contest
    exact = precision(terms.criteria, terms.rules.rounding)
    sheets = RankingSheets(layout, exact)
    sheets.write_ranking(book)
    sheets.write_points(book)
    write_marks(book, layout)
    write_group_comments(book, layout)
    for write in (write_indicators, write_criteria, write_bands, write_divergences, write_outside):
        write(book, layout)
    write_budget(book, layout)
    write_method(book, layout, exact)
    Checks(layout).write(book)
    write_reference(book, layout)


def _footer(export: RankingExport) -> str:
    number, digest = export.snapshot_number, export.snapshot_sha256 or ""
    snapshot = "текущее состояние" if number is None else f"снимок № {number} {digest[:12]}"
    made = f"{moscow(export.made_at):%d.%m.%Y %H:%M} МСК"
    code = export.record.contest.code
    return footer_text((marked(code, code), export.record.contest.title, snapshot, made))
