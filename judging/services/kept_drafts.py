"""What was written on a task that is taken away: kept for its expert, who has it back when at work on it again.

Nobody else is given it: the expert who comes in their place begins with an empty sheet.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.models import KeptDraft, Review, ReviewVersion, SheetEdit
from judging.models.base import table_of

COLUMNS = (
    "scores", "comments", "recommendation", "abstained", "notes", "confidence", "in_scope", "scope_reason",
)  # fmt: skip
"""What of a review is its sheet."""
SHOWN = ("scores", "comments", "recommendation")
"""What of it the journal keeps for a dispute."""


def written_on(session: Session, review: Review) -> Mapping[str, Any]:
    """What the expert has written, and what was handed in before it was returned, as the journal keeps it."""
    written = {name: getattr(review, name) for name in SHOWN}
    handed_in = _handed_in(session, review)
    kept: dict[str, Any] = {"draft": written} if any(written.values()) else {}
    return {**kept, "handed_in": handed_in} if handed_in else kept


def keep_draft(session: Session, review: Review, reason: str, *, by: By) -> bool:
    """Put the sheet by where anything is on it, in place of an older one; say whether there was anything."""
    sheet = {name: getattr(review, name) for name in COLUMNS}
    handed_in = _handed_in(session, review)
    if not (any(value for value in sheet.values()) or sheet["in_scope"] is not None or handed_in):
        return False
    kept = _of_pair(session, review) or KeptDraft(expert_id=review.expert_id, application_id=review.application_id)
    kept.contest_id, kept.sheet, kept.handed_in = review.contest_id, sheet, handed_in
    kept.edits = _edits(session, review)
    kept.reason, kept.kept_at, kept.kept_by_id = reason.strip(), by.now, by.actor.user_id
    session.add(kept)
    return True


def bring_back(session: Session, review: Review) -> KeptDraft | None:
    """Fill the expert's sheet with what was put by, its history too, and forget that; None where there was nothing."""
    kept = _of_pair(session, review)
    if kept is None:
        return None
    for name in COLUMNS:
        if name in kept.sheet:
            setattr(review, name, kept.sheet[name])
    rows = [one | {"review_id": review.id, "at": datetime.fromisoformat(one["at"])} for one in kept.edits]
    if rows:
        session.execute(insert(table_of(SheetEdit)), rows)
    session.delete(kept)
    return kept


def _of_pair(session: Session, review: Review) -> KeptDraft | None:
    return session.scalar(
        select(KeptDraft).where(
            KeptDraft.expert_id == review.expert_id, KeptDraft.application_id == review.application_id
        )
    )


def _handed_in(session: Session, review: Review) -> list[dict[str, Any]]:
    versions = session.scalars(
        select(ReviewVersion).where(ReviewVersion.review_id == review.id).order_by(ReviewVersion.number)
    )
    return [{"number": one.number, "sheet": one.sheet, "sha256": one.sha256} for one in versions]


def _edits(session: Session, review: Review) -> list[dict[str, Any]]:
    columns = (SheetEdit.at, SheetEdit.by_id, SheetEdit.tab, SheetEdit.changes)
    rows = session.execute(select(*columns).where(SheetEdit.review_id == review.id).order_by(SheetEdit.id))
    return [{"at": row.at.isoformat(), "by_id": row.by_id, "tab": row.tab, "changes": row.changes} for row in rows]
