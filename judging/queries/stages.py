"""Contests that are stages of one another, and what an application brings from the stage before."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from judging.domain.ranking import Outcome
from judging.models import Application, Cluster, Contest, RankingSnapshot
from judging.models.base import table_of
from judging.queries.rankings import present_snapshot


@dataclass(frozen=True)
class Earlier:
    """The application of the stage before; ``total`` None where its ranking has none of it (or is not approved)."""

    id: int
    number: str
    title: str
    contest_id: int
    contest_code: str
    contest_title: str
    total: Decimal | None


@dataclass(frozen=True)
class Passed:
    """An application that passed a stage: ``winner`` says that it gets money as well."""

    id: int
    number: str
    team_id: int | None
    winner: bool


def previous_of(session: Session, contest: Contest) -> Contest | None:
    """Return the contest whose next stage this one is."""
    return None if contest.previous_id is None else session.get(Contest, contest.previous_id)


def chain_of(session: Session, contest_id: int | None) -> list[int]:
    """Return a contest and the stages before it, the nearest first; each once, whatever the rows say."""
    chain: list[int] = []
    while contest_id is not None and contest_id not in chain:
        chain.append(contest_id)
        contest_id = session.scalar(select(Contest.previous_id).where(Contest.id == contest_id))
    return chain


def approved_rows(session: Session, contest_id: int) -> list[Mapping[str, Any]] | None:
    """Return the rows of the contest's approved ranking; None where there is none."""
    stored = present_snapshot(session, contest_id)
    return None if stored is None or stored.approved_at is None else list(stored.ranking["rows"])


def passed_of(session: Session, contest_id: int) -> list[Passed] | None:
    """Return the applications that passed the contest by its approved ranking, in its order; None before that."""
    rows = approved_rows(session, contest_id)
    if rows is None:
        return None
    known = {
        row.number: row
        for row in session.execute(
            select(Application.id, Application.number, Cluster.team_id)
            .join(Cluster, Cluster.id == Application.cluster_id)
            .where(Application.contest_id == contest_id, Application.number.is_not(None))
        )
    }
    return [
        Passed(known[row["number"]].id, row["number"], known[row["number"]].team_id, row["outcome"] == Outcome.WINNER)
        for row in rows
        if row["passed"] and row["needs"] is None and row["number"] in known
    ]


def carried_ids(session: Session, contest_id: int) -> frozenset[int]:
    """Return the ids of the earlier applications that were carried over into the contest."""
    query = select(Application.previous_id).where(
        Application.contest_id == contest_id, Application.previous_id.is_not(None)
    )
    return frozenset(one for one in session.scalars(query) if one is not None)


def may_enter(session: Session, contest: Contest, team_id: int) -> bool:
    """Say whether a team may apply: in a next stage that is closed to others, only with what was carried over."""
    if contest.previous_id is None or not contest.previous_only:
        return True
    carried = exists().where(
        Application.contest_id == contest.id, Application.team_id == team_id, Application.previous_id.is_not(None)
    )
    return bool(session.scalar(select(carried)))


def earlier_of(session: Session, application: Application) -> Earlier | None:
    """Return the application of the stage before; None where there is none."""
    if application.previous_id is None:
        return None
    row = session.execute(
        select(
            Application.id, Application.number, Application.title, Contest.id.label("contest_id"),
            Contest.code, Contest.title.label("contest_title"),
        )
        .join(Contest, Contest.id == Application.contest_id)
        .where(Application.id == application.previous_id)
    ).one()  # fmt: skip
    totals = _totals(session, row.contest_id)
    return Earlier(
        row.id, row.number or "", row.title, row.contest_id, row.code, row.contest_title, totals.get(row.number)
    )


def previous_totals(session: Session, contest: Contest) -> Mapping[str, Decimal] | None:
    """Return the totals of the stage before by the number of the application in this one; None in a first stage."""
    if contest.previous_id is None:
        return None
    totals = _totals(session, contest.previous_id)
    first = table_of(Application).alias("first")
    rows = session.execute(
        select(Application.number, first.c.number.label("earlier"))
        .join(first, first.c.id == Application.previous_id)
        .where(Application.contest_id == contest.id, Application.number.is_not(None))
    )
    return {str(row.number): totals[row.earlier] for row in rows if row.earlier in totals}


def _totals(session: Session, contest_id: int) -> dict[str, Decimal]:
    return {row["number"]: Decimal(row["total"]) for row in approved_rows(session, contest_id) or ()}


def is_approved(session: Session, contest_id: int) -> bool:
    """Say whether the ranking of the contest is approved."""
    found = exists().where(
        RankingSnapshot.contest_id == contest_id,
        RankingSnapshot.revoked_at.is_(None),
        RankingSnapshot.approved_at.is_not(None),
    )
    return bool(session.scalar(select(found)))
