"""What somebody may see of the marks of a contest, read in one place and asked by every page, list and file.

``domain/visibility.py`` decides; here it is told how far the reviews are. Pages of staff ask :func:`sight`, once a
request; those of an expert :func:`others`; those of a team :func:`addressed_to_applicant`. Commands are exempt: whoever
runs them has the database in hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, Role, Scope, roles_at
from judging.domain.lifecycle import ApplicationStatus, ContestStatus, ReviewStatus
from judging.domain.lifecycle.contest import RANKED
from judging.domain.lifecycle.review import GIVEN, TOLD, UNFINISHED
from judging.domain.sheet_rules import Audience
from judging.domain.visibility import (
    OPEN,
    STRICTNESS,
    Moment,
    Opens,
    Sight,
    Task,
    Visibility,
    label_numbers,
    opens_to_expert,
    opens_to_staff,
    visibility_of,
)
from judging.models import Application, Contest, EarlyLook, Expert, Review, User
from judging.queries.assignment.places import in_conflict, not_barred
from judging.queries.extensions import still_awaited
from judging.queries.paging import Page, windowed

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When experts were told of a task that came with an archive: before all others."""


def sight(session: Session, actor: Actor, contest: Contest, now: datetime) -> Sight:
    """Return what ``actor`` may see of the marks: nothing is asked of the database where the setting hides nothing."""
    setting = visibility_of(contest.visibility)
    opens = _of_staff(actor, contest.id, setting)
    if opens is Opens.HANDED_IN or actor.user_id is None:
        return OPEN
    closed = reviews_closed(session, contest, now)
    if opens_to_staff(opens, Moment(all_submitted=False, closed=closed)):
        return Sight(everything=True, opens=opens)
    looked = _looked_at(session, actor, contest.id, now)
    if None in looked:
        return Sight(everything=True, opens=opens)
    shown = frozenset(one for one in looked if one is not None)
    if opens is not Opens.ALL:
        return Sight(everything=False, opens=opens, applications=shown)
    waiting, submitted = _by_application(session, contest.id)
    return Sight(everything=not waiting and bool(submitted), opens=opens, applications=shown | (submitted - waiting))


def _of_staff(actor: Actor, contest_id: int, setting: Visibility) -> Opens:
    """What the setting says for this person: of a chair who is on the staff as well, what opens earlier."""
    roles = roles_at(actor, Scope(contest_id=contest_id))
    said = [setting.chair] if Role.CHAIR in roles else []
    said += [setting.staff] if roles & {Role.SECRETARY, Role.OBSERVER} else []
    return min(said, key=STRICTNESS.__getitem__, default=Opens.CLOSED)


def reviews_closed(session: Session, contest: Contest, now: datetime) -> bool:
    """Say whether no review is awaited any more: the ranking is made up, or the time of everybody is over."""
    if contest.status in RANKED:
        return True
    if now < contest.review_close:
        return False
    return still_awaited(session, contest.id, now).reviews == 0


def _looked_at(session: Session, actor: Actor, contest_id: int, now: datetime) -> frozenset[int | None]:
    """The applications that the person has opened for themselves and that have not closed again; None: everything."""
    query = select(EarlyLook.application_id).where(
        EarlyLook.contest_id == contest_id, EarlyLook.user_id == actor.user_id, EarlyLook.until > now
    )
    return frozenset(session.scalars(query))


def _by_application(session: Session, contest_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """The applications with a review that is awaited, and those with one that is handed in."""
    query = (
        select(Review.application_id, Review.status)
        .join(Application, Application.id == Review.application_id)
        .where(Review.contest_id == contest_id, Review.status.in_(GIVEN), not_barred())
        .where(Application.status == ApplicationStatus.ADMITTED)
        .distinct()
    )
    rows = session.execute(query).all()
    waiting = frozenset(row.application_id for row in rows if row.status in UNFINISHED)
    return waiting, frozenset(row.application_id for row in rows if row.status == ReviewStatus.SUBMITTED)


class Label(NamedTuple):
    """The number in «Expert 1», «Expert 2»; ``name`` is None where it is not told."""

    number: int
    name: str | None


@dataclass(frozen=True)
class Handed:
    """A review of another expert as it may be read; ``review`` is not to be shown but for what its readers may see."""

    label: Label
    review: Review


@dataclass(frozen=True)
class Others:
    """What an expert sees of the others on the same application: their reviews, or when these open.

    ``own`` is the number of the expert's own label. ``opens`` NEVER: nothing is said of others at all.
    """

    opens: Opens
    open: bool
    own: int
    handed_in: tuple[Handed, ...] = ()


def others(session: Session, review: Review, contest: Contest, now: datetime) -> Others:
    """Return what the expert of ``review`` sees of the other experts' reviews: nothing is asked where it is never."""
    setting = visibility_of(contest.visibility)
    if setting.experts is Opens.NEVER:
        return Others(Opens.NEVER, open=False, own=0)
    rows = _tasks(session, review.application_id)
    numbers = _numbers(contest, rows)
    own = review.status == ReviewStatus.SUBMITTED
    awaited = any(row.status in UNFINISHED and not row.barred for row in rows)
    closed = own and setting.experts is not Opens.OWN and reviews_closed(session, contest, now)
    if not opens_to_expert(setting.experts, Moment(not awaited, closed), own_submitted=own):
        return Others(setting.experts, open=False, own=numbers.get(review.id, 0))
    found = _handed_in(session, Review.application_id == review.application_id, Review.id != review.id)
    names = {one.id: name for one, name in found} if setting.names else {}
    shown = [Handed(Label(numbers[one.id], names.get(one.id)), one) for one, _ in found]
    shown.sort(key=lambda one: one.label.number)
    return Others(setting.experts, open=True, own=numbers[review.id], handed_in=tuple(shown))


def addressed_to_applicant(session: Session, application: Application) -> Sequence[Handed] | None:
    """Return the reviews with comments that the applicant reads, by their labels; None where there are to be none.

    They open with the results. A review that staff set aside, or of an expert in conflict, is not among them.
    """
    contest = application.contest
    open_now = contest.status == ContestStatus.RESULTS_PUBLISHED
    if not open_now or Audience.APPLICANT.value not in contest.sheet.get("audiences", ()):
        return None
    numbers = _numbers(contest, _tasks(session, application.id))
    found = _handed_in(session, Review.application_id == application.id)
    shown = [Handed(Label(numbers[one.id], None), one) for one, _ in found]
    marked = visibility_of(contest.visibility).applicant_marks
    return sorted((one for one in shown if marked or _says(one.review)), key=lambda one: one.label.number)


def _says(review: Review) -> bool:
    return any(text.strip() for text in review.notes.get(Audience.APPLICANT.value, {}).values())


def labels_of(session: Session, contest: Contest, application_id: int) -> Mapping[int, int]:
    """Return the number in «Expert 1», «Expert 2» of each task on an application: the same wherever it is shown."""
    return _numbers(contest, _tasks(session, application_id))


def _tasks(session: Session, application_id: int) -> Sequence[Any]:
    barred = in_conflict().label("barred")
    columns: tuple[Any, ...] = (Review.id, Review.status, Review.additional, Review.notified_at, barred)
    return session.execute(
        select(*columns).where(Review.application_id == application_id, Review.status.in_(TOLD))
    ).all()


def _numbers(contest: Contest, rows: Sequence[Any]) -> Mapping[int, int]:
    tasks = (Task(row.id, row.additional, row.notified_at or LONG_AGO) for row in rows)
    return label_numbers(contest.label_key, tasks)


def _handed_in(session: Session, *conditions: ColumnElement[bool]) -> Sequence[tuple[Review, str]]:
    """The reviews that count among those handed in, with the names of their experts."""
    query = (
        select(Review, Expert.name)
        .join(Expert, Expert.id == Review.expert_id)
        .where(*conditions, Review.status == ReviewStatus.SUBMITTED, Review.set_aside_at.is_(None), ~in_conflict())
    )
    return [(row.Review, row.name) for row in session.execute(query)]


@dataclass(frozen=True)
class Handing:
    """How far the reviews of a contest or of an application are: what staff see instead of marks."""

    submitted: int
    wanted: int


def handing(session: Session, contest_id: int, application_id: int | None = None) -> Handing:
    """Count the reviews that are handed in and those that are to be: one select."""
    query = (
        select(func.count().filter(Review.status == ReviewStatus.SUBMITTED), func.count())
        .select_from(Review)
        .join(Application, Application.id == Review.application_id)
        .where(Review.contest_id == contest_id, Review.status.in_(GIVEN), not_barred())
        .where(Application.status == ApplicationStatus.ADMITTED)
    )
    if application_id is not None:
        query = query.where(Review.application_id == application_id)
    return Handing(*session.execute(query).one())


@dataclass(frozen=True)
class LookRow:
    """An early look in the list; ``number`` is None where the whole contest was opened."""

    id: int
    who: str
    opened_at: datetime
    until: datetime
    reason: str
    application_id: int | None
    number: str | None
    title: str | None


def looks_page(session: Session, contest_id: int, page: int) -> Page[LookRow]:
    """One page of the looks before the time, the last one first: two selects."""
    mine = EarlyLook.contest_id == contest_id
    total = session.scalar(select(func.count()).select_from(EarlyLook).where(mine)) or 0
    query = (
        select(
            EarlyLook.id, User.name, EarlyLook.opened_at, EarlyLook.until, EarlyLook.reason, EarlyLook.application_id,
            Application.number, Application.title,
        )
        .join(User, User.id == EarlyLook.user_id)
        .outerjoin(Application, Application.id == EarlyLook.application_id)
        .where(mine)
        .order_by(EarlyLook.opened_at.desc(), EarlyLook.id.desc())
    )  # fmt: skip
    rows: Any = session.execute(windowed(query, page, total))
    return Page([LookRow(*row) for row in rows], page, total)
