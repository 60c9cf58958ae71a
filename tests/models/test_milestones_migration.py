"""The migration adds milestones, extensions and the calendar's additions beside what is there, and takes them away."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.orm import Session

from judging.cli.database import alembic_config
from judging.models import Application, CalendarDay, CalendarYear, Expert, Extension, MilestoneChange, Review
from judging.models.engine import prepare
from tests import factories, histories
from tests.databases import migrated_at
from tests.factories import MOMENT

pytestmark = pytest.mark.slow

BEFORE, AFTER = "0015", "head"
ADDED = {"milestones", "milestone_changes", "extensions", "calendar_days", "calendar_years"}
ROWS = {"applications": "id, number, status, submitted_at", "reviews": "id, status, submitted_at, version"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return migrated_at(request.param, "milestones", tmp_path)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = prepare(create_engine(url))
    yield engine
    engine.dispose()


def stored(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY id"))]
            for table, columns in ROWS.items()
        }


def test_what_was_there_stays_up_and_down_and_up_again(url: str, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        history = histories.judged(session)
        contest = history.contest
        factories.milestone(session, contest, "meeting")
        factories.milestone(session, contest, "results", after="meeting", days=5, unit="working")
        draft = factories.application(session, contest, status="draft")
        factories.extension(session, draft, contest.applications_close + timedelta(days=1))
        expert = session.scalars(select(Expert).where(Expert.contest_id == contest.id)).first()
        assert expert is not None
        factories.extension(session, expert, contest.review_close + timedelta(days=1))
        session.add(MilestoneChange(contest_id=contest.id, code="meeting", after="x", reason="x", changed_at=MOMENT))
        session.add(CalendarDay(day=date(2028, 3, 6), works=False, act="x", added_at=MOMENT))
        session.add(CalendarYear(year=2028, act="x", added_at=MOMENT))
    before = stored(engine)
    assert [len(rows) > 0 for rows in before.values()] == [True, True]
    command.downgrade(alembic_config(url), BEFORE)
    assert ADDED & set(inspect(engine).get_table_names()) == set()
    assert stored(engine) == before
    command.upgrade(alembic_config(url), "head")
    assert ADDED - set(inspect(engine).get_table_names()) == set()
    assert stored(engine) == before
    with Session(engine) as session:
        assert set(session.scalars(select(Application.lateness))) == {None}
        assert set(session.scalars(select(Review.lateness))) == {None}
        assert session.scalars(select(Extension)).all() == []
