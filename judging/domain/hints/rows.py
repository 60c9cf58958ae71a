"""Rows of marks: the same for every application, the same in every criterion, at the ends of the scales alone.

Each is compared with what the other experts gave to the very same applications: a rubric of a few coarse questions to
which everybody answers alike says nothing about anybody.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from judging.domain.hints.sheets import FEWEST, Hint, HintKind, JudgedSheet, Panel

MOSTLY = 0.8
"""The share of an expert's sheets that is «nearly all»: eight of ten, so that two honest looks do not hide the rest."""
AT_ENDS = 0.9
"""The share of marks at the ends of their scales that is «only»."""
OTHERS_AT_MOST = 0.5
"""Where half of the others' sheets on the same applications are such, the projects or the rubric are the reason."""
FEWEST_CRITERIA = 3
"""Marks that a row has at least: of one or two the same ones come together by chance."""
ONE_OFF_FROM = 5
"""From so many criteria on a row that differs from another in one mark alone is the same row."""

Row = tuple[tuple[str, str], ...]


def same_rows(panel: Panel, sheets: Sequence[JudgedSheet]) -> Hint | None:
    """The same marks for nearly all applications."""
    full = [sheet for sheet in sheets if len(sheet.marks) >= FEWEST_CRITERIA]
    alike, row = _commonest(full)
    others = panel.beside(full)
    if not _stands_out(len(alike), len(full)) or not others:
        return None
    if len(_commonest(others)[0]) / len(others) > OTHERS_AT_MOST:
        return None
    facts = {"alike": len(alike), "of": len(full), "row": dict(row)}
    return Hint(HintKind.SAME_ROWS, sheets[0].expert, tuple(sheet.review for sheet in alike), facts)


def flat_rows(panel: Panel, sheets: Sequence[JudgedSheet]) -> Hint | None:
    """In nearly every sheet one and the same mark in all criteria, from sheet to sheet not the same one."""
    full = [sheet for sheet in sheets if len(sheet.marks) > FEWEST_CRITERIA]
    flat, others = [sheet for sheet in full if _is_flat(sheet)], panel.beside(full)
    if not _stands_out(len(flat), len(full)) or not others or same_rows(panel, sheets) is not None:
        return None
    if sum(map(_is_flat, others)) / len(others) > OTHERS_AT_MOST:
        return None
    facts = {"alike": len(flat), "of": len(full)}
    return Hint(HintKind.FLAT_ROWS, sheets[0].expert, tuple(sheet.review for sheet in flat), facts)


def extremes(panel: Panel, sheets: Sequence[JudgedSheet]) -> Hint | None:
    """Nothing but the lowest and the highest marks, where the others use the middle of the scales."""
    at_ends, given = _at_ends(panel, sheets)
    if len(sheets) < FEWEST or not given or at_ends / given < AT_ENDS:
        return None
    theirs, all_of_them = _at_ends(panel, panel.beside(sheets))
    if not all_of_them or theirs / all_of_them > OTHERS_AT_MOST or same_rows(panel, sheets) is not None:
        return None
    facts = {"alike": at_ends, "of": given, "others": round(100 * theirs / all_of_them)}
    return Hint(HintKind.EXTREMES, sheets[0].expert, tuple(sheet.review for sheet in sheets), facts)


LOOKS: tuple[Callable[[Panel, Sequence[JudgedSheet]], Hint | None], ...] = (same_rows, flat_rows, extremes)


def _stands_out(alike: int, of: int) -> bool:
    return of >= FEWEST and alike / of >= MOSTLY


def _commonest(sheets: Sequence[JudgedSheet]) -> tuple[list[JudgedSheet], Row]:
    """The sheets that have the commonest row of marks, or one that is as good as it; and the row."""
    rows = [(sheet, _row(sheet)) for sheet in sheets]
    if not rows:
        return [], ()
    counted = Counter(row for _, row in rows)
    commonest = min(counted, key=lambda row: (-counted[row], row))
    return [sheet for sheet, row in rows if _are_alike(row, commonest)], commonest


def _row(sheet: JudgedSheet) -> Row:
    return tuple((code, f"{mark.normalize():f}") for code, mark in sorted(sheet.marks.items()))


def _are_alike(row: Row, other: Row) -> bool:
    if row == other:
        return True
    same_criteria = len(row) == len(other) >= ONE_OFF_FROM
    return same_criteria and sum(mine != theirs for mine, theirs in zip(row, other, strict=True)) == 1


def _is_flat(sheet: JudgedSheet) -> bool:
    return len(set(sheet.marks.values())) == 1


def _at_ends(panel: Panel, sheets: Sequence[JudgedSheet]) -> tuple[int, int]:
    """How many marks are at an end of a scale, and how many there are, on the scales that have a middle."""
    given = [(mark, panel.ends[code]) for sheet in sheets for code, mark in sheet.marks.items() if code in panel.ends]
    return sum(mark in ends for mark, ends in given), len(given)
