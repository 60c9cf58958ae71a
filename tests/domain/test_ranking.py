from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.ranking import (
    NEEDS_LABELS,
    OUTCOME_LABELS,
    Needs,
    Outcome,
    rank,
    rank_contest,
    ranking_document,
)
from judging.domain.record import (
    DECISION_LABELS,
    RECOMMENDATION_LABELS,
    REVIEW_STATE_LABELS,
    Decision,
    Recommendation,
    ReviewState,
)
from judging.domain.rules import AdditionalRule, BudgetMode
from tests.domain import oracle
from tests.domain.contests import contests, shuffled
from tests.domain.records import START, application, golden, golden_ranking, linear, rules, terms


def variant(record=None, **changes):
    record = record or golden()
    return replace(record, contest=replace(record.contest, rules=replace(record.contest.rules, **changes)))


def brief(ranking):
    """Place, number, total, outcome and roubles of every row."""
    return [(row.place, row.number, str(row.total), row.outcome.value, row.amount // 100) for row in ranking.rows]


def with_totals(**totals):
    """Rank applications by one criterion whose points are given; requested and submission may follow."""
    applications = [application(number, indicators={"C1": total}) for number, total in totals.items()]
    return applications, terms(linear("C1", "10", "0", "10"))


# --- the worked example


def test_worked_example_gives_its_ranking_to_the_letter():
    document = ranking_document(rank(golden()), 2)
    assert document == golden_ranking()
    assert [list(row) for row in document["rows"]] == [list(row) for row in golden_ranking()["rows"]]
    assert [list(row["criteria"]) for row in document["rows"]] == [
        list(row["criteria"]) for row in golden_ranking()["rows"]
    ]


def test_closest_pair_puts_the_diverged_application_first():
    ranking = rank(variant(additional_review=AdditionalRule.CLOSEST_PAIR))
    assert brief(ranking) == [
        (1, "002", "71.57", "winner", 150_000_000),
        (2, "001", "69.00", "winner", 120_000_000),
        (3, "005", "69.00", "reserve", 0),
        (4, "003", "59.43", "below_threshold", 0),
        (5, "004", "40.43", "below_threshold", 0),
    ]
    assert ranking.rows[0].counted == ("expert1@example.org", "expert3@example.org")


@pytest.mark.parametrize(
    ("mode", "awards"),
    [
        (BudgetMode.STRICT, [120_000_000, 80_000_000, 0, 0, 0]),
        (BudgetMode.SKIP, [120_000_000, 80_000_000, 0, 0, 0]),
        (BudgetMode.PARTIAL, [120_000_000, 80_000_000, 100_000_000, 0, 0]),
    ],
)
def test_worked_example_under_other_budget_modes(mode, awards):
    ranking = rank(variant(budget_mode=mode))
    assert [row.amount // 100 for row in ranking.rows] == awards
    assert [row.number for row in ranking.rows] == ["001", "005", "002", "003", "004"]


def test_worked_example_shares_the_budget_in_proportion_to_the_kopeck():
    ranking = rank(variant(budget_mode=BudgetMode.PROPORTIONAL))
    assert [row.amount for row in ranking.rows] == [102_857_142_85, 68_571_428_57, 128_571_428_57, 0, 0]


def test_withdrawal_of_the_best_moves_the_others():
    record = golden()
    applications = tuple(
        replace(item, status=Decision.WITHDRAWN) if item.number == "002" else item for item in record.applications
    )
    assert brief(rank(replace(record, applications=applications))) == [
        (1, "001", "73.80", "winner", 120_000_000),
        (2, "005", "73.80", "winner", 80_000_000),
        (3, "003", "61.93", "winner", 90_000_000),
        (4, "004", "41.93", "below_threshold", 0),
    ]


def test_withdrawal_after_the_freeze_moves_nobody():
    record = golden()
    applications = tuple(
        replace(item, status=Decision.WITHDRAWN) if item.number == "002" else item for item in record.applications
    )
    frozen = replace(record.contest, frozen_base={"C2": Decimal(120)})
    totals = [row[1:3] for row in brief(rank(replace(record, contest=frozen, applications=applications)))]
    assert totals == [("001", "69.00"), ("005", "69.00"), ("003", "59.43"), ("004", "40.43")]


def test_worked_example_without_its_additional_review_is_incomplete():
    record = golden()
    reviews = tuple(item for item in record.reviews if not item.additional)
    row = next(row for row in rank(replace(record, reviews=reviews)).rows if row.number == "002")
    assert (row.needs, row.outcome, row.amount) == (Needs.ADDITIONAL_REVIEW, Outcome.INCOMPLETE, 0)


# --- order and places


def test_equal_in_everything_share_the_place_and_are_listed_by_number():
    applications, contest = with_totals(d="5", b="7", c="7", a="9")
    ranking = rank_contest(contest, applications, (), ())
    assert [(row.place, row.tied, row.number) for row in ranking.rows] == [
        (1, False, "a"),
        (2, True, "b"),
        (2, True, "c"),
        (4, False, "d"),
    ]


def test_totals_equal_only_after_rounding_are_a_tie():
    applications, contest = with_totals(a="6.6651", b="6.6749")
    ranking = rank_contest(contest, applications, (), ())
    assert [(row.place, str(row.total)) for row in ranking.rows] == [(1, "6.67"), (1, "6.67")]


def test_tie_breakers_are_asked_in_turn():
    contest = terms(linear("C1"), linear("C2"), rules=rules(tie_breakers=("criterion:C2", "requested", "submitted_at")))
    later = START + timedelta(seconds=1)
    applications = [
        application("e", indicators={"C1": "5", "C2": "5"}, requested=90, submitted_at=later),
        application("d", indicators={"C1": "5", "C2": "5"}, requested=90),
        application("c", indicators={"C1": "5", "C2": "5"}, requested=80, submitted_at=later),
        application("b", indicators={"C1": "4", "C2": "6"}, requested=99, submitted_at=later),
        application("a", indicators={"C1": "5", "C2": "5"}, requested=90, submitted_at=later),
    ]
    rows = rank_contest(contest, applications, (), ()).rows
    assert [(row.place, row.number) for row in rows] == [(1, "b"), (2, "c"), (3, "d"), (4, "a"), (4, "e")]


def test_instants_are_compared_not_their_clock_faces():
    moscow = START.fromisoformat("2026-03-10T12:00:00+03:00")
    utc = START.fromisoformat("2026-03-10T09:30:00+00:00")
    contest = terms(linear(), rules=rules(tie_breakers=("submitted_at",)))
    applications = [application("a", submitted_at=utc), application("b", submitted_at=moscow)]
    assert [row.number for row in rank_contest(contest, applications, (), ()).rows] == ["b", "a"]


def test_only_admitted_applications_are_ranked():
    applications = [application(status.value, status=status) for status in Decision]
    assert [row.number for row in rank_contest(terms(linear()), applications, (), ()).rows] == ["admitted"]


def test_contest_without_applications_has_an_empty_ranking():
    assert ranking_document(rank_contest(terms(linear()), (), (), ()), 2) == {"contest": "T-1", "rows": []}


def test_numbers_are_written_with_exactly_the_decimals_of_the_contest():
    contest = terms(linear(weight="1"), rules=rules(rounding=6, experts_per_application=0), budget=105)
    applications = [application("a", requested=105, indicators={"C1": "0.000001"})]
    row = ranking_document(rank_contest(contest, applications, (), ()), 6)["rows"][0]
    assert (row["total"], row["expert"], row["criteria"], row["amount"]) == (
        "0.000000",
        "0.000000",
        {"C1": "0.000000"},
        "1.05",
    )


@pytest.mark.parametrize(
    ("enumeration", "labels"),
    [
        (Needs, NEEDS_LABELS),
        (Outcome, OUTCOME_LABELS),
        (Decision, DECISION_LABELS),
        (ReviewState, REVIEW_STATE_LABELS),
        (Recommendation, RECOMMENDATION_LABELS),
    ],
)
def test_every_word_of_the_ranking_has_its_label(enumeration, labels):
    assert list(labels) == list(enumeration)


# --- properties


@given(contests(), st.randoms(use_true_random=False))
def test_order_of_input_never_matters(record, random):
    assert rank(shuffled(record, random)) == rank(record)


@given(contests())
def test_every_admitted_application_is_ranked_once(record):
    admitted = [item.number for item in record.applications if item.status is Decision.ADMITTED]
    assert sorted(row.number for row in rank(record).rows) == sorted(admitted)


@given(contests())
def test_places_are_a_competition_ranking(record):
    places = [row.place for row in rank(record).rows]
    assert places == [1 + sum(other < place for other in places) for place in places]
    sharing = Counter(places)
    assert [row.tied for row in rank(record).rows] == [sharing[place] > 1 for place in places]


@given(contests())
def test_a_better_total_never_has_a_worse_place(record):
    rows = rank(record).rows
    assert all(upper.total >= lower.total for upper, lower in pairwise(rows))
    assert all(upper.number < lower.number for upper, lower in pairwise(rows) if upper.place == lower.place)


@given(contests())
def test_money_never_exceeds_the_limit_the_cap_or_the_number_of_winners(record):
    rows, contest = rank(record).rows, record.contest
    requested = {item.number: item.requested for item in record.applications}
    cap, winners = contest.rules.cap_per_application, contest.rules.max_winners
    assert contest.budget is None or sum(row.amount for row in rows) <= contest.budget
    assert all(0 <= row.amount <= requested[row.number] for row in rows)
    assert cap is None or all(row.amount <= cap for row in rows)
    assert winners is None or sum(row.outcome is Outcome.WINNER for row in rows) <= winners


@given(contests())
def test_outcome_follows_from_what_is_needed_passed_and_given(record):
    expected = {
        row.number: Outcome.INCOMPLETE
        if row.needs
        else Outcome.BELOW_THRESHOLD
        if not row.passed
        else Outcome.WINNER
        if row.amount
        else Outcome.RESERVE
        for row in rank(record).rows
    }
    assert {row.number: row.outcome for row in rank(record).rows} == expected


@given(contests())
def test_rows_are_those_of_the_plain_calculation(record):
    facts = {row.number: {name: getattr(row, name) for name in oracle.FACTS} for row in rank(record).rows}
    assert facts == oracle.scores(record)
