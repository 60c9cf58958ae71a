"""A submitted application is changed by its own team until the close; nobody else sees it before it is submitted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.storage import Stored
from judging.domain.arrival import SLACK
from judging.domain.canonical import canonical_json
from judging.domain.lifecycle import Action, NotPossible
from judging.domain.milestones import Code
from judging.domain.stages import Calendar, NotOpen
from judging.models import Application, Contest, JournalRecord, Letter, SubmissionReturn
from judging.queries.answers import answers_of
from judging.queries.applications import current_documents
from judging.queries.expert_reading import read_by_experts, readable
from judging.queries.forms import compiled_form_of
from judging.queries.journal import history_of
from judging.queries.receipts import receipt_data
from judging.queries.register import RegisterFilter, register_page
from judging.queries.submissions import last_submitted, returns_of, submissions_of, submitted_files
from judging.services import contests as contest_services
from judging.services import milestones
from judging.services.admission import Decision, decide_application
from judging.services.applications.documents import StoredFile, add_document, remove_document
from judging.services.applications.own_edit import cancel_own_edit, open_own_edit
from judging.services.applications.returns import (
    ReturnOver,
    end_expired_returns,
    end_return,
    resubmit_application,
    return_application,
)
from judging.services.applications.withdrawal import withdraw_application
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT
from tests.services.test_returns import REMARKS, by, offences, save, submitted_one

CLOSE = MOMENT + timedelta(days=10)
LATER = MOMENT + timedelta(hours=1)
CHANGED = MOMENT + timedelta(hours=2)
MICROSECOND = timedelta(microseconds=1)
FILE = StoredFile("Договор.pdf", "application/pdf", Stored("sha256/ab/ab", 10, "ab" * 32))


def opened(session: Session, **values: Any) -> Application:
    application = submitted_one(session, **values)
    open_own_edit(session, application.id, version=application.version, by=by(LATER))
    session.flush()
    return application


def changed(session: Session, application: Application) -> None:
    """Change answers and files of an application that is open for changes."""
    save(session, application, "passport", {"title": "Тайный проект"}, CHANGED)
    save(session, application, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00}, CHANGED)
    add_document(session, application.id, "contracts", FILE, by=by(CHANGED))
    replaced = current_documents(application)[0]
    remove_document(session, application.id, replaced.id, by=by(CHANGED))
    add_document(session, application.id, replaced.slot, FILE, by=by(CHANGED))
    session.flush()


def seen_by_others(session: Session, application: Application) -> bytes:
    """All that the staff and the experts read of the application, as bytes; its version tells of no words."""
    session.flush()
    session.expire_all()
    page = register_page(session, application.contest_id, RegisterFilter())
    last = last_submitted(session, application)
    reading = read_by_experts(session, application, readable(session, application.contest, application.id))
    return canonical_json(
        {
            "register": [repr(replace(row, version=0)) for row in page.rows],
            "answers": repr(sorted(last.answers.items(), key=str)),
            "experts": repr(reading),
            "document": dict(last.document or {}),
            "files": [[file.slot, file.filename, file.sha256] for file in submitted_files(session, application)],
            "history": [[row.event, repr(row.details)] for row in history_of(session, application.id)],
        }
    )


def test_a_change_is_the_next_submission_under_the_same_number_and_first_time(session: Session) -> None:
    application = submitted_one(session)
    number, first, receipt = application.number, application.submitted_at, application.receipt_sha256
    row = open_own_edit(session, application.id, version=application.version, by=by(LATER))
    assert (row.kind, row.until, row.remarks, len(row.sections)) == ("team", CLOSE, {}, len(row.sections))
    changed(session, application)
    assert (application.status, application.loans, application.receipt_sha256) == ("submitted", 100_000_000_00, receipt)
    resubmit_application(session, application.id, version=application.version, by=by(CLOSE - MICROSECOND))
    assert (application.number, application.submitted_at, application.status) == (number, first, "submitted")
    assert (application.title, application.loans, application.lateness) == ("Тайный проект", 90_000_000_00, None)
    assert [(one.number, one.at) for one in submissions_of(session, application.id)] == [
        (1, first), (2, CLOSE - MICROSECOND),
    ]  # fmt: skip
    assert [(one.outcome, one.is_own) for one in returns_of(session, application.id)] == [("resubmitted", True)]
    letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    assert (f"Изменённая заявка {number} получена", f"/applications/{application.id}/receipt" in letter.body) == (
        letter.subject, True,
    )  # fmt: skip
    assert offences(session) == []


def test_nobody_else_reads_a_byte_of_the_changes_before_they_are_submitted(session: Session) -> None:
    application = submitted_one(session)
    open_own_edit(session, application.id, version=application.version, by=by(LATER))
    before = seen_by_others(session, application)
    changed(session, application)
    assert seen_by_others(session, application) == before
    assert "Тайный" not in before.decode()
    cancel_own_edit(session, application.id, by=by(CHANGED))
    assert "Тайный" not in seen_by_others(session, application).decode()


def test_given_up_changes_leave_everything_as_it_was_submitted(session: Session) -> None:
    application = submitted_one(session)
    answers, receipt = dict(last_submitted(session, application).answers), receipt_data(application)
    open_own_edit(session, application.id, version=application.version, by=by(LATER))
    changed(session, application)
    cancel_own_edit(session, application.id, by=by(LATER))
    session.flush()
    session.expire_all()
    assert answers_of(application, compiled_form_of(application.contest)) == answers
    assert receipt_data(application) == receipt
    assert [one.outcome for one in returns_of(session, application.id)] == ["ended"]
    with pytest.raises(NotPossible):
        cancel_own_edit(session, application.id, by=by(LATER))
    assert offences(session) == []


def test_what_is_not_submitted_by_the_close_lapses_and_the_team_is_told_once(session: Session) -> None:
    application = opened(session)
    changed(session, application)
    with pytest.raises(ReturnOver, match="time for changes"):
        resubmit_application(session, application.id, version=application.version, by=by(CLOSE))
    with pytest.raises(NotPossible, match="nothing of them was saved"):
        save(session, application, "finance", {"loans": 1}, CLOSE)
    assert end_expired_returns(session, by=by(CLOSE + SLACK - MICROSECOND)) == 0
    assert [end_expired_returns(session, by=by(CLOSE + SLACK)) for _ in range(2)] == [1, 0]
    session.flush()
    told = [one.subject for one in session.scalars(select(Letter).order_by(Letter.id))]
    assert told == [f"Заявка {application.number} получена", f"Изменения заявки {application.number} не поданы"]
    assert [one.outcome for one in returns_of(session, application.id)] == ["expired"]
    assert offences(session) == []


def test_nothing_is_decided_on_an_application_that_its_team_is_changing(session: Session) -> None:
    application = opened(session)
    with pytest.raises(NotPossible, match="team is changing"):
        decide_application(session, application, Decision(Action.ADMIT, application.version), by=by(LATER))
    with pytest.raises(NotPossible, match="team is changing"):
        end_return(session, application.id, reason="Пора", by=by(LATER))
    with pytest.raises(NotPossible, match="team is changing"):
        return_application(
            session, application.id, REMARKS, CLOSE + timedelta(days=1), version=application.version, by=by(LATER)
        )
    end_return(session, application.id, reason="Приём окончен", by=by(CLOSE))
    decide_application(session, application, Decision(Action.ADMIT, application.version), by=by(CLOSE))
    assert application.status == "admitted"


@pytest.mark.parametrize("status", ["draft", "admitted", "rejected", "withdrawn"])
def test_only_what_is_submitted_and_undecided_is_opened(session: Session, status: str) -> None:
    application = submitted_one(session)
    application.status = status
    session.flush()
    with pytest.raises(NotPossible, match="Only a submitted application"):
        open_own_edit(session, application.id, version=application.version, by=by(LATER))


def test_it_is_opened_in_its_time_once_and_as_it_was_seen(session: Session) -> None:
    application = submitted_one(session)
    with pytest.raises(NotOpen):
        open_own_edit(session, application.id, version=application.version, by=by(CLOSE))
    with pytest.raises(Stale):
        open_own_edit(session, application.id, version=application.version - 1, by=by(LATER))
    open_own_edit(session, application.id, version=application.version, by=by(CLOSE - MICROSECOND))
    with pytest.raises(NotPossible, match="already"):
        open_own_edit(session, application.id, version=application.version, by=by(CLOSE - MICROSECOND))


def test_no_change_makes_an_application_late_that_was_in_time(session: Session) -> None:
    contest = factories.contest(session, code="PP41-2027")
    announced = MOMENT + timedelta(days=5)
    factories.milestone(session, contest, "applications_soft", at=announced)
    application = submitted_one(session, contest=contest)
    row = open_own_edit(session, application.id, version=application.version, by=by(LATER))
    assert row.until == announced
    cancel_own_edit(session, application.id, by=by(LATER))
    with pytest.raises(NotOpen, match="time for changes"):
        open_own_edit(session, application.id, version=application.version, by=by(announced))
    factories.extension(session, application, CLOSE + timedelta(days=2))
    row = open_own_edit(session, application.id, version=application.version, by=by(announced))
    assert row.until == CLOSE + timedelta(days=2)


def test_the_time_of_the_changes_follows_the_close(session: Session) -> None:
    application = opened(session)
    contest: Contest = application.contest
    later = Calendar(contest.applications_open, CLOSE + timedelta(days=3), contest.review_close)
    contest_services.extend_schedule(session, contest.id, later, "Сбой связи", version=contest.version, by=by(LATER))
    session.flush()
    until = select(SubmissionReturn.until)
    assert session.scalars(until).all() == [CLOSE + timedelta(days=3)]
    now = LATER + timedelta(hours=1)
    milestones.come_by_hand(
        session, contest.id, Code.APPLICATIONS_CLOSE, "Раньше срока", version=contest.version, by=by(now)
    )
    session.flush()
    assert session.scalars(until).all() == [contest.applications_close]


def test_a_withdrawal_ends_the_changes(session: Session) -> None:
    application = opened(session)
    changed(session, application)
    withdraw_application(session, application.id, reason="Передумали", by=by(LATER))
    session.flush()
    assert (application.status, [one.outcome for one in returns_of(session, application.id)]) == (
        "withdrawn",
        ["ended"],
    )
    events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id.desc()).limit(2)).all()
    assert events == ["application.withdrawn", "application.return_ended"]


def test_a_partner_that_came_with_the_changes_is_looked_at_for_conflicts(session: Session) -> None:
    application = submitted_one(session)
    other = application.cluster.members[2].organisation
    expert = factories.expert(session, application.contest)
    expert.organisation = factories.organisation(session, application.contest, inn=other.inn)
    open_own_edit(session, application.id, version=application.version, by=by(LATER))
    partners = ({"organisation": other.inn, "role": "buyer", "contribution": "Закупает."},)
    save(session, application, "participants", {"partners": partners}, LATER)
    resubmit_application(session, application.id, version=application.version, by=by(LATER))
    session.flush()
    found = session.scalars(select(JournalRecord.event).where(JournalRecord.event == "conflict.found")).all()
    assert found == ["conflict.found"]
