"""The automatic plan: hard rules, what is kept, what is replaced, what stays empty and why."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE
from judging.domain.staffing import Shortage
from judging.models import Application, Contest, Expert, JournalRecord, Review
from judging.services.assignment import AssignmentClosed, Outcome, Unfilled, plan_assignment
from tests import factories

NOW = factories.MOMENT


def contest_of(session: Session, wanted: int = 2, **values: object) -> Contest:
    rules = {**factories.PRESET["rules"], "experts_per_application": wanted}
    return factories.contest(session, rules=rules, **values)


def experts_of(session: Session, contest: Contest, *topics: str, max_load: int = 10) -> list[Expert]:
    return [factories.expert(session, contest, topics=[topic], max_load=max_load) for topic in topics]


def plan(session: Session, contest: Contest) -> Outcome:
    return plan_assignment(session, contest, actor=CONSOLE, now=NOW)


def proposals(session: Session, contest: Contest) -> set[tuple[int, int, str]]:
    rows = session.execute(
        select(Review.expert_id, Review.application_id, Review.status).where(Review.contest_id == contest.id)
    )
    return {tuple(row) for row in rows}


def test_the_best_matching_experts_are_proposed(session: Session) -> None:
    contest = contest_of(session)
    exact, group, _ = experts_of(session, contest, "28.41", "28.41.1", "62.01")
    application = factories.application(session, contest, topics=["28.41"])
    outcome = plan(session, contest)
    assert outcome == Outcome(added=2, removed=0, kept=0, affinity=7, unfilled=())
    assert proposals(session, contest) == {
        (exact.id, application.id, "proposed"),
        (group.id, application.id, "proposed"),
    }


def test_only_admitted_applications_get_experts(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    experts_of(session, contest, "28.41")
    for status in ("draft", "submitted", "rejected", "withdrawn"):
        factories.application(session, contest, status=status)
    assert plan(session, contest) == Outcome(0, 0, 0, 0, ())


def test_a_plan_breaks_no_hard_rule(session: Session) -> None:
    contest = contest_of(session)
    experts = experts_of(session, contest, "28.41", "28.41", "28.49", "29.10", max_load=2)
    applications = [factories.application(session, contest) for _ in range(4)]
    factories.conflict(session, experts[0], applications[0])
    factories.conflict(session, experts[1], applications[0])
    outcome = plan(session, contest)
    pairs = {(expert_id, application_id) for expert_id, application_id, _ in proposals(session, contest)}
    loads = [sum(expert_id == one.id for expert_id, _ in pairs) for one in experts]
    filled = [sum(application_id == one.id for _, application_id in pairs) for one in applications]
    assert (outcome.added, loads, filled) == (8, [2, 2, 2, 2], [2, 2, 2, 2])
    assert pairs.isdisjoint({(experts[0].id, applications[0].id), (experts[1].id, applications[0].id)})


def test_work_begun_stands_and_only_what_is_missing_is_added(session: Session) -> None:
    contest = contest_of(session, wanted=3)
    poor, other, best, free = experts_of(session, contest, "01.11", "02.10", "28.41", "28.41")
    application = factories.application(session, contest)
    factories.review(session, poor, application, "accepted")
    factories.review(session, other, application, "submitted")
    declined = factories.review(session, best, application, "recused")
    assert plan(session, contest) == Outcome(added=1, removed=0, kept=0, affinity=4, unfilled=())
    assert proposals(session, contest) == {
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
    assert plan(session, contest) == Outcome(added=1, removed=0, kept=0, affinity=0, unfilled=())
    assert proposals(session, contest) == {
        (extra.id, application.id, "proposed"),
        (regular.id, application.id, "proposed"),
    }


def test_an_additional_review_is_load(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    busy = experts_of(session, contest, "28.41", max_load=1)[0]
    reviewed = factories.application(session, contest)
    factories.review(session, factories.expert(session, contest), reviewed, "submitted")
    factories.review(session, busy, reviewed, "assigned", additional=True)
    session.scalars(select(Expert).where(Expert.id != busy.id)).one().max_load = 1
    session.flush()
    other = factories.application(session, contest)
    assert plan(session, contest).unfilled == (Unfilled(other.id, other.number or "", 1, Shortage.LOAD),)


def test_a_review_in_conflict_leaves_its_place_open(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    barred, free = experts_of(session, contest, "28.41", "28.41")
    application = factories.application(session, contest)
    factories.review(session, barred, application, "submitted")
    factories.conflict(session, barred, application)
    assert plan(session, contest).added == 1
    assert (free.id, application.id, "proposed") in proposals(session, contest)


def test_a_new_plan_replaces_proposals_and_keeps_those_that_stay(session: Session) -> None:
    contest = contest_of(session, wanted=2)
    stays, leaves = experts_of(session, contest, "28.41", "01.11")
    application = factories.application(session, contest)
    kept = factories.review(session, stays, application, "proposed")
    factories.review(session, leaves, application, "proposed")
    better = experts_of(session, contest, "28.41")[0]
    assert plan(session, contest) == Outcome(added=1, removed=1, kept=1, affinity=8, unfilled=())
    assert proposals(session, contest) == {
        (stays.id, application.id, "proposed"),
        (better.id, application.id, "proposed"),
    }
    assert session.get(Review, kept.id) is kept


def test_proposals_that_became_impossible_are_dropped(session: Session) -> None:
    contest = contest_of(session, wanted=1)
    expert, other = experts_of(session, contest, "28.41", "28.41")
    rejected = factories.application(session, contest, status="rejected")
    barred = factories.application(session, contest)
    factories.review(session, expert, rejected, "proposed")
    factories.review(session, expert, barred, "proposed")
    factories.conflict(session, expert, barred)
    assert plan(session, contest) == Outcome(added=1, removed=2, kept=0, affinity=4, unfilled=())
    assert proposals(session, contest) == {(other.id, barred.id, "proposed")}


def test_planning_twice_changes_nothing(session: Session) -> None:
    contest = contest_of(session)
    experts_of(session, contest, "28.41", "28.49", "62.01")
    for _ in range(3):
        factories.application(session, contest)
    plan(session, contest)
    before = proposals(session, contest)
    assert plan(session, contest) == Outcome(added=0, removed=0, kept=6, affinity=18, unfilled=())
    assert proposals(session, contest) == before


def short_by_conflicts(session: Session, contest: Contest, application: Application) -> None:
    experts = experts_of(session, contest, "28.41", "28.41", "28.41")
    for expert in experts[:2]:
        factories.conflict(session, expert, application)


def short_by_load(session: Session, contest: Contest, application: Application) -> None:
    experts_of(session, contest, "28.41", "28.41", max_load=0)
    experts_of(session, contest, "28.41")


def short_of_everybody(session: Session, contest: Contest, application: Application) -> None:
    factories.conflict(session, experts_of(session, contest, "28.41")[0], application)


@pytest.mark.parametrize(
    ("prepare", "missing", "reason"),
    [
        (short_by_conflicts, 1, Shortage.NO_EXPERTS),
        (short_by_load, 1, Shortage.LOAD),
        (short_of_everybody, 2, Shortage.NO_EXPERTS),
    ],
)
def test_an_empty_place_says_why(session: Session, prepare, missing: int, reason: Shortage) -> None:
    contest = contest_of(session)
    application = factories.application(session, contest)
    prepare(session, contest, application)
    assert plan(session, contest).unfilled == (Unfilled(application.id, application.number or "", missing, reason),)


def test_a_contest_without_experts_leaves_all_places_empty(session: Session) -> None:
    contest = contest_of(session)
    application = factories.application(session, contest)
    assert plan(session, contest).unfilled == (
        Unfilled(application.id, application.number or "", 2, Shortage.NO_EXPERTS),
    )


def test_the_plan_is_one_record_with_counts_and_shortages(session: Session) -> None:
    contest = contest_of(session)
    experts_of(session, contest, "28.41")
    application = factories.application(session, contest)
    revision = contest.ranking_revision
    plan(session, contest)
    session.flush()
    record = session.scalars(select(JournalRecord)).one()
    assert (record.event, record.contest_id, record.actor_name, record.details) == (
        "assignment.proposed",
        contest.id,
        "console",
        {
            "added": 1,
            "removed": 0,
            "kept": 0,
            "affinity": 4,
            "missing": 1,
            "unfilled": {application.number: [1, "no_experts"]},
        },
    )
    session.refresh(contest)
    assert contest.ranking_revision == revision + 1


@pytest.mark.parametrize("status", ["ranking_frozen", "approved", "results_published", "cancelled"])
def test_a_contest_that_no_longer_runs_gets_no_plan(session: Session, status: str) -> None:
    contest = contest_of(session, status=status)
    experts_of(session, contest, "28.41")
    factories.application(session, contest)
    with pytest.raises(AssignmentClosed):
        plan(session, contest)
    assert proposals(session, contest) == set()


def test_other_contests_are_left_alone(session: Session) -> None:
    contest, other = contest_of(session, wanted=1), contest_of(session, wanted=1)
    experts_of(session, contest, "28.41")
    stranger, elsewhere = experts_of(session, other, "01.11")[0], factories.application(session, other)
    factories.review(session, stranger, elsewhere, "proposed")
    factories.application(session, contest)
    plan(session, contest)
    assert proposals(session, other) == {(stranger.id, elsewhere.id, "proposed")}
