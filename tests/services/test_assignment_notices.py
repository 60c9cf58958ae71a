"""Telling the experts of new tasks, and reminding them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, Actor, By, Permission, may
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible
from judging.domain.stages import NotOpen
from judging.models import Contest, JournalRecord, Letter, Review
from judging.queries.scopes import review_scope
from judging.services.assignment import notify_assignments, remind_experts
from judging.services.assignment.experts_notify import Told
from tests import factories

NOW = factories.MOMENT
DONE = {"by": By(CONSOLE, NOW), "tasks_url": "https://contest.example/reviews"}


@pytest.fixture
def contest(session: Session) -> Contest:
    return factories.contest(session)


def task(session: Session, contest: Contest, status: str = "proposed", **values: object) -> Review:
    expert = values.pop("expert", None) or factories.expert(session, contest)
    return factories.review(session, expert, factories.application(session, contest), status, **values)


def letters(session: Session) -> list[str]:
    return sorted(session.scalars(select(Letter.recipient)))


def status_of(session: Session, review: Review) -> tuple[str, object]:
    session.refresh(review)
    return review.status, review.notified_at


def test_an_expert_sees_nothing_before_being_told(session: Session, contest: Contest) -> None:
    review = task(session, contest)
    actor = Actor(user_id=review.expert.user_id, name="", expert_ids=frozenset({review.expert_id}))
    before = may(actor, Permission.DECLARE_CONFLICT, review_scope(session, actor, review_id=review.id))
    notify_assignments(session, contest, **DONE)
    after = may(actor, Permission.DECLARE_CONFLICT, review_scope(session, actor, review_id=review.id))
    assert (before, after) == (False, True)


def test_each_expert_gets_one_letter_about_all_new_tasks(session: Session, contest: Contest) -> None:
    first = task(session, contest)
    second, other = task(session, contest, expert=first.expert), task(session, contest)
    assert notify_assignments(session, contest, **DONE) == Told(experts=2, tasks=3)
    assert letters(session) == sorted([first.expert.email, other.expert.email])
    letter = session.scalars(select(Letter).where(Letter.recipient == first.expert.email)).one()
    assert ("2." in letter.body, "24.04.2026 12:00" in letter.body, DONE["tasks_url"] in letter.body) == (True,) * 3
    assert [status_of(session, one) for one in (first, second, other)] == [("assigned", NOW)] * 3


def test_only_the_chosen_proposals_are_told_of(session: Session, contest: Contest) -> None:
    chosen, left = task(session, contest), task(session, contest)
    assert notify_assignments(session, contest, [chosen.id], **DONE) == Told(1, 1)
    assert (status_of(session, chosen), status_of(session, left)) == (("assigned", NOW), ("proposed", None))
    assert letters(session) == [chosen.expert.email]


def test_impossible_proposals_are_not_told_of(session: Session, contest: Contest) -> None:
    barred, rejected = task(session, contest), task(session, contest)
    factories.conflict(session, barred.expert, barred.application)
    rejected.application.status = "rejected"
    with pytest.raises(NotPossible):
        notify_assignments(session, contest, **DONE)
    assert (status_of(session, barred), status_of(session, rejected)) == (("proposed", None),) * 2


def test_telling_again_finds_nothing_to_tell(session: Session, contest: Contest) -> None:
    review = task(session, contest)
    notify_assignments(session, contest, **DONE)
    with pytest.raises(NotPossible):
        notify_assignments(session, contest, [review.id], **DONE)
    assert letters(session) == [review.expert.email]


def test_later_proposals_make_a_letter_of_their_own(session: Session, contest: Contest) -> None:
    first = task(session, contest)
    notify_assignments(session, contest, **DONE)
    task(session, contest, expert=first.expert)
    notify_assignments(session, contest, **DONE)
    assert letters(session) == [first.expert.email] * 2


def test_telling_is_one_record(session: Session, contest: Contest) -> None:
    first = task(session, contest)
    task(session, contest, expert=first.expert)
    notify_assignments(session, contest, **DONE)
    session.flush()
    record = session.scalars(select(JournalRecord)).one()
    assert (record.event, record.details) == ("assignment.notified", {"tasks": 2, "experts": {first.expert.email: 2}})


def test_a_sheet_opened_before_notification_is_stale_after_it(session: Session, contest: Contest) -> None:
    review = task(session, contest)
    notify_assignments(session, contest, **DONE)
    session.refresh(review)
    assert review.version == 2


@pytest.mark.parametrize("act", [notify_assignments, remind_experts])
def test_nobody_is_written_to_out_of_time(session: Session, contest: Contest, act) -> None:
    task(session, contest), task(session, contest, "assigned")
    with pytest.raises(NotOpen):
        act(session, contest, **{**DONE, "by": By(CONSOLE, contest.review_close)})
    contest.status = "ranking_frozen"
    session.flush()
    with pytest.raises(GateClosed):
        act(session, contest, **DONE)
    assert letters(session) == []


def test_those_with_unfinished_tasks_are_reminded_once_a_day(session: Session, contest: Contest) -> None:
    waiting, working = task(session, contest, "assigned"), task(session, contest, "accepted")
    for status in ("proposed", "submitted", "recused"):
        task(session, contest, status)
    assert remind_experts(session, contest, **DONE) == Told(2, 2)
    assert letters(session) == sorted([waiting.expert.email, working.expert.email])
    with pytest.raises(NotPossible):
        remind_experts(session, contest, **DONE)
    later = {**DONE, "by": By(CONSOLE, NOW + timedelta(days=1))}
    assert remind_experts(session, contest, [waiting.expert_id], **later) == Told(1, 1)
    session.flush()
    assert [one.details for one in session.scalars(select(JournalRecord))] == [
        {"tasks": 2, "experts": {waiting.expert.email: 1, working.expert.email: 1}},
        {"tasks": 1, "experts": {waiting.expert.email: 1}},
    ]


def test_the_day_of_a_reminder_is_the_contests_own(session: Session, contest: Contest) -> None:
    task(session, contest, "assigned")
    evening = {**DONE, "by": By(CONSOLE, NOW.replace(hour=20, minute=59))}
    remind_experts(session, contest, **evening)
    after_midnight_in_moscow = {**DONE, "by": By(CONSOLE, NOW.replace(hour=21, minute=1))}
    assert remind_experts(session, contest, **after_midnight_in_moscow) == Told(1, 1)


def test_whom_no_letter_reaches_gets_the_tasks_and_is_named(session: Session, contest: Contest) -> None:
    lost = task(session, contest, expert=factories.expert(session, contest, email="анна@завод.рф"))
    other = task(session, contest)
    assert notify_assignments(session, contest, **DONE) == Told(1, 2, ("анна@завод.рф",))
    assert letters(session) == [other.expert.email]
    assert status_of(session, lost) == ("assigned", NOW)


def test_reminders_go_to_those_a_letter_reaches_and_name_the_others(session: Session, contest: Contest) -> None:
    lost = task(session, contest, "accepted", expert=factories.expert(session, contest, email="vera@mail"))
    other = task(session, contest, "accepted")
    assert remind_experts(session, contest, **DONE) == Told(1, 2, ("vera@mail",))
    assert letters(session) == [other.expert.email]
    with pytest.raises(NotPossible, match="vera@mail"):
        remind_experts(session, contest, [lost.expert_id], **DONE)
