"""Taking a job up and keeping it: by one conditional UPDATE under a new token, and a lease that is prolonged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from secrets import token_hex
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Interval, Table, and_, bindparam, case, func, or_, select, text, update
from sqlalchemy.orm import Session

from judging.domain.jobs import JobState
from judging.models import Job
from judging.models.base import UtcDateTime
from judging.models.engine import one_writer
from judging.services.queue.instants import in_time, present
from judging.services.queue.rows import write

JOBS = cast(Table, Job.__table__)
TURN = text("SELECT pg_advisory_xact_lock(5063)")
"""On PostgreSQL workers take up jobs one after the other, so that no more of a kind are in hand than may be."""


@dataclass(frozen=True)
class KindTerms:
    """What a worker knows of a kind: how often it is tried, how many at once there may be, and how urgent it is."""

    tries: int = 3
    at_once: int | None = None
    priority: int = 0


@dataclass(frozen=True)
class Claim:
    """A job in this worker's hands, as long as it has this ``token``; ``attempt`` is counted from one."""

    id: int
    token: str
    kind: str
    args: Mapping[str, Any]
    attempt: int


@dataclass(frozen=True)
class Lease:
    """Until when a job is in somebody's hands; it is another one after each renewal."""

    token: str
    until: datetime


def take(
    session: Session,
    terms: Mapping[str, KindTerms],
    *,
    lease: timedelta,
    worker: str,
    now: datetime,
    over: Collection[str] = (),
    only: int | None = None,
) -> Claim | None:
    """Take up the most urgent and oldest due job of these kinds for this worker alone; None where there is none.

    ``over``: on SQLite the tokens whose holders are known to be gone. ``only`` takes this one job, however many of its
    kind are in hand.
    """
    sqlite = one_writer(session)
    if not sqlite:
        session.execute(TURN)
    open_kinds = terms if only is not None else _with_room(session, terms, now)
    if not open_kinds:
        return None
    token = token_hex(16)
    given: dict[str, Any] = {"its_token": token, "by_worker": worker[:100]}
    given |= {"now": now, "until": now + lease, "over": list(over)} if sqlite else {"lease": lease}
    given |= {} if only is None else {"only": only}
    row = session.execute(
        _taking(sqlite, tuple(sorted(open_kinds.items())), only is not None),
        given,
        execution_options={"synchronize_session": False},
    ).first()
    return None if row is None else Claim(row.id, token, row.kind, row.args, row.attempt)


def waits(session: Session, terms: Mapping[str, KindTerms], *, now: datetime, over: Collection[str] = ()) -> bool:
    """Whether there is a job to take up or to give up: a read, for workers that look often."""
    gone = _gone(session, now, over)
    wanted = or_(_due(terms, present(session, now), gone), _exhausted(terms, gone))
    return session.scalar(select(Job.id).where(wanted).limit(1)) is not None


def exhausted(
    session: Session, terms: Mapping[str, KindTerms], *, now: datetime, over: Collection[str] = ()
) -> Sequence[Claim]:
    """The jobs whose lease has ended for the last time, under the tokens of those who had them: to be given up."""
    rows = session.execute(
        select(Job.id, Job.token, Job.kind, Job.args, Job.attempt).where(_exhausted(terms, _gone(session, now, over)))
    )
    return [Claim(row.id, row.token or "", row.kind, row.args, row.attempt) for row in rows]


def leases(session: Session, kinds: Collection[str]) -> list[Lease]:
    """What is in somebody's hands."""
    rows = session.execute(select(Job.token, Job.lease_until).where(Job.state == JobState.RUNNING, Job.kind.in_(kinds)))
    return [Lease(token, until) for token, until in rows if token is not None and until is not None]


def renew(
    session: Session,
    claim: Claim,
    *,
    lease: timedelta,
    now: datetime,
    progress: tuple[int, int, str] | None = None,
) -> bool:
    """Prolong the lease and note the ``progress`` (done, of, words); False where the claim is lost."""
    return write(session, is_held(claim), lease_until=in_time(session, now, lease), **noted(progress))


def noted(progress: tuple[int, int, str] | None) -> dict[str, Any]:
    """The columns of a progress (done, of, words)."""
    return dict(zip(("progress_done", "progress_total", "progress_words"), progress or (), strict=False))


def is_held(claim: Claim) -> ColumnElement[bool]:
    """The condition that a job is in the hands of this very claim."""
    return and_(Job.id == claim.id, Job.state == JobState.RUNNING, Job.token == claim.token)


def _with_room(session: Session, terms: Mapping[str, KindTerms], now: datetime) -> Mapping[str, KindTerms]:
    """The kinds of which fewer are in hand than may be."""
    bounded = [kind for kind, one in terms.items() if one.at_once is not None]
    if not bounded:
        return terms
    counted = (
        select(Job.kind, func.count().label("number"))
        .where(Job.state == JobState.RUNNING, Job.lease_until > present(session, now), Job.kind.in_(bounded))
        .group_by(Job.kind)
    )
    in_hand: dict[str, int] = {row.kind: row.number for row in session.execute(counted)}
    return {kind: one for kind, one in terms.items() if one.at_once is None or in_hand.get(kind, 0) < one.at_once}


@cache
def _taking(sqlite: bool, terms: tuple[tuple[str, KindTerms], ...], only: bool) -> Any:
    """The statement that takes a job up, made once: building it costs more than running it."""
    kinds = dict(terms)
    now: Any = bindparam("now", type_=UtcDateTime()) if sqlite else func.clock_timestamp()
    until: Any = bindparam("until", type_=UtcDateTime()) if sqlite else now + bindparam("lease", type_=Interval())
    gone = Job.token.in_(bindparam("over", expanding=True)) if sqlite else Job.lease_until <= now
    due = _due(kinds, now, gone)
    if only:
        due = and_(due, Job.id == bindparam("only", type_=Integer()))
    first = select(Job.id).where(due).order_by(_priority(kinds).desc(), Job.id).limit(1)
    return (
        update(JOBS)
        .where(JOBS.c.id == first.with_for_update(skip_locked=True).scalar_subquery(), due)
        .values(
            state=JobState.RUNNING,
            token=bindparam("its_token"),
            lease_until=until,
            attempt=JOBS.c.attempt + 1,
            worker=bindparam("by_worker"),
            started_at=now,
            progress_done=0,
            progress_total=0,
            progress_words="",
        )
        .returning(JOBS.c.id, JOBS.c.kind, JOBS.c.args, JOBS.c.attempt)
    )


def _due(terms: Mapping[str, KindTerms], now: ColumnElement[Any], gone: ColumnElement[bool]) -> ColumnElement[bool]:
    """Jobs that wait and whose time has come, and those whose worker is ``gone``, unless it was the last attempt."""
    come = or_(Job.run_at.is_(None), Job.run_at <= now)
    open_ = or_(and_(Job.state == JobState.WAITING, come), and_(Job.state == JobState.RUNNING, gone))
    return and_(open_, Job.kind.in_(terms), Job.attempt < _tries(terms))


def _exhausted(terms: Mapping[str, KindTerms], gone: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(Job.state == JobState.RUNNING, gone, Job.kind.in_(terms), Job.attempt >= _tries(terms))


def _gone(session: Session, now: datetime, over: Collection[str]) -> ColumnElement[bool]:
    """The condition that whoever has a job in hand is there no more."""
    return Job.token.in_(over) if one_writer(session) else Job.lease_until <= present(session, now)


def _tries(terms: Mapping[str, KindTerms]) -> ColumnElement[int]:
    return case({kind: one.tries for kind, one in terms.items()}, value=Job.kind, else_=0) if terms else func.abs(0)


def _priority(terms: Mapping[str, KindTerms]) -> ColumnElement[int]:
    if not terms:
        return func.coalesce(Job.priority, 0)
    own = case({kind: one.priority for kind, one in terms.items()}, value=Job.kind, else_=0)
    return func.coalesce(Job.priority, own)
