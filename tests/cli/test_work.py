"""The worker: it does what waits, and what a killed one left is done by the next, once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.jobs import Pace
from judging.models import AssignmentPlan, FirmnessReport, Job, JournalRecord, PlannedPair, Work
from judging.services.assignment import request_plan
from judging.services.firmness import request_report
from tests import factories
from tests.conftest import Store
from tests.services.planning import BY, contest_of, experts_of
from tests.working import abandon

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import os, sys
from judging.jobs import KINDS, Means, Worker
from tests.jobs.probe import sessions_of

def stop_in_the_middle(done, of):
    if done:
        print("in the middle", flush=True)
        os.read(0, 1)

kind, url = sys.argv[1:]
Worker({kind: KINDS[kind]}, sessions_of(url), Means(), watch=stop_in_the_middle).next()
"""


def plan(session: Session) -> int:
    contest = contest_of(session, wanted=1)
    experts_of(session, contest, "28.41", "28.49")
    factories.application(session, contest)
    return request_plan(session, contest, by=BY).id


def planned(session: Session) -> int:
    """How many pairs the plans have."""
    return session.scalar(select(func.count(PlannedPair.id))) or 0


def report(session: Session) -> int:
    contest = contest_of(session, wanted=1)
    (expert,) = experts_of(session, contest, "28.41")
    factories.review(session, expert, factories.application(session, contest), "submitted")
    row = request_report(session, contest, by=BY)
    session.flush()
    return row.id


def reported(session: Session) -> int:
    """How many reports are stored."""
    return session.scalar(select(func.count(FirmnessReport.id)).where(FirmnessReport.document.is_not(None))) or 0


@dataclass(frozen=True)
class Kind:
    """One kind of background work: how to ask for it, who does it, what is said and left when it is done."""

    ask: Callable[[Session], int]
    name: str
    said: str
    event: str
    model: type[Work]
    results: Callable[[Session], int]


KINDS = [
    Kind(plan, "plans", "A plan was worked out.\n", "plan.made", AssignmentPlan, planned),
    Kind(
        report,
        "firmness",
        "A report on the firmness of a ranking was worked out.\n",
        "firmness.made",
        FirmnessReport,
        reported,
    ),
]


def queued(store: Store, kind: Kind) -> int:
    with store() as session:
        return kind.ask(session)


def kill_in_the_middle(name: str, database_url: str) -> None:
    """Start a worker that stops between two phases of its work, and kill it there as nothing else can."""
    command = [sys.executable, "-c", WORKER, name, database_url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as worker:
        assert worker.stdout is not None
        said = worker.stdout.readline()
        os.kill(worker.pid, signal.SIGKILL)
    assert (said, worker.returncode) == (b"in the middle\n", -signal.SIGKILL)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_work_does_what_waits(app: Flask, store: Store, kind: Kind) -> None:
    row_id = queued(store, kind)
    outputs = [app.test_cli_runner().invoke(args=["judging", "work"]).output for _ in range(2)]
    assert outputs == [kind.said, ""]
    with store() as session:
        assert session.get_one(kind.model, row_id).status == "ready"


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_worker_killed_in_the_middle_left_is_finished_by_the_next_one_once(
    app: Flask, store: Store, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real work of each kind; how a lease ends is tried on both databases in tests/jobs/test_queue_faults.py."""
    row_id = queued(store, kind)
    kill_in_the_middle(kind.name, app.config["JUDGING"].database_url)
    assert job_of(store, kind, row_id) == ("running", 1)
    assert app.test_cli_runner().invoke(args=["judging", "work"]).output == ""
    abandon(store)
    monkeypatch.setattr("judging.jobs.worker.Pace", lambda: Pace(lease=timedelta(seconds=1)))
    outputs = [app.test_cli_runner().invoke(args=["judging", "work"]).output for _ in range(2)]
    assert outputs == [kind.said, ""]
    assert job_of(store, kind, row_id) == ("done", 2)
    with store() as session:
        row = session.get_one(kind.model, row_id)
        made = session.scalar(select(func.count(JournalRecord.id)).where(JournalRecord.event == kind.event))
        assert (row.status, kind.results(session), made) == ("ready", 1, 1)


def job_of(store: Store, kind: Kind, row_id: int) -> tuple[str, int]:
    """State and attempts of the job."""
    with store() as session:
        job = session.scalars(select(Job).where(Job.key == f"{kind.name}:{row_id}")).one()
        return job.state, job.attempt


def test_only_the_kinds_that_are_named_are_done(app: Flask, store: Store) -> None:
    for kind in KINDS:
        queued(store, kind)
    work = ["judging", "work", "--only"]
    assert app.test_cli_runner().invoke(args=[*work, "letters,firmness"]).output == KINDS[1].said
    assert app.test_cli_runner().invoke(args=[*work, "plans"]).output == KINDS[0].said
    unknown = app.test_cli_runner().invoke(args=[*work, "plans,letter"])
    assert (unknown.exit_code, "'letter' is none of plans, firmness, letters" in unknown.output) == (2, True)


def test_what_the_calendars_want_is_asked_for_once_an_instant(app: Flask, store: Store) -> None:
    with time_machine.travel(factories.MOMENT + timedelta(minutes=3), tick=False):
        for _ in range(2):
            app.test_cli_runner().invoke(args=["judging", "work"])
    with store() as session:
        keys = session.scalars(select(Job.key).where(Job.state == "done").order_by(Job.key)).all()
    kinds = [key.split("@")[0] for key in keys]
    assert kinds == ["files", "prepared", "reminders", "sweep"]
    if app.config["JUDGING"].database_url.startswith("sqlite"):
        assert keys == [f"{kind}@2026-03-15T09:00:00Z" for kind in kinds]


def test_a_watching_worker_does_what_comes_and_ends_when_it_is_told_to(app: Flask, store: Store) -> None:
    row_id = queued(store, KINDS[0])
    config = app.config["JUDGING"]
    environment = {
        **os.environ, "DATABASE_URL": config.database_url, "INSTANCE_DIR": str(config.instance_dir),
        "STORAGE_URL": "memory:///", "SECRET_KEY": "x" * 40,
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "judging", "work", "--watch", "--every", "0.1"]
    command += ["--threads", "2", "--only", "plans"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        said = worker.stdout.readline().decode()
        worker.send_signal(signal.SIGTERM)
    assert (said, worker.returncode) == (KINDS[0].said, 0)
    assert job_of(store, KINDS[0], row_id) == ("done", 1)
