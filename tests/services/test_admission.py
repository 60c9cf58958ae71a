"""Decisions on applications follow the lifecycle, need their reasons, and stop once the ranking is frozen."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import Action, NotPossible, ReasonMissing
from judging.models import Application, JournalRecord
from judging.services.admission import Decision, admit_applications, decide_application
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT


def submitted(session: Session, **values: object) -> Application:
    return factories.application(session, factories.contest(session, **values), status="submitted")


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [
        ("submitted", Action.ADMIT, "admitted"),
        ("submitted", Action.REJECT, "rejected"),
        ("rejected", Action.REINSTATE, "admitted"),
        ("admitted", Action.WITHDRAW, "withdrawn"),
    ],
)
def test_a_decision_moves_the_application_and_is_recorded(
    session: Session, before: str, action: Action, after: str
) -> None:
    application = factories.application(session, factories.contest(session), status=before)
    decide_application(
        session, application, Decision(action, version=1, reason="Пункт 5", clause="5.2"), by=By(CONSOLE, MOMENT)
    )
    session.flush()
    entry = session.scalars(select(JournalRecord)).one()
    assert (application.status, application.decision_reason, application.decision_clause) == (after, "Пункт 5", "5.2")
    assert (entry.event, entry.details, entry.subject_id) == (
        f"application.{after if action is not Action.REINSTATE else 'reinstated'}",
        {"status": [before, after], "reason": "Пункт 5", "clause": "5.2"},
        application.id,
    )


def test_a_rejection_needs_a_reason(session: Session) -> None:
    application = submitted(session)
    with pytest.raises(ReasonMissing):
        decide_application(session, application, Decision(Action.REJECT, version=1, reason=" "), by=By(CONSOLE, MOMENT))
    assert application.status == "submitted"


def test_a_stale_decision_is_refused(session: Session) -> None:
    application = submitted(session)
    with pytest.raises(Stale):
        decide_application(session, application, Decision(Action.ADMIT, version=7), by=By(CONSOLE, MOMENT))


def test_nothing_changes_once_the_ranking_is_frozen(session: Session) -> None:
    application = submitted(session, status="ranking_frozen")
    with pytest.raises(GateClosed):
        decide_application(session, application, Decision(Action.ADMIT, version=1), by=By(CONSOLE, MOMENT))


def test_bulk_admission_is_all_or_nothing(session: Session) -> None:
    contest = factories.contest(session)
    first = factories.application(session, contest, status="submitted")
    second = factories.application(session, contest, status="rejected")
    with pytest.raises(NotPossible), session.begin_nested():
        admit_applications(session, [(first, 1), (second, 1)], by=By(CONSOLE, MOMENT))
    assert session.scalars(select(JournalRecord)).all() == []
