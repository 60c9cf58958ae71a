"""The queue beside its faults, on both databases: ``python -m bench.queue [speed] [kills] [locks] [--rounds N]``.

``speed``: jobs a second by one worker and by two, each job a transaction that takes it and one that stores its result.
``kills``: N jobs, their workers killed with -9 at random moments until all are done; what is lost, what is doubled.
``locks``: nobody can write for 15 and for 45 seconds of real time, in the middle of a job with a lease of two minutes.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from judging.domain.access import By
from judging.models import Job
from judging.services.queue import SYSTEM, ask
from tests.databases import database
from tests.jobs.probe import sessions_of, started, stored
from tests.jobs.test_queue_faults import Running, lock

JOBS = 400
FEW = 0.1
REAL = {"lease": 120.0, "wait": 10.0}


class Bench:
    """One database and a folder."""

    def __init__(self, kind: str) -> None:
        self.kind, self.folder = kind, Path(tempfile.mkdtemp(prefix="bench-queue-"))
        database(kind).empty()
        self.url = database(kind).url
        self.sessions = sessions_of(self.url)

    def ask(self, names: list[str], **args: object) -> None:
        """Ask for one job a name."""
        with self.sessions() as session, session.begin():
            for name in names:
                ask(session, "patient", {"name": name, **args}, key=name, by=By(SYSTEM, datetime.now(UTC)))

    def open(self) -> int:
        """How many are not over."""
        with self.sessions() as session, session.begin():
            wanted = select(func.count(Job.id)).where(Job.state.in_(("waiting", "running")))
            return session.scalar(wanted) or 0

    def outcome(self, names: list[str]) -> str:
        """What was stored, and how often work was begun."""
        with self.sessions() as session, session.begin():
            found = Counter(stored(session))
            attempts = session.scalars(select(Job.attempt)).all()
        lost, doubled = sum(not found[name] for name in names), sum(found[name] > 1 for name in names)
        begun = len(started(self.folder))
        return f"{lost} lost, {doubled} doubled of {len(names)}; begun {begun} times, attempts {Counter(attempts)}"

    @contextmanager
    def workers(self, number: int, **options: object) -> Iterator[list[Running]]:
        """Workers in processes of their own, killed at the end."""
        running = [Running(self.url, self.folder, options) for _ in range(number)]
        try:
            yield running
        finally:
            for one in running:
                one.close()

    def close(self) -> None:
        """Let go of the database."""
        self.sessions.kw["bind"].dispose()


def speed(kind: str) -> None:
    """Measure jobs a second."""
    for workers in (1, 2):
        bench = Bench(kind)
        with bench.workers(workers):
            time.sleep(1)
            begun = time.monotonic()
            bench.ask([f"job {number}" for number in range(JOBS)])
            while bench.open():
                time.sleep(FEW)
            took = time.monotonic() - begun
        print(f"{kind}: {workers} worker(s): {JOBS / took:.0f} jobs/s")
        bench.close()


def kills(kind: str, rounds: int) -> None:
    """Kill workers at random moments."""
    bench, names, killed = Bench(kind), [f"job {number}" for number in range(rounds)], 0
    bench.ask(names, steps=5, seconds=0.05)
    while bench.open():
        with bench.workers(1, lease=1.0) as (worker,):
            time.sleep(random.uniform(0.2, 1.5))  # noqa: S311 -- not a secret
            if killed < rounds:
                worker.send(signal.SIGKILL)
                killed += 1
            else:
                while bench.open():
                    time.sleep(FEW)
    print(f"{kind}: killed {killed} times: {bench.outcome(names)}")
    bench.close()


def locks(kind: str) -> None:
    """Keep everybody from writing."""
    for seconds in (15, 45):
        bench = Bench(kind)
        bench.ask(["a"], steps=6, seconds=1)
        with bench.workers(2, **REAL):
            while not started(bench.folder):
                time.sleep(FEW)
            time.sleep(1)
            with lock(bench.url):
                time.sleep(seconds)
            while bench.open():
                time.sleep(FEW)
        print(f"{kind}: locked for {seconds} s: {bench.outcome(['a'])}")
        bench.close()


def main(arguments: list[str]) -> None:
    """Run the scenes on both databases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "scenes", nargs="*", choices=["speed", "kills", "locks", []], default=["speed", "kills", "locks"]
    )
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args(arguments)
    for kind in ("sqlite", "postgresql"):
        for scene in asked.scenes:
            if scene == "kills":
                kills(kind, asked.rounds)
            else:
                {"speed": speed, "locks": locks}[scene](kind)


if __name__ == "__main__":
    main(sys.argv[1:])
