"""The sweep of replaced files: rows in one transaction, bytes after it, outside any."""

from datetime import datetime, timedelta

from judging.adapters.storage import Storage
from judging.extensions import db
from judging.queries.uploads import cleared_keys
from judging.services.applications.sweeping import sweep_documents

GRACE = timedelta(hours=1)
"""A file put within this time may be about to be named by a row again."""
UNFINISHED = timedelta(days=2)
"""How far back bytes are looked for that an earlier sweep, stopped or too early, left behind."""


def sweep_files(storage: Storage, *, keep: timedelta, now: datetime) -> tuple[int, int]:
    """Clear the files that have had their time; return how many rows were marked and how many objects removed."""
    with db.sessionmaker() as session, session.begin():
        marked = len(sweep_documents(session, keep=keep, now=now))
    with db.sessionmaker() as session, session.begin():
        keys = cleared_keys(session, since=now - UNFINISHED)
    return marked, sum(storage.remove(key, unless_since=now - GRACE) for key in keys)
