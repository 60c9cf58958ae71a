"""What was submitted, as it was submitted: every version of an application, and the returns between them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from judging.domain.forms.receipts import SLOT, receipt_answers
from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, Document, Submission, SubmissionReturn, User
from judging.models.base import table_of
from judging.models.submissions import STAFF, TEAM
from judging.queries.answers import answers_of
from judging.queries.applications import current_documents
from judging.queries.forms import FormInForce, form_in_force, form_of_version


@dataclass(frozen=True)
class SubmissionLine:
    """A submission in a list."""

    number: int
    at: datetime
    sha256: str
    by: str


@dataclass(frozen=True)
class Submitted:
    """What one submission holds: its form, the typed answers (files by their hash), and its document.

    ``number`` 0, ``sha256`` "", ``at`` and ``document`` None of an application that came with an archive.
    """

    form: FormInForce
    answers: Mapping[str, Any]
    number: int = 0
    sha256: str = ""
    at: datetime | None = None
    document: Mapping[str, Any] | None = None


def submissions_of(session: Session, application_id: int) -> list[SubmissionLine]:
    """Return the submissions of an application, the first one first."""
    kept, users = table_of(Submission), table_of(User)
    columns: tuple[Any, ...] = (kept.c.number, kept.c.at, kept.c.sha256, users.c.name)
    rows = session.execute(
        select(*columns)
        .select_from(kept.outerjoin(users, users.c.id == kept.c.by_id))
        .where(kept.c.application_id == application_id)
        .order_by(kept.c.number)
    )
    return [SubmissionLine(row.number, row.at, row.sha256, row.name or "") for row in rows]


def last_submitted(session: Session, application: Application) -> Submitted:
    """Return what was submitted last; of an application that came with an archive, what its columns answer."""
    table = table_of(Submission).c
    row = session.execute(_kept(application).order_by(table.number.desc()).limit(1)).one_or_none()
    return _read(application, row)


def submitted(session: Session, application: Application, number: int) -> Submitted:
    """Return one submission; raise NoResultFound where there is none of that number."""
    return _read(application, session.execute(_kept(application).where(table_of(Submission).c.number == number)).one())


def _kept(application: Application) -> Select[Any]:
    table = table_of(Submission).c
    columns: tuple[Any, ...] = (table.number, table.sha256, table.at, table.document)
    return select(*columns).where(table.application_id == application.id)


def _read(application: Application, row: Any) -> Submitted:
    if row is None:
        form = form_in_force(application.contest)
        return Submitted(form, answers_of(application, form.compiled))
    document = row.document
    known = document.get("form") or {}
    form = form_of_version(application.contest, known.get("number"), known.get("revision"))
    return Submitted(form, receipt_answers(form.form, document), row.number, row.sha256, row.at, document)


def names_organisation(session: Session, cluster_id: int, inn: str) -> bool:
    """Say whether an application of the cluster that is not withdrawn names an organisation in its last submission."""
    return inn in submitted_inns(session, cluster_id)


def submitted_inns(session: Session, cluster_id: int) -> frozenset[str]:
    """The ИНН of the organisations that the last submissions of the cluster name; of withdrawn applications none."""
    columns = select(Submission.application_id, Submission.document["organisations"])
    rows = session.execute(
        columns.join(Application, Application.id == Submission.application_id)
        .where(Application.cluster_id == cluster_id, Application.status != ApplicationStatus.WITHDRAWN)
        .order_by(Submission.application_id, Submission.number)
    )
    last: dict[int, Any] = dict(rows.all())  # of several submissions the last one stays
    return frozenset(one["inn"] for named in last.values() for one in named or ())


@dataclass(frozen=True)
class ReturnLine:
    """A return for correction, or changes that the team itself began.

    ``until`` is exclusive, ``remarks`` are by the code of their section.
    """

    id: int
    submission: int
    sections: tuple[str, ...]
    remarks: Mapping[str, str]
    until: datetime
    at: datetime
    by: str
    closed_at: datetime | None
    outcome: str | None
    kind: str = STAFF

    @property
    def is_own(self) -> bool:
        """Whether the team opened it by itself, before the close."""
        return self.kind == TEAM

    def is_open(self, now: datetime) -> bool:
        """Whether the team can still correct its sections."""
        return self.closed_at is None and now < self.until


def returns_of(session: Session, application_id: int) -> list[ReturnLine]:
    """Return every return of an application, the last one first."""
    returns, users = table_of(SubmissionReturn), table_of(User)
    names = ("id", "submission", "sections", "remarks", "until", "at", "closed_at", "outcome", "kind")
    columns: list[Any] = [*(returns.c[name] for name in names), users.c.name]
    rows = session.execute(
        select(*columns)
        .select_from(returns.outerjoin(users, users.c.id == returns.c.by_id))
        .where(returns.c.application_id == application_id)
        .order_by(returns.c.id.desc())
    )
    return [
        ReturnLine(
            row.id, row.submission, tuple(row.sections), row.remarks, row.until, row.at, row.name or "", row.closed_at,
            row.outcome, row.kind,
        )
        for row in rows
    ]  # fmt: skip


def pending_line(session: Session, application_id: int) -> ReturnLine | None:
    """Return the return that is not closed as a line; None where there is none."""
    return next((one for one in returns_of(session, application_id) if one.closed_at is None), None)


class Pending(NamedTuple):
    """Until when an application is open for changes, and whether its team opened it by itself."""

    until: datetime
    own: bool


def pending_until(session: Session, application_ids: Collection[int]) -> dict[int, Pending]:
    """Return until when those of the applications are open for changes that are, given back or by their own team."""
    table = table_of(SubmissionReturn).c
    columns: tuple[Any, ...] = (table.application_id, table.until, table.kind)
    wanted = select(*columns).where(table.application_id.in_(application_ids), table.closed_at.is_(None))
    return {row.application_id: Pending(row.until, row.kind == TEAM) for row in session.execute(wanted)}


def submitted_files(session: Session, application: Application) -> list[Document]:
    """Return the files of the last submission, whatever is being corrected; without one, those that count now."""
    last = last_submitted(session, application)
    document, at = last.document, last.at
    if document is None or at is None:
        return current_documents(application)
    name = SLOT[document["version"]]
    wanted = Counter((one[name], one["filename"], one["sha256"]) for one in document["documents"])
    found = []
    # of equal files the one that came with the submission: what came later may be of a correction
    for file in sorted(
        application.documents, key=lambda one: (one.uploaded_at > at, one.removed_at is not None, -one.id)
    ):
        key = (file.slot, file.filename, file.sha256)
        if wanted[key]:
            wanted[key] -= 1
            found.append(file)
    return sorted(found, key=lambda one: one.id)


class UnkeptFile(NamedTuple):
    """A file that was submitted in another installation and is not kept in this one."""

    slot: str
    filename: str
    size: int
    sha256: str


def unkept_files(session: Session, application: Application) -> tuple[UnkeptFile, ...]:
    """Return the files of the last submission of an application that came with an archive: none of them is here."""
    if application.receipt_sha256 is not None:
        return ()
    files = session.scalar(_documents(), {"application": application.id})
    return tuple(
        UnkeptFile(one.get("field") or one["slot"], one["filename"], one["size"], one["sha256"]) for one in files or ()
    )


@cache
def _documents() -> Select[Any]:
    table = table_of(Submission)
    mine = select(table.c.document["documents"]).where(table.c.application_id == bindparam("application"))
    return mine.order_by(table.c.number.desc()).limit(1)


def pending_return(session: Session, application_id: int) -> SubmissionReturn | None:
    """Return the return that is not closed; None where there is none. At its end it may be over, and not closed yet."""
    mine = select(SubmissionReturn).where(SubmissionReturn.application_id == application_id)
    return session.scalars(mine.where(SubmissionReturn.closed_at.is_(None))).one_or_none()
