"""Checks of what a team does with an application beside filling it in: changes, certifications, signatures."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.models import Application, Certification, Document, DocumentSignature, JournalRecord, SubmissionReturn
from judging.models.submissions import STAFF, TEAM
from judging.queries.invariants.checks import Offence, differs
from judging.queries.invariants.starts import Start, contest_starts, since

OPENING: Mapping[str, str] = {Event.APPLICATION_RETURNED: STAFF, Event.APPLICATION_REOPENED: TEAM}
CLOSING = (Event.APPLICATION_RETURN_ENDED, Event.APPLICATION_RESUBMITTED)
OUTCOMES: Mapping[str, str] = {Event.APPLICATION_CERTIFIED: "certified", Event.CERTIFICATION_RETURNED: "returned"}
ARMOUR = 4 / 3
"""How much longer than its bytes a signature is at least that came as text."""
At = tuple[int, datetime]
"""(application id, instant)."""


def false_returns(session: Session) -> Iterator[Offence]:
    """Yield returns of another kind or with another end than on record, without a record, and recorded ones gone."""
    for contest_id, start in contest_starts(session):
        opened, closed = _recorded_returns(session, contest_id, start)
        rows: Any = session.execute(
            select(
                SubmissionReturn.id, SubmissionReturn.application_id, SubmissionReturn.kind, SubmissionReturn.at,
                SubmissionReturn.closed_at, SubmissionReturn.outcome,
            )
            .join(Application, Application.id == SubmissionReturn.application_id)
            .where(Application.contest_id == contest_id)
            .order_by(SubmissionReturn.id)
        )  # fmt: skip
        for row in rows:
            kind = opened.pop((row.application_id, row.at), None)
            if kind is not None and row.kind != kind:
                yield differs("return", row.id, "who began it", row.kind, kind)
            elif kind is None and _follows(start, row.at):
                yield Offence("return", row.id, f"of application {row.application_id}: no record of it")
            yield from _end(row, closed, start)
        for key, _ in sorted((*opened, *closed)):
            yield Offence("application", key, "a return of it, or its end, is gone without a record")


def _end(row: Row[Any], closed: dict[At, str], start: Start) -> Iterator[Offence]:
    if row.closed_at is None:
        return
    outcome = closed.pop((row.application_id, row.closed_at), None)
    if outcome != row.outcome and (outcome is not None or _follows(start, row.closed_at)):
        yield differs("return", row.id, "its end", row.outcome, outcome)


def _recorded_returns(session: Session, contest_id: int, start: Start) -> tuple[dict[At, str], dict[At, str]]:
    record = JournalRecord
    rows = session.execute(
        since(session, contest_id, start, record.event, record.subject_id, record.at, record.details)
        .where(record.event.in_((*OPENING, *CLOSING)))
    )  # fmt: skip
    opened: dict[At, str] = {}
    closed: dict[At, str] = {}
    for row in rows:
        key = (row.subject_id, row.at)
        if row.event in OPENING:
            opened[key] = OPENING[row.event]
        else:
            closed[key] = row.details.get("outcome", "resubmitted")
    return opened, closed


def false_certifications(session: Session) -> Iterator[Offence]:
    """Yield certifications that were asked for or decided otherwise than on record, and recorded ones that are gone."""
    for contest_id, start in contest_starts(session):
        asked, decided = _recorded_certifications(session, contest_id, start)
        rows = session.execute(
            select(
                Certification.id, Certification.application_id, Certification.fingerprint, Certification.asked_at,
                Certification.decided_at, Certification.decided_by_id, Certification.outcome,
            )
            .join(Application, Application.id == Certification.application_id)
            .where(Application.contest_id == contest_id)
            .order_by(Certification.id)
        )  # fmt: skip
        for row in rows:
            request, decision = asked.pop(row.id, None), decided.get(row.id)
            if request is None:
                if _follows(start, row.asked_at):
                    yield Offence("certification", row.id, f"of application {row.application_id}: no record of it")
                continue
            stored = (row.application_id, row.outcome, row.decided_at, row.decided_by_id)
            expected = (request.subject_id, *_decision(decision))
            same_text = decision is None or (decision.state or {}).get("fingerprint", row.fingerprint)
            if stored != expected:
                yield differs("certification", row.id, "its decision", stored[1], expected[1])
            elif decision is not None and same_text != row.fingerprint:
                yield differs("certification", row.id, "what was certified", row.fingerprint, same_text)
        for key in sorted(asked):
            yield Offence("certification", key, "is gone without a record")


def _decision(record: Row[Any] | None) -> tuple[Any, Any, Any]:
    return (None, None, None) if record is None else (OUTCOMES[record.event], record.at, record.actor_id)


def _recorded_certifications(
    session: Session, contest_id: int, start: Start
) -> tuple[dict[int, Row[Any]], dict[int, Row[Any]]]:
    record = JournalRecord
    rows = session.execute(
        since(
            session, contest_id, start, record.event, record.subject_id, record.at, record.actor_id, record.state
        ).where(record.event.in_((Event.CERTIFICATION_ASKED, *OUTCOMES)))
    )
    asked: dict[int, Row[Any]] = {}
    decided: dict[int, Row[Any]] = {}
    for row in rows:
        found = decided if row.event in OUTCOMES else asked
        found[(row.state or {}).get("certification", 0)] = row
    return asked, decided


def false_signatures(session: Session) -> Iterator[Offence]:
    """Yield signatures whose bytes are not those that came, that have no record, or another verdict than it says."""
    for contest_id, start in contest_starts(session):
        recorded = _verdicts(session, contest_id, start)
        table = DocumentSignature
        rows: Any = session.execute(
            select(
                table.id, table.document_id, table.filename, table.within, table.size, table.sha256, table.content,
                table.verdict, table.uploaded_at,
            )
            .join(Document, Document.id == table.document_id)
            .join(Application, Application.id == Document.application_id)
            .where(Application.contest_id == contest_id)
            .order_by(table.id)
            .execution_options(yield_per=200)
        )  # fmt: skip
        last: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
        for row in rows:
            key = (row.document_id, row.sha256)
            if not _is_whole(row):
                yield Offence("signature", row.id, f"{row.filename}: its bytes are not those that were uploaded")
            elif not row.within and key not in recorded and _follows(start, row.uploaded_at):
                yield Offence("signature", row.id, f"{row.filename}: no record of its upload")
            last[key].append(row)
        for key, same in last.items():
            row, verdict = same[-1], recorded.get(key)
            if len(same) == 1 and verdict is not None and row.verdict != verdict:
                yield differs("signature", row.id, f"{row.filename}: its verdict", row.verdict, verdict)


def _is_whole(row: Row[Any]) -> bool:
    """Whether the bytes give the hash; of what came as text they are shorter than that was, and give another."""
    return sha256(row.content).hexdigest() == row.sha256 or (
        not row.within and row.size >= len(row.content) * ARMOUR
    )  # fmt: skip


def _verdicts(session: Session, contest_id: int, start: Start) -> Mapping[tuple[int, str], str]:
    """What the last record says of each signature, by its document and its hash."""
    events = (Event.SIGNATURE_ADDED, Event.SIGNATURE_CHECKED)
    rows = since(session, contest_id, start, JournalRecord.details).where(JournalRecord.event.in_(events))
    return {(one["document"], one["sha256"]): one["verdict"] for (one,) in session.execute(rows)}


def _follows(start: Start, instant: datetime) -> bool:
    """Whether what happened then is on record."""
    return start.at is None or instant > start.at
