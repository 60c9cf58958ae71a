"""How much a spreadsheet may hold, and why one is not read, in words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from judging.adapters.markup import BadMarkup
from judging.adapters.packages import BadPackage, Flaw
from judging.domain.errors import N_, RuleViolation

MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767
"""What a spreadsheet program itself can hold: rows and columns of a sheet, characters of a cell."""


class WrongSpreadsheet(RuleViolation):
    """The file is no spreadsheet, damaged, or beyond the bounds; the text says which."""


@dataclass(frozen=True)
class Bounds:
    """What one file may hold.

    ``elements`` are all elements that are looked at in one of its sheets, a quarter of them cells; ``in_all`` those of
    all sheets together.
    """

    unpacked: int = 512 << 20
    parts: int = 1000
    sheets: int = 300
    rows: int = 200_000
    elements: int = 8_000_000
    in_all: int = 32_000_000
    texts: int = 500_000
    characters: int = 32 << 20
    styles: int = 65_536


NO_SPREADSHEET = N_("The file is not an Excel workbook (.xlsx), or it is damaged.")
LARGE = N_("The file unpacks to more than %(limit)s MB and is not read.")
FLAWS: Mapping[Flaw, str] = {
    Flaw.NO_PACKAGE: NO_SPREADSHEET,
    Flaw.DAMAGED: NO_SPREADSHEET,
    Flaw.CUT: N_("The file is cut off: its end is missing. Save the workbook anew."),
    Flaw.PROTECTED: N_("The workbook is protected by a password. Save it without protection."),
    Flaw.MANY_PARTS: N_("The file has too many parts and is not read."),
    Flaw.LARGE: LARGE,
}
PROTECTED = FLAWS[Flaw.PROTECTED]
OLD = N_("The workbook is in an old format (.xls). Save it as .xlsx.")
MANY_SHEETS = N_("The workbook has more than %(limit)s sheets and is not read.")
MANY_ROWS = N_("The sheet “%(sheet)s” has more than %(limit)s rows and is not read.")
MANY_ELEMENTS = N_("The sheet “%(sheet)s” holds far more than is expected here and is not read.")
MANY_TEXTS = N_("The workbook holds more text than is expected here and is not read.")
MANY_STYLES = N_("The workbook has more than %(limit)s cell formats and is not read.")
NO_SUCH_PLACE = N_("The sheet “%(sheet)s” names a cell that no sheet has: %(cell)s.")
LONG_TEXT = N_("The cell %(cell)s of the sheet “%(sheet)s” holds more than %(limit)s characters.")
NO_NUMBER = N_("The cell %(cell)s of the sheet “%(sheet)s” says that it is a number and is none.")


@contextmanager
def in_words(bounds: Bounds) -> Iterator[None]:
    """Turn what the readers below say into sentences."""
    try:
        yield
    except BadPackage as bad:
        message = FLAWS[bad.flaw]
        raise WrongSpreadsheet(message, **({"limit": bounds.unpacked >> 20} if message is LARGE else {})) from bad
    except BadMarkup as bad:
        raise WrongSpreadsheet(NO_SPREADSHEET) from bad
