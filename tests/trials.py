"""A trial for tests: made of a contest, and walked through on the database of the application."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from judging.adapters.preset import read_preset
from judging.domain.access import CONSOLE, By
from judging.domain.rehearsals import Step, Until
from judging.extensions import db
from judging.jobs.rehearsal import Rehearsal
from judging.models import Base, Contest
from judging.services.contests import ContestTerms, create_contest
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
        rehearsal = Rehearsal(contest_id, db.sessionmaker, storage, lambda: datetime.now(UTC), TASKS, **options)
        return rehearsal.walk(until)


def rows(store: Store) -> dict[str, int]:
    """How many rows each table has, but for the journal."""
    with store() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name != JOURNAL]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def code_of(store: Store, contest_id: int) -> str:
    with store() as session:
        return session.get_one(Contest, contest_id).code
