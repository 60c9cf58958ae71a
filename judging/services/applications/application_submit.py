"""Submission of an application."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from judging.adapters.clock_steps import Step
from judging.domain.access import By
from judging.domain.collation import sort_key
from judging.domain.errors import N_, Refused
from judging.domain.events import Event
from judging.domain.forms.findings import plain_fault, stops_of
from judging.domain.gates import Act, require
from judging.domain.lifecycle import Action, ApplicationStatus, NotPossible, Subject, advance
from judging.domain.stages import Calendar, require_accepting
from judging.models import Application, Contest
from judging.models.base import table_of
from judging.models.storing import store
from judging.queries import clock
from judging.queries.certifications import certified_by
from judging.queries.checks import Check, check_application
from judging.queries.extensions import time_to_change, time_to_submit
from judging.services import contest_counters, letters
from judging.services.accounts.mailed_links import moscow_text
from judging.services.applications.journal_notes import note
from judging.services.applications.receipts import keep_submission, receipt_hash, receipt_of, receipt_parts
from judging.services.applications.team_letters import tell_team
from judging.services.clock import note_steps
from judging.services.concurrency import check_version
from judging.services.conflicts import detect_for_application
from judging.services.holding import hold_application
from judging.services.search_texts import text_of


class Incomplete(Refused):
    """The application has stops; every one of them is a fault."""


LONGEST_NUMBER, LONGEST_CODE = 40, 34
"""Of a registration number, and of a contest's code in one; more digits leave less room to the code."""

SUBMITTED = letters.Wording(
    N_("Application %(number)s has been received"),
    N_(
        "Your application has been received.\n\nContest: %(contest)s\nProject: %(title)s\n"
        "Registration number: %(number)s\nReceived: %(at)s MSK\nFiles: %(files)s\n"
        "SHA-256 of the receipt: %(sha256)s\n\nThe receipt with the hash of every file:\n%(receipt)s\n\n"
        "Received does not mean admitted: the formal check comes next, and we will write about its result. Until "
        "%(until)s the application can be changed or withdrawn on its page:\n%(link)s"
    ),
)


def submit_application(
    session: Session, application_id: int, *, version: int, by: By, steps: Iterable[Step] = (), base_url: str = ""
) -> Application:
    """Submit a draft: number, exact time and receipt, once and for all; conflicts with experts are written down.

    Whether it is in time is decided by ``now``, the instant of its arrival. It bears that instant too, unless the clock
    was set back (:func:`_instant`): ``steps`` are those that this process noticed, which are put on record first.

    After the announced deadline, by a later close or an extension of its own, it is taken and marked late.

    Raises Stale where the application changed since it was checked, NotOpen outside the window of acceptance by the
    server's clock, Incomplete with every stop named.
    """
    note_steps(session, steps)
    application = hold_application(session, application_id)
    status = advance(Subject.APPLICATION, ApplicationStatus(application.status), Action.SUBMIT)
    require(Act.APPLY, application.contest.status)
    time = time_to_submit(session, application, by.now)
    require_accepting(time.calendar, by.now)
    check_version(application, version)
    check = check_application(session, application, by.now)
    refuse_incomplete(check)
    refuse_own_certification(session, application, by)
    instant = _instant(session, application.contest, time.window.ends, by.now)
    lateness = time.window.lateness(by.now)
    number = _next_number(session, application.contest)
    receipt = receipt_of(application, number=number, submitted_at=instant, check=check)
    sha256 = receipt_hash(receipt)
    store(
        session,
        application,
        status=status,
        number=number,
        submitted_at=instant,
        updated_at=instant,
        submitted_by_id=by.actor.user_id,
        lateness=lateness,
        receipt_sha256=sha256,
        search_text=text_of(application, number),
        sort_number=sort_key(number),
    )
    keep_submission(session, application.id, receipt, sha256=sha256, at=instant, by_id=by.actor.user_id)
    facts, parts = {"sha256": application.receipt_sha256}, {"receipt": receipt_parts(receipt)}
    facts |= {"arrived": by.now.isoformat()} if instant != by.now else {}
    facts |= {"lateness": lateness.value} if lateness else {}
    note(session, application, Event.APPLICATION_SUBMITTED, by=replace(by, now=instant), details=facts, state=parts)
    until = moscow_text(time_to_change(session, application, by.now))
    tell_team(session, application, SUBMITTED, now=instant, base_url=base_url, until=until)
    detect_for_application(session, application, by=by)
    return application


def refuse_incomplete(check: Check, within: Collection[str] | None = None) -> None:
    """Raise :class:`Incomplete` with every stop, where there is one; of a correction, one in its own sections."""
    stops = stops_of(check.findings, within)
    if stops:
        raise Incomplete([plain_fault(one) for one in stops])


def refuse_own_certification(session: Session, application: Application, by: By) -> None:
    """Raise :class:`NotPossible` where whoever submits certified it: as the head, before they came to lead it."""
    if by.actor.user_id is not None and certified_by(session, application) == by.actor.user_id:
        raise NotPossible(N_("You certified this application: somebody else who leads it submits it."))


def calendar_of(contest: Contest) -> Calendar:
    """Return the contest's dates."""
    return Calendar(contest.applications_open, contest.applications_close, contest.review_close)


def registration_number(code: str, received: int) -> str:
    """Return the number of an application: its contest's code, cut where the number would not fit, and its count."""
    count = f"-{received:04d}"
    return code[: min(LONGEST_CODE, LONGEST_NUMBER - len(count))] + count


def _instant(session: Session, contest: Contest, ends: datetime, now: datetime) -> datetime:
    """The instant that a submission bears: its arrival. ``ends``: the end of the time for this application.

    Where the clock is known to have been set back to before instants that others bear already, the next one after
    theirs: numbers and instants then stand in one order, and the record keeps the arrival. Nothing is moved over the
    close, nor because of the order alone: a form that was carried has a later number and an earlier instant by right.
    """
    latest = clock.latest_before_set_back(session, contest.id, now)
    moved = now if latest is None else latest + timedelta(microseconds=1)
    return moved if moved < ends else now


def _next_number(session: Session, contest: Contest) -> str:
    """Take the contest's next number. The UPDATE locks the contest's row, so that no two submissions share one."""
    while True:
        received = session.scalar(contest_counters.raised("applications_received"), {"contest": contest.id})
        number = registration_number(contest.code, received or 0)
        if session.scalar(_taken(), {"contest": contest.id, "number": number}) is None:
            return number


@cache
def _taken() -> Select[Any]:
    table = table_of(Application).c
    number: Any = table.id
    return select(number).where(table.contest_id == bindparam("contest"), table.number == bindparam("number"))
