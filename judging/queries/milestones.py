"""Milestones of a contest: what is stored of them, when each comes, and how they were changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from judging.domain.milestones import After, Code, Resolved, Row, resolve
from judging.domain.stages import Calendar
from judging.domain.workdays import Unit, WorkingDays
from judging.models import Application, Contest, Milestone, MilestoneChange, Review, ReviewVersion, ScheduleChange, User
from judging.queries.contests import calendar_of
from judging.queries.workdays import calendar as working_days


@dataclass(frozen=True)
class Change:
    """A date that was moved or a milestone that was changed: by whom, when and why."""

    code: str
    before: datetime | str | None
    after: datetime | str | None
    by_hand: bool
    reason: str
    at: datetime
    by: str | None


def stored(session: Session, contest_id: int) -> Mapping[Code, Milestone]:
    """Return the stored milestones by their code."""
    rows = session.scalars(select(Milestone).where(Milestone.contest_id == contest_id)).all()
    found = {Code(row.code): row for row in rows}
    return {code: found[code] for code in Code if code in found}


def row_of(milestone: Milestone) -> Row:
    """Return a stored milestone as the domain has it."""
    if milestone.at is not None:
        return Row(milestone.at, milestone.came_at)
    after = After(Code(milestone.after or ""), milestone.days or 0, Unit(milestone.unit or ""))
    return Row(after, milestone.came_at)


def rows_of(session: Session, contest_id: int) -> dict[Code, Row]:
    """Return the milestones of a contest beside its own dates."""
    return {code: row_of(one) for code, one in stored(session, contest_id).items()}


def resolved(session: Session, contest: Contest, dates: Calendar | None = None) -> Mapping[Code, Resolved]:
    """Return when each milestone of a contest comes, or would come with other ``dates``."""
    return _resolved(session, dates or calendar_of(contest), rows_of(session, contest.id))


def milestone(session: Session, contest: Contest, code: Code) -> datetime | None:
    """Return when a milestone comes that is none of the contest's own dates; None where it decides nothing."""
    rows = rows_of(session, contest.id)
    if code not in rows:
        return None
    found = _resolved(session, calendar_of(contest), rows).get(code)
    return None if found is None else found.binding


def latest_taken(session: Session, contest: Contest, code: Code) -> datetime | None:
    """Return when the last thing was handed in here before a close of the contest; None where nothing was."""
    at: InstrumentedAttribute[Any]
    if code is Code.APPLICATIONS_CLOSE:
        at = Application.submitted_at
        query = select(func.max(at)).where(Application.contest_id == contest.id)
        query = query.where(Application.receipt_sha256.is_not(None))
    else:
        at = ReviewVersion.made_at
        query = select(func.max(at)).join(Review, Review.id == ReviewVersion.review_id)
        query = query.where(Review.contest_id == contest.id, ReviewVersion.made_by_id.is_not(None))
    return session.scalar(query.where(at < getattr(contest, code.value)))


def changes(session: Session, contest_id: int) -> list[Change]:
    """Return every change of the contest's dates and milestones, the latest first."""
    dates, other = ScheduleChange, MilestoneChange
    moved: Sequence[Any] = session.execute(
        select(dates.field, dates.before, dates.after, dates.reason, dates.changed_at, User.name)
        .outerjoin(User, User.id == dates.changed_by_id)
        .where(dates.contest_id == contest_id)
        .order_by(dates.changed_at.desc(), dates.id.desc())
    ).all()
    planned: Sequence[Any] = session.execute(
        select(other.code, other.before, other.after, other.by_hand, other.reason, other.changed_at, User.name)
        .outerjoin(User, User.id == other.changed_by_id)
        .where(other.contest_id == contest_id)
        .order_by(other.changed_at.desc(), other.id.desc())
    ).all()
    found = [
        *(Change(code, before, after, after == at, reason, at, by) for code, before, after, reason, at, by in moved),
        *(Change(*row) for row in planned),
    ]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _resolved(session: Session, dates: Calendar, rows: Mapping[Code, Row]) -> Mapping[Code, Resolved]:
    counted = any(isinstance(row.plan, After) for row in rows.values())
    return resolve(dates, rows, working_days(session) if counted else WorkingDays())
