"""What any engine behind ``ask`` and the registry must bear: killed, frozen, locked out, rolled back, clocks that
differ, several workers. Outcomes are asserted, never times; leases are short, and all else in proportion.
"""

import multiprocessing
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.jobs.kind import utc_now
from judging.models import Job
from judging.services.queue import SYSTEM, ask
from tests.conftest import Store
from tests.factories import MOMENT
from tests.jobs.probe import LEASE, main, started, stored, worker_of

ENOUGH = 15.0
"""Seconds after which what did not come is taken to be missing."""


PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.jobs.probe"])


class Running:
    """A worker in a process of its own."""

    def __init__(self, url: str, folder: Path, options: dict[str, object]) -> None:
        self._said, others = PROCESSES.Pipe(duplex=False)
        self.process = PROCESSES.Process(target=main, args=(others, url, folder, options), daemon=True)
        self.process.start()
        others.close()
        self.says("ready")

    def says(self, words: str) -> None:
        """Wait until it says so."""
        assert self._said.poll(ENOUGH)
        assert self._said.recv() == words

    def send(self, number: signal.Signals) -> None:
        assert self.process.pid is not None
        os.kill(self.process.pid, number)

    def ends(self) -> int | None:
        """Wait for its end; return its exit code."""
        self.process.join(ENOUGH)
        return self.process.exitcode

    def close(self) -> None:
        self.process.kill()
        self.process.join()
        self._said.close()


@dataclass
class Place:
    """One database, a folder for traces, and the workers that the test started."""

    url: str
    folder: Path
    store: Store
    workers: list[Running] = field(default_factory=list)

    def worker(self, **options: object) -> Running:
        """Start a worker; it is ready."""
        worker = Running(self.url, self.folder, options)
        self.workers.append(worker)
        return worker

    def drain(self) -> None:
        """Do what waits within this process."""
        worker = worker_of(self.url, self.folder)
        worker.drain()
        worker.sessions.kw["bind"].dispose()  # type: ignore[attr-defined]  # a sessionmaker

    def ask(self, name: str, kind: str = "slow", **args: object) -> int:
        with self.store() as session:
            return ask(session, kind, {"name": name, **args}, key=name, by=By(SYSTEM, MOMENT))

    def read(self, look: Callable[[Session], object]) -> object:
        with self.store() as session:
            return look(session)

    def jobs(self) -> list[tuple[str, str, int]]:
        """(key, state, attempts) of every job."""
        with self.store() as session:
            return [(job.key or "", job.state, job.attempt) for job in session.scalars(select(Job).order_by(Job.id))]

    def results(self) -> list[str]:
        with self.store() as session:
            return stored(session)

    def until_all_are(self, *states: str) -> None:
        """Wait until every job is in one of the states; what never comes fails the assertion that follows."""
        end = time.monotonic() + ENOUGH
        while time.monotonic() < end and not {state for _, state, _ in self.jobs()} <= set(states):
            time.sleep(0.05)


@pytest.fixture
def place(app: Flask, store: Store, tmp_path: Path) -> Iterator[Place]:
    found = Place(app.config["JUDGING"].database_url, tmp_path, store)
    yield found
    for worker in found.workers:
        worker.close()


@contextmanager
def lock(url: str) -> Iterator[None]:
    """Keep everybody from writing: the whole file of SQLite, the table of jobs of PostgreSQL."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=ENOUGH) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        connection.close()
        return
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute("LOCK TABLE jobs IN EXCLUSIVE MODE NOWAIT")
        yield
        connection.rollback()


def freeze(worker: Running, url: str) -> None:
    """Stop a process as a suspended machine would be, at a moment when it holds no lock."""
    while True:
        worker.send(signal.SIGSTOP)
        try:
            with lock_at_once(url):
                return
        except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
            worker.send(signal.SIGCONT)
            time.sleep(0.02)


@contextmanager
def lock_at_once(url: str) -> Iterator[None]:
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=0.05) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        connection.close()
        yield
    else:
        with lock(url):
            yield


def test_what_a_killed_worker_left_is_done_by_the_next_one_and_stored_once(place: Place) -> None:
    place.ask("a", steps=5, seconds=0.1)
    killed = place.worker()
    killed.says("in the middle")
    killed.send(signal.SIGKILL)
    assert killed.ends() == -signal.SIGKILL
    assert (place.jobs(), place.results()) == ([("a", "running", 1)], [])
    place.worker()
    place.until_all_are("done")
    assert (place.jobs(), place.results(), started(place.folder)) == ([("a", "done", 2)], ["a"], ["a", "a"])


def test_a_worker_frozen_past_its_lease_stores_nothing_when_it_wakes(place: Place) -> None:
    place.ask("a", steps=5, seconds=0.1)
    frozen = place.worker()
    frozen.says("in the middle")
    freeze(frozen, place.url)
    place.worker()
    place.until_all_are("done")
    assert (place.jobs(), place.results()) == ([("a", "done", 2)], ["a"])
    frozen.send(signal.SIGCONT)
    frozen.send(signal.SIGTERM)
    assert frozen.ends() == 0
    assert (place.jobs(), place.results(), started(place.folder)) == ([("a", "done", 2)], ["a"], ["a", "a"])


@pytest.mark.parametrize("held", [LEASE / 8, LEASE * 3 / 8], ids=["an eighth", "three eighths"])
def test_a_lock_held_for_a_part_of_the_lease_costs_no_attempt(place: Place, held: float) -> None:
    """In use an eighth of a lease of two minutes are 15 seconds, three eighths 45."""
    place.ask("a", steps=6, seconds=0.1)
    first = place.worker()
    first.says("in the middle")
    with lock(place.url):
        place.worker()
        time.sleep(held)
    place.until_all_are("done")
    assert (place.jobs(), place.results(), started(place.folder)) == ([("a", "done", 1)], ["a"], ["a"])


def test_a_lock_that_outlasts_the_lease_costs_no_result(place: Place) -> None:
    place.ask("a", steps=3, seconds=0.1)
    first = place.worker()
    first.says("in the middle")
    with lock(place.url):
        time.sleep(LEASE * 1.2)
    place.until_all_are("done")
    assert (place.jobs(), place.results(), started(place.folder)) == ([("a", "done", 1)], ["a"], ["a"])


def test_what_was_rolled_back_was_never_asked_for(place: Place) -> None:
    place.worker()
    with place.store() as session:
        ask(session, "slow", {"name": "ghost"}, key="ghost", by=By(SYSTEM, MOMENT))
        session.rollback()
    place.ask("a")
    place.until_all_are("done")
    assert (place.jobs(), place.results(), started(place.folder)) == ([("a", "done", 1)], ["a"], ["a"])


def test_two_workers_do_each_of_forty_jobs_once(place: Place) -> None:
    names = [f"job {number}" for number in range(40)]
    with place.store() as session:
        for name in names:
            ask(session, "slow", {"name": name}, key=name, by=By(SYSTEM, MOMENT))
    place.worker(threads=2)
    place.worker(threads=2)
    place.until_all_are("done")
    assert place.jobs() == [(name, "done", 1) for name in names]
    assert (sorted(place.results()), sorted(started(place.folder))) == (sorted(names), sorted(names))


def test_workers_whose_clocks_differ_by_ten_minutes_leave_each_other_what_they_have(place: Place) -> None:
    names = ["a", "b", "c"]
    for name in names:
        place.ask(name, steps=20, seconds=LEASE / 15)
    ahead, behind, right = place.worker(shift=600), place.worker(shift=-600), place.worker()
    for one in (ahead, behind, right):
        one.says("in the middle")
    idle = [place.worker(shift=shift) for shift in (600, -600)]
    place.until_all_are("done")
    assert place.jobs() == [(name, "done", 1) for name in names]
    assert (sorted(place.results()), sorted(started(place.folder))) == (names, names)
    assert [one.process.exitcode for one in idle] == [None, None]


def test_several_workers_ask_for_each_instant_of_a_calendar_once(place: Place) -> None:
    workers = [place.worker(only="hourly", threads=2) for _ in range(2)]
    end = time.monotonic() + ENOUGH
    while time.monotonic() < end and len(place.results()) < 3:
        time.sleep(0.05)
    for worker in workers:
        worker.send(signal.SIGTERM)
        assert worker.ends() == 0
    jobs = [job for job in place.jobs() if job[1] == "done"]
    assert len({key for key, _, _ in jobs}) == len(jobs) == len(place.results()) == len(started(place.folder)) >= 3
    assert {attempts for _, _, attempts in jobs} == {1}


def test_a_worker_that_is_told_to_end_leaves_its_job_to_be_taken_up_again(place: Place) -> None:
    place.ask("a", steps=40, seconds=0.05)
    first = place.worker()
    first.says("in the middle")
    first.send(signal.SIGTERM)
    assert first.ends() == 0
    assert (place.jobs(), place.results()) == ([("a", "waiting", 0)], [])
    place.worker()
    place.until_all_are("done")
    assert (place.jobs(), place.results()) == ([("a", "done", 1)], ["a"])


def test_no_more_of_a_kind_are_done_at_once_than_may_be(place: Place) -> None:
    names = [f"job {number}" for number in range(6)]
    for name in names:
        place.ask(name, "narrow", steps=2, seconds=0.05)
    place.worker(threads=3)
    place.worker(threads=3)
    most = 0
    while len(place.results()) < len(names):
        most = max(most, sum(state == "running" for _, state, _ in place.jobs()))
    assert (most, sorted(place.results())) == (1, names)


def test_the_same_key_is_the_same_job_also_for_two_who_ask_at_once(place: Place) -> None:
    first = place.ask("a")
    assert place.ask("a", steps=7, seconds=1) == first
    place.drain()
    assert place.ask("a") == first
    assert (place.jobs(), place.results()) == ([("a", "done", 1)], ["a"])


def test_the_more_urgent_kind_comes_first_and_then_the_oldest(place: Place) -> None:
    for name, kind in (("a", "slow"), ("b", "quick"), ("c", "slow"), ("d", "quick")):
        place.ask(name, kind)
    with place.store() as session:
        ask(session, "slow", {"name": "e"}, key="e", priority=5, by=By(SYSTEM, MOMENT))
    place.drain()
    assert place.results() == ["e", "b", "d", "a", "c"]


def test_a_job_waits_for_its_instant(place: Place) -> None:
    now = utc_now()
    with place.store() as session:
        ask(session, "slow", {"name": "late"}, key="late", run_at=now + timedelta(hours=1), by=By(SYSTEM, MOMENT))
        ask(session, "slow", {"name": "due"}, key="due", run_at=now - timedelta(hours=1), by=By(SYSTEM, MOMENT))
    place.drain()
    assert (place.results(), place.jobs()) == (["due"], [("late", "waiting", 0), ("due", "done", 1)])
