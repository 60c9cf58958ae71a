"""The automatic plan, made and applied: hard rules, what is kept, what is replaced, what stays empty."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.distribution import Goal, PlanKind
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible
from judging.models import Application, Contest, JournalRecord, Organisation, Review
from judging.queries.assignment.plans import plan_totals
from judging.services.assignment import PlanRequest, request_plan
from tests import factories
from tests.services.planning import (
    BY,
    apply_made,
    changes_of,
    contest_of,
    experts_of,
    make_plan,
    rules_of_distribution,
    tasks_of,
)


def test_the_best_matching_experts_are_proposed(session: Session) -> None:
    contest = contest_of(session)
    exact, group, _ = experts_of(session, contest, "28.41", "28.41.1", "62.01")
    application = factories.application(session, contest, topics=["28.41"])
    plan = apply_made(session, contest)
    assert plan_totals(session, plan).total == 1100 + 770
    assert tasks_of(session, contest) == {
        (exact.id, application.id, "proposed"),
        (group.id, application.id, "proposed"),
    }


def test_only_admitted_applications_get_experts(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    experts_of(session, contest, "28.41")
    for status in ("draft", "submitted", "rejected", "withdrawn"):
        factories.application(session, contest, status=status)
    with pytest.raises(NotPossible, match="no admitted applications"):
        request_plan(session, contest, by=BY)


@pytest.mark.parametrize("goal", list(Goal))
def test_a_plan_breaks_no_hard_rule(session: Session, goal: Goal) -> None:
    contest = contest_of(session)
    experts = experts_of(session, contest, "28.41", "28.41", "28.49", "29.10", max_load=2)
    applications = [factories.application(session, contest) for _ in range(4)]
    factories.conflict(session, experts[0], applications[0])
    factories.conflict(session, experts[1], applications[0])
    plan = apply_made(session, contest, goal=goal)
    pairs = {(expert_id, application_id) for expert_id, application_id, _ in tasks_of(session, contest)}
    loads = [sum(expert_id == one.id for expert_id, _ in pairs) for one in experts]
    filled = [sum(application_id == one.id for _, application_id in pairs) for one in applications]
    assert (plan.goal, loads, filled) == (goal.value, [2, 2, 2, 2], [2, 2, 2, 2])
    assert pairs.isdisjoint({(experts[0].id, applications[0].id), (experts[1].id, applications[0].id)})


@pytest.mark.parametrize(
    ("goal", "floor", "total"), [(Goal.TOTAL, 0, 1100), (Goal.FAIR, 440, 880), (Goal.LEXIMIN, 440, 880)]
)
def test_a_fair_plan_gives_up_some_total_for_the_worst_application(
    session: Session, goal: Goal, floor: int, total: int
) -> None:
    contest = contest_of(session, wanted=1)
    factories.expert(session, contest, topics=["28.41", "62.09"], max_load=1)
    factories.expert(session, contest, topics=["28.99"], max_load=1)
    factories.application(session, contest, topics=["28.41"])
    factories.application(session, contest, topics=["62.01"])
    totals = plan_totals(session, make_plan(session, contest, goal=goal))
    assert (totals.floor, totals.total, totals.optimal) == (floor, total, True)


def test_work_begun_stands_and_only_what_is_missing_is_added(session: Session) -> None:
    contest = contest_of(session, wanted=3)
    poor, other, best, free = experts_of(session, contest, "01.11", "02.10", "28.41", "28.41")
    application = factories.application(session, contest)
    factories.review(session, poor, application, "accepted")
    factories.review(session, other, application, "submitted")
    declined = factories.review(session, best, application, "recused")
    plan = apply_made(session, contest)
    assert changes_of(session, plan) == {(free.id, application.id, "add")}
    assert tasks_of(session, contest) == {
        (poor.id, application.id, "accepted"),
        (other.id, application.id, "submitted"),
        (declined.expert_id, application.id, "recused"),
        (free.id, application.id, "proposed"),
    }


def test_an_additional_review_fills_no_place(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    extra, regular = experts_of(session, contest, "28.41", "62.01")
    application = factories.application(session, contest)
    factories.review(session, extra, application, "proposed", additional=True)
    apply_made(session, contest)
    assert tasks_of(session, contest) == {
        (extra.id, application.id, "proposed"),
        (regular.id, application.id, "proposed"),
    }


def test_an_additional_review_is_load(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    busy, author = experts_of(session, contest, "28.41", "28.41", max_load=1)
    reviewed = factories.application(session, contest)
    factories.review(session, author, reviewed, "submitted")
    factories.review(session, busy, reviewed, "assigned", additional=True)
    factories.application(session, contest)
    plan = make_plan(session, contest)
    assert (plan.status, plan.diagnosis and plan.diagnosis["short"]) == ("impossible", 1)


def test_a_review_in_conflict_leaves_its_place_open(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    barred, free = experts_of(session, contest, "28.41", "28.41")
    application = factories.application(session, contest)
    factories.review(session, barred, application, "submitted")
    factories.conflict(session, barred, application)
    apply_made(session, contest)
    assert (free.id, application.id, "proposed") in tasks_of(session, contest)


def test_a_new_plan_replaces_proposals_and_keeps_those_that_stay(session: Session) -> None:
    contest = contest_of(session, wanted=2)
    stays, leaves = experts_of(session, contest, "28.41", "01.11")
    application = factories.application(session, contest)
    kept = factories.review(session, stays, application, "proposed")
    factories.review(session, leaves, application, "proposed")
    better = experts_of(session, contest, "28.41")[0]
    plan = apply_made(session, contest)
    assert changes_of(session, plan) == {
        (stays.id, application.id, "keep"),
        (leaves.id, application.id, "remove"),
        (better.id, application.id, "add"),
    }
    assert tasks_of(session, contest) == {
        (stays.id, application.id, "proposed"),
        (better.id, application.id, "proposed"),
    }
    assert session.get(Review, kept.id) is kept


def test_proposals_that_became_impossible_are_taken_off(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    expert, other = experts_of(session, contest, "28.41", "28.41")
    rejected = factories.application(session, contest, status="rejected")
    barred = factories.application(session, contest)
    factories.review(session, expert, rejected, "proposed")
    factories.review(session, expert, barred, "proposed")
    factories.conflict(session, expert, barred)
    plan = apply_made(session, contest)
    assert changes_of(session, plan) == {
        (expert.id, rejected.id, "remove"),
        (expert.id, barred.id, "remove"),
        (other.id, barred.id, "add"),
    }
    assert tasks_of(session, contest) == {(other.id, barred.id, "proposed")}


def test_planning_twice_changes_nothing(session: Session) -> None:
    contest = contest_of(session)
    experts_of(session, contest, "28.41", "28.49", "62.01")
    for _ in range(3):
        factories.application(session, contest)
    apply_made(session, contest)
    before = tasks_of(session, contest)
    plan = apply_made(session, contest)
    assert {change for _, _, change in changes_of(session, plan)} == {"keep"}
    assert tasks_of(session, contest) == before


def short_by_conflicts(session: Session, contest: Contest, application: Application) -> None:
    for expert in experts_of(session, contest, "28.41", "28.41", "28.41")[:2]:
        factories.conflict(session, expert, application)


def short_by_load(session: Session, contest: Contest, application: Application) -> None:
    experts_of(session, contest, "28.41", "28.41", max_load=0)
    experts_of(session, contest, "28.41")


def short_of_everybody(session: Session, contest: Contest, application: Application) -> None:
    factories.conflict(session, experts_of(session, contest, "28.41")[0], application)


def short_of_experts(session: Session, contest: Contest, application: Application) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "missing"),
    [(short_by_conflicts, 1), (short_by_load, 1), (short_of_everybody, 2), (short_of_experts, 2)],
)
def test_where_no_full_plan_exists_a_partial_one_fills_what_it_can(session: Session, prepare, missing: int) -> None:
    contest = contest_of(session)
    application = factories.application(session, contest)
    prepare(session, contest, application)
    impossible = make_plan(session, contest)
    assert (impossible.status, impossible.diagnosis and impossible.diagnosis["short"]) == ("impossible", missing)
    partial = make_plan(session, contest, partial=True)
    totals = plan_totals(session, partial)
    assert (partial.status, totals.added, totals.missing, totals.short) == ("ready", 2 - missing, missing, 1)
    assert partial.diagnosis is not None


def test_nobody_from_the_applicants_region(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    rules_of_distribution(session, contest, own_region_barred=True)
    near = experts_of(session, contest, "28.41", region="16")[0]
    far = experts_of(session, contest, "62.01", region="77")[0]
    application = factories.application(session, contest)
    plan = make_plan(session, contest)
    assert changes_of(session, plan) == {(far.id, application.id, "add")}
    assert near.region in {application.cluster.region, application.initiator.region}


def test_at_least_one_expert_from_another_region(session: Session) -> None:
    contest = contest_of(session)
    rules_of_distribution(session, contest, other_region_at_least=1)
    first, second = experts_of(session, contest, "28.41", "28.41", region="16")
    far = experts_of(session, contest, "62.01", region="77")[0]
    application = factories.application(session, contest)
    pairs = {(expert, change) for expert, _, change in changes_of(session, make_plan(session, contest))}
    assert (far.id, "add") in pairs
    assert len(pairs & {(first.id, "add"), (second.id, "add")}) == 1
    assert application.cluster.region == "16"


def test_no_two_experts_of_one_organisation(session: Session) -> None:
    contest = contest_of(session)
    rules_of_distribution(session, contest, one_per_organisation=True)
    employer = Organisation(contest_id=contest.id, inn="9999999999", ogrn="1" * 13, name="НИИ", region="77")
    session.add(employer)
    session.flush()
    experts_of(session, contest, "28.41", "28.41", organisation=employer)
    other = experts_of(session, contest, "62.01")[0]
    factories.application(session, contest)
    pairs = changes_of(session, make_plan(session, contest))
    assert len(pairs) == 2
    assert other.id in {expert for expert, _, _ in pairs}


def test_at_least_one_methodologist(session: Session) -> None:
    contest = contest_of(session)
    rules_of_distribution(session, contest, methodologists_at_least=1)
    experts_of(session, contest, "28.41", "28.41")
    methodologist = experts_of(session, contest, "84.11", methodologist=True)[0]
    factories.application(session, contest)
    pairs = changes_of(session, make_plan(session, contest))
    assert methodologist.id in {expert for expert, _, _ in pairs}


def test_a_rule_that_nobody_can_keep_is_named(session: Session) -> None:
    contest = contest_of(session)
    rules_of_distribution(session, contest, methodologists_at_least=1)
    experts_of(session, contest, "28.41", "28.41", "28.49")
    factories.application(session, contest)
    plan = make_plan(session, contest)
    assert (plan.status, plan.diagnosis and plan.diagnosis["rules"]) == ("impossible", ["methodologist"])


def test_a_rule_that_begun_work_cannot_keep_any_more_does_not_stop_the_plan(session: Session) -> None:
    contest = contest_of(session)
    rules_of_distribution(session, contest, methodologists_at_least=1)
    first, second = experts_of(session, contest, "28.41", "28.41")
    begun, fresh = factories.application(session, contest), factories.application(session, contest)
    factories.review(session, first, begun, "accepted")
    factories.review(session, second, begun, "accepted")
    methodologist = experts_of(session, contest, "84.11", methodologist=True)[0]
    pairs = changes_of(session, make_plan(session, contest))
    assert (methodologist.id, fresh.id, "add") in pairs
    assert len(pairs) == 2


def test_every_expert_gets_the_least_load(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    rules_of_distribution(session, contest, min_load=1)
    experts = experts_of(session, contest, "28.41", "01.11")
    for _ in range(2):
        factories.application(session, contest)
    pairs = changes_of(session, make_plan(session, contest, goal=Goal.TOTAL))
    assert {expert for expert, _, _ in pairs} == {one.id for one in experts}


def diverged(session: Session, contest: Contest) -> tuple[Application, list[int]]:
    """An application whose two reviews differ greatly, and the experts who wrote them."""
    application = factories.application(session, contest)
    authors = experts_of(session, contest, "28.41", "28.41")
    for expert, mark in zip(authors, (1, 9), strict=True):
        factories.review(session, expert, application, "submitted", mark=mark)
    return application, [author.id for author in authors]


def test_the_additional_expert_of_a_divergence_is_planned_by_the_same_rules(session: Session) -> None:
    contest = contest_of(session)
    application, authors = diverged(session, contest)
    barred, declined, best, worse = experts_of(session, contest, "28.41", "28.41", "28.41.1", "28.49")
    factories.conflict(session, barred, application)
    factories.review(session, declined, application, "recused")
    factories.application(session, contest)
    plan = apply_made(session, contest, kind=PlanKind.ADDITIONAL)
    assert changes_of(session, plan) == {(best.id, application.id, "add")}
    added = session.scalars(select(Review).where(Review.status == "proposed")).one()
    assert (added.expert_id, added.additional) == (best.id, True)
    assert worse.id not in authors


def test_the_additional_plan_reads_no_marks(session: Session) -> None:
    contest = contest_of(session)
    diverged(session, contest)
    experts_of(session, contest, "28.41.1")
    plan = make_plan(session, contest, kind=PlanKind.ADDITIONAL)
    assert plan.protocol is not None
    assert not any(word in str(plan.protocol) for word in ("mark", "score", "comment"))


def test_without_a_divergence_there_is_no_additional_plan(session: Session) -> None:
    contest = contest_of(session)
    factories.application(session, contest)
    with pytest.raises(NotPossible, match="additional expert"):
        request_plan(session, contest, PlanRequest(kind=PlanKind.ADDITIONAL), by=BY)


def test_the_application_of_a_plan_is_one_record_that_moves_the_ranking(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    experts_of(session, contest, "28.41")
    factories.application(session, contest)
    revision = contest.ranking_revision
    plan = apply_made(session, contest)
    events = session.scalars(select(JournalRecord).order_by(JournalRecord.id)).all()
    assert [record.event for record in events] == ["plan.requested", "plan.made", "plan.applied"]
    assert (events[2].contest_id, events[2].actor_name, events[2].details) == (
        contest.id,
        "console",
        {"added": 1, "removed": 0, "unticked": 0, "sha256": plan.input_digest, "goal": "fair", "seed": 0},
    )
    session.refresh(contest)
    assert contest.ranking_revision == revision + 1


@pytest.mark.parametrize("status", ["ranking_frozen", "approved", "results_published", "cancelled"])
def test_a_contest_that_no_longer_runs_gets_no_plan(session: Session, status: str) -> None:
    contest = contest_of(session, status=status)
    experts_of(session, contest, "28.41")
    factories.application(session, contest)
    with pytest.raises(GateClosed):
        request_plan(session, contest, by=BY)


def test_other_contests_are_left_alone(session: Session) -> None:
    contest, other = contest_of(session, wanted=1), contest_of(session, wanted=1)
    experts_of(session, contest, "28.41")
    stranger, elsewhere = experts_of(session, other, "01.11")[0], factories.application(session, other)
    factories.review(session, stranger, elsewhere, "proposed")
    factories.application(session, contest)
    apply_made(session, contest)
    assert tasks_of(session, other) == {(stranger.id, elsewhere.id, "proposed")}
