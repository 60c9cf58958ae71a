"""An expert's tasks: what the list of them says and what is counted of them agree, contest by contest."""

from collections import Counter

from judging.queries.scoring import Done, TaskState, done, own_tasks
from tests import factories
from tests.conftest import Store


def test_tasks_are_counted_contest_by_contest_as_the_list_tells_them(store: Store) -> None:
    with store() as session:
        person = factories.user(session, name="Эксперт")
        contests = [factories.contest(session) for _ in range(2)]
        cards = [factories.expert(session, contest, person) for contest in contests]
        for contest, card, statuses in zip(
            contests, cards, (("submitted", "accepted", "assigned"), ("submitted",) * 2), strict=True
        ):
            for status in (*statuses, "proposed", "recused"):
                factories.review(session, card, factories.application(session, contest), status)
            factories.review(session, card, factories.application(session, contest, status="withdrawn"), "accepted")
            barred = factories.application(session, contest)
            factories.review(session, card, barred, "accepted")
            factories.conflict(session, card, barred)
        numbers = [card.id for card in cards]
        tasks = own_tasks(session, numbers)
        listed = [Counter(task.state for task in tasks if task.contest_code == contest.code) for contest in contests]
        counted = [done(session, numbers, contest) for contest in contests]
    assert listed == [
        {
            TaskState.SUBMITTED: 1, TaskState.IN_WORK: 1, TaskState.TO_DECLARE: 1, TaskState.RECUSED: 2,
            TaskState.CLOSED: 1,
        },
        {TaskState.SUBMITTED: 2, TaskState.RECUSED: 2, TaskState.CLOSED: 1},
    ]  # fmt: skip
    assert counted == [Done(submitted=1, wanted=3), Done(submitted=2, wanted=2)]


def test_marks_are_counted_of_the_criteria_that_experts_mark(store: Store) -> None:
    with store() as session:
        contest = factories.contest(session)
        card = factories.expert(session, contest)
        review = factories.review(session, card, factories.application(session, contest), "accepted")
        review.scores = {"E1": "7", "E2": "3", "gone": "5"}
        session.flush()
        (task,) = own_tasks(session, [card.id])
    assert (task.state, task.marked, task.criteria, task.contest_code) == (TaskState.IN_WORK, 2, 6, contest.code)
