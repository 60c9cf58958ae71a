"""Who is offered for an application: the same experts, in the same order, as by looking through all of them."""

from heapq import nsmallest

from hypothesis import given
from hypothesis import strategies as st

from judging.queries.assignment.chips import OFFERED
from judging.queries.assignment.places import ExpertLoad
from judging.queries.assignment.pool import Pool, rank_of

CODES = ("28.41", "28.49", "28.9", "29.32", "25.62", "26.51")
TOPICS = st.lists(st.sampled_from(CODES), max_size=3, unique=True).map(tuple)


@st.composite
def pools(draw: st.DrawFn) -> tuple[ExpertLoad, ...]:
    number = draw(st.integers(0, 90))
    loads = st.tuples(TOPICS, st.integers(0, 4), st.integers(0, 5))
    return tuple(
        ExpertLoad(key, f"Эксперт {key}", "", "77", topics, max_load=most, joined=True, load=load)
        for key, (topics, most, load) in enumerate(draw(st.lists(loads, min_size=number, max_size=number)))
    )


@given(pool=pools(), topics=TOPICS, share=st.integers(1, 5))
def test_the_best_are_those_of_a_look_at_everybody(
    pool: tuple[ExpertLoad, ...], topics: tuple[str, ...], share: int
) -> None:
    kept = Pool(pool)
    for left_out in (set[int](), {one.id for one in pool if one.id % share == 0}, {one.id for one in pool[:70]}):
        eligible = [one for one in pool if one.id not in left_out]
        free = [one for one in eligible if one.room]
        best = nsmallest(OFFERED, free, key=lambda one: rank_of(one, topics))
        assert kept.offered(topics, left_out) == tuple(best)
        assert kept.counts({*left_out, 10**9}) == (len(eligible), len(free))
