"""Once a ranking is frozen nothing that it was computed from changes, not even in the same moment."""

from threading import Event, Thread

import pytest
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import Action
from judging.models import Application, Contest, Review
from judging.queries.rankings import present_snapshot
from judging.services.admission import Decision, decide_application
from judging.services.holding import hold
from judging.services.rankings import freeze_ranking, prepare_snapshot
from judging.services.scoring import recuse
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT


def reviewed(session: Session) -> tuple[Contest, Application, Review]:
    contest = factories.contest(session)
    application = factories.application(session, contest, factories.cluster(session, contest))
    reviews = [factories.review(session, factories.expert(session, contest), application, "submitted") for _ in "ab"]
    return contest, application, reviews[0]


def freeze(session: Session, contest: Contest) -> None:
    hold(session, contest.id)
    computed = prepare_snapshot(session, contest.id)
    freeze_ranking(session, contest, computed, version=contest.version, by=By(CONSOLE, MOMENT))


def test_an_expert_declares_no_conflict_over_a_frozen_ranking(session: Session) -> None:
    contest, _, review = reviewed(session)
    freeze(session, contest)
    with pytest.raises(GateClosed):
        recuse(session, review, reason="relative", by=By(CONSOLE, MOMENT))
    session.refresh(review)
    assert review.status == "submitted"


def test_a_decision_in_the_moment_of_freezing_is_in_the_ranking_or_refused(store: Store) -> None:
    with store() as session:
        contest, application, _ = reviewed(session)
        contest_id, application_id = contest.id, application.id
    held, ends = Event(), []

    def withdraw() -> None:
        held.wait(10)
        with store() as session:
            item = session.get_one(Application, application_id)
            try:
                decide_application(
                    session, item, Decision(Action.WITHDRAW, version=item.version, reason="x"), by=By(CONSOLE, MOMENT)
                )
                ends.append("withdrawn")
            except GateClosed:
                session.rollback()
                ends.append("refused")

    other = Thread(target=withdraw)
    other.start()
    with store() as session:
        contest = hold(session, contest_id)
        held.set()
        other.join(0.5)
        freeze(session, contest)
    other.join(15)
    with store() as session:
        snapshot = present_snapshot(session, contest_id)
        assert snapshot is not None
        numbers = [row["number"] for row in snapshot.ranking["rows"]]
        application = session.get_one(Application, application_id)
        assert (ends, application.status, numbers) == (["refused"], "admitted", [application.number])
