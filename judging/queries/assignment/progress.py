"""How far the experts are: counts, filled marks and the last activity. Marks themselves are never read out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.lifecycle.review import TOLD, UNFINISHED
from judging.models import Application, Criterion, Expert, Letter, Review, User
from judging.queries.assignment.chips import BoardFilter
from judging.queries.assignment.places import admitted, in_conflict, not_barred
from judging.queries.nominations import marked_by_nomination
from judging.queries.paging import Page, windowed
from judging.queries.searching import contains_words, ordered


@dataclass(frozen=True)
class Progress:
    """An expert's tasks by status; ``marks`` given of ``marks_wanted`` on the sheets in work."""

    id: int
    name: str
    email: str
    joined: bool
    assigned: int
    accepted: int
    submitted: int
    recused: int
    declined: int
    set_aside: int
    marks: int
    marks_wanted: int
    last_activity: datetime | None

    @property
    def total(self) -> int:
        """The tasks that are the expert's to do."""
        return self.assigned + self.accepted + self.submitted

    @property
    def unfinished(self) -> int:
        """The tasks not handed in yet."""
        return self.assigned + self.accepted

    @property
    def off(self) -> int:
        """The tasks that the expert is off: in conflict, or refused."""
        return self.recused + self.declined


@dataclass(frozen=True)
class Totals:
    """Tasks of the whole contest by status, and how many experts have unfinished ones."""

    assigned: int
    accepted: int
    submitted: int
    recused: int
    declined: int
    set_aside: int
    experts: int
    waiting: int

    @property
    def total(self) -> int:
        """The tasks that are to be done."""
        return self.assigned + self.accepted + self.submitted

    @property
    def off(self) -> int:
        """The tasks that their experts are off."""
        return self.recused + self.declined


@dataclass(frozen=True)
class Addressee:
    """An expert whom a letter tells of ``tasks``; ``review_ids`` ascending; ``created`` when each was proposed."""

    id: int
    name: str
    email: str
    locale: str
    joined: bool
    review_ids: tuple[int, ...]
    created: tuple[datetime, ...]

    @property
    def tasks(self) -> int:
        """How many tasks the letter tells of."""
        return len(self.review_ids)

    @property
    def mark(self) -> str:
        """A text that stands for exactly these tasks: numbers of removed ones may return, their instants do not."""
        text = " ".join(f"{key}@{at.isoformat()}" for key, at in zip(self.review_ids, self.created, strict=True))
        return f"{self.id}:{sha256(text.encode()).hexdigest()}"


def progress_page(
    session: Session, contest_id: int, choice: BoardFilter, *, experts: int | None = None
) -> Page[Progress]:
    """One page of the experts who have tasks, whose number is known where nothing is looked for: five selects."""
    plain = choice.sort.removeprefix("-") in ("", "name") and not choice.state
    query = _with_tasks(contest_id, choice) if plain else _progress(contest_id, choice)
    total = experts
    if total is None or choice.narrowed:
        total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows: Sequence[Any] = session.execute(windowed(query, choice.page, total)).all()
    if plain:
        ids = [row.id for row in rows]
        rows = session.execute(_progress(contest_id, choice).where(Expert.id.in_(ids))).all()
    ids = [row.id for row in rows]
    judged = marked_by_nomination(session, contest_id)
    if judged:
        marks, wanted = _marks_in_nominations(session, contest_id, ids, judged)
    else:
        marks, criteria = _marks_given(session, contest_id, ids), _expert_criteria(session, contest_id)
        wanted = {row.id: row.accepted * criteria for row in rows}
    return Page(tuple(_progress_row(row, marks, wanted) for row in rows), choice.page, total)


def _with_tasks(contest_id: int, choice: BoardFilter) -> Select[int]:
    """Select the numbers of the experts who have tasks, by name: the tasks of others are not looked at."""
    task = (
        select(Review.id)
        .join(Application, Application.id == Review.application_id)
        .where(Review.expert_id == Expert.id, Review.status.in_(TOLD), not_barred())
        .where(Application.status == ApplicationStatus.ADMITTED)
        .correlate(Expert)
    )
    query = select(Expert.id).where(Expert.contest_id == contest_id, task.exists())
    query = query.where(*contains_words(Expert.search_text, choice.text))
    return ordered(query, {"name": Expert.sort_name}, choice.sort, "name", Expert.id)


def totals(session: Session, contest_id: int) -> Totals:
    """The tasks of the whole contest: one select."""
    waiting = case((Review.status.in_(UNFINISHED), Review.expert_id))
    query = (
        select(
            *_counts(),
            func.count(func.distinct(Review.expert_id)).label("experts"),
            func.count(func.distinct(waiting)).label("waiting"),
        )
        .select_from(Review)
        .join(Application)
        .where(admitted(contest_id), Review.status.in_(TOLD), not_barred())
    )
    row = session.execute(query).one()
    return Totals(**{name: value or 0 for name, value in row._mapping.items()})


def addressees(session: Session, contest_id: int, statuses: Iterable[ReviewStatus]) -> list[Addressee]:
    """The experts with tasks of these statuses on admitted applications, pairs in conflict left out; by name."""
    query = (
        select(Review.id.label("review_id"), Review.created_at, Expert.id, Expert.name, Expert.email, Expert.user_id)
        .join(Expert, Expert.id == Review.expert_id)
        .join(Application, Application.id == Review.application_id)
        .where(admitted(contest_id), Review.status.in_(tuple(statuses)), ~in_conflict())
        .order_by(Expert.sort_name, Expert.id, Review.id)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.id, []).append(row)
    locales = _locales(session, contest_id)
    return [_addressee(rows, locales) for rows in found.values()]


def reminder_key(contest_id: int, expert_id: int, day: str) -> str:
    """The key of the one reminder that an expert gets a day (``day`` an ISO date)."""
    return f"reminder:{contest_id}:{expert_id}:{day}"


def reminded(session: Session, contest_id: int, expert_ids: Iterable[int], day: str) -> frozenset[int]:
    """Which of these experts have been reminded on this day."""
    keys = {reminder_key(contest_id, one, day): one for one in expert_ids}
    sent = session.scalars(select(Letter.key).where(Letter.key.like(f"reminder:{contest_id}:%:{day}")))
    return frozenset(keys[key] for key in sent if key in keys)


def _progress(contest_id: int, choice: BoardFilter) -> Select[*tuple[Any, ...]]:
    unfinished = func.sum(case((Review.status.in_(UNFINISHED), 1), else_=0))
    counts = _counts()
    activity = func.max(func.coalesce(Review.submitted_at, Review.saved_at, Review.declared_at))
    query = (
        select(Expert.id, Expert.name, Expert.email, Expert.user_id, *counts, activity.label("last_activity"))
        .join(Review, Review.expert_id == Expert.id)
        .join(Application, Application.id == Review.application_id)
        .where(
            admitted(contest_id),
            Review.status.in_(TOLD),
            not_barred(),
            *contains_words(Expert.search_text, choice.text),
        )
        .group_by(Expert.id, Expert.name, Expert.sort_name, Expert.email, Expert.user_id)
    )
    assigned, accepted, submitted, recused, declined, aside = (column.element for column in counts)
    states = {"unfinished": unfinished > 0, "waiting": assigned > 0, "work": accepted > 0,
              "done": unfinished == 0, "recused": recused + declined > 0, "aside": aside > 0}  # fmt: skip
    if choice.state in states:
        query = query.having(states[choice.state])
    orders = {"name": Expert.sort_name, "unfinished": unfinished, "submitted": submitted, "activity": activity}
    return ordered(query, orders, choice.sort, "name", Expert.id)


def _counts() -> list[Any]:
    by_status = [func.sum(case((Review.status == status, 1), else_=0)).label(status.value) for status in TOLD]
    return [*by_status, func.sum(case((Review.set_aside_at.is_not(None), 1), else_=0)).label("set_aside")]


def _progress_row(row: Any, marks: Mapping[int, int], wanted: Mapping[int, int]) -> Progress:
    values = dict(row._mapping)
    joined = values.pop("user_id") is not None
    return Progress(**values, joined=joined, marks=marks.get(row.id, 0), marks_wanted=wanted.get(row.id, 0))


def _marks_given(session: Session, contest_id: int, expert_ids: list[int]) -> Mapping[int, int]:
    """How many marks each expert has filled in on the sheets in work."""
    query = (
        select(Review.expert_id, Review.scores)
        .join(Application)
        .where(Review.expert_id.in_(expert_ids), Review.status == ReviewStatus.ACCEPTED)
        .where(Review.contest_id == contest_id, Application.status == ApplicationStatus.ADMITTED)
    )
    given: Counter[int] = Counter()
    for row in session.execute(query):
        given[row.expert_id] += len(row.scores)
    return given


def _marks_in_nominations(
    session: Session, contest_id: int, expert_ids: list[int], judged: Mapping[int | None, frozenset[str]]
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """How many marks each expert has filled in, and how many are wanted, each sheet by its own nomination."""
    query = (
        select(Review.expert_id, Review.scores, Application.nomination_id)
        .join(Application)
        .where(Review.expert_id.in_(expert_ids), Review.status == ReviewStatus.ACCEPTED, not_barred())
        .where(Review.contest_id == contest_id, Application.status == ApplicationStatus.ADMITTED)
    )
    given: Counter[int] = Counter()
    wanted: Counter[int] = Counter()
    for row in session.execute(query):
        codes = judged.get(row.nomination_id, frozenset())
        given[row.expert_id] += len(codes.intersection(row.scores))
        wanted[row.expert_id] += len(codes)
    return given, wanted


def _expert_criteria(session: Session, contest_id: int) -> int:
    query = select(func.count(Criterion.id)).where(Criterion.contest_id == contest_id, Criterion.kind == "expert")
    return session.scalar(query) or 0


def _locales(session: Session, contest_id: int) -> Mapping[int, str]:
    query = select(Expert.id, User.locale).join(User, User.id == Expert.user_id).where(Expert.contest_id == contest_id)
    return {row.id: row.locale for row in session.execute(query)}


def _addressee(rows: list[Any], locales: Mapping[int, str]) -> Addressee:
    first = rows[0]
    return Addressee(
        id=first.id,
        name=first.name,
        email=first.email,
        locale=locales.get(first.id, "ru"),
        joined=first.user_id is not None,
        review_ids=tuple(row.review_id for row in rows),
        created=tuple(row.created_at for row in rows),
    )
