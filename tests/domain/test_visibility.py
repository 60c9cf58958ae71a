"""Who sees whose marks: no setting opens more than a looser one, and nobody who has still to judge sees others."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.visibility import (
    FOR_EXPERTS,
    FOR_STAFF,
    PLAIN,
    STRICT,
    Moment,
    Opens,
    Sight,
    Task,
    Visibility,
    is_stricter,
    label_numbers,
    opens_to_expert,
    opens_to_staff,
    visibility_document,
    visibility_of,
)

SETTINGS = st.builds(
    Visibility,
    experts=st.sampled_from(FOR_EXPERTS),
    names=st.booleans(),
    staff=st.sampled_from(FOR_STAFF),
    chair=st.sampled_from(FOR_STAFF),
    applicant_marks=st.booleans(),
)
MOMENTS = st.builds(Moment, all_submitted=st.booleans(), closed=st.booleans())
TASKS = st.lists(
    st.builds(Task, id=st.integers(1, 10**6), additional=st.booleans(), batch=st.integers(0, 3)),
    max_size=9,
    unique_by=lambda task: task.id,
)


def test_a_contest_that_says_nothing_is_as_it_was_before_there_was_a_setting() -> None:
    assert visibility_of({}) == PLAIN == Visibility()
    assert (PLAIN.experts, PLAIN.staff, PLAIN.chair) == (Opens.NEVER, Opens.HANDED_IN, Opens.HANDED_IN)
    assert (PLAIN.names, PLAIN.applicant_marks) == (False, False)


def test_each_setting_opens_when_it_says() -> None:
    moments = {name: Moment(*name) for name in ((False, False), (True, False), (False, True), (True, True))}
    staff = {opens: [opens_to_staff(opens, one) for one in moments.values()] for opens in FOR_STAFF}
    experts = {
        opens: [opens_to_expert(opens, one, own_submitted=True) for one in moments.values()] for opens in FOR_EXPERTS
    }
    assert staff == {
        Opens.HANDED_IN: [True, True, True, True],
        Opens.ALL: [False, True, True, True],
        Opens.CLOSED: [False, False, True, True],
    }
    assert experts == {
        Opens.NEVER: [False, False, False, False],
        Opens.OWN: [True, True, True, True],
        Opens.ALL: [False, True, True, True],
        Opens.CLOSED: [False, False, True, True],
    }


@given(SETTINGS)
def test_a_setting_comes_back_from_its_document(setting: Visibility) -> None:
    document = visibility_document(setting)
    assert visibility_of(document) == setting
    assert (document == {}) == (setting == PLAIN)


@given(SETTINGS, SETTINGS, MOMENTS, st.booleans())
def test_a_stricter_setting_opens_nothing_more(one: Visibility, other: Visibility, moment: Moment, own: bool) -> None:
    def seen(setting: Visibility) -> tuple[bool, ...]:
        experts = opens_to_expert(setting.experts, moment, own_submitted=own)
        return (
            opens_to_staff(setting.staff, moment),
            opens_to_staff(setting.chair, moment),
            experts,
            experts and setting.names,
            setting.applicant_marks,
        )

    if is_stricter(one, other):
        assert all(mine <= theirs for mine, theirs in zip(seen(one), seen(other), strict=True))
    assert is_stricter(one, one)
    assert is_stricter(replace(STRICT, experts=Opens.NEVER), replace(other, staff=Opens.HANDED_IN))


@given(SETTINGS, MOMENTS)
def test_nobody_who_has_still_to_judge_sees_how_others_judged(setting: Visibility, moment: Moment) -> None:
    assert not opens_to_expert(setting.experts, moment, own_submitted=False)


@given(st.text(max_size=32), TASKS, st.randoms())
def test_labels_are_the_same_in_every_document(key: str, tasks: list[Task], shuffled) -> None:
    numbers = label_numbers(key, tasks)
    assert sorted(numbers.values()) == list(range(1, len(tasks) + 1))
    again = list(tasks)
    shuffled.shuffle(again)
    assert label_numbers(key, again) == numbers


@given(st.text(max_size=32), TASKS, st.integers(10**6 + 1, 10**7))
def test_a_task_that_is_given_later_leaves_the_labels_of_the_others(key: str, tasks: list[Task], number: int) -> None:
    numbers = label_numbers(key, tasks)
    regular = [task for task in tasks if not task.additional]
    later = Task(number, additional=True, batch=9)
    assert label_numbers(key, [*tasks, later]) == {**numbers, number: len(tasks) + 1}
    more = Task(number, additional=False, batch=9)
    assert label_numbers(key, [*regular, more]) == {**label_numbers(key, regular), number: len(regular) + 1}


def test_the_order_of_labels_depends_on_the_key_and_not_on_the_order_of_tasks() -> None:
    tasks = [Task(number, additional=False, batch=0) for number in range(1, 5)]
    orders = {tuple(label_numbers(f"{key}", tasks)) for key in range(200)}
    assert len(orders) == 24


def test_marks_of_one_application_do_not_open_those_of_the_contest() -> None:
    seen = Sight(everything=False, opens=Opens.CLOSED, applications=frozenset({7}))
    assert [seen.shows(7), seen.shows(8), seen.shows(None)] == [True, False, False]
    assert [Sight(everything=True).shows(8), Sight(everything=True).shows(None)] == [True, True]
