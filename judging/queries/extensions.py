"""More time for one application or one expert: what is in force, and the time that each has by it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from judging.domain.lifecycle import ApplicationStatus
from judging.domain.lifecycle.review import UNFINISHED
from judging.domain.milestones import Code, Window
from judging.domain.stages import Calendar
from judging.models import Application, Cluster, Contest, Expert, Extension, Review, ReviewVersion, User
from judging.models.base import table_of
from judging.queries.assignment.places import not_barred
from judging.queries.contests import calendar_of
from judging.queries.milestones import milestone

EXTENSIONS = table_of(Extension)


@dataclass(frozen=True)
class Granted:
    """An extension in force: until when, why, and who granted it when; ``by`` is None for the console."""

    until: datetime
    reason: str
    at: datetime
    by: str | None


@dataclass(frozen=True)
class DraftRow:
    """A draft application as the staff may know of it: whose cluster it is and when it was begun."""

    id: int
    cluster: str
    created_at: datetime


def of_application(session: Session, application_id: int, now: datetime) -> Granted | None:
    """Return the extension of an application that ends last, of those not taken back by ``now``; None without one."""
    return _granted(session, Extension.application_id, application_id, now)


def of_expert(session: Session, expert_id: int, now: datetime) -> Granted | None:
    """Return the extension of an expert that ends last, of those not taken back by ``now``; None without one."""
    return _granted(session, Extension.expert_id, expert_id, now)


def _granted(session: Session, whose: InstrumentedAttribute[Any], key: int, now: datetime) -> Granted | None:
    row = session.execute(_last_granted(whose), {"key": key, "now": now}).first()
    return None if row is None else Granted(*row)


@cache
def _last_granted(whose: InstrumentedAttribute[Any]) -> Select[Any]:
    table, users = EXTENSIONS.c, table_of(User)
    now = bindparam("now", type_=table.revoked_at.type)
    columns: tuple[Any, ...] = (table.until, table.reason, table.granted_at, users.c.name)
    return (
        select(*columns)
        .select_from(EXTENSIONS.outerjoin(users, users.c.id == table.granted_by_id))
        .where(table[whose.key] == bindparam("key"), or_(table.revoked_at.is_(None), table.revoked_at > now))
        .order_by(table.until.desc(), table.id.desc())
        .limit(1)
    )


def latest_by(session: Session, extension: Extension) -> datetime | None:
    """Return when an expert handed in last before the extension ends; None where it is no expert's, or nothing was."""
    handed_in = select(func.max(ReviewVersion.made_at)).join(Review, Review.id == ReviewVersion.review_id)
    handed_in = handed_in.where(Review.expert_id == extension.expert_id, ReviewVersion.made_by_id.is_not(None))
    return session.scalar(handed_in.where(ReviewVersion.made_at < extension.until))


def of_cards(session: Session, expert_ids: Collection[int]) -> Mapping[str, Granted]:
    """Return the extensions of these expert cards by the code of their contest; of each the one that ends last."""
    rows = session.execute(
        select(Contest.code, Extension.until, Extension.reason, Extension.granted_at, User.name)
        .join(Contest, Contest.id == Extension.contest_id)
        .outerjoin(User, User.id == Extension.granted_by_id)
        .where(Extension.expert_id.in_(list(expert_ids)), Extension.revoked_at.is_(None))
        .where(Extension.until > Contest.review_close)
        .order_by(Extension.until, Extension.id)
    )
    return {row.code: Granted(row.until, row.reason, row.granted_at, row.name) for row in rows}


@dataclass(frozen=True)
class Time:
    """The time that one team or expert has: the window, the contest's dates with it, and the extension, if any."""

    window: Window
    calendar: Calendar
    granted: Granted | None

    @property
    def extended(self) -> Granted | None:
        """The extension, where it ends later than the contest's own date."""
        return self.granted if self.granted is not None and self.granted.until > self.window.closes else None


def time_to_submit(session: Session, application: Application, now: datetime) -> Time:
    """Return the time in which an application can be submitted, as it was for what arrived at ``now``."""
    contest, granted = application.contest, of_application(session, application.id, now)
    window = Window(
        contest.applications_open, contest.applications_close,
        milestone(session, contest, Code.APPLICATIONS_SOFT), granted.until if granted else None,
    )  # fmt: skip
    return Time(window, replace(calendar_of(contest), applications_close=window.ends), granted)


def time_to_change(session: Session, application: Application, now: datetime) -> datetime:
    """Return until when the team of a submitted application may change it.

    Where it was in time that is the announced deadline, so that no change makes it late; with an extension of its own,
    or where it was late already, the end of its time.
    """
    window = time_to_submit(session, application, now).window
    in_time = application.lateness is None and window.extended is None
    return window.due if in_time else window.ends


def time_to_review(session: Session, contest: Contest, expert_id: int, now: datetime) -> Time:
    """Return the time in which an expert of a contest can hand in reviews, as it was for what arrived at ``now``."""
    granted = of_expert(session, expert_id, now)
    window = Window(
        contest.applications_open, contest.review_close,
        milestone(session, contest, Code.REVIEW_SOFT), granted.until if granted else None,
    )  # fmt: skip
    return Time(window, replace(calendar_of(contest), review_close=window.ends), granted)


def later(deadline: datetime, until: datetime | None) -> datetime:
    """Return the deadline that counts: the later one of the contest's and the extension's."""
    return deadline if until is None else max(deadline, until)


def until_of_experts(session: Session, contest_id: int) -> Mapping[int, datetime]:
    """Return by expert until when their extensions in force last."""
    extension = EXTENSIONS.c
    return dict(session.execute(_by_expert().where(extension.contest_id == contest_id)).all())


@cache
def _by_expert() -> Select[Any]:
    extension = EXTENSIONS.c
    return (
        select(extension.expert_id, func.max(extension.until))
        .where(extension.expert_id.is_not(None), extension.revoked_at.is_(None))
        .group_by(extension.expert_id)
    )


def until_of_application(application_id: ColumnElement[Any]) -> ScalarSelect[datetime | None]:
    """Select until when an application's extension in force lasts, for a row of another statement."""
    extension = EXTENSIONS.c
    return (
        select(func.max(extension.until))
        .where(extension.application_id == application_id, extension.revoked_at.is_(None))
        .scalar_subquery()
    )


def until_of_cards(contest_id: ColumnElement[Any]) -> ScalarSelect[datetime | None]:
    """Select until when the extensions of the expert ``cards`` last in a contest, for a row of another statement."""
    extension = EXTENSIONS.c
    return (
        select(func.max(extension.until))
        .where(extension.contest_id == contest_id, extension.revoked_at.is_(None))
        .where(extension.expert_id.in_(bindparam("cards", expanding=True)))
        .scalar_subquery()
    )


def of_contest(session: Session, contest_id: int) -> Sequence[Extension]:
    """Return every extension of a contest, those taken back too, the latest first."""
    whose = (
        joinedload(Extension.application).joinedload(Application.cluster),
        joinedload(Extension.expert),
        joinedload(Extension.granted_by),
    )
    return session.scalars(
        select(Extension)
        .options(*whose)
        .where(Extension.contest_id == contest_id)
        .order_by(Extension.granted_at.desc(), Extension.id.desc())
    ).all()


def drafts(session: Session, contest_id: int) -> list[DraftRow]:
    """Return the drafts of a contest: whose cluster each is and when it was begun, nothing of what it says."""
    rows = session.execute(
        select(Application.id, Cluster.name, Application.created_at)
        .join(Cluster, Cluster.id == Application.cluster_id)
        .where(Application.contest_id == contest_id, Application.status == ApplicationStatus.DRAFT)
        .order_by(Cluster.name, Application.created_at, Application.id)
    )
    return [DraftRow(*row) for row in rows]


def experts(session: Session, contest_id: int) -> list[tuple[int, str]]:
    """Return the experts of a contest by name."""
    query = select(Expert.id, Expert.name).where(Expert.contest_id == contest_id)
    return [(key, name) for key, name in session.execute(query.order_by(Expert.sort_name, Expert.id))]


def open_for_drafts(session: Session, contest_id: int, now: datetime) -> int:
    """Count the drafts that may still be submitted by an extension."""
    query = (
        select(func.count(func.distinct(Extension.application_id)))
        .join(Application, Application.id == Extension.application_id)
        .where(Extension.contest_id == contest_id, Extension.revoked_at.is_(None), Extension.until > now)
        .where(Application.status == ApplicationStatus.DRAFT)
    )
    return session.scalar(query) or 0


@dataclass(frozen=True)
class StillAwaited:
    """What is awaited after the close by extensions: how many reviews, of how many experts."""

    reviews: int
    experts: int


def still_awaited(session: Session, contest_id: int, now: datetime) -> StillAwaited:
    """Count the unfinished reviews of experts who have an extension that has not passed."""
    extended = select(Extension.expert_id).where(
        Extension.contest_id == contest_id, Extension.revoked_at.is_(None), Extension.until > now
    )
    query = (
        select(func.count(), func.count(func.distinct(Review.expert_id)))
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .where(Review.contest_id == contest_id, Review.status.in_(UNFINISHED), Review.expert_id.in_(extended))
        .where(Application.status == ApplicationStatus.ADMITTED, not_barred())
    )
    return StillAwaited(*session.execute(query).one())
