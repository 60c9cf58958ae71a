"""What a check is, and what it finds; which rows came with an archive."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from judging.adapters.strict_json.notation import decimal_value
from judging.domain.errors import Unfit
from judging.domain.events import Event
from judging.models import JournalRecord


@dataclass(frozen=True)
class Offence:
    """A stored row for which a fact does not hold.

    ``subject`` is its table in the singular and ``id`` its id; ``found`` says in words what is wrong. ``stored`` and
    ``expected`` are the two values, where the check compares one with another.
    """

    subject: str
    id: int
    found: str = ""
    stored: str | None = None
    expected: str | None = None

    def __str__(self) -> str:
        return f"{self.subject} {self.id}: {self.found}" if self.found else f"{self.subject} {self.id}"


def differs(subject: str, key: int, what: str, stored: object, expected: object) -> Offence:
    """Return the offence that ``what`` is stored as one value and by the records has to be another."""
    found = f"{what} is {stored}, by the records it is {expected}"
    return Offence(subject, key, found, str(stored), str(expected))


@dataclass(frozen=True)
class Invariant:
    """A fact: its name, an English sentence, and the function that finds the rows for which it does not hold.

    ``warning``: staff may do so for a reason; worth a look and not a fault of the data.
    """

    code: str
    sentence: str
    find: Callable[[Session], Iterable[Offence]]
    warning: bool = False


def loading_instants(session: Session) -> Mapping[int, frozenset[datetime]]:
    """Return by contest the instants at which an archive was loaded into it: rows made then came with the archive."""
    found: defaultdict[int, set[datetime]] = defaultdict(set)
    rows = session.execute(
        select(JournalRecord.contest_id, JournalRecord.at).where(
            JournalRecord.event.in_((Event.CONTEST_LOADED, Event.CONTEST_REPLACED)),
            JournalRecord.contest_id.is_not(None),
        )
    )
    for contest_id, at in rows:
        found[contest_id or 0].add(at)
    return {contest_id: frozenset(instants) for contest_id, instants in found.items()}


def decimals_of(texts: object) -> tuple[Mapping[str, Decimal], tuple[str, ...]]:
    """Read a stored {name: decimal text}; return what can be read, and the names of what cannot."""
    if not isinstance(texts, dict):
        return {}, ("not an object",)
    read: dict[str, Decimal] = {}
    for name, text in texts.items():
        try:
            read[name] = decimal_value(text)
        except Unfit:
            continue
    return read, tuple(name for name in texts if name not in read)


def unknown_statuses(rows: Iterable[Row[int, str]], subject: str, known: Iterable[str]) -> Iterator[Offence]:
    """Yield the rows (id, status) whose status is none of ``known``."""
    statuses = frozenset(known)
    return (Offence(subject, key, status) for key, status in rows if status not in statuses)


def records_of(session: Session, events: Iterable[str], *columns: Any) -> Iterable[Row[Any]]:
    """The columns of every record of these events, in the order of the journal; never all in memory."""
    wanted = select(*columns).where(JournalRecord.event.in_(tuple(events))).order_by(JournalRecord.id)
    return session.execute(wanted.execution_options(yield_per=2000))
