from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.nominations import (
    Nomination,
    is_judged,
    judged_criteria,
    nomination_of,
    nominations_faults,
    nominations_launch_faults,
)
from judging.domain.parts import split, terms_in
from judging.domain.ranking import rank, ranking_document
from judging.domain.rules import BudgetMode
from judging.domain.scoring import score_applications
from tests.domain.contests import contest, contests
from tests.domain.records import application, bands, expert_criterion, golden, linear, relative, review, rules, terms


def everything(code="all", **changes):
    """A nomination that is the whole of a contest under ``terms``."""
    return lambda record: Nomination(
        code=code,
        title="Everything",
        weights={item.code: item.weight for item in record.contest.criteria},
        pass_total=record.contest.rules.pass_total,
        budget=record.contest.budget,
        max_winners=record.contest.rules.max_winners,
        cap=record.contest.rules.cap_per_application,
        **changes,
    )


def nominated(record, nominations, home):
    """The record with nominations; ``home`` gives the nomination's code by the application's number."""
    return replace(
        record,
        contest=replace(record.contest, nominations=tuple(nominations)),
        applications=tuple(replace(item, nomination=home(item.number)) for item in record.applications),
    )


def random_nominations(record, random):
    """Two nominations with settings of their own, each judging at least one criterion."""
    codes = [item.code for item in record.contest.criteria]
    found = []
    for code in ("A", "B"):
        kept = random.choice(codes)
        weights = {one: random.choice((None, "5", "12.5")) if one != kept else "20" for one in codes}
        found.append(
            Nomination(
                code=code,
                title=code,
                weights={one: weight and Decimal(weight) for one, weight in weights.items()},
                pass_total=random.choice((None, Decimal(5))),
                budget=random.choice((None, 0, 150, 400)),
                max_winners=random.choice((None, 1, 2)),
                cap=random.choice((None, 80)),
            )
        )
    return found


def two(seed):
    """A random contest of two nominations, its applications dealt out at random."""
    random = Random(seed)
    record = contest(seed)
    homes = {item.number: random.choice("AB") for item in record.applications}
    return nominated(record, random_nominations(record, random), homes.get)


seeds = st.integers(0, 2**32 - 1)


# --- splitting


def test_without_nominations_a_contest_is_its_only_part():
    record = golden()
    (part,) = split(record)
    assert part.nomination is None
    assert part.code is None
    assert part.record is record


@given(contests())
def test_one_nomination_that_holds_everything_ranks_as_no_nominations_do(record):
    whole = nominated(record, [everything()(record)], lambda number: "all")
    plain, named = rank(record), rank(whole)
    assert [replace(row, nomination=None) for row in named.rows] == list(plain.rows)
    assert {row.nomination for row in named.rows} <= {"all"}


def test_the_document_of_one_nomination_differs_by_its_name_alone():
    record = golden()
    whole = nominated(record, [everything()(record)], lambda number: "all")
    rows = ranking_document(rank(record), 2)["rows"]
    assert ranking_document(rank(whole), 2) == {
        "contest": record.contest.code,
        "rows": [{"nomination": "all", **row} for row in rows],
    }


@given(seeds)
def test_each_nomination_ranks_as_a_contest_of_its_own(seed):
    record = two(seed)
    ranking = rank(record)
    for part in split(record):
        alone = [replace(row, nomination=part.code) for row in rank(part.record).rows]
        assert list(ranking.within(part.code).rows) == alone


@given(seeds, seeds)
def test_a_change_in_one_nomination_moves_nothing_in_the_other(seed, other):
    record = two(seed)
    random = Random(other)
    before = rank(record).within("B")
    changed = replace(
        record,
        contest=replace(
            record.contest, nominations=(random_nominations(record, random)[0], record.contest.nominations[1])
        ),
        applications=tuple(
            replace(
                item,
                requested=random.randint(0, 10**9),
                indicators={code: Decimal(random.randint(-5, 10**6)) for code in item.indicators},
            )
            if item.nomination == "A"
            else item
            for item in record.applications
        ),
        reviews=tuple(
            item for item in record.reviews if _home(record, item.application) == "B" or random.random() < 0.5
        ),
    )
    assert rank(changed).within("B") == before


def _home(record, number):
    return next(item.nomination for item in record.applications if item.number == number)


def test_a_huge_indicator_moves_no_point_and_budgets_walk_apart():
    """The ninth hard case: the relative base and the money of one nomination are unknown to the other."""
    money = {"requested": 10_000_000_000, "total_cost": 30_000_000_000}
    small = [
        application("S1", indicators={"jobs": "10"}, nomination="small", **money),
        application("S2", indicators={"jobs": "5"}, nomination="small", **money),
    ]
    criterion = replace(relative("J", "40"), indicator="jobs")
    contest_terms = terms(
        criterion,
        rules=rules(experts_per_application=0, budget_mode=BudgetMode.PARTIAL),
        budget=40_000_000_000,
        nominations=(
            Nomination("small", "Small", budget=15_000_000_000),
            Nomination("large", "Large", weights={"J": Decimal(80)}, budget=25_000_000_000, max_winners=1),
        ),
    )

    def ranked(jobs):
        huge = [
            application("L1", indicators={"jobs": jobs}, nomination="large", **money),
            application("L2", indicators={"jobs": "1"}, nomination="large", **money),
        ]
        record = replace(golden(), contest=contest_terms, applications=(*huge, *small), reviews=(), conflicts=())
        return rank(record)

    def brief(ranking):
        return [(row.nomination, row.place, row.number, str(row.total), row.amount // 100) for row in ranking.rows]

    assert brief(ranked("1000000")) == [
        ("small", 1, "S1", "40.00", 100_000_000),
        ("small", 2, "S2", "20.00", 50_000_000),
        ("large", 1, "L1", "80.00", 100_000_000),
        ("large", 2, "L2", "0.00", 0),
    ]
    assert brief(ranked("1").within("small")) == brief(ranked("1000000").within("small"))


# --- terms within a nomination


def test_a_nomination_has_its_own_weights_and_money_and_the_contests_other_rules():
    contest_terms = terms(
        expert_criterion("E1", "30"),
        expert_criterion("E2", "20"),
        relative("C1", "50"),
        rules=rules(
            pass_total=Decimal(60), max_winners=9, cap_per_application=7, tie_breakers=("criterion:E2", "requested")
        ),
        budget=100,
        frozen_base={"C1": Decimal(3)},
    )
    nomination = Nomination("n", "N", weights={"E1": Decimal(45), "E2": None}, budget=40, cap=20, max_winners=2)
    within = terms_in(replace(contest_terms, nominations=(nomination,)), nomination)
    assert within == replace(
        contest_terms,
        criteria=(expert_criterion("E1", "45"), relative("C1", "50")),
        budget=40,
        rules=replace(
            contest_terms.rules, pass_total=None, max_winners=2, cap_per_application=20, tie_breakers=("requested",)
        ),
    )
    off = replace(nomination, weights={"C1": None})
    assert terms_in(contest_terms, off).frozen_base == {}
    assert terms_in(contest_terms, None) is contest_terms


def test_what_is_not_judged_is_left_out_and_what_is_not_named_keeps_its_weight():
    criteria = (expert_criterion("E1", "30"), linear("C1", "20"))
    nomination = Nomination("n", "N", weights={"E1": None})
    assert judged_criteria(criteria, nomination) == (linear("C1", "20"),)
    assert judged_criteria(criteria, None) == criteria
    assert [is_judged(code, nomination) for code in ("E1", "C1")] == [False, True]
    assert is_judged("E1", None)
    assert nomination_of([nomination], "n") is nomination
    assert nomination_of([nomination], "m") is None


def test_a_mark_on_what_is_not_judged_counts_for_nothing():
    contest_terms = terms(
        expert_criterion("E1"),
        expert_criterion("E2"),
        rules=rules(experts_per_application=1),
        nominations=(Nomination("n", "N", weights={"E2": None}),),
    )
    record = replace(
        golden(),
        contest=contest_terms,
        applications=(application("1", nomination="n"),),
        conflicts=(),
        reviews=(review("a", "1", {"E1": "7", "E2": "10"}),),
    )
    (row,) = rank(record).rows
    assert row.criteria == {"E1": Decimal("7.00")}
    assert row.total == Decimal("7.00")


def test_a_contest_with_nominations_cannot_be_scored_as_one():
    record = nominated(golden(), [everything()(golden())], lambda number: "all")
    with pytest.raises(ValueError, match="part by part"):
        score_applications(record.contest, record.applications, record.reviews, record.conflicts)


# --- faults


def paths(faults):
    return [(fault.path, str(fault).removeprefix(f"{fault.path}: ")) for fault in faults]


def test_every_fault_of_nominations_is_named_at_its_place():
    criteria = (expert_criterion("E1"), bands((None, "1"), code="C1"))
    nominations = (
        Nomination("a", "A", weights={"E1": Decimal(-1), "X": Decimal(1)}),
        Nomination("a", " ", weights={"E1": None, "C1": None}),
        Nomination(" ", "C", weights={"E1": Decimal("NaN")}, pass_total=Decimal(-1), budget=-1, max_winners=-1, cap=-1),
    )
    assert paths(nominations_faults(nominations, criteria)) == [
        ("nominations[0].weights.E1", "The weight may not be negative"),
        ("nominations[0].weights.X", "There is no criterion with the code X"),
        ("nominations[1].code", "The code a is used twice"),
        ("nominations[1].title", "The title is empty"),
        ("nominations[1].weights", "The nomination judges no criterion"),
        ("nominations[2].code", "The code is empty"),
        ("nominations[2].weights.E1", "The weight may not be negative"),
        ("nominations[2].pass_total", "The passing total may not be negative"),
        ("nominations[2].budget", "The budget may not be negative"),
        ("nominations[2].max_winners", "The number of winners may not be negative"),
        ("nominations[2].cap_per_application", "The limit per application may not be negative"),
    ]
    assert nominations_faults((), criteria) == ()
    twins = (Nomination("a", "A"), Nomination("b", "A"), Nomination("c", "C"))
    assert paths(nominations_faults(twins, criteria)) == [("nominations[1].title", "Another nomination has this title")]


def test_what_stands_in_the_way_of_a_launch_is_named():
    criteria = (expert_criterion("E1", "60"), expert_criterion("E2", "40"))
    nominations = (
        Nomination("a", "A", weights={"E2": None}, pass_total=Decimal("60.5"), budget=100, cap=101),
        Nomination("b", "B", pass_total=Decimal(100), budget=None),
        Nomination("c", "C", budget=101, cap=101),
    )
    assert paths(nominations_launch_faults(nominations, criteria, 200)) == [
        ("nominations[0].pass_total", "Nomination “A”: the passing total is above the greatest total of 60"),
        ("nominations[0].cap_per_application", "Nomination “A”: the limit per application is above its budget"),
        ("nominations[1].budget", "Nomination “B” has no budget, and the contest has one"),
        ("budget", "The budgets of the nominations together are more than the contest's budget"),
    ]
    assert nominations_launch_faults(nominations[2:], criteria, 101) == ()
    assert nominations_launch_faults(nominations[1:2], criteria, None) == ()
    assert nominations_launch_faults((), criteria, 0) == ()
