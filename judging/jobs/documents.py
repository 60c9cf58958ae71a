"""The sweep of replaced files: rows in one transaction, bytes after it, outside any."""

from datetime import datetime, timedelta

from judging.adapters.storage import Storage
from judging.domain.access import CONSOLE, By
from judging.extensions import db
from judging.jobs.kind import Done, JobTask, Sessions
from judging.queries.uploads import cleared_keys
from judging.services.applications.documents_sweep import sweep_documents

GRACE = timedelta(hours=1)
"""A file put within this time may be about to be named by a row again."""
UNFINISHED = timedelta(days=2)
"""How far back bytes are looked for that an earlier sweep, stopped or too early, left behind."""


def sweep_files(
    storage: Storage, *, keep: timedelta, now: datetime, sessions: Sessions | None = None
) -> tuple[int, int]:
    """Clear the files that have had their time; return how many rows were marked and how many objects removed."""
    sessions = sessions or db.sessionmaker
    with sessions() as session, session.begin():
        marked = len(sweep_documents(session, keep=keep, by=By(CONSOLE, now)))
    with sessions() as session, session.begin():
        keys = cleared_keys(session, since=now - UNFINISHED)
    return marked, sum(storage.remove(key, unless_since=now - GRACE) for key in keys)


def work(task: JobTask) -> Done:
    """Clear the files as a job."""
    storage, keep = task.means.storage, task.means.keep_replaced
    if storage is None:
        return Done()
    marked, removed = sweep_files(storage, keep=keep, now=task.clock(), sessions=task.sessions)
    return Done(result={"marked": marked, "removed": removed})
