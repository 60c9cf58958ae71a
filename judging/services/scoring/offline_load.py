"""A workbook of score sheets that came back: what it would change, and the act that saves it as drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from judging.domain.access import By
from judging.domain.errors import N_, Fault, RuleViolation
from judging.domain.lifecycle import ReviewStatus
from judging.domain.offline.comparing import Compared, Filled, Given, Keep, State, changes, compare
from judging.domain.offline.places import Place, changed, fingerprint, written
from judging.domain.offline.ticket import Ticket, TicketSheet
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheets import Sheet
from judging.models import Application, Expert, Review
from judging.queries.offline_sheets import lost_reviews
from judging.queries.rubrics import rules_of, sheet_criteria
from judging.queries.scoring import stored_sheet
from judging.services.scoring.draft_save import SheetDraft, save_draft
from judging.services.scoring.review_gate import why_closed

FILE = "file"
"""What the journal has of where such a draft was filled."""
GONE = N_("this application is not yours to review any more")
LOCKED = N_("the review is handed in and locked; only the secretary can return it to you")


SHOWN = (ReviewStatus.ACCEPTED, ReviewStatus.SUBMITTED)
"""Statuses in which an expert sees what is stored of the sheet."""


class ForeignFile(RuleViolation):
    """The file is the system's own, but of another contest or of another expert."""


class SheetsRefused(RuleViolation):
    """Some cells of the file cannot be taken, or somebody has to choose first; nothing was stored."""


class _Found(NamedTuple):
    """The expert's reviews that the file is of, and which of them a conflict or the expert's own team has closed."""

    reviews: Mapping[int, Review]
    lost: frozenset[int]


class Returned(Protocol):
    """A workbook that came back, as it was read."""

    @property
    def ticket(self) -> Ticket:
        """What the file was made of."""

    def filled(self, review_id: int, rules: Sequence[ExpertCriterion]) -> Mapping[Place, Filled]:
        """Return what it has in the places of one sheet."""


@dataclass(frozen=True)
class SheetsLoad:
    """A file to be saved as drafts: what was compared, and where the site has changed which version stays.

    ``keep`` is by review and place; what is not in it stays as the site has it.
    """

    compared: Compared
    keep: Mapping[tuple[int, Place], Keep] = field(default_factory=dict)


def assess_sheets(session: Session, expert: Expert, returned: Returned) -> Compared:
    """Say what a workbook that came back would do to the sheets of an expert; nothing is stored.

    Raises :class:`ForeignFile` where it is of another contest or of another expert.
    """
    ticket, contest = returned.ticket, expert.contest
    if ticket.contest != contest.code:
        raise ForeignFile(N_("This is a file of another contest: %(code)s. Nothing was changed."), code=ticket.contest)
    if ticket.expert != expert.email:
        raise ForeignFile(N_("This is the file of another expert. Nothing was changed."))
    reviews = _reviews(session, expert, [sheet.review_id for sheet in ticket.sheets])
    found = _Found(reviews, lost_reviews(session, list(reviews)))
    return compare(_given(session, expert, sheet, found, returned) for sheet in ticket.sheets)


def load_sheets(session: Session, load: SheetsLoad, *, by: By) -> int:
    """Save what the file brings as drafts, every sheet or none; return how many sheets changed.

    Raises :class:`SheetsRefused` where a row cannot be taken, ``Stale`` where a sheet was saved since it was compared,
    and whatever else :func:`save_draft` raises. Nothing is handed in.
    """
    if load.compared.invalid:
        raise SheetsRefused(N_("Some cells of the file cannot be taken. Nothing was stored."))
    versions = {given.review_id: given.version for given in load.compared.given}
    wanted = changes(load.compared.rows, lambda row: load.keep.get((row.review_id, row.place), Keep.ONLINE))
    for review_id in sorted(wanted):
        review = session.get_one(Review, review_id)
        sheet = changed(stored_sheet(review), wanted[review_id])
        draft = _draft(sheet, versions[review_id])
        save_draft(session, review, draft, by=by)
    return len(wanted)


def all_kept(compared: Compared, keep: Keep) -> SheetsLoad:
    """Return the load in which one version stays wherever the site has changed."""
    rows = (row for row in compared.rows if row.state is State.CHANGED)
    return SheetsLoad(compared, {(row.review_id, row.place): keep for row in rows})


def _draft(sheet: Sheet, version: int) -> SheetDraft:
    answers: dict[str, Any] = {one.name: getattr(sheet, one.name) for one in fields(Sheet)}
    return SheetDraft(**answers, version=version, source=FILE)


def _reviews(session: Session, expert: Expert, ids: Sequence[int]) -> Mapping[int, Review]:
    found = (
        select(Review)
        .join(Review.application)
        .join(Application.contest)
        .options(contains_eager(Review.application).contains_eager(Application.contest))
        .where(Review.expert_id == expert.id, Review.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    return {review.id: review for review in session.scalars(found)}


def _given(session: Session, expert: Expert, sheet: TicketSheet, found: _Found, returned: Returned) -> Given:
    """Put a sheet of the file beside the stored one.

    Of a task that is the expert's no more nothing stored is looked at, and what the file has as it was downloaded is
    left out.
    """
    review = found.reviews.get(sheet.review_id)
    if review is not None and review.application.number != sheet.number:
        review = None  # a contest that was loaded anew may have given the id to another pair
    nomination_id = None if review is None else review.application.nomination_id
    rules = rules_of(sheet_criteria(session, expert.contest_id, nomination_id))
    filled = dict(returned.filled(sheet.review_id, rules))
    if review is None or review.id in found.lost or review.status not in SHOWN:
        own = {place: one for place, one in filled.items() if _is_touched(sheet, place, one)}
        return Given(sheet.review_id, 0, sheet.number, sheet.base, {}, own, Fault("", GONE))
    stored = written(stored_sheet(review))
    return Given(sheet.review_id, review.version, sheet.number, sheet.base, stored, filled, _closed(review))


def _is_touched(sheet: TicketSheet, place: Place, one: Filled) -> bool:
    return one.fault is not None or fingerprint(one.text) != sheet.base.get(place, "")


def _closed(review: Review) -> Fault | None:
    """Return why the sheet takes nothing more; None where it does."""
    if review.status == ReviewStatus.SUBMITTED:
        return Fault("", LOCKED)
    refusal = why_closed(review)
    return None if refusal is None else Fault("", refusal.message, refusal.params)
