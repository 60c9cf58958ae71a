"""Reading draft plans from both sides, their figures, and the heat map, in a constant number of selects."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.affinity import MatchLevel
from judging.domain.collation import sort_key
from judging.domain.distribution import Change, Goal
from judging.domain.plan_explanation import Message, worded
from judging.models import Application, AssignmentPlan, Contest, Expert, PlannedPair
from judging.queries.assignment.chips import BoardFilter
from judging.queries.assignment.heat import CellState, HeatCell, heat_map
from judging.queries.assignment.plans import (
    PlanLoad,
    PlanTotals,
    current_plan,
    diagnosis_messages,
    insight_messages,
    load_page,
    plan_page,
    plan_totals,
    relaxation_messages,
)
from judging.services.assignment import Ticks, tick_pairs
from tests import factories
from tests.recording import statements
from tests.services.planning import BY, apply_made, contest_of, experts_of, make_plan, rules_of_distribution


@pytest.fixture
def contest(session: Session) -> Contest:
    """Three applications: one with begun work, one with a proposal to be taken off, one with a conflict."""
    contest = contest_of(session)
    best, good, poor = experts_of(session, contest, "28.41", "28.49", "62.01", max_load=3)
    first, second, third = (factories.application(session, contest, number=f"K-{n}") for n in (1, 2, 3))
    factories.review(session, good, first, "accepted")
    factories.review(session, poor, second, "proposed")
    factories.conflict(session, best, third)
    return contest


@pytest.fixture
def plan(session: Session, contest: Contest) -> AssignmentPlan:
    return make_plan(session, contest, goal=Goal.TOTAL)


def english(messages: tuple[Message, ...]) -> list[str]:
    return [worded(message, lambda template: template) for message in messages]


def experts(session: Session) -> list[Expert]:
    return list(session.scalars(select(Expert).order_by(Expert.id)))


def shown(pairs: Any) -> list[tuple[str, Change, int, int, int]]:
    return [(pair.number, pair.change, pair.affinity, pair.load_before, pair.load_after) for pair in pairs]


def test_a_plan_by_application(session: Session, plan: AssignmentPlan) -> None:
    page = plan_page(session, plan, BoardFilter())
    assert [(row.number, row.demand, row.standing, row.filled, row.missing, row.score) for row in page.rows] == [
        ("K-1", 2, 1, 2, 0, 1540),
        ("K-2", 2, 0, 2, 0, 1540),
        ("K-3", 2, 0, 2, 0, 440),
    ]
    assert [shown(row.pairs) for row in page.rows] == [
        [("K-1", Change.ADD, 1100, 0, 2)],
        [
            ("K-2", Change.ADD, 1100, 0, 2),
            ("K-2", Change.ADD, 440, 1, 3),
            ("K-2", Change.REMOVE, 0, 1, 1),
        ],
        [("K-3", Change.ADD, 440, 1, 3), ("K-3", Change.ADD, 0, 1, 1)],
    ]
    assert [[chip.status for chip in row.tasks] for row in page.rows] == [["accepted"], [], []]
    assert page.total == 3


def test_a_pair_of_a_plan_says_why(session: Session, plan: AssignmentPlan) -> None:
    first, second, third = plan_page(session, plan, BoardFilter()).rows
    best = experts(session)[0]
    assert english(first.pairs[0].why) == ["Topic 28.41: the expert has the same code."]
    assert (first.pairs[0].level, first.pairs[0].expert, first.pairs[0].chosen) == (MatchLevel.EXACT, best.name, True)
    assert english(second.pairs[2].why) == ["The plan has a better use for this place or this expert."]
    assert f"{best.name}, match 1100: has a conflict of interest" in english(third.passed_over)


def test_the_rules_that_a_pair_keeps_are_said(session: Session, contest: Contest) -> None:
    rules_of_distribution(session, contest, other_region_at_least=1)
    row = plan_page(session, make_plan(session, contest), BoardFilter()).rows[0]
    assert english(row.pairs[0].why) == [
        "Topic 28.41: the expert has the same code.",
        "The expert is from another region, as the rules want.",
    ]


def test_a_plan_by_expert(session: Session, plan: AssignmentPlan) -> None:
    best, good, poor = experts(session)
    page = load_page(session, plan, BoardFilter())
    found = {row.id: row for row in page.rows}
    assert [(found[one.id].before, found[one.id].after, found[one.id].max_load) for one in (best, good, poor)] == [
        (0, 2, 3),
        (1, 3, 3),
        (1, 1, 3),
    ]
    assert shown(found[poor.id].pairs) == [("K-2", Change.REMOVE, 0, 1, 1), ("K-3", Change.ADD, 0, 1, 1)]


def test_unticked_changes_leave_the_loads_as_they_are(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    ids = session.scalars(select(PlannedPair.id)).all()
    tick_pairs(session, contest, plan, Ticks(ids, chosen=False, version=plan.version), by=BY)
    assert all(row.before == row.after for row in load_page(session, plan, BoardFilter()).rows)


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        (BoardFilter(sort="-number"), ["K-3", "K-2", "K-1"]),
        (BoardFilter(sort="score"), ["K-3", "K-1", "K-2"]),
        (BoardFilter(sort="-missing"), ["K-1", "K-2", "K-3"]),
        (BoardFilter(state="short"), []),
        (BoardFilter(state="changed"), ["K-1", "K-2", "K-3"]),
        (BoardFilter(text="k-2"), ["K-2"]),
        (BoardFilter(region="16"), ["K-1", "K-2", "K-3"]),
        (BoardFilter(region="77"), []),
        (BoardFilter(page=2), ["K-1", "K-2", "K-3"]),
    ],
)
def test_the_applications_of_a_plan_are_sorted_and_filtered(
    session: Session, plan: AssignmentPlan, choice: BoardFilter, numbers: list[str]
) -> None:
    assert [row.number for row in plan_page(session, plan, choice).rows] == numbers


@pytest.mark.parametrize(
    ("choice", "places"),
    [
        (BoardFilter(sort="-after"), [1, 0, 2]),
        (BoardFilter(sort="before"), [0, 1, 2]),
        (BoardFilter(sort="added"), [2, 0, 1]),
        (BoardFilter(state="full"), [1]),
        (BoardFilter(state="idle"), []),
        (BoardFilter(state="changed", sort="-after"), [1, 0, 2]),
        (BoardFilter(region="16"), []),
    ],
)
def test_the_experts_of_a_plan_are_sorted_and_filtered(
    session: Session, plan: AssignmentPlan, choice: BoardFilter, places: list[int]
) -> None:
    ids = [one.id for one in experts(session)]
    assert [row.id for row in load_page(session, plan, choice).rows] == [ids[place] for place in places]


def test_an_untouched_plan_has_no_changes(session: Session, contest: Contest) -> None:
    apply_made(session, contest)
    plan = make_plan(session, contest)
    assert plan_page(session, plan, BoardFilter(state="changed")).rows == ()
    kept = [pair.change for row in load_page(session, plan, BoardFilter()).rows for pair in row.pairs]
    assert kept == [Change.KEEP] * 5


def test_the_figures_of_a_plan(session: Session, plan: AssignmentPlan) -> None:
    totals = plan_totals(session, plan)
    assert totals == PlanTotals(
        applications=3,
        added=5,
        kept=0,
        removed=1,
        ticked_added=5,
        ticked_removed=1,
        missing=0,
        short=0,
        floor=440,
        mean=3520 / 3,
        worst=440,
        total=3520,
        floor_bound=None,
        total_bound=3520,
        optimal=True,
        limit_reached=False,
    )
    assert totals.changes == 6


def test_there_is_no_current_plan_until_one_is_asked_for(session: Session, contest: Contest) -> None:
    assert current_plan(session, contest.id) is None
    plan = make_plan(session, contest)
    assert current_plan(session, contest.id) is plan


def test_an_impossible_plan_is_explained_by_names(session: Session) -> None:
    contest = contest_of(session, wanted=2)
    cluster = factories.cluster(session, contest, industry="Станкостроение")
    for _ in range(3):
        factories.application(session, contest, cluster)
    first, second = experts_of(session, contest, "28.41", "28.49", max_load=2)
    plan = make_plan(session, contest)
    assert plan.status == "impossible"
    words = " ".join(english((*diagnosis_messages(session, plan), *relaxation_messages(session, plan))))
    assert "2" in words
    assert not {one.email for one in (first, second)} & set(words.replace(",", " ").split())
    assert relaxation_messages(session, plan)


def test_a_possible_plan_needs_no_explanation_of_why_not(session: Session, plan: AssignmentPlan) -> None:
    assert (diagnosis_messages(session, plan), relaxation_messages(session, plan)) == ((), ())


def test_insights_name_the_field_of_the_worst_served(session: Session, plan: AssignmentPlan) -> None:
    assert any("28.41" in words for words in english(insight_messages(plan)))


def test_the_heat_map_shows_matches_and_states(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    declined = session.scalars(select(Application).where(Application.number == "K-1")).one()
    best, good, poor = experts(session)
    factories.review(session, poor, declined, "recused")
    found = heat_map(session, contest.id, 2, plan_id=plan.id)
    columns = [one.id for one in found.experts]
    cells = {row.number: dict(zip(columns, row.cells, strict=True)) for row in found.rows}
    exact, same, none = (1100, MatchLevel.EXACT), (440, MatchLevel.CLASS), (0, MatchLevel.NONE)
    assert {number: [row[one.id] for one in (best, good, poor)] for number, row in cells.items()} == {
        "K-1": [
            HeatCell(*exact, CellState.PLANNED),
            HeatCell(*same, CellState.ASSIGNED),
            HeatCell(*none, CellState.RECUSED),
        ],
        "K-2": [
            HeatCell(*exact, CellState.PLANNED),
            HeatCell(*same, CellState.PLANNED),
            HeatCell(*none, CellState.LEAVING),
        ],
        "K-3": [
            HeatCell(*exact, CellState.CONFLICT),
            HeatCell(*same, CellState.PLANNED),
            HeatCell(*none, CellState.PLANNED),
        ],
    }
    assert [(row.number, row.filled, row.wanted) for row in found.rows] == [("K-1", 1, 2), ("K-2", 1, 2), ("K-3", 0, 2)]
    assert (found.applications_total, found.experts_total) == (3, 3)


def test_without_a_plan_the_heat_map_shows_what_there_is(session: Session, contest: Contest) -> None:
    found = heat_map(session, contest.id, 2)
    states = sorted(cell.state for row in found.rows for cell in row.cells)
    assert states == sorted([CellState.ASSIGNED, CellState.CONFLICT, CellState.PROPOSED, *[CellState.NONE] * 6])


READS: dict[str, Callable[[Session, AssignmentPlan], object]] = {
    "by application": lambda session, plan: plan_page(session, plan, BoardFilter()),
    "by expert": lambda session, plan: load_page(session, plan, BoardFilter()),
    "figures": plan_totals,
    "heat map": lambda session, plan: heat_map(session, plan.contest_id, 2, plan_id=plan.id),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_greater_plan_takes_no_more_selects(
    session: Session, contest: Contest, read: Callable[[Session, AssignmentPlan], object]
) -> None:
    counts = []
    for more in (0, 12):
        for _ in range(more):
            factories.application(session, contest)
            factories.expert(session, contest)
        plan = make_plan(session, contest)
        with statements() as found:
            read(session, plan)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_pages_are_cut(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    for _ in range(50):
        factories.application(session, contest)
        factories.expert(session, contest)
    plan = make_plan(session, contest)
    sizes = [len(plan_page(session, plan, BoardFilter(page=page)).rows) for page in (1, 2)]
    heat = [heat_map(session, contest.id, 2, applications_page=page, experts_page=page) for page in (1, 2)]
    assert (sizes, plan_page(session, plan, BoardFilter()).total) == ([50, 3], 53)
    assert [(len(one.rows), len(one.experts)) for one in heat] == [(50, 30), (3, 23)]
    in_order = sorted(load_rows(session, plan, 0), key=lambda row: (sort_key(row[0]), row[1]))
    assert [row for page in (1, 2) for row in load_rows(session, plan, page)] == in_order


def load_rows(session: Session, plan: AssignmentPlan, page: int) -> list[tuple[str, int]]:
    """(name, id) of the experts of a page; of all for page 0."""
    pages = (page,) if page else (1, 2)
    rows: list[PlanLoad] = [row for number in pages for row in load_page(session, plan, BoardFilter(page=number)).rows]
    return [(row.name, row.id) for row in rows]
