"""Checks of applications: numbers, times of submission, what the journal says of them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application, Contest, JournalRecord, ScheduleChange
from judging.queries.invariants.checks import Offence, decimals_of, loading_instants

Window = tuple[datetime, datetime]


def repeated_numbers(session: Session) -> Iterator[Offence]:
    """Yield applications whose registration number another one of the contest has too."""
    rows = session.execute(
        select(Application.id, Application.contest_id, Application.number).where(Application.number.is_not(None))
    ).all()
    times = Counter((row.contest_id, row.number) for row in rows)
    return (Offence("application", row.id, str(row.number)) for row in rows if times[row.contest_id, row.number] > 1)


def late_submissions(session: Session) -> Iterator[Offence]:
    """Yield numbered applications without a time of submission, and those submitted here outside the window.

    An application that was submitted in this system has a receipt; one that came with an archive has none.
    """
    windows = _windows(session)
    rows = session.execute(
        select(Application.id, Application.contest_id, Application.submitted_at, Application.receipt_sha256)
        .where(Application.number.is_not(None))
        .order_by(Application.id)
    )
    for row in rows:
        opened, closed = windows[row.contest_id]
        if row.submitted_at is None:
            yield Offence("application", row.id, "no time of submission")
        elif row.receipt_sha256 and not opened <= row.submitted_at < closed:
            yield Offence("application", row.id, row.submitted_at.isoformat())


def unexplained_submissions(session: Session) -> Iterator[Offence]:
    """Yield numbered applications of which the journal knows nothing, or another hash of the receipt.

    The journal either has the submission with the receipt's hash, or the loading of the archive they came with.
    """
    loaded = loading_instants(session)
    submissions = session.execute(
        select(JournalRecord.subject_id, JournalRecord.details).where(
            JournalRecord.event == "application.submitted", JournalRecord.subject_type == "application"
        )
    )
    journal = {key: details.get("sha256") for key, details in submissions}
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


def _windows(session: Session) -> Mapping[int, Window]:
    """Return by contest the widest window of acceptance that was ever announced."""
    dates: defaultdict[tuple[int, str], list[datetime]] = defaultdict(list)
    for change in session.execute(select(ScheduleChange.contest_id, ScheduleChange.field, ScheduleChange.before)):
        dates[change.contest_id, change.field].append(change.before)
    rows = session.execute(select(Contest.id, Contest.applications_open, Contest.applications_close))
    return {
        row.id: (
            min([row.applications_open, *dates[row.id, "applications_open"]]),
            max([row.applications_close, *dates[row.id, "applications_close"]]),
        )
        for row in rows
    }
