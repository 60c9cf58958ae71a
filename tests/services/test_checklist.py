"""Points of the formal check are marked by people, per submission, on record, and stand beside the decision."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.errors import Refused
from judging.domain.forms.checklist import Verdict
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import Action, NotPossible
from judging.models import Application, JournalRecord
from judging.queries.checklists import checklist_of, marks_of
from judging.services.admission import Decision, decide_application
from judging.services.checklist import MarkDraft, mark_points
from tests import factories
from tests.factories import MOMENT

BY = By(Actor(user_id=None, name="Орлова"), MOMENT)


def submitted(session: Session, **values: Any) -> Application:
    contest = factories.contest(session, **values)
    return factories.application(session, contest, status="submitted")


def told(session: Session) -> list[dict[str, Any]]:
    chosen = select(JournalRecord.details).where(JournalRecord.event == "application.checked")
    return list(session.scalars(chosen.order_by(JournalRecord.id)))


def test_marks_are_kept_changed_and_taken_away_on_record(session: Session) -> None:
    application = submitted(session)
    file = factories.document(session, application)
    mark_points(session, application.id, {"K1": MarkDraft(Verdict.YES, document_id=file.id)}, by=BY)
    mark_points(session, application.id, {"K1": MarkDraft(Verdict.NO, " Нет в реестре ")}, by=BY)
    session.flush()
    mark = marks_of(session, application.id, 0)["K1"]
    assert (mark.verdict, mark.remark, mark.document_id) == (Verdict.NO, "Нет в реестре", None)
    mark_points(session, application.id, {"K1": MarkDraft(None)}, by=BY)
    session.flush()
    assert marks_of(session, application.id, 0) == {}
    first, last = ["yes", "", file.id], ["no", "Нет в реестре", None]
    assert told(session) == [
        {"submission": 0, "points": {"K1": pair}} for pair in ([None, first], [first, last], [last, None])
    ]


def test_the_same_marks_again_leave_no_trace(session: Session) -> None:
    application = submitted(session)
    for _ in range(2):
        mark_points(session, application.id, {"K1": MarkDraft(Verdict.YES), "K2": MarkDraft(None)}, by=BY)
    assert len(told(session)) == 1


def test_a_mark_against_needs_words_and_every_fault_is_told(session: Session) -> None:
    application = submitted(session)
    drafts = {
        "K1": MarkDraft(Verdict.NO), "K2": MarkDraft(Verdict.REMARK, " "), "К9": MarkDraft(Verdict.YES),
        "K3": MarkDraft(Verdict.YES, document_id=10_000), "K4": MarkDraft(Verdict.NO, "я" * 2001),
        "K5": MarkDraft(Verdict.YES),
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        mark_points(session, application.id, drafts, by=BY)
    assert sorted(fault.path for fault in refused.value.faults) == ["K1", "K2", "K3", "K4", "К9"]
    assert marks_of(session, application.id, 0) == {}


def test_only_what_is_in_the_contest_is_checked(session: Session) -> None:
    contest = factories.contest(session)
    for status in ("draft", "withdrawn", "rejected"):
        application = factories.application(session, contest, status=status)
        with pytest.raises(NotPossible):
            mark_points(session, application.id, {"K1": MarkDraft(Verdict.YES)}, by=BY)
    frozen = submitted(session, status="ranking_frozen")
    with pytest.raises(GateClosed):
        mark_points(session, frozen.id, {"K1": MarkDraft(Verdict.YES)}, by=BY)


def test_the_decision_keeps_the_marks_that_stood(session: Session) -> None:
    application = submitted(session)
    drafts = {"K2": MarkDraft(Verdict.YES), "K1": MarkDraft(Verdict.REMARK, "Выписка старая")}
    mark_points(session, application.id, drafts, by=BY)
    decide_application(session, application, Decision(Action.ADMIT, application.version), by=BY)
    record = session.scalars(select(JournalRecord).where(JournalRecord.event == "application.admitted")).one()
    assert record.details["marks"] == {"K1": ["remark", "Выписка старая"], "K2": ["yes", ""]}


def test_points_stand_with_hint_and_mark(session: Session) -> None:
    application = submitted(session)
    mark_points(session, application.id, {"K3": MarkDraft(Verdict.YES)}, by=BY)
    session.flush()
    rows = checklist_of(session, application)
    assert [row.hint.point.code for row in rows] == [f"K{number}" for number in range(1, 10)]
    assert [row.hint.point.code for row in rows if row.mark] == ["K3"]
