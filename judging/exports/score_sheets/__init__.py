"""One workbook an expert: the score sheets that are open, to be filled without a connection and read back.

``expert_workbook`` makes it, ``read_workbook`` reads one that came back within bounds, whoever saved it.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from judging.domain.errors import N_, RuleViolation
from judging.domain.offline.places import fingerprint, places_of, written
from judging.domain.offline.ticket import Keys, Ticket, TicketSheet, ticket_text
from judging.domain.sheet_rules import SheetRules
from judging.exports.facts import marked, moscow
from judging.exports.score_sheets.application_page import ApplicationPage
from judging.exports.score_sheets.front_pages import begin_overview, write_front, write_overview
from judging.exports.score_sheets.layout import FRONT, OVERVIEW, sheet_names
from judging.exports.score_sheets.paper import LISTS, TICKET, Paper, holds
from judging.exports.score_sheets.table_page import TablePage
from judging.models import Expert
from judging.queries.offline_sheets import OfflineSheet, OfflineSheets, awaits_agreements, offline_sheets
from judging.queries.rubrics import rules_of

Layout = Literal["sheets", "table"]
PIECE = 30_000
"""Signs of the ticket in one cell."""
FILE_NAME = "{code}-score-sheets-{stamp}.xlsx"


class NothingOpen(RuleViolation):
    """The expert has no sheet that could be filled now."""


def expert_workbook(
    session: Session, expert: Expert, *, keys: Keys, made_at: datetime, layout: Layout = "sheets"
) -> bytes:
    """Return the workbook of an expert's open sheets in one contest.

    ``keys`` are the installation's, which prove on the way back that the file is its own. Raises :class:`NothingOpen`.
    """
    if awaits_agreements(session, expert):
        raise NothingOpen(N_("The expert has not accepted the agreements of this contest yet."))
    given = offline_sheets(session, expert, made_at)
    if not given.sheets:
        raise NothingOpen(
            N_("No score sheet is open: a sheet opens after the declaration, and is locked once it is handed in.")
        )
    return workbook_of(given, keys=keys, made_at=made_at, layout=layout)


def workbook_of(given: OfflineSheets, *, keys: Keys, made_at: datetime, layout: Layout = "sheets") -> bytes:
    """Write the workbook of these sheets: a sheet an application and an overview, or one table of all."""
    made = f"{moscow(made_at):%d.%m.%Y %H:%M} по московскому времени"
    title = marked(given.code, f"Оценочные листы: {given.expert}")
    paper = Paper(given.digits, title, [given.code, given.expert, made])
    write_front(paper, given, made)
    if layout == "table":
        TablePage(paper, given).write()
    else:
        overview = begin_overview(paper)
        names = sheet_names((sheet.number for sheet in given.sheets), (FRONT, OVERVIEW, LISTS, TICKET))
        pages = [ApplicationPage.begin(paper, *one, given) for one in zip(names, given.sheets, strict=True)]
        write_overview(overview, given.sheets, [page.write() for page in pages])
    text = ticket_text(ticket_of(given, made_at), keys)
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    return paper.close(pieces, moscow(made_at).replace(tzinfo=None))


def ticket_of(given: OfflineSheets, made_at: datetime) -> Ticket:
    """Say what the file is made of."""
    sheets = tuple(_ticket_sheet(sheet, given.asked) for sheet in given.sheets)
    return Ticket(given.code, given.email, made_at.isoformat(), sheets)


def _ticket_sheet(sheet: OfflineSheet, asked: SheetRules) -> TicketSheet:
    stored, places = written(sheet.sheet), places_of(rules_of(sheet.criteria), asked)
    base = {place: fingerprint(text) for place in places if holds(text := stored.get(place, ""))}
    return TicketSheet(sheet.review_id, sheet.version, sheet.number, base)
