"""The worker: it does what waits, and what a killed one left is done by the next, once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from judging.models import AssignmentPlan, FirmnessReport, JournalRecord, PlannedPair, Work
from judging.services.assignment import request_plan
from judging.services.claims import LEASE
from judging.services.firmness import request_report
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

job, url, folder = sys.argv[1:]
app = create_app(Config("x" * 40, url, Path(folder), "memory:///", testing=True))
with app.app_context():
    getattr(jobs, job)(watch=stop_in_the_middle)
"""


def plan(session: Session) -> int:
    contest = contest_of(session, wanted=1)
    experts_of(session, contest, "28.41", "28.49")
    factories.application(session, contest)
    return request_plan(session, contest, **BY).id


def planned(session: Session) -> int:
    """How many pairs the plans have."""
    return session.scalar(select(func.count(PlannedPair.id))) or 0


def report(session: Session) -> int:
    contest = contest_of(session, wanted=1)
    (expert,) = experts_of(session, contest, "28.41")
    factories.review(session, expert, factories.application(session, contest), "submitted")
    row = request_report(session, contest, **BY)
    session.flush()
    return row.id


def reported(session: Session) -> int:
    """How many reports are stored."""
    return session.scalar(select(func.count(FirmnessReport.id)).where(FirmnessReport.document.is_not(None))) or 0


@dataclass(frozen=True)
class Kind:
    """One kind of background work: how to ask for it, who does it, what is said and left when it is done."""

    ask: Callable[[Session], int]
    job: str
    said: str
    event: str
    model: type[Work]
    results: Callable[[Session], int]


KINDS = [
    Kind(plan, "plan_next", "A plan was worked out.\n", "plan.made", AssignmentPlan, planned),
    Kind(
        report,
        "firmness_next",
        "A report on the firmness of a ranking was worked out.\n",
        "firmness.made",
        FirmnessReport,
        reported,
    ),
]


def queued(store: Store, kind: Kind) -> int:
    with store() as session:
        return kind.ask(session)


def kill_in_the_middle(job: str, database_url: str) -> None:
    """Start a worker that stops between two phases of its work, and kill it there as nothing else can."""
    command = [sys.executable, "-c", WORKER, job, database_url, str(workspace())]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as worker:
        assert worker.stdout is not None
        said = worker.stdout.readline()
        os.kill(worker.pid, signal.SIGKILL)
    assert (said, worker.returncode) == (b"in the middle\n", -signal.SIGKILL)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.job)
def test_work_does_what_waits(app: Flask, store: Store, kind: Kind) -> None:
    row_id = queued(store, kind)
    outputs = [app.test_cli_runner().invoke(args=["judging", "work"]).output for _ in range(2)]
    assert outputs == [kind.said, ""]
    with store() as session:
        assert session.get_one(kind.model, row_id).status == "ready"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.job)
def test_what_a_worker_killed_in_the_middle_left_is_finished_by_the_next_one_once(
    app: Flask, store: Store, kind: Kind
) -> None:
    row_id = queued(store, kind)
    kill_in_the_middle(kind.job, app.config["JUDGING"].database_url)
    with store() as session:
        row = session.get_one(kind.model, row_id)
        assert (row.status, row.attempts) == ("running", 1)
    assert app.test_cli_runner().invoke(args=["judging", "work"]).output == ""
    with store() as session:
        over = datetime.now(UTC) - LEASE - timedelta(seconds=1)
        session.execute(update(kind.model).values(claimed_until=over))
    outputs = [app.test_cli_runner().invoke(args=["judging", "work"]).output for _ in range(2)]
    assert outputs == [kind.said, ""]
    with store() as session:
        row = session.get_one(kind.model, row_id)
        made = session.scalar(select(func.count(JournalRecord.id)).where(JournalRecord.event == kind.event))
        assert (row.status, row.attempts, kind.results(session), made) == ("ready", 2, 1, 1)
