"""Draft plans: asked for, ticked, applied only as far as they still fit, discarded."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.distribution import Goal
from judging.domain.events import Event
from judging.domain.gates import GateClosed
from judging.domain.lifecycle import NotPossible
from judging.domain.plan_explanation import worded
from judging.models import (
    Application,
    AssignmentPlan,
    Contest,
    Expert,
    JournalRecord,
    PlannedApplication,
    PlannedPair,
    Review,
)
from judging.queries.assignment.plans import current_plan, plan_totals
from judging.services.assignment import (
    PlanOutdated,
    PlanRequest,
    Ticks,
    apply_plan,
    discard_plan,
    is_small,
    outdate_plan,
    plan_changes,
    plan_edit,
    propose_review,
    request_plan,
    tick_pairs,
)
from judging.services.assignment.plan_compare import differences
from judging.services.audit import record
from judging.services.concurrency import Stale
from judging.services.experts import remove_expert
from tests import factories
from tests.services.planning import (
    BY,
    NOW,
    apply_made,
    changes_of,
    contest_of,
    experts_of,
    make_plan,
    rules_of_distribution,
    tasks_of,
)


@pytest.fixture
def contest(session: Session) -> Contest:
    """Two applications of two places, three experts, and one proposal that a plan takes off."""
    contest = contest_of(session)
    applications = [factories.application(session, contest) for _ in range(2)]
    experts = experts_of(session, contest, "28.41", "28.41", "62.01")
    factories.review(session, experts[2], applications[0], "proposed")
    return contest


@pytest.fixture
def plan(session: Session, contest: Contest) -> AssignmentPlan:
    return make_plan(session, contest)


def pairs(session: Session, plan: AssignmentPlan, change: str) -> list[PlannedPair]:
    query = select(PlannedPair).where(PlannedPair.plan_id == plan.id, PlannedPair.change == change)
    return list(session.scalars(query.order_by(PlannedPair.id)))


def said(changes: PlanOutdated | tuple) -> list[str]:
    found = changes.changes if isinstance(changes, PlanOutdated) else changes
    return [worded(message, lambda english: english) for message in found]


def test_a_plan_takes_goal_and_seed_from_the_rules_unless_they_are_given(session: Session, contest: Contest) -> None:
    rules_of_distribution(session, contest, goal=Goal.TOTAL, seed=7)
    plain = request_plan(session, contest, by=BY)
    assert (plain.status, plain.goal, plain.seed, plain.partial, plain.requested_by) == (
        "queued", "total", 7, False, "console",
    )  # fmt: skip
    other = request_plan(session, contest, PlanRequest(goal=Goal.LEXIMIN, seed=0, partial=True), by=BY)
    assert (other.goal, other.seed, other.partial) == ("leximin", 0, True)


@pytest.mark.parametrize("make", [lambda s, c: request_plan(s, c, by=BY), make_plan], ids=["queued", "ready"])
def test_a_newer_plan_discards_the_open_one(
    session: Session, contest: Contest, make: Callable[[Session, Contest], AssignmentPlan]
) -> None:
    older = make(session, contest)
    newer = request_plan(session, contest, by=BY)
    assert (older.status, older.closed_at, current_plan(session, contest.id)) == ("discarded", NOW, newer)


def test_the_result_is_stored_pair_by_pair_and_application_by_application(
    session: Session, contest: Contest, plan: AssignmentPlan
) -> None:
    first, second = session.scalars(select(Application).order_by(Application.id)).all()
    one, other, leaves = session.scalars(select(Expert).order_by(Expert.id)).all()
    assert changes_of(session, plan) == {
        (one.id, first.id, "add"),
        (other.id, first.id, "add"),
        (one.id, second.id, "add"),
        (other.id, second.id, "add"),
        (leaves.id, first.id, "remove"),
    }
    served = session.execute(
        select(
            PlannedApplication.application_id, PlannedApplication.demand, PlannedApplication.standing,
            PlannedApplication.filled, PlannedApplication.score,
        ).order_by(PlannedApplication.application_id)
    )  # fmt: skip
    assert [tuple(row) for row in served] == [(first.id, 2, 0, 2, 2200), (second.id, 2, 0, 2, 2200)]
    assert (plan.status, plan.version, plan.finished_at) == ("ready", 2, NOW)


def test_before_it_is_applied_a_plan_changes_no_task(session: Session, contest: Contest) -> None:
    before = tasks_of(session, contest)
    make_plan(session, contest)
    assert tasks_of(session, contest) == before


def test_only_what_is_ticked_is_applied(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    added, removed = pairs(session, plan, "add"), pairs(session, plan, "remove")
    tick_pairs(session, contest, plan, Ticks([added[0].id, removed[0].id], chosen=False, version=plan.version), by=BY)
    apply_plan(session, contest, plan, version=plan.version, by=BY)
    assert tasks_of(session, contest) == {
        *((pair.expert_id, pair.application_id, "proposed") for pair in added[1:]),
        (removed[0].expert_id, removed[0].application_id, "proposed"),
    }
    applied = session.scalars(select(JournalRecord).where(JournalRecord.event == "plan.applied")).one()
    assert (applied.details["added"], applied.details["removed"], applied.details["unticked"]) == (3, 0, 2)


def test_ticks_can_be_put_back(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    ids = [pair.id for pair in pairs(session, plan, "add")]
    tick_pairs(session, contest, plan, Ticks(ids, chosen=False, version=plan.version), by=BY)
    assert plan_totals(session, plan).ticked_added == 0
    tick_pairs(session, contest, plan, Ticks(ids, chosen=True, version=plan.version), by=BY)
    assert plan_totals(session, plan).ticked_added == 4
    assert plan.version == 4


def test_ticking_what_is_ticked_changes_nothing(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    ids = [pair.id for pair in pairs(session, plan, "add")]
    tick_pairs(session, contest, plan, Ticks(ids, chosen=True, version=plan.version), by=BY)
    assert plan.version == 2


def test_a_kept_pair_cannot_be_unticked(session: Session, contest: Contest) -> None:
    apply_made(session, contest)
    plan = make_plan(session, contest)
    kept = [pair.id for pair in pairs(session, plan, "keep")]
    with pytest.raises(NotPossible, match="no such changes"):
        tick_pairs(session, contest, plan, Ticks(kept, chosen=False, version=plan.version), by=BY)


def test_pairs_of_another_plan_cannot_be_ticked(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    strange = [pair.id for pair in pairs(session, plan, "add")]
    newer = make_plan(session, contest)
    with pytest.raises(NotPossible, match="no such changes"):
        tick_pairs(session, contest, newer, Ticks(strange, chosen=False, version=newer.version), by=BY)


@pytest.mark.parametrize("act", ["tick", "apply", "discard"])
def test_an_act_on_an_older_version_is_refused(
    session: Session, contest: Contest, plan: AssignmentPlan, act: str
) -> None:
    acts = {
        "tick": lambda: tick_pairs(session, contest, plan, Ticks([1], chosen=False, version=1), by=BY),
        "apply": lambda: apply_plan(session, contest, plan, version=1, by=BY),
        "discard": lambda: discard_plan(session, contest, plan, version=1, by=BY),
    }
    with pytest.raises(Stale):
        acts[act]()


@pytest.mark.parametrize("act", ["tick", "apply", "discard", "outdate"])
def test_nothing_is_done_to_a_plan_while_the_ranking_is_frozen(
    session: Session, contest: Contest, plan: AssignmentPlan, act: str
) -> None:
    contest.status = "ranking_frozen"
    session.flush()
    ids = [pair.id for pair in pairs(session, plan, "add")]
    acts = {
        "tick": lambda: tick_pairs(session, contest, plan, Ticks(ids, chosen=False, version=plan.version), by=BY),
        "apply": lambda: apply_plan(session, contest, plan, version=plan.version, by=BY),
        "discard": lambda: discard_plan(session, contest, plan, version=plan.version, by=BY),
        "outdate": lambda: outdate_plan(session, contest, plan, by=BY),
    }
    with pytest.raises(GateClosed):
        acts[act]()


def test_a_plan_is_applied_once(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    apply_plan(session, contest, plan, version=plan.version, by=BY)
    with pytest.raises(NotPossible, match="Only a plan that is ready can be applied"):
        apply_plan(session, contest, plan, version=plan.version, by=BY)
    assert (plan.status, current_plan(session, contest.id)) == ("applied", None)


def test_a_discarded_plan_leaves_everything_as_it_is(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    before = tasks_of(session, contest)
    discard_plan(session, contest, plan, version=plan.version, by=BY)
    assert (plan.status, tasks_of(session, contest)) == ("discarded", before)
    with pytest.raises(NotPossible):
        discard_plan(session, contest, plan, version=plan.version, by=BY)


def conflict_arose(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    pair = pairs(session, plan, "add")[0]
    factories.conflict(session, pair.expert, pair.application)
    return f"{pair.expert.name} has a conflict of interest with application {pair.application.number} now."


def task_given_by_hand(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    pair = pairs(session, plan, "add")[0]
    factories.review(session, pair.expert, pair.application, "recused")
    return f"{pair.expert.name} has a task on application {pair.application.number} already, or has declined it."


def application_rejected(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    pair = pairs(session, plan, "add")[0]
    for other in pairs(session, plan, "add")[1:]:
        other.chosen = False
    pair.application.status = "rejected"
    return f"Application {pair.application.number} is no longer admitted ({pair.expert.name})."


def limit_lowered(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    expert = pairs(session, plan, "add")[0].expert
    expert.max_load = 1
    return f"{expert.name} would have 2 tasks of 1."


def place_filled_by_hand(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    application = pairs(session, plan, "add")[-1].application
    propose_review(session, contest, expert=factories.expert(session, contest), application=application, by=BY)
    return f"Application {application.number} would have more experts than it wants."


def told_of_what_was_to_leave(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    for added in pairs(session, plan, "add"):
        added.chosen = False
    pair = pairs(session, plan, "remove")[0]
    session.scalars(select(Review).where(Review.expert_id == pair.expert_id)).one().status = "assigned"
    return f"{pair.expert.name} has been told of application {pair.application.number} meanwhile."


def rules_tightened(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    rules_of_distribution(session, contest, own_region_barred=True)
    return "The rules of the distribution have changed."


def expert_struck_off(session: Session, contest: Contest, plan: AssignmentPlan) -> str:
    expert = pairs(session, plan, "add")[0].expert
    remove_expert(session, expert, version=expert.version, by=BY)
    return "Experts of the plan have been struck off the contest's list."


BREAKS = (
    conflict_arose, task_given_by_hand, application_rejected, limit_lowered, place_filled_by_hand,
    told_of_what_was_to_leave, rules_tightened, expert_struck_off,
)  # fmt: skip


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: change.__name__)
def test_a_plan_that_no_longer_fits_is_refused_whole_and_says_why(
    session: Session, contest: Contest, plan: AssignmentPlan, change: Callable[..., str]
) -> None:
    expected = change(session, contest, plan)
    session.flush()
    before = tasks_of(session, contest)
    with pytest.raises(PlanOutdated) as refusal:
        apply_plan(session, contest, plan, version=plan.version, by=BY)
    assert (said(refusal.value), tasks_of(session, contest), plan.status) == ([expected], before, "ready")
    outdate_plan(session, contest, plan, by=BY)
    assert plan.status == "outdated"


def test_a_change_that_was_unticked_stops_nothing(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    conflict_arose(session, contest, plan)
    first = pairs(session, plan, "add")[0]
    tick_pairs(session, contest, plan, Ticks([first.id], chosen=False, version=plan.version), by=BY)
    apply_plan(session, contest, plan, version=plan.version, by=BY)
    assert plan.status == "applied"


def recorded(session: Session, contest: Contest) -> None:
    """Something about the contest is in the journal."""
    record(session, Event.EXPERT_CHANGED, by=BY, subject=contest, contest_id=contest.id)


def test_the_input_is_compared_only_after_something_was_recorded(
    session: Session, contest: Contest, plan: AssignmentPlan
) -> None:
    factories.expert(session, contest, user=None, name="Новиков Н. Н")
    record(session, Event.DOCUMENT_DOWNLOADED, by=BY, subject=contest, contest_id=contest.id)
    recorded(session, factories.contest(session))
    assert plan_changes(session, contest, plan) == ()
    recorded(session, contest)
    assert said(plan_changes(session, contest, plan)) == ["New experts: Новиков Н. Н."]


def test_what_is_new_is_told_but_does_not_stop_the_plan(
    session: Session, contest: Contest, plan: AssignmentPlan
) -> None:
    assert plan_changes(session, contest, plan) == ()
    newcomer = factories.expert(session, contest)
    application = factories.application(session, contest)
    factories.conflict(session, newcomer, application)
    recorded(session, contest)
    assert said(plan_changes(session, contest, plan)) == [
        f"New experts: {newcomer.name}.",
        f"New applications: {application.number}.",
        f"Conflicts of interest that are new or gone: {newcomer.name} – {application.number}.",
    ]
    apply_plan(session, contest, plan, version=plan.version, by=BY)
    assert plan.status == "applied"


def test_what_is_new_is_told_in_the_order_people_look_things_up() -> None:
    names = {f"{place}@example.org": name for place, name in enumerate(("Яшин", "алюмин", "Елисеев", "Ёлкин"))}
    numbers = ("1", "10", "2", "9")
    nothing = {
        "rules": {}, "experts": [], "applications": [], "affinity": [],
        "conflicts": [], "taken": [], "locked": [], "previous": [],
    }  # fmt: skip
    pairs = [[expert, number] for expert in range(4) for number in (1, 2)]
    now = nothing | {
        "experts": [{"email": email} for email in names],
        "applications": [{"number": number} for number in numbers],
        "conflicts": pairs,
    }
    assert said(differences(nothing, now, names)) == [
        "New experts: алюмин, Елисеев, Ёлкин, Яшин.",
        "New applications: 1, 2, 9, 10.",
        "Conflicts of interest that are new or gone: алюмин – 2, алюмин – 10, Елисеев – 2, Елисеев – 10, "
        "Ёлкин – 2, Ёлкин – 10, Яшин – 2, Яшин – 10.",
    ]


def test_changed_topics_are_told(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    expert = session.scalars(select(Expert)).first()
    assert expert is not None
    expert.topics = ["28.49"]
    recorded(session, contest)
    assert said(plan_changes(session, contest, plan)) == ["The topics of experts or applications have changed."]


def test_what_has_gone_or_changed_is_told(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    rules_of_distribution(session, contest, own_region_barred=True)
    first, second = session.scalars(select(Application).order_by(Application.id)).all()
    one, _, leaves = session.scalars(select(Expert).order_by(Expert.id)).all()
    second.status = "rejected"
    one.max_load = 5
    session.scalars(select(Review)).one().status = "assigned"
    recorded(session, contest)
    assert said(plan_changes(session, contest, plan)) == [
        "The rules of the distribution have changed.",
        f"Experts with other limits, tasks or data: {one.name}.",
        f"Applications no longer there: {second.number}.",
        f"Assignments that experts have been told of, or that are gone: {leaves.name} – {first.number}.",
        f"Proposals that are new or gone: {leaves.name} – {first.number}.",
    ]


def test_a_small_contest_is_planned_while_the_request_waits(
    session: Session, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_small(session, contest)
    monkeypatch.setattr(plan_edit, "WAITED_FOR_PAIRS", 5)
    assert not is_small(session, contest)


def test_every_act_is_one_record(session: Session, contest: Contest, plan: AssignmentPlan) -> None:
    added = pairs(session, plan, "add")[0]
    tick_pairs(session, contest, plan, Ticks([added.id], chosen=False, version=plan.version), by=BY)
    outdate_plan(session, contest, plan, by=BY)
    discard_plan(session, contest, plan, version=plan.version, by=BY)
    records = session.scalars(select(JournalRecord).order_by(JournalRecord.id)).all()
    assert [(record.event, record.actor_name, record.subject_id) for record in records] == [
        ("plan.requested", "console", plan.id),
        ("plan.made", "system", plan.id),
        ("plan.ticked", "console", plan.id),
        ("plan.outdated", "console", plan.id),
        ("plan.discarded", "console", plan.id),
    ]
    assert records[1].details == {
        "sha256": plan.input_digest, "added": 4, "missing": 0, "floor": 2200, "total": 4400,
    }  # fmt: skip


def weakly_proposed(session: Session) -> tuple[Contest, list[Expert], list[Application]]:
    """One expert wanted an application; the weaker one of two is proposed for the first already."""
    contest = contest_of(session, 1)
    experts = experts_of(session, contest, "28.41", "62.01")
    applications = [factories.application(session, contest) for _ in range(2)]
    factories.review(session, experts[1], applications[0], "proposed")
    return contest, experts, applications


def test_what_was_proposed_is_kept_and_only_what_is_missing_added(session: Session) -> None:
    contest, (best, weak), (first, second) = weakly_proposed(session)
    free = make_plan(session, contest)
    assert changes_of(session, free) == {
        (best.id, first.id, "add"), (weak.id, first.id, "remove"), (best.id, second.id, "add"),
    }  # fmt: skip
    kept = make_plan(session, contest, keep=True)
    assert changes_of(session, kept) == {(weak.id, first.id, "keep"), (best.id, second.id, "add")}
    assert (free.keep, kept.keep, free.input_digest == kept.input_digest) == (False, True, False)
    assert plan_changes(session, contest, kept) == ()
    apply_plan(session, contest, kept, version=kept.version, by=BY)
    assert tasks_of(session, contest) == {(weak.id, first.id, "proposed"), (best.id, second.id, "proposed")}


def test_the_bounds_and_the_explanations_are_of_plans_that_keep_the_same(session: Session) -> None:
    contest, (best, _), (first, second) = weakly_proposed(session)
    plan = make_plan(session, contest, keep=True)
    assert (plan.insights or {})["certificate"] == {
        "floor_bound": 0.0, "total_bound": 1100.0, "optimal": True, "moves": 0, "limit_reached": False,
    }  # fmt: skip
    served = session.scalars(select(PlannedApplication).where(PlannedApplication.plan_id == plan.id)).all()
    assert {row.application_id: [(one["expert"], one["kind"]) for one in row.passed_over] for row in served} == {
        first.id: [(best.email, "locked")],
        second.id: [],
    }


def test_a_proposal_that_the_rules_bar_now_leaves_even_so(session: Session) -> None:
    contest, (best, weak), (first, second) = weakly_proposed(session)
    weak.region = first.cluster.region
    rules_of_distribution(session, contest, own_region_barred=True)
    plan = make_plan(session, contest, keep=True)
    assert changes_of(session, plan) == {
        (best.id, first.id, "add"), (weak.id, first.id, "remove"), (best.id, second.id, "add"),
    }  # fmt: skip
    assert [pair.reasons for pair in pairs(session, plan, "remove")] == [{"why": "not_kept"}]
