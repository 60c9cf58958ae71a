"""A trial for tests: made of a contest, and walked through on the database of the application."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset
from judging.domain import rehearsals
from judging.domain.access import CONSOLE, By
from judging.domain.rehearsals import Step, Until
from judging.extensions import db
from judging.jobs import rehearsal
from judging.jobs.rehearsal import Rehearsal
from judging.models import Base, Contest
from judging.queries.invariants import INVARIANTS
from judging.services.contests import ContestTerms, create_contest
from judging.services.rehearsals import acts, invention
from judging.services.trials import create_trial
from tests.conftest import Store
from tests.factories import MOMENT

TASKS = "https://contest.example/reviews"
JOURNAL = "journal"


def by(now: datetime | None = None) -> By:
    return By(CONSOLE, now or datetime.now(UTC))


def terms() -> ContestTerms:
    return ContestTerms(
        title="Конкурсный отбор совместных проектов участников промышленных кластеров",
        summary="О чём конкурс.",
        applications_open=MOMENT,
        applications_close=MOMENT.replace(month=5),
        review_close=MOMENT.replace(month=7),
        budget=1_500_000_000_00,
    )


def real_draft(store: Store, code: str = "REAL-1") -> int:
    """A real contest by the preset, as a draft."""
    with store() as session:
        contest = create_contest(session, code, terms(), read_preset(), by=by())
        session.flush()
        return contest.id


def trial_of(store: Store, source_id: int) -> int:
    """A trial of a contest."""
    with store() as session:
        contest = create_trial(session, source_id, by=by())
        session.flush()
        return contest.id


def rehearsed(app: Flask, contest_id: int, until: Until = Until.END, **options: Any) -> list[Step]:
    """Walk a trial through; return the steps that were done."""
    with app.app_context():
        storage = app.extensions["storage"]
        walking = Rehearsal(contest_id, db.sessionmaker, storage, lambda: datetime.now(UTC), TASKS, **options)
        return walking.walk(until)


def rows(store: Store) -> dict[str, int]:
    """How many rows each table has, but for the journal."""
    with store() as session:
        return rows_in(session)


def rows_in(session: Session) -> dict[str, int]:
    """The same within a transaction."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != JOURNAL]
    counts = [select(func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables]
    return dict(session.execute(select(*counts)).one()._mapping)


def filled_with_few(patch: pytest.MonkeyPatch) -> None:
    """Let a rehearsal fill in three applications instead of forty, and six experts instead of twenty."""
    for place in (acts, rehearsal, rehearsals):
        patch.setattr(place, "APPLICATIONS", 3)
        patch.setattr(place, "EXPERTS", 6)


def filled_with_every_kind(patch: pytest.MonkeyPatch) -> None:
    """Let a rehearsal fill in twelve applications, decided on in two goes; among them one of every kind of the forty.

    One is rejected, one withdrawn, of one an expert is off, and about two the experts differ.
    """
    for place in (acts, rehearsal, rehearsals):
        patch.setattr(place, "APPLICATIONS", 12)
        patch.setattr(place, "EXPERTS", 8)
    for name, places in (("REJECTED", {4}), ("WITHDRAWN", 6), ("RECUSED", {2})):
        patch.setattr(acts, name, places)
    patch.setattr(invention, "APART", {1, 8})


def code_of(store: Store, contest_id: int) -> str:
    with store() as session:
        return session.get_one(Contest, contest_id).code


def faults(store: Store) -> dict[str, list[str]]:
    with store() as session:
        return faults_in(session)


def faults_in(session: Session) -> dict[str, list[str]]:
    found = {one.code: [str(offence) for offence in one.find(session)] for one in INVARIANTS}
    return {code: offences for code, offences in found.items() if offences}
