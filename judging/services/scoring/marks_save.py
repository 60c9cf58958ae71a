"""Saving the marks of a sheet alone, from the table of many applications: everything else on the sheet stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.rubric import ExpertCriterion
from judging.domain.sheets import Sheet
from judging.models import Review
from judging.queries.scoring import stored_sheet
from judging.services.holding import hold_with
from judging.services.scoring.draft_save import SheetDraft, save_draft


@dataclass(frozen=True)
class Marks:
    """The marks as they stand in a row of the table; None is a mark taken away, a code that is absent stays as it is.

    A mark ends it that the expert cannot judge the criterion; where no mark is given, that stays as it is, too.

    ``version``, ``tab`` and ``pressed`` are those of :class:`SheetDraft`.
    """

    scores: Mapping[str, Decimal | None]
    version: int
    tab: str = ""
    pressed: bool = False


def save_marks(
    session: Session, review: Review, marks: Marks, *, by: By, rules: Sequence[ExpertCriterion] | None = None
) -> Review:
    """Store these marks on the sheet. Raises what :func:`save_draft` raises: an old version overwrites nothing."""
    hold_with(session, review, shared=True)
    sheet = stored_sheet(review)
    answers: dict[str, Any] = {one.name: getattr(sheet, one.name) for one in fields(Sheet)}
    scores = {code: mark for code, mark in {**sheet.scores, **marks.scores}.items() if mark is not None}
    given = {code for code, mark in marks.scores.items() if mark is not None}
    answers |= {"scores": scores, "abstained": sheet.abstained - given}
    draft = SheetDraft(**answers, version=marks.version, tab=marks.tab, pressed=marks.pressed)
    return save_draft(session, review, draft, by=by, rules=rules)
