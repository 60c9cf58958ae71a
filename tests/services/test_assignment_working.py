"""Who works a plan out: claims, leases, lost claims, errors; a result is stored once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from judging import jobs
from judging.domain.access import CONSOLE
from judging.models import AssignmentPlan, Contest, JournalRecord, PlannedPair
from judging.services.assignment import discard_plan, request_plan, working
from judging.services.assignment.computing import compute
from judging.services.assignment.working import BROKEN, INTERRUPTED
from judging.services.claims import LEASE, Claim
from tests import factories
from tests.conftest import Store
from tests.services.planning import BY, NOW, contest_of, experts_of

LATER = NOW + LEASE + timedelta(seconds=1)


def small_contest(session: Session) -> Contest:
    contest = contest_of(session, wanted=1)
    experts_of(session, contest, "28.41", "28.49")
    factories.application(session, contest)
    return contest


@pytest.fixture
def plan_id(store: Store) -> int:
    """A queued plan."""
    with store() as session:
        return request_plan(session, small_contest(session), **BY).id


def claimed(store: Store, now: datetime = NOW) -> Claim:
    with store() as session:
        claim = working.claim_plan(session, now=now)
    assert claim is not None
    return claim


def state(store: Store, plan_id: int) -> tuple[str, int, int]:
    """Status, attempts, and how many pairs are stored."""
    with store() as session:
        plan = session.get_one(AssignmentPlan, plan_id)
        pairs = session.scalar(select(func.count(PlannedPair.id)).where(PlannedPair.plan_id == plan_id)) or 0
        return plan.status, plan.attempts, pairs


def stored(store: Store, claim: Claim, now: datetime = NOW) -> bool:
    with store() as session:
        task = working.load_task(session, claim)
    computed = compute(task.situation, task.question, contest=task.contest, now=now)
    with store() as session:
        return working.store_result(session, claim, computed, now=now)


def test_a_plan_is_worked_out_and_its_progress_told(app: Flask, store: Store, plan_id: int) -> None:
    told: list[tuple[int, int]] = []
    with app.app_context():
        assert jobs.plan_next(clock=lambda: NOW, watch=lambda done, of: told.append((done, of)))
        assert not jobs.plan_next(clock=lambda: NOW)
    assert state(store, plan_id) == ("ready", 1, 1)
    done = [step for step, _ in told]
    assert done == sorted(done)
    assert all(step <= of for step, of in told)
    with store() as session:
        plan = session.get_one(AssignmentPlan, plan_id)
        assert plan.phases_done == plan.phases == told[-1][1]


def test_a_plan_is_claimed_by_one_worker_alone(store: Store, plan_id: int) -> None:
    claimed(store)
    with store() as session:
        assert working.claim_plan(session, now=NOW + LEASE - timedelta(seconds=1)) is None
    assert state(store, plan_id) == ("running", 1, 0)


def test_a_request_works_out_its_own_plan_only(app: Flask, store: Store, plan_id: int) -> None:
    with store() as session:
        other = request_plan(session, small_contest(session), **BY).id
    with app.app_context():
        assert jobs.run_plan(other, clock=lambda: NOW)
        assert not jobs.run_plan(other, clock=lambda: NOW)
    assert (state(store, plan_id)[0], state(store, other)[0]) == ("queued", "ready")


def test_a_plan_whose_worker_died_is_taken_up_again_and_stored_once(store: Store, plan_id: int) -> None:
    dead, alive = claimed(store), claimed(store, LATER)
    assert dead.token != alive.token
    assert stored(store, alive, LATER)
    assert not stored(store, dead, LATER)
    assert state(store, plan_id) == ("ready", 2, 1)
    with store() as session:
        made = session.scalars(select(JournalRecord).where(JournalRecord.event == "plan.made")).all()
    assert len(made) == 1


def test_a_slow_worker_that_lost_its_claim_stores_nothing(store: Store, plan_id: int) -> None:
    slow = claimed(store)
    claimed(store, LATER)
    assert not stored(store, slow)
    assert state(store, plan_id) == ("running", 2, 0)


def test_a_renewed_lease_keeps_the_claim(store: Store, plan_id: int) -> None:
    claim = claimed(store)
    with store() as session:
        assert working.renew_claim(session, claim, done=1, of=4, now=NOW + LEASE / 2)
    with store() as session:
        assert working.claim_plan(session, now=LATER) is None
        plan = session.get_one(AssignmentPlan, plan_id)
        assert (plan.phases_done, plan.phases, plan.version) == (1, 4, 1)


def test_a_plan_interrupted_three_times_is_given_up(store: Store, plan_id: int) -> None:
    now = NOW
    for _ in range(3):
        claimed(store, now)
        now += LEASE + timedelta(seconds=1)
    with store() as session:
        assert working.claim_plan(session, now=now) is None
    assert state(store, plan_id) == ("failed", 3, 0)
    with store() as session:
        assert session.get_one(AssignmentPlan, plan_id).error == INTERRUPTED


def test_a_plan_that_breaks_the_system_is_tried_three_times(app: Flask, store: Store, plan_id: int) -> None:
    def breaks(done: int, of: int) -> None:
        raise RuntimeError("an error of the system")

    with app.app_context():
        assert [jobs.plan_next(clock=lambda: NOW, watch=breaks) for _ in range(4)] == [True, True, True, False]
    assert state(store, plan_id) == ("failed", 3, 0)
    with store() as session:
        assert session.get_one(AssignmentPlan, plan_id).error == BROKEN


def test_a_contest_that_cannot_be_read_gives_its_plan_up_too(app: Flask, store: Store, plan_id: int) -> None:
    with store() as session:
        session.execute(update(Contest).values(rules={}))
    with app.app_context():
        assert [jobs.plan_next(clock=lambda: NOW) for _ in range(4)] == [True, True, True, False]
    assert state(store, plan_id) == ("failed", 3, 0)


def test_a_failed_plan_may_be_asked_for_again(store: Store, plan_id: int) -> None:
    with store() as session:
        session.execute(update(AssignmentPlan).values(status="failed"))
    with store() as session:
        again = request_plan(session, session.scalars(select(Contest)).one(), **BY).id
    assert (state(store, plan_id)[0], state(store, again)[0]) == ("discarded", "queued")


@pytest.mark.parametrize("moment", ["before", "amid"])
def test_a_plan_that_was_discarded_meanwhile_is_left(app: Flask, store: Store, plan_id: int, moment: str) -> None:
    def discard(*_: object) -> None:
        with store() as session:
            plan = session.get_one(AssignmentPlan, plan_id)
            if plan.status != "discarded":
                contest = session.get_one(Contest, plan.contest_id)
                discard_plan(session, contest, plan, version=1, actor=CONSOLE, now=NOW)

    if moment == "before":
        discard()
    with app.app_context():
        assert jobs.plan_next(clock=lambda: NOW, watch=discard) == (moment == "amid")
    assert state(store, plan_id) == ("discarded", int(moment == "amid"), 0)


def test_the_oldest_plan_comes_first(app: Flask, store: Store, plan_id: int) -> None:
    with store() as session:
        other = request_plan(session, small_contest(session), **BY).id
    order: list[int] = []

    def note(store: Store) -> Callable[[int, int], None]:
        def noted(done: int, of: int) -> None:
            with store() as session:
                running = session.scalars(select(AssignmentPlan.id).where(AssignmentPlan.status == "running")).one()
            order.extend({running} - set(order))

        return noted

    with app.app_context():
        while jobs.plan_next(clock=lambda: NOW, watch=note(store)):
            pass
    assert order == [plan_id, other]
