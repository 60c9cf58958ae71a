"""Contests: one by its code, lists of them, what is stored of their rules as values of the domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, selectinload

from judging.adapters.archive import read_criterion, read_nomination, read_rules, read_sheet
from judging.domain.access import GRANTS, Actor, Permission
from judging.domain.lifecycle import ContestStatus
from judging.domain.lifecycle.contest import FINISHED
from judging.domain.nominations import Nomination
from judging.domain.rubric import Criterion
from judging.domain.rules import Rules
from judging.domain.sheet_rules import SheetRules
from judging.domain.stages import Calendar
from judging.models import Application, Contest, RankingSnapshot, ScheduleChange
from judging.queries.paging import Page, windowed

MOST_OFFERED = 300
"""Contests that a list to choose from has."""
FINISHED_SHOWN = 50
"""How many finished contests the home page lists; there is one contest or two a year."""


@dataclass(frozen=True)
class ContestRow:
    """A contest in a list; ``budget`` in kopecks, ``received`` the number of submitted applications."""

    id: int
    code: str
    title: str
    summary: str
    status: ContestStatus
    calendar: Calendar
    budget: int | None
    received: int


def code_taken(session: Session, code: str) -> str | None:
    """Return the code of the contest that has this one, in whatever case of letters; None where it is free."""
    found = session.scalars(select(Contest.code).where(func.lower(Contest.code) == code.lower())).all()
    return code if code in found else next(iter(found), None)


def codes_beginning(session: Session, beginning: str) -> frozenset[str]:
    """Return the codes that begin so, in small letters."""
    key = func.lower(Contest.code)
    return frozenset(session.scalars(select(key).where(key.startswith(beginning.lower(), autoescape=True))))


def with_code(session: Session, code: str) -> Contest | None:
    """Return the contest with just this code; None where there is none."""
    found: Contest | None = session.scalar(select(Contest).where(Contest.code == code))
    return found


def is_trial(session: Session, contest_id: int | None) -> bool:
    """Say whether the contest is a trial; None is none."""
    contest = None if contest_id is None else session.get(Contest, contest_id)
    return contest is not None and contest.trial


def by_code(session: Session, code: str) -> Contest:
    """Return the contest with its criteria; raise ``NoResultFound`` where there is none (routes check their scope)."""
    return session.execute(
        select(Contest).options(selectinload(Contest.criteria)).where(Contest.code == code)
    ).scalar_one()


def criteria_of(contest: Contest) -> tuple[Criterion, ...]:
    """Return the rubric as values of the domain, in its order."""
    return tuple(read_criterion(row.definition) for row in contest.criteria)


def nominations_of(contest: Contest) -> tuple[Nomination, ...]:
    """Return the nominations as values of the domain, in their order; empty where the contest has none."""
    return tuple(read_nomination(row.definition) for row in contest.nominations)


def rules_of(contest: Contest) -> Rules:
    """Return the rules as a value of the domain."""
    return read_rules(contest.rules)


def sheet_of(contest: Contest) -> SheetRules:
    """Return what a score sheet asks beside its marks, as a value of the domain."""
    return read_sheet(contest.sheet)


def calendar_of(contest: Contest) -> Calendar:
    """Return the dates as a value of the domain."""
    return Calendar(contest.applications_open, contest.applications_close, contest.review_close)


def visible_to(session: Session, actor: Actor, number: int = 1, *, trials: bool = False) -> Page[ContestRow]:
    """Return a page of the contests whose staff pages ``actor`` may open, the latest to close first.

    Real contests, or with ``trials`` the trials alone. Beyond the last page it is the last one.
    """
    condition = _staffed(actor) & Contest.trial.is_(trials)
    total = session.scalar(select(func.count(Contest.id)).where(condition)) or 0
    query = _rows().where(condition).order_by(Contest.applications_close.desc(), Contest.id.desc())
    rows = session.execute(windowed(query, number, total))
    return Page(tuple(map(_row, rows)), number, total)


def staffed_by(session: Session, actor: Actor) -> Sequence[Contest]:
    """Return the contests whose staff pages ``actor`` may open, the latest to close first; the latest hundreds."""
    query = select(Contest).where(_staffed(actor)).order_by(Contest.applications_close.desc(), Contest.id.desc())
    return session.scalars(query.limit(MOST_OFFERED)).all()


def public(session: Session) -> tuple[ContestRow, ...]:
    """Return the published contests: those that go on by their next date, then the latest finished ones."""
    real = Contest.trial.is_(False)
    shown = _rows().where(real, Contest.published_at.is_not(None), Contest.status != ContestStatus.DRAFT.value)
    going_on = shown.where(Contest.status.not_in(FINISHED)).order_by(Contest.applications_close, Contest.id)
    finished = shown.where(Contest.status.in_(FINISHED)).order_by(Contest.review_close.desc(), Contest.id.desc())
    rows = [*session.execute(going_on), *session.execute(finished.limit(FINISHED_SHOWN))]
    return tuple(map(_row, rows))


def schedule_changes(session: Session, contest_id: int) -> Sequence[ScheduleChange]:
    """Return the dates that were moved after publication, the latest first."""
    return session.scalars(
        select(ScheduleChange)
        .where(ScheduleChange.contest_id == contest_id)
        .order_by(ScheduleChange.changed_at.desc(), ScheduleChange.id.desc())
    ).all()


def published_snapshot(session: Session, contest_id: int) -> RankingSnapshot | None:
    """Return the published ranking that stands, None where none does."""
    return session.scalar(
        select(RankingSnapshot)
        .where(
            RankingSnapshot.contest_id == contest_id,
            RankingSnapshot.published_at.is_not(None),
            RankingSnapshot.revoked_at.is_(None),
        )
        .order_by(RankingSnapshot.number.desc())
        .limit(1)
    )


def _staffed(actor: Actor) -> ColumnElement[bool]:
    """The contests where the actor holds a role that opens a contest's staff pages."""
    readers = GRANTS[Permission.SEE_CONTEST]
    granted = {contest for contest, roles in actor.grants.items() if roles & readers}
    if None in granted:
        return true()
    return Contest.id.in_([contest for contest in granted if contest is not None])


def _rows() -> Select[Any]:
    received = (
        select(func.count(Application.id))
        .where(Application.contest_id == Contest.id, Application.number.is_not(None))
        .scalar_subquery()
    )
    return select(
        Contest.id, Contest.code, Contest.title, Contest.summary, Contest.status, Contest.budget,
        Contest.applications_open, Contest.applications_close, Contest.review_close, received.label("received"),
    )  # fmt: skip


def _row(row: Any) -> ContestRow:
    return ContestRow(
        id=row.id,
        code=row.code,
        title=row.title,
        summary=row.summary,
        status=ContestStatus(row.status),
        calendar=Calendar(row.applications_open, row.applications_close, row.review_close),
        budget=row.budget,
        received=row.received,
    )
