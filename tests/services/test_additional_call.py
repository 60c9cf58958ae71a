"""A divergence calls the additional expert by itself: once, by the rules of the distribution, or tells of nobody."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.jobs import JobKind
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.models import AdditionalCall, Application, Contest, Expert, Job, JournalRecord, Letter, Review
from judging.services import assignment, scoring
from judging.services.assignment import additional_call
from judging.services.scoring.review_return import return_review
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.services.planning import rules_of_distribution
from tests.working import work_next

BY = By(CONSOLE, MOMENT)
EIGHTS = {one["code"]: "8" for one in factories.PRESET["criteria"] if one["kind"] == "expert"}
BASE = "https://contest.example.org"


def diverging(session: Session, *, additional: str = "propose", free: int = 2) -> tuple[int, int]:
    """An application whose last regular review is filled and about to differ from the first one; the secretary."""
    contest = factories.contest(session)
    if additional != "propose":
        rules_of_distribution(session, contest, additional=additional)
    factories.user(session, "secretary", email="secretary@example.org", name="Секретарь")
    application = factories.application(session, contest, number="041")
    for number in range(free):
        factories.expert(session, contest, email=f"free{number}@example.org", topics=["28.41"] if number else ["10.1"])
    factories.review(session, factories.expert(session, contest), application, "submitted", mark=2)
    last = factories.review(
        session, factories.expert(session, contest), application, "accepted", scores=EIGHTS, recommendation="support",
    )  # fmt: skip
    return application.id, last.id


def hand_in(store: Store, review_id: int) -> None:
    with store() as session:
        review = session.get_one(Review, review_id)
        scoring.submit_review(session, review, version=review.version, by=BY, base_url=BASE)


def search(app: Flask) -> bool:
    with app.app_context():
        return work_next(JobKind.ADDITIONAL, clock=lambda: MOMENT)


def state(store: Store) -> dict[str, object]:
    """The additional reviews, the answers, the letters and the records that the search left."""
    with store() as session:
        additional = session.execute(
            select(Expert.email, Review.status).join(Expert).where(Review.additional).order_by(Review.id)
        )
        calls = session.execute(
            select(AdditionalCall.outcome, Expert.email)
            .outerjoin(Expert, Expert.id == AdditionalCall.expert_id)
            .order_by(AdditionalCall.id)
        )
        letters = session.execute(select(Letter.recipient, Letter.subject).order_by(Letter.id))
        found = {"additional": additional, "calls": calls, "letters": letters}
        return {name: [tuple(row) for row in rows] for name, rows in found.items()}


PROPOSED = {
    "additional": [("free1@example.org", "proposed")],
    "calls": [("proposed", "free1@example.org")],
    "letters": [("secretary@example.org", "Оценки разошлись: подтвердите дополнительного эксперта")],
}


def test_the_best_expert_is_proposed_once_however_often_it_is_asked(app: Flask, store: Store) -> None:
    with store() as session:
        application_id, last = diverging(session)
    hand_in(store, last)
    assert search(app)
    assert state(store) == PROPOSED
    with store() as session:
        job = session.scalars(select(Job).where(Job.kind == JobKind.ADDITIONAL)).one()
        job.state, job.finished_at, job.attempt = "waiting", None, 0
        found = additional_call.Found(application_id, session.scalars(select(AdditionalCall)).one().mark, None)
        assert not additional_call.answer_divergence(session, found, by=BY, base_url=BASE)
    assert search(app)
    assert state(store) == PROPOSED


def test_by_the_setting_the_expert_is_assigned_and_told_without_anybody(app: Flask, store: Store) -> None:
    with store() as session:
        _, last = diverging(session, additional="assign")
    hand_in(store, last)
    assert search(app)
    assert state(store) == {
        "additional": [("free1@example.org", "assigned")],
        "calls": [("assigned", "free1@example.org")],
        "letters": [("free1@example.org", "Вам назначены заявки на экспертизу")],
    }


def test_where_nobody_is_free_the_secretary_is_told_and_the_list_says_so(app: Flask, store: Store) -> None:
    with store() as session:
        application_id, last = diverging(session)
        application = session.get_one(Application, application_id)
        free = session.scalars(select(Expert).where(Expert.email.like("free%")).order_by(Expert.id)).all()
        factories.conflict(session, free[0], application)
        free[1].max_load = 0
    hand_in(store, last)
    assert search(app)
    assert state(store) == {
        "additional": [],
        "calls": [("nobody", None)],
        "letters": [("secretary@example.org", "Оценки разошлись, свободного дополнительного эксперта нет")],
    }
    with store() as session:
        events = select(func.count()).where(JournalRecord.event == "assignment.additional_not_found")
        assert session.scalar(events) == 1


def give_back(session: Session, review: Review) -> None:
    return_review(session, review, reason="Уточните", version=review.version, by=BY)


def by_hand(session: Session, review: Review) -> None:
    contest = review.application.contest
    expert = session.scalars(select(Expert).where(Expert.email == "free0@example.org")).one()
    assignment.add_additional_review(session, contest, expert=expert, application=review.application, by=BY)


def freeze(session: Session, review: Review) -> None:
    review.application.contest.status = "ranking_frozen"


@pytest.mark.parametrize("act", [give_back, by_hand, freeze])
def test_what_changed_meanwhile_leaves_nothing_to_answer(
    app: Flask, store: Store, act: Callable[[Session, Review], None]
) -> None:
    with store() as session:
        application_id, last = diverging(session)
    hand_in(store, last)
    with store() as session:
        asked = additional_call.load_search(session, application_id)
    assert asked is not None
    found = additional_call.look_for(asked)
    with store() as session:
        act(session, session.get_one(Review, last))
    with store() as session:
        assert not additional_call.answer_divergence(session, found, by=BY, base_url=BASE)
    assert state(store)["calls"] == []


def test_a_review_that_is_not_the_last_or_does_not_differ_asks_for_nothing_in_the_end(app: Flask, store: Store) -> None:
    with store() as session:
        application_id, last = diverging(session)
        review = session.get_one(Review, last)
        waiting = factories.review(session, factories.expert(session, review.expert.contest), review.application)
    hand_in(store, last)
    assert not search(app)
    with store() as session:
        session.delete(session.get_one(Review, waiting.id))
        for sheet in session.scalars(select(Review).where(Review.application_id == application_id)):
            sheet.scores = dict.fromkeys(sheet.scores, "7")
        additional_call.ask_where_last(session, session.get_one(Review, last), number=2, by=BY, base_url=BASE)
    assert search(app)
    assert state(store)["calls"] == []


def test_an_expert_who_was_taken_meanwhile_is_looked_for_anew(store: Store) -> None:
    with store() as session:
        application_id, last = diverging(session)
    hand_in(store, last)
    with store() as session:
        asked = additional_call.load_search(session, application_id)
        assert asked is not None
        found = additional_call.look_for(asked)
        application = session.get_one(Application, application_id)
        factories.conflict(session, session.get_one(Expert, found.expert_id), application)
    with store() as session, pytest.raises(additional_call.TakenMeanwhile):
        additional_call.answer_divergence(session, found, by=BY, base_url=BASE)
    with store() as session:
        again = additional_call.load_search(session, application_id)
        assert again is not None
        assert additional_call.answer_divergence(session, additional_call.look_for(again), by=BY, base_url=BASE)
    assert state(store)["calls"] == [("proposed", "free0@example.org")]


def dismiss(session: Session, contest: Contest, application: Application, review: Review, reason: str) -> None:
    unwanted = additional_call.Dismissal(review, review.version, reason)
    additional_call.dismiss_additional(session, contest, application, unwanted, by=BY)


def proposal(session: Session) -> tuple[Contest, Application, Review]:
    review = session.scalars(select(Review).where(Review.additional)).one()
    return review.application.contest, review.application, review


def test_the_secretary_confirms_chooses_another_or_dismisses_with_a_reason(app: Flask, store: Store) -> None:
    with store() as session:
        _, last = diverging(session)
    hand_in(store, last)
    search(app)
    with store() as session:
        contest, application, review = proposal(session)
        other = session.scalars(select(Expert).where(Expert.email == "free0@example.org")).one()
        choice = additional_call.Choice(review, review.version, other)
        task = additional_call.confirm_additional(session, contest, application, choice, by=BY, tasks_url=BASE)
        assert (task.expert.email, task.additional) == ("free0@example.org", True)
    assert (state(store)["additional"], state(store)["calls"]) == (
        [("free0@example.org", "assigned")], [("assigned", "free0@example.org")],
    )  # fmt: skip
    with store() as session, pytest.raises(NotPossible):
        dismiss(session, *proposal(session), "Поздно")


def test_a_dismissed_proposal_is_not_made_again(app: Flask, store: Store) -> None:
    with store() as session:
        application_id, last = diverging(session)
    hand_in(store, last)
    search(app)
    with store() as session, pytest.raises(ReasonMissing):
        dismiss(session, *proposal(session), " ")
    with store() as session:
        contest, application, review = proposal(session)
        dismiss(session, contest, application, review, "Решит комиссия")
    with store() as session:
        assert additional_call.load_search(session, application_id) is None
    assert (state(store)["additional"], state(store)["calls"]) == ([], [("dismissed", "free1@example.org")])


@pytest.mark.databases("postgresql")
def test_two_workers_answer_a_divergence_once(app: Flask, store: Store) -> None:
    with store() as session:
        application_id, last = diverging(session)
    hand_in(store, last)
    with store() as session:
        asked = additional_call.load_search(session, application_id)
    assert asked is not None
    found, together, answers = additional_call.look_for(asked), Barrier(2), []

    def answer() -> None:
        with app.app_context(), store() as session:
            together.wait(10)
            answers.append(additional_call.answer_divergence(session, found, by=BY, base_url=BASE))

    workers = [Thread(target=answer) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(20)
    assert sorted(answers) == [False, True]
    assert state(store) == PROPOSED
