"""Everything of a contest, for the archive that the console writes: the record with what no ranking needs.

Beside what :func:`judging.queries.records.contest_record_with_drafts` holds these are the versions of the form, the
milestones, and whatever was submitted, to the letter of its receipts.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.forms import form_object
from judging.domain import record
from judging.domain.canonical import digest
from judging.models import Application, ApplicationSection, Contest, FormVersion, Submission
from judging.models.base import table_of
from judging.queries import milestones
from judging.queries.applications import all_whole
from judging.queries.forms import form_of
from judging.queries.receipts import receipt_data
from judging.queries.records import contest_record_with_drafts

CHUNK = 300

Kept = Mapping[str, Sequence[record.Submission]]
"""What was submitted, by the number of its application."""


def whole_contest_record(session: Session, contest_id: int) -> record.ContestRecord:
    """Return everything of one contest; raise ``NoResultFound`` where there is none."""
    found = contest_record_with_drafts(session, contest_id)
    kept = {**_answered(session, contest_id), **_submitted(session, contest_id)}
    applications = tuple(replace(item, submissions=tuple(kept.get(item.number, ()))) for item in found.applications)
    needed = any(item.submissions for item in applications)
    terms = replace(
        found.contest,
        forms=tuple(_forms(session, contest_id, needed=needed)),
        milestones=tuple(_milestones(session, contest_id)),
    )
    return replace(found, contest=terms, applications=applications)


def _submitted(session: Session, contest_id: int) -> Kept:
    """Every submission, as it was kept."""
    table = table_of(Submission).c
    columns: tuple[Any, ...] = (Application.number, table.sha256, table.document)
    rows = session.execute(
        select(*columns)
        .join(Application, Application.id == table.application_id)
        .where(Application.contest_id == contest_id)
        .order_by(table.application_id, table.number),
        execution_options={"yield_per": CHUNK},
    )
    found: defaultdict[str, list[record.Submission]] = defaultdict(list)
    for number, sha256, document in rows:
        found[number].append(record.Submission(sha256, document))
    return found


def _answered(session: Session, contest_id: int) -> Kept:
    """What applications hold that came with an archive and have answers of their own: the receipt that they show."""
    submitted = select(Submission.id).where(Submission.application_id == Application.id).exists()
    answered = select(ApplicationSection.code).where(ApplicationSection.application_id == Application.id).exists()
    keys = session.scalars(
        select(Application.id)
        .where(Application.contest_id == contest_id, answered, ~submitted)
        .where(Application.number.is_not(None), Application.submitted_at.is_not(None))
        .order_by(Application.id)
    ).all()
    found = {}
    for start in range(0, len(keys), CHUNK):
        with Session(session.connection()) as reading:
            for application in reading.scalars(all_whole(keys[start : start + CHUNK])):
                document = receipt_data(application)
                found[str(application.number)] = [record.Submission(digest(document), document)]
    return found


def _forms(session: Session, contest_id: int, *, needed: bool) -> Iterator[record.FormVersion]:
    """The stored versions, the last one in force; where there is none and receipts name one, what it follows from."""
    stored = session.execute(_versions(contest_id)).all()
    yield from (record.FormVersion(**row._mapping) for row in stored)
    if needed and not stored:
        contest = session.get_one(Contest, contest_id)
        made = contest.published_at or contest.created_at
        yield record.FormVersion(1, 0, made, contest.published_at, "", form_object(form_of(contest)))


def _versions(contest_id: int) -> Any:
    table = table_of(FormVersion).c
    names = ("number", "revision", "created_at", "published_at", "note", "document")
    mine = select(*(table[name] for name in names)).where(table.contest_id == contest_id)
    return mine.order_by(table.number, table.revision)


def _milestones(session: Session, contest_id: int) -> Iterator[record.PlannedMilestone]:
    for code, row in milestones.stored(session, contest_id).items():
        planned = milestones.row_of(row)
        yield record.PlannedMilestone(code, planned.plan, planned.came_at, row.reason)
