"""A worker in a process of its own; of what it does a line of a file is left when it begins, a row when it ends.

The process is made by a server that has everything loaded, so that a test can start several.
"""

import logging
import signal
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from judging.adapters.storage import Storage
from judging.domain.jobs import Every
from judging.jobs.heart import Pace
from judging.jobs.kind import Done, JobTask, Kind, Means
from judging.jobs.worker import Worker
from judging.models import JournalRecord, engine
from judging.services.queue.asking import SYSTEM

LEASE = 2.0
"""Seconds; all else is in proportion, as it is in use."""
BEGUN = "begun.txt"


def engine_of(url: str) -> Engine:
    return engine.prepare(create_engine(url))


def sessions_of(url: str) -> "sessionmaker[Session]":
    return sessionmaker(engine_of(url), expire_on_commit=False)


def pace_of(lease: float) -> Pace:
    seconds = timedelta(seconds=1)
    return Pace(lease=lease * seconds, patience=2.5 * lease * seconds, pause=lease / 100 * seconds)


def kinds_of(folder: Path, said: Connection | None = None) -> Mapping[str, Kind]:
    """``slow`` takes ``args["steps"]`` steps of ``args["seconds"]`` each; ``hourly`` is asked for by a calendar."""

    def work(task: JobTask) -> Done:
        with (folder / BEGUN).open("a") as file:
            file.write(f"{task.args.get('name', 'scheduled')}\n")
        steps = task.args.get("steps", 0)
        for step in range(steps):
            if step == 1 and said is not None:
                said.send("in the middle")
            time.sleep(task.args["seconds"])
            task.progress(step + 1, steps)

        def store(session: Session, now: datetime) -> None:
            details = dict(task.args)
            session.add(
                JournalRecord(
                    at=now, event="probe", actor_name=SYSTEM.name, subject_type="job", subject_label="", details=details
                )
            )

        return Done(store, {"steps": steps})

    return {
        "slow": Kind("slow", work),
        "patient": Kind("patient", work, tries=100),
        "quick": Kind("quick", work, priority=1),
        "narrow": Kind("narrow", work, at_once=1),
        "hourly": Kind("hourly", work, calendar=Every(timedelta(seconds=1))),
    }


def worker_of(
    url: str,
    folder: Path,
    *,
    said: Connection | None = None,
    only: str = "slow,quick,narrow,patient",
    lease: float = LEASE,
    shift: float = 0,
) -> Worker:
    kinds = {name: kind for name, kind in kinds_of(folder, said).items() if name in only.split(",")}
    means = Means(Storage.from_url("memory:///"))
    return Worker(
        kinds,
        sessions_of(url),
        means,
        clock=lambda: datetime.now(UTC) + timedelta(seconds=shift),
        pace=pace_of(lease),
    )


def main(said: Connection, url: str, folder: Path, options: Mapping[str, Any]) -> None:
    """The process: it says when it is ready and in the middle of a job, and logs to a file beside its traces."""
    threads, wait = options.get("threads", 1), options.get("wait", options.get("lease", LEASE) / 12)
    engine.WAIT = wait
    logging.basicConfig(filename=folder / "log.txt", level=logging.INFO, force=True)
    told = {name: options[name] for name in ("only", "lease", "shift") if name in options}
    worker = worker_of(url, folder, said=said, **told)

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    said.send("ready")
    running = [Thread(target=worker.watch_on, args=(timedelta(seconds=0.05),)) for _ in range(threads)]
    for thread in running:
        thread.start()
    while any(thread.is_alive() for thread in running):
        time.sleep(0.1)  # not for ever: a signal may reach another thread, and this one is to notice


def started(folder: Path) -> list[str]:
    """The names of the jobs whose work was begun, each attempt once."""
    file = folder / BEGUN
    return file.read_text().splitlines() if file.exists() else []


def stored(session: Session) -> list[Any]:
    """What the jobs have stored, in the order of storing."""
    rows = session.query(JournalRecord).filter(JournalRecord.event == "probe").order_by(JournalRecord.id)
    return [row.details.get("name") for row in rows]
