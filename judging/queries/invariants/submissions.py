"""What was submitted is kept as it was: every stored submission gives its hash, and there is one of every receipt."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.canonical import digest
from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, Submission, SubmissionReturn
from judging.models.base import table_of
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.receipts import came_with_archive

CHUNK = 300


def false_hashes(session: Session) -> Iterator[Offence]:
    """Yield stored submissions whose document does not give their hash, or tells of another instant."""
    table = table_of(Submission).c
    columns: tuple[Any, ...] = (table.id, table.sha256, table.at, table.document)
    for row in session.execute(select(*columns).order_by(table.id), execution_options={"yield_per": CHUNK}):
        found = digest(row.document)
        if found != row.sha256:
            yield differs("submission", row.id, "the hash", row.sha256, found)
        elif row.document.get("submitted_at") != row.at.isoformat():
            yield differs("submission", row.id, "the instant", row.at.isoformat(), row.document.get("submitted_at"))


def unlike_receipts(session: Session) -> Iterator[Offence]:
    """Yield applications whose receipt is not their last submission, or whose submissions have gaps.

    One that came with an archive has no receipt of this installation, whatever it had submitted elsewhere.
    """
    came = came_with_archive(session)
    kept = (
        select(
            Submission.application_id.label("application_id"),
            func.max(Submission.number).label("last"),
            func.count().label("many"),
        )
        .group_by(Submission.application_id)
        .subquery()
    )
    columns: tuple[Any, ...] = (Application.id, Application.number, Application.receipt_sha256)
    last = select(*columns, Submission.sha256, kept.c.last, kept.c.many).join(
        kept, kept.c.application_id == Application.id
    )
    last = last.join(
        Submission, (Submission.application_id == Application.id) & (Submission.number == kept.c.last)
    ).order_by(Application.id)
    for row in session.execute(last):
        if row.sha256 != row.receipt_sha256 and row.id not in came:
            yield differs("application", row.id, f"{row.number}: the receipt", row.receipt_sha256, row.sha256)
        if row.last != row.many:
            yield Offence("application", row.id, f"{row.number}: of {row.last} submissions {row.many} are kept")


def lost(session: Session) -> Iterator[Offence]:
    """Yield applications that were submitted here and of which no submission is kept.

    Of one that was withdrawn before submissions were kept, and whose organisations were changed after that, nothing
    gives the receipt any more: such a one has none.
    """
    kept = select(Submission.id).where(Submission.application_id == Application.id).exists()
    rows = session.execute(
        select(Application.id, Application.number)
        .where(Application.receipt_sha256.is_not(None), ~kept, Application.status != "withdrawn")
        .order_by(Application.id)
    )
    for row in rows:
        yield Offence("application", row.id, f"{row.number}: what was submitted is not kept")


def strange_changes(session: Session) -> Iterator[Offence]:
    """Yield applications that are open for changes twice, or though they are not submitted (any more)."""
    columns = (Application.id, Application.number, Application.status, func.count().label("many"))
    pending = select(*columns).join(SubmissionReturn, SubmissionReturn.application_id == Application.id)
    pending = pending.where(SubmissionReturn.closed_at.is_(None))
    grouped = pending.group_by(Application.id, Application.number, Application.status).order_by(Application.id)
    for row in session.execute(grouped):
        if row.status != ApplicationStatus.SUBMITTED:
            yield Offence("application", row.id, f"{row.number}: open for changes, and {row.status}")
        if row.many > 1:
            yield Offence("application", row.id, f"{row.number}: open for changes {row.many} times")
