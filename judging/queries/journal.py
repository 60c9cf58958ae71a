"""Reading the audit journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from judging.domain.events import Event
from judging.models import Application, Cluster, Contest, JournalRecord, User
from judging.queries.corrections import was_correcting
from judging.queries.paging import Page, windowed
from judging.queries.searching import contains, contains_words

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True)
class JournalFilter:
    """What is looked for: an event, a person (part of name or address), days of Moscow time (both included)."""

    event: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True)
class JournalRow:
    """One record: who did what to what; ``details`` as recorded.

    ``unsubmitted``: it is about what a team has not handed in, which is nobody else's to read.
    """

    id: int
    at: datetime
    event: str
    actor_name: str
    actor_email: str | None
    contest_code: str | None
    subject_type: str
    subject_id: int | None
    subject_label: str
    details: dict[str, Any]
    address: str
    contest_id: int | None
    unsubmitted: bool


def journal_page(session: Session, wanted: JournalFilter, *, contest_id: int | None = None) -> Page[JournalRow]:
    """One page of the journal, newest first, in two selects; of one contest where ``contest_id`` is given.

    A contest's journal, which its staff read, has no records of what is not handed in.
    """
    conditions = _conditions(wanted)
    if contest_id is not None:
        conditions += [JournalRecord.contest_id == contest_id, not_(_is_unsubmitted())]
    total = session.scalar(select(func.count()).select_from(JournalRecord).where(*conditions)) or 0
    record = JournalRecord
    found = (
        select(
            record.id, record.at, record.event, record.actor_name, User.email, Contest.code, record.subject_type,
            record.subject_id, record.subject_label, record.details, record.address, record.contest_id,
            _is_unsubmitted(),
        )
        .outerjoin(User, User.id == record.actor_id)
        .outerjoin(Contest, Contest.id == record.contest_id)
        .where(*conditions)
        .order_by(record.id.desc())
    )  # fmt: skip
    rows = session.execute(windowed(found, wanted.page, total))
    return Page([JournalRow(*row) for row in rows], wanted.page, total)


HISTORY = 200
"""The latest records that an application's page shows; the contest's journal has them all."""


@dataclass(frozen=True)
class HistoryRow:
    """A record on the page of what it is about."""

    at: datetime
    event: str
    actor_name: str
    subject_label: str
    details: dict[str, Any]


def history_of(session: Session, application_id: int) -> Sequence[HistoryRow]:
    """The application's latest journal records, newest first, without its team's work on a draft or a correction."""
    record = JournalRecord
    rows = session.execute(
        select(record.at, record.event, record.actor_name, record.subject_label, record.details)
        .where(
            record.subject_type == "application",
            record.subject_id == application_id,
            record.event.not_in((Event.APPLICATION_CREATED, Event.APPLICATION_CHANGED, *AMONG_THEMSELVES)),
            not_(_is_of_a_correction()),
        )
        .order_by(record.id.desc())
        .limit(HISTORY)
    )
    return [HistoryRow(*row) for row in rows]


def last_instant(session: Session, contest_id: int) -> datetime | None:
    """When the contest was last worked on; for its pages alone."""
    return session.scalar(select(func.max(JournalRecord.at)).where(JournalRecord.contest_id == contest_id))


def _conditions(wanted: JournalFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.event:
        conditions.append(JournalRecord.event == wanted.event)
    if wanted.person:
        conditions.append(_by(wanted.person))
    if wanted.since:
        conditions.append(JournalRecord.at >= _midnight(wanted.since))
    if wanted.until:
        conditions.append(JournalRecord.at < _midnight(wanted.until) + timedelta(days=1))
    return conditions


FILLING_IN = (
    Event.APPLICATION_CHANGED, Event.DOCUMENT_ADDED, Event.DOCUMENT_REMOVED, Event.SIGNATURE_ADDED,
    Event.SIGNATURE_REMOVED, Event.APPLICATION_CERTIFIED,
)  # fmt: skip
"""A team's own work on an application."""

AMONG_THEMSELVES = (
    Event.APPLICATION_ROLE_GIVEN, Event.SECTION_ASSIGNED, Event.SECTION_MARKED, Event.CERTIFICATION_ASKED,
    Event.CERTIFICATION_RETURNED,
)  # fmt: skip
"""Who of a team does what, and what its head wants corrected: that is nobody else's, whatever was submitted."""


def _is_of_a_correction() -> ColumnElement[bool]:
    """Whether the record is of a team's work in a correction that was not submitted (yet)."""
    record = JournalRecord
    return and_(
        record.subject_type == "application",
        record.event.in_(FILLING_IN),
        was_correcting(record.subject_id, record.at),
    )


def _is_unsubmitted() -> ColumnElement[bool]:
    """Whether the record is of a draft (deleted or not), of a correction, or of a cluster with nothing submitted.

    Nor is what the people of a team do among themselves anybody else's.
    """
    record, handed_in, removal = JournalRecord, Application.number.is_not(None), aliased(JournalRecord)
    there = exists().where(Application.id == record.subject_id)
    deleted = exists().where(
        removal.subject_type == "application",
        removal.subject_id == record.subject_id,
        removal.event == Event.APPLICATION_REMOVED,
    )
    draft = exists().where(Application.id == record.subject_id, not_(handed_in))
    behind = exists().where(Application.cluster_id == Cluster.id, handed_in)
    cluster = exists().where(Cluster.id == record.subject_id, Cluster.team_id.is_not(None), not_(behind))
    return or_(
        and_(record.subject_type == "application", or_(draft, and_(not_(there), deleted))),
        record.event.in_(AMONG_THEMSELVES),
        _is_of_a_correction(),
        and_(record.subject_type == "cluster", cluster),
    )


def _by(person: str) -> ColumnElement[bool]:
    people = select(User.id).where(*contains_words(User.search_text, person))
    return or_(JournalRecord.actor_id.in_(people), contains(JournalRecord.actor_name.expression, person))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=MOSCOW)
