"""The check of the history of score sheets: it leads from the present sheet back without a break."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.sheet_history import Broken, Texts, texts_of, undone
from judging.models import Review, SheetEdit
from judging.queries.invariants.checks import Offence
from judging.queries.scoring import stored_sheet


def broken(session: Session) -> Iterator[Offence]:
    """Yield reviews whose present sheet is not what their saves lead to."""
    columns = (SheetEdit.review_id, SheetEdit.id, SheetEdit.changes)
    query = select(*columns).order_by(SheetEdit.review_id, SheetEdit.id.desc()).execution_options(yield_per=1000)
    for review_id, edits in groupby(session.execute(query), key=lambda edit: edit.review_id):
        review = session.get_one(Review, review_id)
        texts: Texts = texts_of(stored_sheet(review))
        session.expunge(review)
        try:
            for edit in edits:
                texts = undone(texts, edit.changes)
        except (Broken, ValueError, TypeError) as error:
            yield Offence("review", review_id, f"{error}")
