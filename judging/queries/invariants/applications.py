"""Checks of applications: numbers, indicators, what the journal says of their submission."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application
from judging.queries.invariants.checks import Offence, decimals_of, loading_instants
from judging.queries.invariants.receipts import submission_records


def repeated_numbers(session: Session) -> Iterator[Offence]:
    """Yield applications whose registration number another one of the contest has too."""
    rows = session.execute(
        select(Application.id, Application.contest_id, Application.number).where(Application.number.is_not(None))
    ).all()
    times = Counter((row.contest_id, row.number) for row in rows)
    return (Offence("application", row.id, str(row.number)) for row in rows if times[row.contest_id, row.number] > 1)


def unexplained_submissions(session: Session) -> Iterator[Offence]:
    """Yield numbered applications of which the journal knows nothing, or another hash of the receipt.

    The journal either has the submission with the receipt's hash, or the loading of the archive they came with.
    """
    loaded = loading_instants(session)
    journal = {key: row.details.get("sha256") for key, row in submission_records(session).items()}
    rows = session.execute(
        select(Application.id, Application.contest_id, Application.receipt_sha256)
        .where(Application.number.is_not(None))
        .order_by(Application.id)
    )
    for key, contest_id, receipt in rows:
        if receipt is None and key not in journal and contest_id in loaded:
            continue
        if key not in journal:
            yield Offence("application", key, "no record of the submission")
        elif journal[key] != receipt:
            yield Offence("application", key, "another receipt than the journal's")


def unread_indicators(session: Session) -> Iterator[Offence]:
    """Yield applications with an indicator that is not a decimal."""
    for key, indicators in session.execute(select(Application.id, Application.indicators)):
        _, unread = decimals_of(indicators)
        if unread:
            yield Offence("application", key, ", ".join(unread))
