"""A withdrawal is taken back, a draft that was given up is taken up again, an empty one is deleted."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.lifecycle import Action, NotPossible
from judging.domain.stages import NotOpen
from judging.models import Application, JournalRecord, Letter
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from judging.queries.journal import JournalFilter, journal_page
from judging.queries.submissions import last_submitted, submissions_of
from judging.services.admission import Decision, decide_application
from judging.services.applications.draft_edit import start_application
from judging.services.applications.section_save import save_section
from judging.services.applications.withdrawal import (
    NotEmpty,
    remove_draft,
    take_up_draft,
    undo_withdrawal,
    withdraw_application,
)
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft
from tests.services.test_returns import by, offences, submitted_one

CLOSE = MOMENT + timedelta(days=10)
LATER = MOMENT + timedelta(hours=1)


def withdrawn(session: Session) -> Application:
    application = submitted_one(session)
    withdraw_application(session, application.id, reason="Передумали", by=by(LATER))
    session.flush()
    return application


def test_a_withdrawal_is_taken_back_to_the_same_submission(session: Session) -> None:
    application = submitted_one(session)
    before = (application.number, application.submitted_at, application.receipt_sha256, application.lateness)
    withdraw_application(session, application.id, reason="Передумали", by=by(LATER))
    expert = factories.expert(session, application.contest)
    initiator = application.initiator
    assert initiator is not None
    expert.organisation = factories.organisation(session, application.contest, inn=initiator.inn)
    undo_withdrawal(session, application.id, version=application.version, by=by(CLOSE - timedelta(microseconds=1)))
    session.flush()
    assert application.status == "submitted"
    assert (application.number, application.submitted_at, application.receipt_sha256, application.lateness) == before
    assert (application.decision_reason, len(submissions_of(session, application.id))) == (None, 1)
    events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    assert events == ["application.submitted", "application.withdrawn", "application.restored", "conflict.found"]
    assert [one.subject for one in session.scalars(select(Letter).order_by(Letter.id))] == [
        f"Заявка {application.number} получена", f"Заявка {application.number} отозвана",
        f"Отзыв заявки {application.number} отменён",
    ]  # fmt: skip
    decide_application(session, application, Decision(Action.ADMIT, application.version), by=by(LATER))
    assert offences(session) == []


def test_every_withdrawal_and_every_way_back_is_written_about(session: Session) -> None:
    application = submitted_one(session)
    for hour in (1, 2):
        at = MOMENT + timedelta(hours=hour)
        withdraw_application(session, application.id, reason="Причина", by=by(at))
        undo_withdrawal(session, application.id, version=application.version, by=by(at))
    session.flush()
    assert len(session.scalars(select(Letter.id)).all()) == 5


def test_after_the_close_there_is_no_way_back(session: Session) -> None:
    application = withdrawn(session)
    with pytest.raises(NotOpen):
        undo_withdrawal(session, application.id, version=application.version, by=by(CLOSE))
    with pytest.raises(Stale):
        undo_withdrawal(session, application.id, version=application.version - 1, by=by(LATER))
    with pytest.raises(NotPossible, match="can be taken back"):
        take_up_draft(session, application.id, version=application.version, by=by(LATER))
    assert application.status == "withdrawn"


def test_an_application_does_not_come_back_over_another_cluster(session: Session) -> None:
    application = withdrawn(session)
    application.cluster.name = "Другой кластер"
    session.flush()
    with pytest.raises(NotPossible, match="cluster were changed"):
        undo_withdrawal(session, application.id, version=application.version, by=by(LATER))


def test_a_draft_is_given_up_without_a_reason_and_taken_up_with_everything(session: Session) -> None:
    application = whole_draft(session)
    answers = dict(answers_of(application, compiled_form_of(application.contest)))
    withdraw_application(session, application.id, by=by(LATER))
    session.flush()
    assert (application.status, application.decision_reason) == ("withdrawn", None)
    assert session.scalars(select(Letter)).all() == []
    with pytest.raises(NotPossible, match="never submitted"):
        undo_withdrawal(session, application.id, version=application.version, by=by(LATER))
    with pytest.raises(NotOpen):
        take_up_draft(session, application.id, version=application.version, by=by(CLOSE))
    take_up_draft(session, application.id, version=application.version, by=by(LATER))
    session.flush()
    assert (application.status, dict(last_submitted(session, application).answers)) == ("draft", answers)


def test_an_empty_draft_is_deleted_and_one_with_data_is_not(session: Session) -> None:
    contest = factories.contest(session, code="PP41-2027")
    cluster = factories.cluster(session, contest, factories.team(session))
    at = By(Actor(user_id=None, name="Орлова"), MOMENT)
    empty, begun = (start_application(session, contest, cluster, by=at) for _ in range(2))
    session.flush()
    save_section(session, begun.id, "passport", {"title": "Проект"}, seen=0, by=at)
    session.flush()
    gone = empty.id
    with pytest.raises(NotEmpty):
        remove_draft(session, begun.id, by=at)
    remove_draft(session, gone, by=at)
    session.flush()
    assert session.scalars(select(Application.id)).all() == [begun.id]
    removed = session.scalars(select(JournalRecord).order_by(JournalRecord.id.desc())).first()
    assert removed is not None
    assert (removed.event, removed.subject_id) == ("application.removed", gone)
    save_section(session, begun.id, "passport", {"title": None}, seen=1, by=at)
    session.flush()
    remove_draft(session, begun.id, by=at)
    session.flush()
    assert session.scalars(select(Application.id)).all() == []
    told = journal_page(session, JournalFilter(), contest_id=contest.id).rows
    assert [row.event for row in told] == [], "what was typed in a draft is its team's, also when it is deleted"
    assert {row.unsubmitted for row in journal_page(session, JournalFilter()).rows} == {True}


@pytest.mark.parametrize("status", ["submitted", "admitted", "rejected", "withdrawn"])
def test_nothing_but_a_draft_is_deleted(session: Session, status: str) -> None:
    application = submitted_one(session)
    application.status = status
    session.flush()
    with pytest.raises(NotPossible, match="Only a draft"):
        remove_draft(session, application.id, by=by())
