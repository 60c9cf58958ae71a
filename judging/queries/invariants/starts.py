"""Where verification starts from: the seal or the creation of each contest, the seal of the accounts, or nothing.

Data older than the records that verification reads have no start until ``flask db upgrade`` seals them; what happened
to them before their seal can be told by nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from judging.domain.canonical import digest
from judging.domain.events import Event
from judging.models import Contest, JournalRecord, Seal
from judging.queries.invariants.checks import Offence

SEALING = (Event.CONTEST_LOADED, Event.CONTEST_REPLACED, Event.STATE_NOTED)
CREATED = Event.CONTEST_CREATED


@dataclass(frozen=True)
class Start:
    """The record from which a contest (or the accounts) can be followed, and what there was then.

    ``document`` is the seal's; empty where everything began with the record itself. ``noted``: the state was noted
    later than the data began, so that what happened before cannot be told.
    """

    record_id: int
    at: datetime | None
    sha256: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    noted: bool = False

    def rows(self, name: str) -> Mapping[int, Any]:
        """Return the seal's rows of one kind by their id."""
        return {int(key): value for key, value in self.document.get(name, {}).items()}


def contest_starts(session: Session) -> Iterator[tuple[int, Start]]:
    """Yield (contest id, start) with the seal's document, one contest in memory at a time; none for uncovered ones."""
    for contest_id, start in start_records(session).items():
        yield contest_id, _with_document(session, contest_id, start)


def start_records(session: Session) -> Mapping[int, Start]:
    """Return the starts of the contests without what the seals hold."""
    rows = session.execute(
        select(JournalRecord.id, JournalRecord.at, JournalRecord.contest_id, JournalRecord.event,
               JournalRecord.state["seal"].as_string())
        .join(Contest, Contest.id == JournalRecord.contest_id)
        .where(JournalRecord.event.in_((*SEALING, CREATED)), JournalRecord.state.is_not(None))
        .order_by(JournalRecord.id)
    )  # fmt: skip
    return {
        contest_id: Start(key, at, sha256, noted=event == Event.STATE_NOTED)
        for key, at, contest_id, event, sha256 in rows
    }


def accounts_start(session: Session) -> Start | None:
    """Return the start of the accounts: their seal, else the beginning of a journal that is whole; None without."""
    record = session.execute(
        select(JournalRecord.id, JournalRecord.at, JournalRecord.state["seal"].as_string().label("sha256"))
        .where(JournalRecord.event == Event.STATE_NOTED, JournalRecord.contest_id.is_(None))
        .where(JournalRecord.state.is_not(None))
        .order_by(JournalRecord.id.desc())
        .limit(1)
    ).first()
    if record is not None:
        return _with_document(session, None, Start(record.id, record.at, record.sha256))
    return None if began_before(session) else Start(0, None)


def uncovered(session: Session) -> Iterator[tuple[str, datetime | None]]:
    """Yield (contest's code, instant): what was done before it cannot be told; None: nothing can be told at all.

    Such contests are older than the records that verification reads, or were filled otherwise than by the services.
    """
    starts, covered = start_records(session), _is_covered(session)
    for row in session.execute(select(Contest.id, Contest.code).order_by(Contest.id)):
        start = starts.get(row.id)
        if start is not None and start.noted:
            yield row.code, start.at
        elif start is None and not covered:
            yield row.code, None


def beginnings(session: Session) -> Iterator[Offence]:
    """Yield contests that no record creates, loads or notes, in an installation whose journal is whole."""
    if not _is_covered(session):
        return
    starts = start_records(session)
    for row in session.execute(select(Contest.id, Contest.code).order_by(Contest.id)):
        if row.id not in starts:
            yield Offence("contest", row.id, f"{row.code}: no record of its creation or loading")


def broken_seals(session: Session) -> Iterator[Offence]:
    """Yield seals in force that are missing, or do not give the hash that the journal has."""
    starts: list[tuple[int | None, Start]] = [*start_records(session).items()]
    accounts = accounts_start(session)
    starts += [(None, accounts)] if accounts else []
    for contest_id, start in starts:
        if start.sha256 is None:
            continue
        kept = session.execute(_seal(contest_id, start.sha256)).first()
        if kept is None:
            yield Offence("contest", contest_id or 0, f"the seal {start.sha256} of the journal's record is missing")
        elif digest(kept.document) != start.sha256:
            yield Offence("seal", kept.id, f"gives another hash than the journal's {start.sha256}")


def known_before(start: Start, name: str, key: int, made_at: datetime) -> bool:
    """Whether a row of the accounts that no record tells of may be older than what can be followed.

    The seal of the accounts lists links, requests and sessions by ``name``; an older seal does not, and then the row's
    own time has to be believed.
    """
    listed = start.document.get(name)
    return key in listed if listed is not None else start.at is not None and made_at <= start.at


def since(session: Session, contest_id: int, start: Start, *columns: Any) -> Select[Any]:
    """Select the journal's records of a contest from its start on, in order."""
    return (
        select(*columns)
        .where(JournalRecord.contest_id == contest_id, JournalRecord.id >= start.record_id)
        .order_by(JournalRecord.id)
        .execution_options(yield_per=2000)
    )


def _with_document(session: Session, contest_id: int | None, start: Start) -> Start:
    if start.sha256 is None:
        return start
    kept = session.execute(_seal(contest_id, start.sha256)).first()
    return Start(start.record_id, start.at, start.sha256, kept.document if kept else {}, start.noted)


def _seal(contest_id: int | None, sha256: str) -> Select[Any]:
    own = Seal.contest_id.is_(None) if contest_id is None else Seal.contest_id == contest_id
    return select(Seal.id, Seal.document).where(own, Seal.sha256 == sha256).order_by(Seal.id.desc()).limit(1)


def _is_covered(session: Session) -> bool:
    """Whether everything in the installation is younger than its records, or was sealed."""
    return accounts_start(session) is not None


def began_before(session: Session) -> bool:
    """Whether the journal's first record is one of before verification."""
    first = session.scalar(select(func.min(JournalRecord.id)))
    began = select(JournalRecord.previous_id).where(JournalRecord.id == first)
    return first is not None and session.scalar(began) is None
