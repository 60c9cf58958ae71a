"""Writing to the audit journal; every record is made here."""

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.orm import Session, aliased

from judging.domain.access import By
from judging.domain.events import KEEPS_ADDRESS, LEAVES_PLANS, MOVES_RANKING, SETTLES, Event
from judging.models import JournalRecord
from judging.queries.states import settings_of
from judging.services import contest_counters

EARLIER = aliased(JournalRecord)
"""The records that are there already when one is added."""
PREVIOUS = select(func.coalesce(func.max(EARLIER.id), 0)).scalar_subquery()
"""The last of them, or nought."""


def record(
    session: Session,
    event: Event,
    *,
    by: By,
    subject: object,
    label: str = "",
    contest_id: int | None = None,
    details: dict[str, Any] | None = None,
    state: dict[str, Any] | None = None,
) -> int:
    """Add one record in the caller's transaction and return its number.

    The contest's ranking revision is raised where the event moves it, and its draft plans are compared anew with what
    they were made from, unless the event leaves that as it is. ``subject`` is the model that the event is about
    (its primary key is flushed out if need be), ``by`` says who did it, when, and from which address, which the
    events of :data:`judging.domain.events.KEEPS_ADDRESS` keep. ``details`` must be JSON: decimals and instants as text;
    before → after as ``{"field": [before, after]}``. ``state``: what verification is to compare with later; the
    contest's settings are added to it by the events of :data:`judging.domain.events.SETTLES`.
    """
    session.flush()
    if contest_id is not None and event in SETTLES:
        state = {"settings": settings_of(session, contest_id)} | (state or {})
    entry = {
        "at": by.now,
        "event": event.value,
        "actor_id": by.actor.user_id,
        "actor_name": by.actor.name,
        "contest_id": contest_id,
        "subject_type": type(subject).__name__.lower(),
        "subject_id": getattr(subject, "id", None),
        "subject_label": label[:300],
        "details": details or {},
        "address": (by.address or "") if event in KEEPS_ADDRESS else "",
        "revision": _revision(session, event, contest_id),
        "state": state,
    }
    number = cast(int, session.execute(_entry(), entry).scalar_one())
    if contest_id is not None and event not in LEAVES_PLANS:
        session.execute(contest_counters.assignment_moved(), {"contest": contest_id})
    return number


def newest_instant(session: Session) -> datetime | None:
    """Return the instant of the last record, which the next one should not lie far before; None where there is none."""
    return session.scalar(select(JournalRecord.at).order_by(JournalRecord.id.desc()).limit(1))


@cache
def _entry() -> Any:
    journal = cast(Table, JournalRecord.__table__)
    given: dict[str, Any] = {
        column.name: bindparam(column.name) for column in journal.columns if not column.primary_key
    }
    return insert(journal).values(given | {"previous_id": PREVIOUS}).returning(journal.c.id)


def _revision(session: Session, event: Event, contest_id: int | None) -> int | None:
    """Raise the contest's ranking revision where the event moves it, and return what it is then."""
    if contest_id is None or event not in MOVES_RANKING:
        return None
    raised: int | None = session.scalar(contest_counters.raised("ranking_revision"), {"contest": contest_id})
    return raised
