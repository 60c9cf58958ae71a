"""A plan as its job works it out: stored once, given up in words, tried again; what is not wanted is left."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from judging import jobs
from judging.domain.access import CONSOLE, By
from judging.domain.distribution import PlanKind
from judging.domain.jobs import JobKind
from judging.models import AssignmentPlan, Contest, Job, JournalRecord, PlannedPair
from judging.services.assignment import discard_plan, plan_work, request_plan
from judging.services.assignment.plan_compute import compute
from judging.services.assignment.plan_input import load_input
from judging.services.assignment.plan_protocol import asked_of
from judging.services.assignment.plan_work import BROKEN, INTERRUPTED
from judging.services.queue import SYSTEM
from tests import factories
from tests.conftest import Store
from tests.services.planning import BY, NOW, contest_of, experts_of
from tests.working import abandon, impatient, interrupted, settle, taken, work_next, worker_of


def small_contest(session: Session) -> Contest:
    contest = contest_of(session, wanted=1)
    experts_of(session, contest, "28.41", "28.49")
    factories.application(session, contest)
    return contest


@pytest.fixture
def plan_id(store: Store) -> int:
    """A queued plan."""
    with store() as session:
        return request_plan(session, small_contest(session), by=BY).id


def state(store: Store, plan_id: int) -> tuple[str, str, int, int]:
    """Status, the job's state and attempts, and how many pairs are stored."""
    with store() as session:
        plan = session.get_one(AssignmentPlan, plan_id)
        job = session.scalars(select(Job).where(Job.key == f"plans:{plan_id}")).one()
        pairs = session.scalar(select(func.count(PlannedPair.id)).where(PlannedPair.plan_id == plan_id)) or 0
        return plan.status, job.state, job.attempt, pairs


def error_of(store: Store, plan_id: int) -> str | None:
    with store() as session:
        return session.get_one(AssignmentPlan, plan_id).error


def test_a_plan_is_worked_out_and_its_progress_told(app: Flask, store: Store, plan_id: int) -> None:
    told: list[tuple[int, int]] = []
    with app.app_context():
        assert work_next(clock=lambda: NOW, watch=lambda done, of: told.append((done, of)))
        assert not work_next(clock=lambda: NOW)
    assert state(store, plan_id) == ("ready", "done", 1, 1)
    done = [step for step, _ in told]
    assert done == sorted(done)
    assert all(step <= of for step, of in told)
    with store() as session:
        job = session.scalars(select(Job)).one()
        assert (job.progress_done, job.progress_total, job.asked_by, job.token) == (*told[-1], "console", None)


def test_a_plan_is_taken_by_one_worker_alone(app: Flask, store: Store, plan_id: int) -> None:
    assert taken(store, JobKind.PLANS, now=NOW) is not None
    with app.app_context():
        assert not work_next(clock=lambda: NOW)
    assert state(store, plan_id) == ("queued", "running", 1, 0)


def test_a_request_works_out_its_own_plan_only(app: Flask, store: Store, plan_id: int) -> None:
    with store() as session:
        other = request_plan(session, small_contest(session), by=BY).id
    with app.app_context():
        assert jobs.run_plan(other, clock=lambda: NOW)
        assert not jobs.run_plan(other, clock=lambda: NOW)
    assert (state(store, plan_id)[0], state(store, other)[0]) == ("queued", "ready")


def test_a_plan_whose_worker_died_is_taken_up_again_and_stored_once(app: Flask, store: Store, plan_id: int) -> None:
    assert taken(store, JobKind.PLANS, now=NOW) is not None
    abandon(store)
    with app.app_context():
        worker = worker_of(clock=lambda: NOW, pace=impatient())
        assert settle(worker)
    assert not stored_again(store, plan_id)
    assert state(store, plan_id) == ("ready", "done", 2, 1)
    with store() as session:
        made = session.scalars(select(JournalRecord).where(JournalRecord.event == "plan.made")).all()
    assert len(made) == 1


def test_a_plan_interrupted_three_times_is_given_up(app: Flask, store: Store, plan_id: int) -> None:
    interrupted(store, JobKind.PLANS, plan_id)
    with app.app_context():
        worker = worker_of(clock=lambda: NOW, pace=impatient())
        assert not settle(worker)
    assert (state(store, plan_id), error_of(store, plan_id)) == (("failed", "failed", 3, 0), INTERRUPTED)


def breaks(done: int, of: int) -> None:
    raise RuntimeError("an error of the system")


def test_a_plan_that_breaks_the_system_is_tried_three_times(app: Flask, store: Store, plan_id: int) -> None:
    with app.app_context():
        assert [work_next(clock=lambda: NOW, watch=breaks) for _ in range(4)] == [True, True, True, False]
    assert (state(store, plan_id), error_of(store, plan_id)) == (("failed", "failed", 3, 0), BROKEN)
    with store() as session:
        job = session.scalars(select(Job)).one()
        assert (job.error_code, job.error) == ("broken", "RuntimeError: an error of the system")


def test_a_contest_that_cannot_be_read_gives_its_plan_up_too(app: Flask, store: Store, plan_id: int) -> None:
    with store() as session:
        session.execute(update(Contest).values(rules={}))
    with app.app_context():
        assert [work_next(clock=lambda: NOW) for _ in range(4)] == [True, True, True, False]
    assert state(store, plan_id) == ("failed", "failed", 3, 0)


def test_a_failed_plan_may_be_asked_for_again(store: Store, plan_id: int) -> None:
    with store() as session:
        session.execute(update(AssignmentPlan).values(status="failed"))
    with store() as session:
        again = request_plan(session, session.scalars(select(Contest)).one(), by=BY).id
    assert (state(store, plan_id)[0], state(store, again)[0]) == ("discarded", "queued")


def test_an_administrator_has_a_failed_plan_tried_again(app: Flask, store: Store, plan_id: int) -> None:
    with app.app_context():
        while work_next(clock=lambda: NOW, watch=breaks):
            pass
        with store() as session:
            jobs.retry_job(session, session.scalars(select(Job.id)).one(), by=By(CONSOLE, NOW))
        assert (state(store, plan_id), error_of(store, plan_id)) == (("queued", "waiting", 0, 0), None)
        assert work_next(clock=lambda: NOW)
    assert state(store, plan_id) == ("ready", "done", 1, 1)
    with store() as session:
        events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
        assert [event for event in events if event.startswith(("plan", "job"))] == [
            "plan.requested", "plan.failed", "plan.retried", "plan.made",
        ]  # fmt: skip


def test_a_plan_that_was_dropped_meanwhile_is_not_tried_again(app: Flask, store: Store, plan_id: int) -> None:
    with app.app_context():
        while work_next(clock=lambda: NOW, watch=breaks):
            pass
    with store() as session:
        plan = session.get_one(AssignmentPlan, plan_id)
        discard_plan(session, session.get_one(Contest, plan.contest_id), plan, version=plan.version, by=BY)
    with store() as session, pytest.raises(jobs.NotRepeatable):
        jobs.retry_job(session, session.scalars(select(Job.id)).one(), by=BY)


@pytest.mark.parametrize("moment", ["before", "amid"])
def test_a_plan_that_was_discarded_meanwhile_is_left(app: Flask, store: Store, plan_id: int, moment: str) -> None:
    def discard(*_: object) -> None:
        with store() as session:
            plan = session.get_one(AssignmentPlan, plan_id)
            if plan.status != "discarded":
                contest = session.get_one(Contest, plan.contest_id)
                discard_plan(session, contest, plan, version=1, by=By(CONSOLE, NOW))

    if moment == "before":
        discard()
    with app.app_context():
        assert work_next(clock=lambda: NOW, watch=discard) == (moment == "amid")
    assert state(store, plan_id) == ("discarded", "done", int(moment == "amid"), 0)


def test_the_oldest_plan_comes_first(app: Flask, store: Store, plan_id: int) -> None:
    with store() as session:
        other = request_plan(session, small_contest(session), by=BY).id
    order: list[str | None] = []

    def note(done: int, of: int) -> None:
        with store() as session:
            running = session.scalars(select(Job.key).where(Job.state == "running")).one()
        order.extend({running} - set(order))

    with app.app_context():
        while work_next(clock=lambda: NOW, watch=note):
            pass
    assert order == [f"plans:{plan_id}", f"plans:{other}"]


def stored_again(store: Store, plan_id: int) -> bool:
    """Whether a second result of the same plan would be stored."""
    with store() as session:
        contest = session.get_one(Contest, session.get_one(AssignmentPlan, plan_id).contest_id)
        situation = load_input(session, contest, PlanKind.REGULAR)
        question = asked_of(session.get_one(AssignmentPlan, plan_id), situation.document)
        computed = compute(situation, question, contest=contest.code, now=NOW)
        return plan_work.store_result(session, plan_id, computed, by=By(SYSTEM, NOW))
