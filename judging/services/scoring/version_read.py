"""Which submission of the application a review is written on; what changed since is to be confirmed first."""

from sqlalchemy import Table, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from judging.domain.errors import N_, Fault
from judging.models import Review
from judging.models.base import table_of
from judging.queries.versions_read import change_of, last_number

CHANGED = Fault(
    "application", N_("The application has changed since you read it: look at the changes and say that you have.")
)
"""Why a sheet cannot be submitted."""


def note_read(session: Session, review: Review, number: int) -> None:
    """Write down which submission was read, and leave the version of the sheet as it is."""
    table: Table = table_of(Review)
    session.execute(
        update(table).where(table.c.id == review.id).values(application_version=number),
        execution_options={"synchronize_session": False},
    )
    set_committed_value(review, "application_version", number)


def changes_unseen(session: Session, review: Review) -> list[Fault]:
    """Return why the sheet cannot be submitted, where the application has changed since it was read."""
    return [] if change_of(session, review) is None else [CHANGED]


def note_last(session: Session, review: Review) -> None:
    """Write down that the last submission is the one that was read: nothing that the expert reads differs from it."""
    last = last_number(session, review.application_id)
    if last != review.application_version:
        note_read(session, review, last)
