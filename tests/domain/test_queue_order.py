"""The order in which an expert goes through tasks: rules that hold whatever the tasks are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.distribution import QueueOrder
from judging.domain.queue_order import Rule, Turn, following, in_turn

START = datetime(2026, 10, 1, tzinfo=UTC)
FAIR = Rule(QueueOrder.FAIR, 7)


def turn(key: int, **values: object) -> Turn:
    given = {"contest": "A", "deadline": START, "number": f"A-{key:03d}"} | values
    return Turn(key=key, **given)  # type: ignore[arg-type]  # the values are those of Turn


@st.composite
def queues(draw: st.DrawFn) -> list[Turn]:
    keys = draw(st.lists(st.integers(1, 60), unique=True, max_size=20))
    return [
        turn(
            key,
            contest=draw(st.sampled_from("AB")),
            deadline=START + timedelta(days=draw(st.integers(0, 2))),
            nomination=draw(st.sampled_from(["", "series", "pilot"])),
            reviews=draw(st.integers(0, 3)),
            later=draw(st.none() | st.integers(0, 3).map(lambda days: START + timedelta(days=days))),
            open=draw(st.booleans()),
        )
        for key in keys
    ]


rules = st.fixed_dictionaries({}, optional={code: st.sampled_from([Rule(), FAIR]) for code in "AB"})


@given(queues(), rules, st.randoms())
def test_the_order_is_a_permutation_of_what_is_open_and_the_same_whatever_order_it_came_in(queue, by, random) -> None:
    order = in_turn(queue, by)
    assert sorted(one.key for one in order) == sorted(one.key for one in queue if one.open)
    shuffled = random.sample(queue, len(queue))
    assert in_turn(shuffled, by) == order


@given(queues(), rules)
def test_nearer_deadlines_come_first_and_in_each_contest_what_is_put_off_comes_last(queue, by) -> None:
    places = [(one.deadline, one.contest, one.later is not None) for one in in_turn(queue, by)]
    assert places == sorted(places)


@given(queues())
def test_a_fair_order_keeps_a_nomination_together_and_begins_with_the_fewest_reviews(queue) -> None:
    same = [replace(one, contest="A", deadline=START, later=None, open=True) for one in queue]
    order = in_turn(same, {"A": FAIR})
    homes = [one.nomination for one in order]
    assert [home for place, home in enumerate(homes) if home in homes[:place] and homes[place - 1] != home] == []
    assert not order or order[0].reviews == min(one.reviews for one in order)
    for home in set(homes):
        counts = [one.reviews for one in order if one.nomination == home]
        assert counts == sorted(counts)


@given(queues(), rules, st.integers(1, 60))
def test_the_next_task_is_open_is_another_one_and_is_there_while_any_other_is(queue, by, key) -> None:
    found = following(queue, by, key)
    others = [one for one in queue if one.open and one.key != key]
    assert (found is None) == (not others)
    assert found is None or found in others


@given(queues(), rules)
def test_going_on_from_one_to_the_next_meets_every_task_before_it_comes_round(queue, by) -> None:
    order, met = in_turn(queue, by), []
    here = following(queue, by)
    while here is not None and here not in met:
        met.append(here)
        here = following(queue, by, here.key)
    assert sorted(one.key for one in met) == sorted(one.key for one in order)


def test_a_lot_is_another_one_for_every_expert_and_every_seed() -> None:
    queue = [turn(key) for key in range(1, 30)]
    of_two = [replace(one, expert=2) for one in queue]
    orders = [
        tuple(one.key for one in in_turn(found, {"A": Rule(QueueOrder.FAIR, seed)}))
        for found, seed in ((queue, 1), (queue, 2), (of_two, 1))
    ]
    assert len(set(orders)) == 3


def test_from_a_task_that_is_done_a_fixed_order_goes_on_and_a_fair_one_stays_in_the_nomination() -> None:
    queue = [
        turn(1, nomination="b"), turn(2, nomination="a", open=False, reviews=5), turn(3, nomination="a", reviews=4),
        turn(4, nomination="b", reviews=0),
    ]  # fmt: skip
    fixed, fair = following(queue, {}, 2), following(queue, {"A": FAIR}, 2)
    assert (fixed and fixed.key, fair and fair.key) == (3, 3)
