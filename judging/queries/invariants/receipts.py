"""The check of receipts: what was submitted is computed anew from the rows and compared with the record's hash."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from judging.domain.canonical import digest
from judging.models import Application, Cluster, JournalRecord, Partner
from judging.queries.invariants.checks import Offence, differs
from judging.queries.receipts import receipt_data, receipt_parts

CHUNK = 300


def false_receipts(session: Session) -> Iterator[Offence]:
    """Yield submitted applications whose rows and files no longer give the receipt, part by part where it is known."""
    keys = session.scalars(
        select(Application.id)
        .where(Application.receipt_sha256.is_not(None), Application.submitted_at.is_not(None))
        .order_by(Application.id)
    ).all()
    for start in range(0, len(keys), CHUNK):
        yield from _chunk(session, keys[start : start + CHUNK])


def _chunk(session: Session, keys: Sequence[int]) -> Iterator[Offence]:
    records = submission_records(session, keys)
    with Session(session.connection()) as reading:
        for application in reading.scalars(_whole(keys)):
            data = receipt_data(application)
            record = records.get(application.id)
            known = {application.receipt_sha256, record.details.get("sha256") if record else None} - {None}
            if known != {digest(data)}:
                yield from _differences(application, data, record)


def submission_records(session: Session, keys: Sequence[int] | None = None) -> Mapping[int, Row[Any]]:
    """Return the last record of the submission of each application (of all), those of a replaced contest left out."""
    last = select(func.max(JournalRecord.id)).where(
        JournalRecord.event == "application.submitted", JournalRecord.subject_type == "application"
    )
    last = last.where(JournalRecord.subject_id.in_(keys)) if keys is not None else last
    rows = session.execute(
        select(
            JournalRecord.id, JournalRecord.subject_id, JournalRecord.subject_label, JournalRecord.contest_id,
            JournalRecord.details, JournalRecord.state, JournalRecord.at,
        ).where(JournalRecord.id.in_(last.group_by(JournalRecord.subject_id)))
    )  # fmt: skip
    replaced = replacements(session)
    return {row.subject_id: row for row in rows if row.id > replaced.get(row.contest_id, 0)}


def replacements(session: Session) -> Mapping[int | None, int]:
    """Return by contest the record since which nothing of before is there: of its last loading or replacement."""
    rows = session.execute(
        select(JournalRecord.contest_id, func.max(JournalRecord.id))
        .where(JournalRecord.event.in_(("contest.loaded", "contest.replaced")))
        .group_by(JournalRecord.contest_id)
    )
    return dict(rows.all())


def _differences(application: Application, data: dict[str, Any], record: Row[Any] | None) -> Iterator[Offence]:
    parts = ((record.state if record else None) or {}).get("receipt")
    number = application.number
    if not isinstance(parts, dict):
        found = f"{number}: what is stored no longer gives the receipt"
        yield Offence("application", application.id, found, digest(data), application.receipt_sha256)
        return
    stored = receipt_parts(data)
    changed = [name for name in sorted(parts.keys() | stored.keys()) if parts.get(name) != stored.get(name)]
    for name in changed:
        yield differs("application", application.id, f"{number}: {name}", stored.get(name), parts.get(name))
    if not changed:
        found = f"{number}: the receipt's hash is another than that of what was submitted"
        yield Offence("application", application.id, found, application.receipt_sha256, digest(data))


def _whole(keys: Sequence[int]) -> Any:
    return (
        select(Application)
        .options(
            joinedload(Application.contest),
            joinedload(Application.initiator),
            joinedload(Application.cluster).joinedload(Cluster.managing_organisation),
            selectinload(Application.partners).joinedload(Partner.organisation),
            selectinload(Application.documents),
        )
        .where(Application.id.in_(keys))
        .order_by(Application.id)
    )
