"""Asking for work, in the transaction that wants it: a rollback leaves nothing, a commit leaves the job."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.jobs import OPEN, JobCode, JobState
from judging.models import Job
from judging.services.queue.instants import present
from judging.services.queue.rows import write

SYSTEM = Actor(user_id=None, name="system", grants={})
"""Whoever works beside the requests; what it does was asked for by the person whom the job names."""
AFRESH: Mapping[str, Any] = {
    "state": JobState.WAITING, "attempt": 0, "run_at": None, "started_at": None, "finished_at": None,
    "error_code": None, "error": None, "result": None, "worker": None,
    "progress_done": 0, "progress_total": 0, "progress_words": "",
}  # fmt: skip
"""The columns of a job that nobody has been at."""
ASKED = ("kind", "key", "args", "priority", "run_at", "asked_at", "asked_by_id", "asked_by")


def ask(
    session: Session,
    kind: str,
    args: Mapping[str, Any],
    *,
    by: By,
    key: str | None = None,
    run_at: datetime | None = None,
    priority: int | None = None,
) -> int:
    """Ask for a job and return its number; one with the same ``key`` that was asked for before is that job.

    It is due at once unless ``run_at`` is given. ``args`` are small: ids and words, which the work looks up.
    """
    session.flush()
    values = {
        "kind": kind, "key": key, "args": dict(args), "priority": priority, "run_at": run_at,
        "asked_at": by.now, "asked_by_id": by.actor.user_id, "asked_by": by.actor.name,
    }  # fmt: skip
    asked: int | None = session.scalar(_insert(session.get_bind().dialect.name), values)
    return asked or session.scalars(select(Job.id).where(Job.key == key)).one()


def ask_again(session: Session, kind: str, args: Mapping[str, Any], *, key: str, by: By) -> None:
    """Have a job done now, with all its attempts before it, whatever became of it; one that is being done goes on."""
    job_id = ask(session, kind, args, key=key, by=by)
    renewed(session, job_id)


def replace(session: Session, kind: str, args: Mapping[str, Any], *, key: str, by: By) -> None:
    """Ask for the one job of a key anew, with other ``args``; a worker that is at the old one loses its claim."""
    job_id = ask(session, kind, args, key=key, by=by)
    write(
        session, Job.id == job_id, **AFRESH, token=None, lease_until=None, args=dict(args), asked_at=by.now,
        asked_by_id=by.actor.user_id, asked_by=by.actor.name,
    )  # fmt: skip


def renewed(session: Session, job_id: int) -> bool:
    """Make a job that waits or is over due at once, with all its attempts before it; False while it is being done."""
    return write(session, Job.id == job_id, Job.state != JobState.RUNNING, **AFRESH)


def cancel(session: Session, key: str, *, now: datetime) -> None:
    """End a job that nobody wants any longer; a worker that is at it loses its claim and stores nothing."""
    session.flush()
    write(
        session, Job.key == key, Job.state.in_(OPEN), state=JobState.DONE, error_code=JobCode.UNWANTED, token=None,
        lease_until=None, finished_at=present(session, now),
    )  # fmt: skip


def drop(session: Session, beginning: str) -> None:
    """Forget every job whose key begins so, with its result; a worker that is at one loses its claim."""
    session.flush()
    fit = Job.key.startswith(beginning, autoescape=True)
    session.execute(delete(Job).where(fit).execution_options(synchronize_session=False))


@cache
def _insert(dialect: str) -> Any:
    columns: dict[str, Any] = {name: bindparam(name) for name in ASKED}
    columns |= {"state": JobState.WAITING.value, "attempt": 0}
    columns |= {"progress_done": 0, "progress_total": 0, "progress_words": ""}
    insert: Any = (sqlite if dialect == "sqlite" else postgresql).insert
    jobs = cast(Table, Job.__table__)
    return insert(jobs).values(columns).on_conflict_do_nothing(index_elements=["key"]).returning(jobs.c.id)
