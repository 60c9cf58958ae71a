"""Ending an attempt: in the transaction that stores what came of it, and only under the token that the job has."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.jobs import JobCode, JobState
from judging.models import Job
from judging.services.queue.instants import in_time, present
from judging.services.queue.rows import write
from judging.services.queue.taking import Claim, is_held, noted

MOST_SAID = 2000
"""So many characters of an error are kept."""


class ClaimLost(Exception):
    """Another worker has the job, or nobody wants it any longer: whatever this transaction did is not to stand."""


def finish(
    session: Session,
    claim: Claim,
    *,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    code: JobCode | None = None,
    progress: tuple[int, int, str] | None = None,
) -> None:
    """Note that the job is done; called last in the transaction that stores what came of it. ``progress``: the last.

    Raises :class:`ClaimLost` where the job has another token: the transaction must not be committed.
    """
    _end(
        session, claim, state=JobState.DONE, finished_at=present(session, now), error_code=code, error=None,
        result=None if result is None else dict(result), **noted(progress),
    )  # fmt: skip


def fail(session: Session, claim: Claim, *, code: JobCode, error: str, now: datetime) -> None:
    """Give the job up and keep why. Raises :class:`ClaimLost`."""
    at = present(session, now)
    _end(session, claim, state=JobState.FAILED, finished_at=at, error_code=code, error=error[:MOST_SAID])


def try_later(session: Session, claim: Claim, *, pause: timedelta, code: JobCode, error: str, now: datetime) -> None:
    """Let the job be tried again after a pause, and keep what stood in the way. Raises :class:`ClaimLost`."""
    run_at = in_time(session, now, pause) if pause else None
    _end(session, claim, state=JobState.WAITING, run_at=run_at, error_code=code, error=error[:MOST_SAID])


def release(session: Session, claim: Claim) -> None:
    """Put the job back as it was before it was taken up: the worker is to stop. Raises :class:`ClaimLost`."""
    _end(session, claim, state=JobState.WAITING, attempt=Job.attempt - 1, run_at=None)


def _end(session: Session, claim: Claim, **values: Any) -> None:
    session.flush()
    if not write(session, is_held(claim), token=None, lease_until=None, **values):
        raise ClaimLost
