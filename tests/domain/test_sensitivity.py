"""What the winners hang on: scenarios worked out by hand, and every scenario against the plain way."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings

from judging.domain.firmness import Contested, Scenario, ScenarioKind, Sensitivity
from judging.domain.funding import claim, walk
from judging.domain.ranking import Outcome, rank, rank_scores
from judging.domain.record import Conflict, ContestRecord, ReviewState
from judging.domain.rules import Aggregate, Divergence
from judging.domain.scoring import score_applications
from judging.domain.sensitivity import provisional_awards, sensitivity
from tests.domain.contests import contests
from tests.domain.records import application, expert_criterion, golden, linear, review, rules, terms


def record(*criteria, applications, reviews=(), conflicts=(), **changes) -> ContestRecord:
    return ContestRecord(terms(*criteria, **changes), (), (), tuple(applications), (), conflicts, tuple(reviews))


def found(made: ContestRecord) -> Sensitivity:
    return sensitivity(made, score_applications(made.contest, made.applications, made.reviews, made.conflicts))


def plain(made: ContestRecord) -> tuple[str, ...]:
    """The winners by the ranking itself, whatever is still needed."""
    requested = {item.number: item.requested for item in made.applications}
    cap = made.contest.rules.cap_per_application
    claims = [claim(row.number, requested[row.number], cap) for row in rank(made).rows if row.passed]
    return tuple(walk(claims, made.contest.budget, made.contest.rules))


def altered(made: ContestRecord, scenario: Scenario) -> ContestRecord:
    """The record as the scenario would have it."""
    match scenario.kind:
        case ScenarioKind.WEIGHT:
            criteria = made.contest.criteria
            whole = sum(Fraction(item.weight) for item in criteria)
            own = next(Fraction(item.weight) for item in criteria if item.code == scenario.subject)
            grown = own * Fraction(100 + scenario.change, 100)
            weights = {
                item.code: grown if item.code == scenario.subject
                else Fraction(item.weight) / (whole - own) * (whole - grown)
                for item in criteria
            }  # fmt: skip
            assert sum(weights.values()) == whole
            changed = tuple(replace(item, weight=weights[item.code]) for item in criteria)
            return replace(made, contest=replace(made.contest, criteria=changed))
        case ScenarioKind.WITHOUT_EXPERT:
            others = {item.application for item in counting(made) if item.expert != scenario.subject}
            kept = [r for r in made.reviews if r.expert != scenario.subject or r.application not in others]
            return replace(made, reviews=tuple(kept))
        case ScenarioKind.AGGREGATE:
            changed = replace(made.contest.rules, aggregate=Aggregate(scenario.subject))
            return replace(made, contest=replace(made.contest, rules=changed))


def counting(made: ContestRecord):
    barred = {(item.expert, item.application) for item in made.conflicts}
    ranked = {item.number for item in made.applications if item.status == "admitted"}
    return [
        item
        for item in made.reviews
        if item.state is ReviewState.SUBMITTED
        and (item.expert, item.application) not in barred
        and item.application in ranked
    ]


@settings(max_examples=120, deadline=None)
@given(contests())
def test_every_scenario_is_the_ranking_of_the_altered_record(made):
    result, before = found(made), plain(made)
    order = [row.number for row in rank(made).rows]
    for scenario in result.scenarios:
        after = plain(altered(made, scenario))
        assert scenario.up == tuple(number for number in order if number in set(after) - set(before)), scenario
        assert scenario.down == tuple(number for number in order if number in set(before) - set(after)), scenario


@settings(max_examples=100, deadline=None)
@given(contests())
def test_every_scenario_is_there_and_nothing_is_both_steadfast_and_contested(made):
    result = found(made)
    heard = {item.expert for item in counting(made)}
    assert sorted(s.subject for s in result.scenarios if s.kind is ScenarioKind.WITHOUT_EXPERT) == sorted(heard)
    assert {s.subject for s in result.scenarios if s.kind is ScenarioKind.AGGREGATE} == {"mean", "median"} - {
        made.contest.rules.aggregate.value
    }
    crossings = Counter(number for item in result.scenarios for number in (*item.up, *item.down))
    assert {item.number: item.crossings for item in result.contested} == dict(crossings)
    assert set(result.steadfast) | {item.number for item in result.contested if item.winner} == set(plain(made))
    assert not set(result.steadfast) & set(crossings)


@settings(max_examples=100, deadline=None)
@given(contests())
def test_with_nothing_needed_the_line_is_the_official_one(made):
    scores = score_applications(made.contest, made.applications, made.reviews, made.conflicts)
    finished = [replace(score, needs=None) for score in scores]
    ranking = rank_scores(made.contest, made.applications, finished)
    official = {row.number: row.amount for row in ranking.rows if row.outcome is Outcome.WINNER}
    assert provisional_awards(made.contest, made.applications, ranking) == official
    assert tuple(provisional_awards(made.contest, made.applications, rank(made))) == plain(made)


def two_criteria() -> ContestRecord:
    """A leads by E1 alone, B by E2 alone: 10·0.8 + 10·0.4 = 12.0 against 10·0.5 + 10·0.6 = 11.0; one of them wins."""
    marks = {"A": {"E1": "8", "E2": "4"}, "B": {"E1": "5", "E2": "6"}}
    return record(
        expert_criterion("E1"),
        expert_criterion("E2"),
        applications=[application("A"), application("B")],
        reviews=[review(name, number, marks[number]) for number in marks for name in ("ann", "bob")],
        rules=rules(max_winners=1),
    )


def test_a_weight_is_changed_by_a_tenth_and_the_others_make_up_for_it():
    """E2 as 11 and E1 as 9: 7.2 + 4.4 = 11.6 against 4.5 + 6.6 = 11.1, A still leads; nobody ever crosses."""
    assert found(two_criteria()) == Sensitivity(
        scenarios=(
            Scenario(ScenarioKind.WEIGHT, "E1", 10),
            Scenario(ScenarioKind.WEIGHT, "E1", -10),
            Scenario(ScenarioKind.WEIGHT, "E2", 10),
            Scenario(ScenarioKind.WEIGHT, "E2", -10),
            Scenario(ScenarioKind.WITHOUT_EXPERT, "ann@example.org"),
            Scenario(ScenarioKind.WITHOUT_EXPERT, "bob@example.org"),
            Scenario(ScenarioKind.AGGREGATE, "median"),
        ),
        steadfast=("A",),
        contested=(),
    )


def test_who_leads_by_little_loses_by_a_tenth_of_a_weight():
    """12.0 against 5 + 7 = 12.0 with the tie to the smaller number: E2 as 11 is 11.6 against 4.5 + 7.7 = 12.2."""
    made = two_criteria()
    reviews = [
        replace(item, scores={"E1": Decimal(5), "E2": Decimal(7)}) if item.application == "B" else item
        for item in made.reviews
    ]
    result = found(replace(made, reviews=tuple(reviews)))
    crossing = [(item.subject, item.change, item.up, item.down) for item in result.scenarios if item.up or item.down]
    assert crossing == [("E1", -10, ("B",), ("A",)), ("E2", 10, ("B",), ("A",))]
    assert result.steadfast == ()
    assert result.contested == (Contested("A", True, 2), Contested("B", False, 2))


def test_an_application_that_only_the_dropped_expert_marked_keeps_its_score():
    made = record(
        expert_criterion(),
        applications=[application("A"), application("B"), application("C")],
        reviews=[
            review("ann", "A", {"E1": "9"}),
            review("ann", "B", {"E1": "10"}),
            review("bob", "B", {"E1": "6"}),
            review("bob", "C", {"E1": "7"}),
        ],
        rules=rules(experts_per_application=1, max_winners=1),
    )
    dropped = [item for item in found(made).scenarios if item.kind is ScenarioKind.WITHOUT_EXPERT]
    assert dropped == [
        Scenario(ScenarioKind.WITHOUT_EXPERT, "ann@example.org", alone=1),
        Scenario(ScenarioKind.WITHOUT_EXPERT, "bob@example.org", up=("B",), down=("A",), alone=1),
    ]


def test_what_is_still_needed_bars_nobody():
    """One review of two wanted: officially nobody is a winner; by what is there A is."""
    made = record(
        expert_criterion(),
        applications=[application("A"), application("B")],
        reviews=[review("ann", "A", {"E1": "9"}), review("ann", "B", {"E1": "4"})],
        rules=rules(max_winners=1),
    )
    assert {row.outcome for row in rank(made).rows} == {Outcome.INCOMPLETE}
    assert provisional_awards(made.contest, made.applications, rank(made)) == {"A": 100}
    assert found(made).steadfast == ("A",)


def test_without_one_of_the_diverging_reviews_the_others_count():
    """A: 9 and 1 diverge, so the final 3 alone counts. Without bob nothing diverges, 9 and 3 count: 6 > 5.5."""
    made = record(
        expert_criterion(),
        applications=[application("A"), application("B")],
        reviews=[
            review("ann", "A", {"E1": "9"}),
            review("bob", "A", {"E1": "1"}),
            review("eve", "A", {"E1": "3"}, additional=True),
            review("ann", "B", {"E1": "6"}),
            review("eve", "B", {"E1": "5"}),
        ],
        rules=rules(max_winners=1, divergence=Divergence(Decimal("0.5")), additional_review="additional_is_final"),
    )
    crossing = {item.subject: item.up for item in found(made).scenarios if item.up}
    assert crossing == {"bob@example.org": ("A",)}


def test_a_pass_total_and_the_floor_of_a_mark_hold_in_every_scenario():
    """E1 as 11: A has 11·0.7 + 9·0.3 = 10.4, B 11·0.4 + 9·0.6 = 9.8, under the pass total of 10; C is under a floor."""
    criteria = (expert_criterion("E1", pass_mark=Decimal(3)), expert_criterion("E2"))
    marks = {"A": {"E1": "7", "E2": "3"}, "B": {"E1": "4", "E2": "6"}, "C": {"E1": "2", "E2": "9"}}
    made = record(
        *criteria,
        applications=[application(number) for number in marks],
        reviews=[review(name, number, marks[number]) for number in marks for name in ("ann", "bob")],
        rules=rules(pass_total=Decimal(10)),
    )
    assert plain(made) == ("A", "B")
    crossing = [
        (item.subject, item.change, item.up, item.down) for item in found(made).scenarios if item.up or item.down
    ]
    assert crossing == [
        ("E1", 10, (), ("B",)),
        ("E1", -10, (), ("A",)),
        ("E2", 10, (), ("A",)),
        ("E2", -10, (), ("B",)),
    ]


@pytest.mark.parametrize(
    "criteria", [(expert_criterion(),), (expert_criterion("E1", "100"), linear("C1", "5"))], ids=["one", "dominant"]
)
def test_a_weight_for_which_the_others_cannot_make_up_is_left_out(criteria):
    made = record(*criteria, applications=[application("A")], reviews=[review("ann", "A", {"E1": "5"})])
    changes = [(item.subject, item.change) for item in found(made).scenarios if item.kind is ScenarioKind.WEIGHT]
    assert changes == ([] if len(criteria) == 1 else [("E1", -10), ("C1", 10), ("C1", -10)])


def test_a_contest_with_nothing_in_it_has_only_scenarios_without_effect():
    made = record(expert_criterion(), applications=[])
    assert found(made) == Sensitivity((Scenario(ScenarioKind.AGGREGATE, "median"),), (), ())


def test_reviews_in_conflict_are_nobodys_scenario():
    made = two_criteria()
    barred = tuple(Conflict("ann@example.org", number, "other") for number in "AB")
    subjects = [s.subject for s in found(replace(made, conflicts=barred)).scenarios if s.kind == "without_expert"]
    assert subjects == ["bob@example.org"]


def test_whoever_watches_is_told_of_every_scenario():
    made, told = golden(), []
    scores = score_applications(made.contest, made.applications, made.reviews, made.conflicts)
    result = sensitivity(made, scores, lambda done, of: told.append((done, of)))
    assert told == [(n, len(result.scenarios)) for n in range(1, len(result.scenarios) + 1)]
