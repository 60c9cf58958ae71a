"""The check of receipts: what was submitted is computed anew from the rows and compared with the record's hash."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from judging.domain.canonical import digest
from judging.domain.events import Event
from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, JournalRecord, Submission, SubmissionReturn
from judging.queries.applications import all_whole
from judging.queries.forms import form_of_version
from judging.queries.invariants.checks import Offence, differs, loading_instants
from judging.queries.receipts import receipt_data, receipt_parts

CHUNK = 300
SUBMISSIONS = (Event.APPLICATION_SUBMITTED, Event.APPLICATION_RESUBMITTED)
"""Events after which an application has another receipt."""
OF_THE_CLUSTER = frozenset({"cluster", "initiator", "initiator.inn", "partners"})
"""Parts that a team may change by its organisations, once the application is withdrawn."""


def false_receipts(session: Session) -> Iterator[Offence]:
    """Yield submitted applications whose rows and files no longer give the receipt, part by part where it is known.

    The files of what came with an archive are not here, and its organisations are the archive's: of it the answers are
    compared.
    """
    yield from _unlike_what_came(session)
    keys = session.scalars(
        select(Application.id)
        .where(Application.receipt_sha256.is_not(None), Application.submitted_at.is_not(None))
        .order_by(Application.id)
    ).all()
    clusters = _changed_clusters(session)
    for start in range(0, len(keys), CHUNK):
        yield from _chunk(session, keys[start : start + CHUNK], clusters)


def _chunk(session: Session, keys: Sequence[int], clusters: Mapping[int | None, int]) -> Iterator[Offence]:
    records, moves = submission_records(session, keys), _moves(session, keys)
    with Session(session.connection()) as reading:
        kept, given_back = _kept(reading, keys), _given_back(reading, keys)
        for application in reading.scalars(all_whole(keys)):
            if application.id in given_back:
                continue
            record = records.get(application.id)
            _put_back(application, moves.get(application.id, ()), record)
            data = _anew(application, kept.get(application.id))
            known = {application.receipt_sha256, record.details.get("sha256") if record else None} - {None}
            if known != {digest(data)}:
                free = application.status == ApplicationStatus.WITHDRAWN and clusters.get(
                    application.cluster_id, 0
                ) > _number(record)
                yield from _differences(application, data, record, OF_THE_CLUSTER if free else frozenset())


def came_with_archive(session: Session) -> frozenset[int]:
    """Return the applications with submissions that were made in another installation, none of them here."""
    loaded, here = loading_instants(session), submission_records(session)
    rows = session.execute(
        select(Application.id, Application.contest_id)
        .where(Application.receipt_sha256.is_(None))
        .where(select(Submission.id).where(Submission.application_id == Application.id).exists())
    )
    return frozenset(key for key, contest_id in rows if contest_id in loaded and key not in here)


def _unlike_what_came(session: Session) -> Iterator[Offence]:
    keys = sorted(came_with_archive(session))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        with Session(session.connection()) as reading:
            kept, given_back = _kept(reading, chunk), _given_back(reading, chunk)
            for application in reading.scalars(all_whole(chunk)):
                if application.id not in given_back:
                    _stand_in(application, nomination_named(kept[application.id].document))
                    yield from _other_answers(application, kept[application.id])


def _other_answers(application: Application, kept: "_Kept") -> Iterator[Offence]:
    """Name the parts of the answers that the rows do not give."""
    data, document = _anew(application, kept), kept.document
    for name in ("data", "indicators") if kept.version == 1 else ("form", "answers", "computed"):
        if data[name] != document[name]:
            found, wanted = (digest(one)[:32] for one in (data[name], document[name]))
            yield differs("application", application.id, f"{application.number}: {name}", found, wanted)


@dataclass(frozen=True)
class _Kept:
    """The last receipt of an application. ``at``: None of the first one, whose instant is that of the application."""

    document: Mapping[str, Any]
    at: datetime | None

    @property
    def version(self) -> int:
        """The version of the receipt."""
        return int(self.document.get("version", 1))

    @property
    def form(self) -> Mapping[str, Any]:
        """The version of the form that it answers."""
        return self.document.get("form") or {}


def _kept(session: Session, keys: Sequence[int]) -> dict[int, _Kept]:
    columns = select(Submission.application_id, Submission.document, Submission.at, Submission.number)
    last = columns.where(Submission.application_id.in_(keys))
    rows = session.execute(last.order_by(Submission.application_id, Submission.number))
    return {key: _Kept(document, at if number > 1 else None) for key, document, at, number in rows}


def _given_back(session: Session, keys: Sequence[int]) -> set[int]:
    """Return the applications whose team is at a correction: what is stored is not what was submitted."""
    returned = select(SubmissionReturn.application_id).where(SubmissionReturn.closed_at.is_(None))
    return set(session.scalars(returned.where(SubmissionReturn.application_id.in_(keys))))


def _anew(application: Application, kept: _Kept | None) -> dict[str, Any]:
    """Return the receipt that the rows give, in the version that was given out."""
    if kept is None or kept.version == 1:
        return receipt_data(application, version=1)
    form = form_of_version(application.contest, kept.form.get("number"), kept.form.get("revision"))
    return receipt_data(application, form=form, at=kept.at)


def submitted_in(session: Session) -> Mapping[int | None, str | None]:
    """Return by application that was moved since its last submission the code of the nomination it was submitted in."""
    moves, records = _moves(session), submission_records(session)
    later = {key: [row for row in rows if row.id > _number(records.get(key or 0))] for key, rows in moves.items()}
    return {key: rows[0].details["nomination"][0] for key, rows in later.items() if rows}


def nomination_named(document: Mapping[str, Any]) -> str | None:
    """Return the code of the nomination that a receipt names."""
    code: str | None = document.get("nomination", {}).get("code")
    return code


def _moves(session: Session, keys: Sequence[int] | None = None) -> Mapping[int | None, Sequence[Row[Any]]]:
    """Return by application the records of its moves from one nomination to another."""
    found: dict[int | None, list[Row[Any]]] = {}
    query = select(JournalRecord.id, JournalRecord.subject_id, JournalRecord.details).order_by(JournalRecord.id)
    query = query.where(JournalRecord.event == Event.APPLICATION_MOVED)
    for row in session.execute(query if keys is None else query.where(JournalRecord.subject_id.in_(keys))):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _put_back(application: Application, moves: Sequence[Row[Any]], record: Row[Any] | None) -> None:
    """Let an application that was moved since stand in the nomination that it was submitted in; nothing is written."""
    later = [row.details["nomination"][0] for row in moves if row.id > _number(record)]
    if later:
        _stand_in(application, later[0])


def _stand_in(application: Application, code: str | None) -> None:
    chosen = next((row for row in application.contest.nominations if row.code == code), None)
    set_committed_value(application, "nomination", chosen)
    set_committed_value(application, "nomination_id", None if chosen is None else chosen.id)


def _changed_clusters(session: Session) -> Mapping[int | None, int]:
    """Return by cluster the last record of a change of it or of its organisations."""
    rows = session.execute(
        select(JournalRecord.subject_id, func.max(JournalRecord.id))
        .where(JournalRecord.event == Event.CLUSTER_CHANGED)
        .group_by(JournalRecord.subject_id)
    )
    return dict(rows.all())


def _number(record: Row[Any] | None) -> int:
    return record.id if record else 0


def submission_records(session: Session, keys: Sequence[int] | None = None) -> Mapping[int, Row[Any]]:
    """Return the last record of the submission of each application (of all), those of a replaced contest left out."""
    last = select(func.max(JournalRecord.id)).where(
        JournalRecord.event.in_(SUBMISSIONS), JournalRecord.subject_type == "application"
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
        .where(JournalRecord.event.in_((Event.CONTEST_LOADED, Event.CONTEST_REPLACED)))
        .group_by(JournalRecord.contest_id)
    )
    return dict(rows.all())


def _differences(
    application: Application, data: dict[str, Any], record: Row[Any] | None, free: frozenset[str]
) -> Iterator[Offence]:
    """Yield every part that differs, save those that are ``free`` to change; all in one where parts are not known."""
    parts = ((record.state if record else None) or {}).get("receipt")
    number = application.number
    if not isinstance(parts, dict):
        if free:
            return
        found = f"{number}: what is stored no longer gives the receipt"
        yield Offence("application", application.id, found, digest(data), application.receipt_sha256)
        return
    stored = receipt_parts(data)
    changed = [name for name in sorted(parts.keys() | stored.keys()) if parts.get(name) != stored.get(name)]
    for name in sorted(set(changed) - free):
        yield differs("application", application.id, f"{number}: {name}", stored.get(name), parts.get(name))
    if not changed:
        found = f"{number}: the receipt's hash is another than that of what was submitted"
        yield Offence("application", application.id, found, application.receipt_sha256, digest(data))
