"""The worker: it does what waits, and what a killed one left is done by the next, once."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from judging.models import AssignmentPlan, JournalRecord, PlannedPair
from judging.services.assignment import request_plan
from judging.services.claims import LEASE
from tests import factories
from tests.conftest import Store
from tests.databases import workspace
from tests.services.planning import BY, contest_of, experts_of

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import os, sys
from pathlib import Path
from config import Config
from judging import jobs
from judging.app import create_app

def stop_in_the_middle(done, of):
    if done:
        print("in the middle", flush=True)
        os.read(0, 1)

url, folder = sys.argv[1:]
app = create_app(Config("x" * 40, url, Path(folder), "memory:///", testing=True))
with app.app_context():
    jobs.plan_next(watch=stop_in_the_middle)
"""


def queued(store: Store) -> int:
    with store() as session:
        contest = contest_of(session, wanted=1)
        experts_of(session, contest, "28.41", "28.49")
        factories.application(session, contest)
        return request_plan(session, contest, **BY).id


def kill_in_the_middle(database_url: str) -> None:
    """Start a worker that stops between two phases of the first plan, and kill it there as nothing else can."""
    command = [sys.executable, "-c", WORKER, database_url, str(workspace())]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as worker:
        assert worker.stdout is not None
        said = worker.stdout.readline()
        os.kill(worker.pid, signal.SIGKILL)
    assert (said, worker.returncode) == (b"in the middle\n", -signal.SIGKILL)


def test_work_does_what_waits(app: Flask, store: Store) -> None:
    plan_id = queued(store)
    outputs = [app.test_cli_runner().invoke(args=["judging", "work"]).output for _ in range(2)]
    assert outputs == ["A plan was worked out.\n", ""]
    with store() as session:
        assert session.get_one(AssignmentPlan, plan_id).status == "ready"


def test_a_plan_whose_worker_was_killed_in_the_middle_is_finished_by_the_next_one_once(
    app: Flask, store: Store
) -> None:
    plan_id = queued(store)
    kill_in_the_middle(app.config["JUDGING"].database_url)
    with store() as session:
        plan = session.get_one(AssignmentPlan, plan_id)
        assert (plan.status, plan.attempts) == ("running", 1)
    assert app.test_cli_runner().invoke(args=["judging", "work"]).output == ""
    with store() as session:
        over = datetime.now(UTC) - LEASE - timedelta(seconds=1)
        session.execute(update(AssignmentPlan).values(claimed_until=over))
    outputs = [app.test_cli_runner().invoke(args=["judging", "work"]).output for _ in range(2)]
    assert outputs == ["A plan was worked out.\n", ""]
    with store() as session:
        plan = session.get_one(AssignmentPlan, plan_id)
        pairs = session.scalar(select(func.count(PlannedPair.id)))
        made = session.scalar(select(func.count(JournalRecord.id)).where(JournalRecord.event == "plan.made"))
        assert (plan.status, plan.attempts, pairs, made) == ("ready", 2, 1, 1)
