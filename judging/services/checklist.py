"""Marks of the formal check: each point by a person, with a remark and the file that shows it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.canonical import digest
from judging.domain.errors import N_, Fault, Refused
from judging.domain.events import Event
from judging.domain.forms.checklist import Verdict
from judging.domain.gates import Act
from judging.domain.lifecycle import NotPossible
from judging.domain.lifecycle.application import OUT
from judging.models import Application, CheckMark
from judging.queries.checklists import Mark, last_submission, marks_of
from judging.queries.forms import form_of
from judging.queries.submissions import submitted_files
from judging.services.audit import record
from judging.services.concurrency import Stale
from judging.services.holding import hold_application

LONGEST_REMARK = 2000
PRINT = 16
"""Characters of what tells two marks from each other."""
OVERTAKEN = N_("Somebody marked this point meanwhile: look at it, and send yours again.")


@dataclass(frozen=True)
class MarkDraft:
    """What is said of a point; ``verdict`` None takes the mark away."""

    verdict: Verdict | None
    remark: str = ""
    document_id: int | None = None


@dataclass(frozen=True)
class Seen:
    """What a form was filled from: the number of the ``submission``, and of each point the print of its mark."""

    submission: int
    prints: Mapping[str, str]


def mark_print(mark: Mark | MarkDraft | None) -> str:
    """Return what tells whether a mark says the same as another; "" of none."""
    if mark is None or mark.verdict is None:
        return ""
    return digest({"mark": [mark.verdict.value, mark.remark.strip(), mark.document_id]})[:PRINT]


def mark_points(
    session: Session, application_id: int, drafts: Mapping[str, MarkDraft], *, by: By, seen: Seen | None = None
) -> Application:
    """Mark points of the last submission of an application; those that say what they said already leave no trace.

    Of a form that was filled from what was ``seen`` only what it says otherwise counts, and a point that somebody else
    has marked otherwise meanwhile is a fault.

    Raises :class:`Refused` with a fault under the code of each point that cannot be marked so, :class:`NotPossible` for
    a draft and for what is out, ``GateClosed`` once the ranking is frozen, ``Stale`` where the application was
    submitted again since it was seen.
    """
    application = hold_application(session, application_id, Act.DECIDE)
    if application.submitted_at is None or application.status in OUT:
        raise NotPossible(N_("Only a submitted application that is in the contest is checked."))
    submission = last_submission(session, application_id)
    if seen is not None and seen.submission != submission:
        raise Stale(application)
    before = marks_of(session, application_id, submission)
    drafts = _touched(drafts, seen)
    _refuse(session, application, drafts, _overtaken(drafts, before, seen))
    changed: dict[str, Any] = {}
    for code, draft in drafts.items():
        known = before.get(code)
        old, new = _mark(known), _drafted(draft)
        if old == new:
            continue
        changed[code] = [_told(old), _told(new)]
        row = session.get(CheckMark, (application_id, submission, code))
        if draft.verdict is None:
            session.delete(row)
            continue
        if row is None:
            row = CheckMark(application_id=application_id, submission=submission, point=code)
            session.add(row)
        row.verdict, row.remark, row.document_id = draft.verdict.value, draft.remark.strip(), draft.document_id
        row.marked_at, row.marked_by_id = by.now, by.actor.user_id
    if changed:
        record(
            session, Event.APPLICATION_CHECKED, by=by, subject=application, label=application.number or "",
            contest_id=application.contest_id, details={"submission": submission, "points": changed},
        )  # fmt: skip
    return application


def marks_document(session: Session, application: Application) -> dict[str, list[Any]]:
    """Return the marks that stand when a decision is made, by point: verdict and remark; its record keeps them."""
    marks = marks_of(session, application.id, last_submission(session, application.id))
    return {code: [mark.verdict.value, mark.remark] for code, mark in sorted(marks.items())}


def _mark(known: Mark | None) -> tuple[Verdict, str, int | None] | None:
    return (known.verdict, known.remark, known.document_id) if known else None


def _drafted(draft: MarkDraft) -> tuple[Verdict, str, int | None] | None:
    return (draft.verdict, draft.remark.strip(), draft.document_id) if draft.verdict else None


def _touched(drafts: Mapping[str, MarkDraft], seen: Seen | None) -> dict[str, MarkDraft]:
    """The drafts that say another thing than what was seen; a remark beside no mark is another thing."""
    if seen is None:
        return dict(drafts)
    return {
        code: draft
        for code, draft in drafts.items()
        if mark_print(draft) != seen.prints.get(code, "") or (draft.verdict is None and draft.remark.strip())
    }


def _overtaken(drafts: Mapping[str, MarkDraft], before: Mapping[str, Mark], seen: Seen | None) -> frozenset[str]:
    """The points that somebody marked since they were seen, and that are marked otherwise here."""
    if seen is None:
        return frozenset()
    now = {code: mark_print(before.get(code)) for code in drafts}
    return frozenset(
        code for code, draft in drafts.items() if now[code] not in (seen.prints.get(code, ""), mark_print(draft))
    )


def _refuse(
    session: Session, application: Application, drafts: Mapping[str, MarkDraft], overtaken: frozenset[str]
) -> None:
    points = {point.code for point in form_of(application.contest).checklist}
    files = {file.id for file in submitted_files(session, application)}
    faults = [_fault(code, draft, points, files) for code, draft in drafts.items() if code not in overtaken]
    faults += [Fault(code, OVERTAKEN) for code in drafts if code in overtaken]
    if any(faults):
        raise Refused([fault for fault in faults if fault is not None])


def _fault(code: str, draft: MarkDraft, points: Collection[str], files: Collection[int]) -> Fault | None:
    if code not in points:
        return Fault(code, N_("The form has no such point any more: open the page anew."))
    if len(draft.remark) > LONGEST_REMARK:
        return Fault(code, N_("No more than %(max)d characters"), {"max": LONGEST_REMARK})
    if draft.verdict is None and draft.remark.strip():
        return Fault(code, N_("Say whether the point is fulfilled, or take the remark away."))
    if draft.verdict in (Verdict.NO, Verdict.REMARK) and not draft.remark.strip():
        return Fault(code, N_("Say what is wrong."))
    if draft.document_id is not None and draft.document_id not in files:
        return Fault(code, N_("This file is not among the documents of the application any more."))
    return None


def _told(mark: tuple[Verdict | None, str, int | None] | None) -> list[Any] | None:
    return None if mark is None or mark[0] is None else [mark[0].value, mark[1], mark[2]]
