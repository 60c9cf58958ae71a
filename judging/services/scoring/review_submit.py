"""Handing a sheet in: everything checked and named at once, the sheet kept for good under its hash."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.events import Event
from judging.domain.lifecycle import Action, ReviewStatus, Subject, advance
from judging.domain.sheets import is_outside, sheet_faults
from judging.domain.stages import require_reviewing
from judging.models import Review, ReviewVersion
from judging.queries.extensions import time_to_review
from judging.queries.rubrics import rules_of, sheet_criteria
from judging.queries.scoring import latest_version, stored_sheet
from judging.queries.sheets import further_answers, sheet_rules
from judging.services.assignment.additional_call import ask_where_last
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold_with
from judging.services.scoring.outside_scope import tell_of_outsider
from judging.services.scoring.review_gate import label_of, require_open
from judging.services.scoring.version_read import changes_unseen, note_last


def submit_review(session: Session, review: Review, *, version: int, by: By, base_url: str = "") -> ReviewVersion:
    """Hand the stored draft in and lock it; return the version that is kept.

    One that finds the project outside the scope of the contest needs no marks; the secretaries are written to.
    After the announced deadline, by a later close or an extension of the expert's, it is taken and marked late.
    Where it is the last regular one, a job looks whether the reviews diverge; ``base_url`` is for its letters.

    Raises ``NotPossible`` unless it is a draft, ``Stale`` where it is another draft than the one that was looked at,
    ``GateClosed``, ``Closed`` and ``NotOpen`` where reviews are not accepted, ``Refused`` with every fault of the sheet
    (``mark-CODE``, ``comment-CODE``, ``recommendation``, …; ``application`` where that has changed unseen).
    """
    hold_with(session, review)
    status = advance(Subject.REVIEW, ReviewStatus(review.status), Action.SUBMIT)
    check_version(review, version)
    require_open(review)
    time = time_to_review(session, review.application.contest, review.expert_id, by.now)
    require_reviewing(time.calendar, by.now)
    criteria = sheet_criteria(session, review.contest_id, review.application.nomination_id)
    sheet, asked = stored_sheet(review), sheet_rules(review.application.contest)
    faults = [*sheet_faults(rules_of(criteria), sheet, asked), *changes_unseen(session, review)]
    if faults:
        raise Refused(faults)
    note_last(session, review)
    outside = is_outside(sheet, asked)
    before, review.status = review.status, status
    review.submitted_at, review.reason, review.later_at = by.now, None, None
    review.lateness = lateness = time.window.lateness(by.now)
    kept = keep_version(session, review, made_at=by.now, made_by_id=by.actor.user_id)
    record(
        session,
        Event.REVIEW_SUBMITTED,
        by=by,
        subject=review,
        label=label_of(review),
        contest_id=review.contest_id,
        details={
            "status": [before, str(status)],
            "version": kept.number,
            "sha256": kept.sha256,
            **({"lateness": lateness.value} if lateness else {}),
            **({"outside": True} if outside else {}),
        },
    )
    if outside:
        tell_of_outsider(session, review, kept.number, by=by)
    ask_where_last(session, review, number=kept.number, by=by, base_url=base_url)
    return kept


def keep_version(session: Session, review: Review, *, made_at: datetime, made_by_id: int | None) -> ReviewVersion:
    """Write down the sheet as it is now, under the next number and the hash of its canonical JSON."""
    last = latest_version(session, review.id)
    number = 1 if last is None else last.number + 1
    sheet = _sheet_document(review, number)
    kept = ReviewVersion(
        review_id=review.id,
        number=number,
        sheet=sheet,
        sha256=digest(sheet),
        made_at=made_at,
        made_by_id=made_by_id,
    )
    session.add(kept)
    return kept


def _sheet_document(review: Review, number: int) -> dict[str, Any]:
    application, read = review.application, review.application_version or 0
    return {
        **({"application_version": read} if read > 1 else {}),
        "contest": application.contest.code,
        "application": application.number,
        "title": application.title,
        "expert": review.expert.email,
        "expert_name": review.expert.name,
        "additional": review.additional,
        "version": number,
        "submitted_at": review.submitted_at.isoformat() if review.submitted_at else None,
        "scores": dict(review.scores),
        "comments": dict(review.comments),
        "recommendation": review.recommendation,
        **further_answers(review),
    }
