"""Conflicts of interest: found by ИНН, declared, entered, lifted; a barred pair loses its task, never its marks."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.errors import RuleViolation
from judging.models import Application, Conflict, Expert, JournalRecord, Review
from judging.services.conflicts import (
    ConflictKnown,
    declare_conflict,
    detect_all,
    detect_for_application,
    enter_conflict,
    lift_conflict,
)
from tests import factories
from tests.factories import MOMENT


def employed_expert(session: Session, application: Application, inn: str) -> Expert:
    contest = application.contest
    employer = factories.organisation(session, contest, inn=inn, name="Та же организация по записи секретаря")
    return factories.expert(session, contest, organisation=employer)


def events(session: Session) -> list[str]:
    return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


@pytest.mark.parametrize(("place", "code"), [(0, "initiator"), (1, "partner"), ("managing", "managing")])
def test_an_employer_with_an_interest_is_found(session: Session, place: int | str, code: str) -> None:
    contest = factories.contest(session)
    team = factories.team(session)
    application = factories.application(session, contest, factories.cluster(session, contest, team))
    members = [member.organisation for member in application.cluster.members]
    organisation = application.cluster.managing_organisation if place == "managing" else members[int(place)]
    assert organisation is not None
    expert = employed_expert(session, application, organisation.inn)
    factories.expert(session, contest)
    found = detect_for_application(session, application, by=By(CONSOLE, MOMENT))
    assert [(c.expert_id, c.kind, c.reason) for c in found] == [
        (expert.id, "detected", f"employer_{code}:{organisation.inn}")
    ]
    assert detect_all(session, contest.id, by=By(CONSOLE, MOMENT)) == ()
    assert events(session) == ["conflict.found"]
    session.refresh(contest)
    assert contest.ranking_revision == 1


@pytest.mark.parametrize(
    ("status", "after"),
    [("proposed", None), ("assigned", "recused"), ("accepted", "recused"), ("submitted", "submitted")],
)
def test_a_barred_pair_loses_its_task_but_not_its_marks(session: Session, status: str, after: str | None) -> None:
    application = factories.application(session, factories.contest(session))
    review = factories.review(session, factories.expert(session, application.contest), application, status)
    scores = dict(review.scores)
    enter_conflict(session, expert=review.expert, application=application, reason="relative", by=By(CONSOLE, MOMENT))
    session.flush()
    left = session.execute(select(Review.status, Review.scores)).all()
    assert [tuple(row) for row in left] == ([] if after is None else [(after, scores)])


def test_a_pair_is_listed_once(session: Session) -> None:
    application = factories.application(session, factories.contest(session))
    expert = factories.expert(session, application.contest)
    enter_conflict(session, expert=expert, application=application, reason="other", by=By(CONSOLE, MOMENT))
    with pytest.raises(ConflictKnown):
        enter_conflict(session, expert=expert, application=application, reason="other", by=By(CONSOLE, MOMENT))
    assert len(session.scalars(select(Conflict)).all()) == 1


def test_experts_of_another_contest_cannot_be_barred_here(session: Session) -> None:
    application = factories.application(session, factories.contest(session))
    stranger = factories.expert(session, factories.contest(session))
    with pytest.raises(RuleViolation, match="different contests"):
        enter_conflict(session, expert=stranger, application=application, reason="other", by=By(CONSOLE, MOMENT))


def test_a_declared_conflict_takes_the_expert_off(session: Session) -> None:
    application = factories.application(session, factories.contest(session))
    review = factories.review(session, factories.expert(session, application.contest), application)
    conflict = declare_conflict(session, review, reason="ownership", by=By(CONSOLE, MOMENT))
    assert (conflict.kind, review.status, review.reason) == ("declared", "recused", "ownership")


def test_lifting_needs_a_reason_and_leaves_a_trace(session: Session) -> None:
    application = factories.application(session, factories.contest(session))
    conflict = factories.conflict(session, factories.expert(session, application.contest), application)
    with pytest.raises(RuleViolation, match="reason"):
        lift_conflict(session, conflict, reason=" ", by=By(CONSOLE, MOMENT))
    lift_conflict(session, conflict, reason="Однофамилец", by=By(CONSOLE, MOMENT))
    assert session.scalars(select(Conflict)).all() == []
    assert events(session) == ["conflict.lifted"]
