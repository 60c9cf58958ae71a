"""The check of the counter of applications: it stands at the number that was given last, by the records."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.events import Event
from judging.domain.identifiers import numbers_given
from judging.models import Contest, JournalRecord
from judging.queries.invariants.checks import Offence, differs, records_of
from judging.queries.invariants.starts import Start, contest_starts


def false_counters(session: Session) -> Iterator[Offence]:
    """Yield contests whose counter is not what it began with and the recorded submissions made of it."""
    counters = dict(session.execute(select(Contest.id, Contest.applications_received)).all())
    records = _numbers(session)
    for contest_id, start in contest_starts(session):
        given = [number for record, number in records.get(contest_id, ()) if record >= start.record_id]
        begun = _begun(start)
        if given:
            expected = max(begun or 0, _last(given))
        elif begun is not None:
            expected = begun
        else:
            continue
        if counters[contest_id] != expected:
            yield differs("contest", contest_id, "the counter of applications", counters[contest_id], expected)


def _begun(start: Start) -> int | None:
    """What the counter was at the start; None where an older state was noted, for the numbers do not tell it surely."""
    if start.sha256 is None:
        return 0
    received: int | None = start.document.get("applications_received")
    if received is None and not start.noted and start.document:
        return numbers_given([sealed[1] for sealed in start.rows("applications").values() if sealed[1]])
    return received


def _last(given: Sequence[str]) -> int:
    """The greatest count that a number ends in; numbers that were taken already were passed over."""
    return max(numbers_given([number]) for number in given)


def _numbers(session: Session) -> Mapping[int | None, list[tuple[int, str]]]:
    """Return by contest (record's id, number) of every recorded submission."""
    found: defaultdict[int | None, list[tuple[int, str]]] = defaultdict(list)
    columns = (JournalRecord.id, JournalRecord.contest_id, JournalRecord.subject_label)
    for row in records_of(session, (Event.APPLICATION_SUBMITTED,), *columns):
        found[row.contest_id].append((row.id, row.subject_label))
    return found
