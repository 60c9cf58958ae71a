"""Giving a submitted application back for correction, and its next submission.

A return opens its sections alone, until its instant. While it lasts the stored sections and files are what the team is
at; columns, receipt and number stay those of the submission. The next submission writes them anew under the same number
and with the first time of submission, which decides ties. A return that ends without one leaves everything as it was
submitted.
"""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.translations import translated
from judging.domain.access import By
from judging.domain.arrival import SLACK
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.forms.form import ApplicationForm
from judging.domain.gates import Act
from judging.domain.lifecycle import ApplicationStatus, NotPossible
from judging.domain.milestones import Code
from judging.models import Application, SubmissionReturn
from judging.models.submissions import TEAM
from judging.queries.checklists import last_submission
from judging.queries.checks import check_application
from judging.queries.forms import form_of
from judging.queries.milestones import milestone
from judging.queries.submissions import last_submitted, pending_return, returns_of
from judging.services import letters
from judging.services.applications.application_submit import refuse_incomplete, refuse_own_certification
from judging.services.applications.journal_notes import note
from judging.services.applications.projection import project
from judging.services.applications.receipts import keep_submission, receipt_hash, receipt_of, receipt_parts
from judging.services.applications.return_end import close_return, restore
from judging.services.applications.team_letters import tell_team
from judging.services.concurrency import check_version
from judging.services.conflicts import detect_for_application
from judging.services.holding import hold_application

LONGEST_REMARK = 3000
CHANGED_BY_TEAM = N_("The team is changing the application until the close: wait for it.")
RETURNED = letters.Wording(
    N_("Application %(number)s is given back for correction"),
    N_(
        "Application %(number)s, “%(title)s”, of the contest “%(contest)s” is given back for correction.\n\n"
        "%(remarks)s\n\nCorrect these sections and submit the application again before %(until)s MSK. It keeps its "
        "number and its time of submission. What is not submitted again by then counts as it was submitted first."
    ),
)
RESUBMITTED = letters.Wording(
    N_("The corrected application %(number)s has been received"),
    N_(
        "The corrected application has been received.\n\nContest: %(contest)s\nProject: %(title)s\n"
        "Registration number: %(number)s\nReceived: %(at)s MSK\nFiles: %(files)s\n"
        "SHA-256 of the receipt: %(sha256)s\n\nThe receipt with the hash of every file:\n%(receipt)s\n\n"
        "Every version and its receipt are kept; they are on the application's page."
    ),
)
CHANGED = letters.Wording(
    N_("The changed application %(number)s has been received"),
    N_(
        "The changed application has been received and replaces the one submitted before.\n\nContest: %(contest)s\n"
        "Project: %(title)s\nRegistration number: %(number)s\nReceived: %(at)s MSK\nFiles: %(files)s\n"
        "SHA-256 of the receipt: %(sha256)s\n\nThe receipt with the hash of every file:\n%(receipt)s\n\n"
        "The number and the time of the first submission stay. Every version and its receipt are kept."
    ),
)


class ReturnOver(RuleViolation):
    """The time for the correction is over."""


def return_application(
    session: Session, application_id: int, remarks: Mapping[str, str], until: datetime, *, version: int, by: By
) -> SubmissionReturn:
    """Give an application back: ``remarks`` by the code of each section that is opened, until an instant (exclusive).

    Beside them remarks on single questions, by ``section.field``: they stand at their question, and with its section.

    Raises :class:`Refused` with faults under ``sections``, a section's code or ``until``; :class:`NotPossible` unless
    it is submitted and no decision was made on it; ``GateClosed`` once the ranking is frozen.
    """
    application = hold_application(session, application_id, Act.DECIDE)
    check_version(application, version)
    if application.status != ApplicationStatus.SUBMITTED:
        raise NotPossible(N_("Only an application on which no decision was made can be given back."))
    pending = pending_return(session, application_id)
    if pending is not None:
        said = CHANGED_BY_TEAM if pending.kind == TEAM else N_("The application is given back already.")
        raise NotPossible(said)
    _refuse(application, remarks, until, by.now, milestone(session, application.contest, Code.CORRECTIONS))
    before = last_submitted(session, application)
    restore(session, application, before, by, keep_hidden=True)
    row = SubmissionReturn(
        application_id=application_id,
        submission=last_submission(session, application_id),
        sections=[section.code for section in form_of(application.contest).sections if section.code in remarks],
        remarks=_told(form_of(application.contest), remarks),
        until=until,
        at=by.now,
        by_id=by.actor.user_id,
    )
    session.add(row)
    application.updated_at = by.now
    details = {"sections": row.sections, "until": until.isoformat(), "remarks": row.remarks}
    note(session, application, Event.APPLICATION_RETURNED, by=by, details=details)
    _tell_returned(session, application, row, by)
    return row


def end_return(session: Session, application_id: int, *, reason: str, by: By) -> None:
    """End a return before its time, for a reason: what was submitted stands."""
    application = hold_application(session, application_id, Act.DECIDE)
    row = pending_return(session, application_id)
    if row is None:
        raise NotPossible(N_("The application is not given back."))
    if row.kind == TEAM and by.now < row.until:
        raise NotPossible(CHANGED_BY_TEAM)
    if not reason.strip():
        raise Refused([Fault("reason", N_("Give the reason."))])
    close_return(session, application, row, "ended", {"reason": reason.strip()}, by)


def end_expired_returns(session: Session, *, by: By) -> int:
    """End every return whose time is over; say how many there were. What was submitted stands.

    A correction that arrived in time may still be on its way, carried by a form or waiting: nothing is put back before
    the last one would be here.
    """
    last = by.now - SLACK
    over = select(SubmissionReturn.application_id).where(
        SubmissionReturn.closed_at.is_(None), SubmissionReturn.until <= last
    )
    ended = 0
    for application_id in session.scalars(over.order_by(SubmissionReturn.application_id)).all():
        application = hold_application(session, application_id)
        row = pending_return(session, application_id)
        if row is not None and row.until <= last:
            close_return(session, application, row, "expired", {}, by)
            ended += 1
    return ended


def resubmit_application(
    session: Session, application_id: int, *, version: int, by: By, base_url: str = ""
) -> Application:
    """Submit an application that was given back, or that its team changed: the next submission under its number.

    Raises :class:`ReturnOver` after its time, ``Stale`` where it was changed since it was checked, ``Incomplete`` with
    every stop in its sections named: what is found in the others the team cannot correct.
    """
    application = hold_application(session, application_id, Act.APPLY)
    row = pending_return(session, application_id)
    if row is None or application.number is None or application.status != ApplicationStatus.SUBMITTED:
        last = next(iter(returns_of(session, application_id)), None)
        if last is not None and last.outcome == "expired":
            raise _over(last.kind)
        raise NotPossible(N_("The application is not given back."))
    if by.now >= row.until:
        raise _over(row.kind)
    check_version(application, version)
    check = check_application(session, application, by.now)
    refuse_incomplete(check, row.sections)
    refuse_own_certification(session, application, by)
    with session.no_autoflush:
        project(session, application, check.form.compiled, check.answers, check.seen)
    receipt = receipt_of(application, number=application.number, submitted_at=by.now)
    sha256 = receipt_hash(receipt)
    application.receipt_sha256, application.updated_at = sha256, by.now
    keep_submission(session, application.id, receipt, sha256=sha256, at=by.now, by_id=by.actor.user_id)
    row.closed_at, row.outcome = by.now, "resubmitted"
    facts, parts = {"sha256": sha256, "submission": row.submission + 1}, {"receipt": receipt_parts(receipt)}
    note(session, application, Event.APPLICATION_RESUBMITTED, by=by, details=facts, state=parts)
    wording = CHANGED if row.kind == TEAM else RESUBMITTED
    key = f"resubmission-{application.id}-{row.submission + 1}"
    tell_team(session, application, wording, now=by.now, key=key, base_url=base_url)
    detect_for_application(session, application, by=by)
    return application


def return_letter(application: Application, locale: str, *, remarks: str, until: str) -> tuple[str, str]:
    """Subject and body of the letter that a return sends, as they read in ``locale``."""
    facts = {
        "number": application.number, "title": application.title, "contest": application.contest.title,
        "remarks": remarks, "until": until,
    }  # fmt: skip
    return translated(locale, RETURNED.subject, facts), translated(locale, RETURNED.body, facts)


def _over(kind: str) -> ReturnOver:
    if kind == TEAM:
        return ReturnOver(N_("The time for changes is over: the application counts as it was submitted."))
    return ReturnOver(N_("The time for the correction is over: the application counts as it was submitted."))


def _refuse(
    application: Application, remarks: Mapping[str, str], until: datetime, now: datetime, last: datetime | None
) -> None:
    """``last``: when the corrections of the contest end; None where it does not say."""
    form = form_of(application.contest)
    known = {section.code for section in form.sections}
    places = {f"{section.code}.{field.code}" for section in form.sections for field in section.fields}
    faults = []
    if not remarks:
        faults.append(Fault("sections", N_("Choose the sections to be corrected.")))
    for code, text in remarks.items():
        beside = any(other.startswith(f"{code}.") and said.strip() for other, said in remarks.items())
        if code not in known and (code not in places or code.partition(".")[0] not in remarks):
            faults.append(Fault("sections", N_("The form has no such section any more: open the page anew.")))
        elif not text.strip() and not beside and code in known:
            faults.append(Fault(code, N_("Say what is to be corrected.")))
        elif len(text) > LONGEST_REMARK:
            faults.append(Fault(code, N_("No more than %(max)d characters"), {"max": LONGEST_REMARK}))
    faults += _until_faults(until, now, last)
    if faults:
        raise Refused(faults)


def _told(form: ApplicationForm, remarks: Mapping[str, str]) -> dict[str, str]:
    """What is kept: of a section what is said of it and of its questions, of a question what stands beside it."""
    kept = {code: text.strip() for code, text in remarks.items() if "." in code and text.strip()}
    for section in form.sections:
        if section.code in remarks:
            beside = [
                f"{field.label}: {kept[f'{section.code}.{field.code}']}"
                for field in section.fields
                if f"{section.code}.{field.code}" in kept
            ]
            kept[section.code] = "\n".join(text for text in (remarks[section.code].strip(), *beside) if text)
    return kept


def _until_faults(until: datetime, now: datetime, last: datetime | None) -> list[Fault]:
    if until <= now:
        return [Fault("until", N_("The time must be in the future"))]
    if last is not None and until > last:
        return [Fault("until", N_("The corrections of this contest end earlier: see its stages and deadlines"))]
    return []


def _tell_returned(session: Session, application: Application, row: SubmissionReturn, by: By) -> None:
    titles = {section.code: section.title for section in form_of(application.contest).sections}
    remarks = "\n".join(f"{titles[code]}: {row.remarks[code]}" for code in row.sections)
    until = row.until.astimezone(ZoneInfo("Europe/Moscow")).strftime("%d.%m.%Y %H:%M")
    key = f"return-{application.id}-{row.submission}-{by.now.isoformat()}"
    tell_team(session, application, RETURNED, now=by.now, key=key, remarks=remarks, until=until)
