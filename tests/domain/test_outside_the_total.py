"""Groups of criteria and criteria outside the total: both are shown and neither decides anything."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.criterion_groups import CriterionGroup, criterion_groups
from judging.domain.explanation import ComputedLine, GroupLine, MarkedLine, explain
from judging.domain.nominations import Nomination, judged_criteria, nominations_faults, rules_in
from judging.domain.ranking import rank, ranking_document
from judging.domain.record import ContestRecord
from judging.domain.rubric import marks
from judging.domain.rubric_faults import rubric_faults
from judging.domain.rules import Divergence, rules_faults
from judging.domain.scoring import aggregated_mark, review_total, score_applications
from judging.domain.sensitivity import sensitivity
from tests.domain.contests import contests
from tests.domain.records import application, bands, expert_criterion, linear, relative, review, rules, terms
from tests.groups import BESIDE, beside, grouped

randoms = st.randoms(use_true_random=False)


def bare(ranking):
    """What is decided: everything in the rows but the marks beside."""
    return [replace(row, outside={}) for row in ranking.rows]


def scored(record):
    return score_applications(record.contest, record.applications, record.reviews, record.conflicts)


def whatever_hangs_on_it(record):
    return sensitivity(record, scored(record))


@given(contests(), randoms)
def test_a_criterion_outside_the_total_never_moves_a_total_a_place_or_money(record: ContestRecord, random: Random):
    more = beside(record, random)
    assert bare(rank(more)) == list(rank(record).rows)
    assert whatever_hangs_on_it(more) == whatever_hangs_on_it(record)
    for item in more.reviews:
        assert review_total(more.contest.criteria, item) == review_total(
            record.contest.criteria,
            next(one for one in record.reviews if (one.expert, one.application) == (item.expert, item.application)),
        )


@given(contests(), randoms)
def test_other_marks_outside_the_total_change_the_marks_that_are_shown_alone(record: ContestRecord, random: Random):
    more = beside(record, random)
    scale = BESIDE[0].scale  # type: ignore[union-attr]
    other = replace(
        more,
        reviews=tuple(
            replace(item, scores={**item.scores, "Q1": random.choice(marks(scale))}) for item in more.reviews
        ),
    )
    assert bare(rank(other)) == bare(rank(more))


@given(contests(), randoms)
def test_groups_never_change_anything(record: ContestRecord, random: Random):
    headed = grouped(record, random)
    assert rank(headed) == rank(record)
    assert whatever_hangs_on_it(headed) == whatever_hangs_on_it(record)


@given(contests(), randoms)
def test_the_points_of_the_groups_add_up_to_the_exact_total(record: ContestRecord, random: Random):
    headed = beside(grouped(record, random), random)
    scores = {score.application: score for score in scored(headed)}
    for row in rank(headed).rows:
        candidate = next(item for item in headed.applications if item.number == row.number)
        lines = explain(headed, candidate, row, scores[row.number]).groups
        assert [line.group for line in lines] == list(criterion_groups(headed.contest.criteria))
        if lines:
            assert sum((line.points for line in lines), Fraction(0)) == scores[row.number].total


def small(**changes):
    """Two experts on one application; E2 and C2 are outside the total."""
    criteria = (
        expert_criterion("E1", "60", group="Уровень", group_en="Level"),
        expert_criterion("E2", "0", group="Уровень"),
        linear("C1", "40"),
        bands((None, "3"), ("5", "8"), code="C2", weight="0"),
    )
    reviews = (review("a", "001", {"E1": "6", "E2": "0"}), review("b", "001", {"E1": "7", "E2": "9"}))
    candidate = application("001", indicators={"C1": "5", "C2": "6"})
    contest = terms(*criteria, rules=rules(**changes))
    return ContestRecord(contest, (), (), (candidate,), (), (), reviews)


def test_what_is_outside_is_shown_by_its_mark_in_the_ranking_and_the_explanation():
    record = small()
    (row,) = ranking_document(rank(record), 2)["rows"]
    assert (row["total"], row["criteria"], row["outside"]) == (
        "59.00",
        {"E1": "39.00", "C1": "20.00"},
        {"E2": "4.50", "C2": "8.00"},
    )
    (score,), (placing,) = scored(record), rank(record).rows
    found = explain(record, record.applications[0], placing, score)
    first, second, straight, table = record.contest.criteria
    assert [(line.criterion, line.mark, line.points) for line in found.marked if isinstance(line, MarkedLine)] == [
        (first, Fraction(13, 2), Decimal("39.00")),
        (second, Fraction(9, 2), None),
    ]
    assert [(line.criterion, line.share, line.points) for line in found.computed if isinstance(line, ComputedLine)] == [
        (straight, Fraction(1, 2), Decimal("20.00")),
        (table, Fraction(4, 5), None),
    ]
    assert found.groups == (
        GroupLine(CriterionGroup("Уровень", "Level", ("E1", "E2"), Decimal(60)), Fraction(39)),
        GroupLine(CriterionGroup("", "", ("C1", "C2"), Decimal(40)), Fraction(20)),
    )


def test_a_wide_difference_outside_the_total_is_no_divergence_and_asks_for_nobody():
    (row,) = rank(small(divergence=Divergence(Decimal("0.5"), Decimal(2)))).rows
    assert (row.diverged, row.needs) == (False, None)
    (row,) = rank(small(divergence=Divergence(None, Decimal(1)))).rows
    assert row.diverged


def test_no_mark_outside_the_total_is_no_mark_and_no_nought():
    record = small()
    silent = replace(record, reviews=tuple(replace(item, scores={"E1": Decimal(6)}) for item in record.reviews))
    (score,), (row,) = scored(silent), rank(silent).rows
    assert row.outside == {"C2": Decimal("8.00")}
    assert aggregated_mark(record.contest.criteria[1], score) is None


def faults(found):
    return [str(fault) for fault in found]


def test_what_decides_nothing_is_given_nothing_to_decide():
    criteria = (expert_criterion("E1"), expert_criterion("E2", "0", pass_mark=Decimal(5)))
    assert faults(rubric_faults(criteria)) == [
        "criteria[1].pass: A criterion outside the total decides nothing: it has no passing mark"
    ]
    assert faults(rules_faults(rules(tie_breakers=("criterion:E2", "criterion:E1")), criteria)) == [
        "rules.tie_breakers[0]: The criterion E2 is outside the total: it decides nothing, equal totals neither"
    ]
    assert faults(rubric_faults((expert_criterion("E1", "0"), linear("C1", "0")))) == [
        "criteria: No criterion counts in the total: give one a weight above zero"
    ]
    assert rubric_faults((expert_criterion("E1"), relative("C1", "0"))) == ()


def test_criteria_of_one_group_stand_together():
    titles = ("Уровень", "Уровень", "", "Экономика", "Уровень", "", "Экономика")
    criteria = tuple(expert_criterion(f"E{n}", group=title) for n, title in enumerate(titles, start=1))
    apart = "do not stand together: move this one to the others"
    assert faults(rubric_faults(criteria)) == [
        f"criteria[4].group: The criteria of the group “Уровень” {apart}",
        f"criteria[6].group: The criteria of the group “Экономика” {apart}",
    ]
    assert faults(rubric_faults((expert_criterion("E1", group_en="Level"),))) == [
        "criteria[0].group: The group has an English title alone: give the Russian one too"
    ]
    assert criterion_groups((expert_criterion("E1"), linear("C1"))) == ()


def test_a_nomination_may_judge_a_criterion_outside_the_total():
    criteria = (
        expert_criterion("E1", "60", pass_mark=Decimal(5), group="Уровень"),
        linear("C1", "40"),
        relative("C2", "0"),
    )
    nomination = Nomination("n", "N", weights={"E1": Decimal(0), "C2": Decimal(7)})
    judged = judged_criteria(criteria, nomination)
    assert [(item.code, item.weight) for item in judged] == [
        ("E1", Decimal(0)),
        ("C1", Decimal(40)),
        ("C2", Decimal(7)),
    ]
    assert judged[0] == replace(criteria[0], weight=Decimal(0), pass_mark=None)
    ruled = rules(tie_breakers=("criterion:E1", "criterion:C1", "requested"))
    assert rules_in(ruled, nomination, judged).tie_breakers == ("criterion:C1", "requested")
    assert [group.weight for group in criterion_groups(judged)] == [Decimal(0), Decimal(47)]
    assert nominations_faults((nomination,), criteria) == ()


def test_a_nomination_without_any_weight_is_refused():
    criteria = (expert_criterion("E1"), linear("C1", "40"))
    nominations = (
        Nomination("a", "A", weights={"E1": Decimal(0), "C1": Decimal(0)}),
        Nomination("b", "B", weights={"E1": None, "C1": Decimal(0)}),
        Nomination("c", "C", weights={"E1": Decimal(-1)}),
    )
    nothing = "No criterion of the nomination counts in the total: give one a weight above zero"
    assert faults(nominations_faults(nominations, criteria)) == [
        f"nominations[0].weights: {nothing}",
        f"nominations[1].weights: {nothing}",
        "nominations[2].weights.E1: The weight may not be negative",
    ]
