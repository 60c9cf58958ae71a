"""The migration fills what rules ask from the journal of an installation, and gives back the keys on the way down."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, delete, insert, inspect, select, text
from sqlalchemy.orm import Session

from judging.adapters.clock_steps import Step
from judging.cli.database import alembic_config
from judging.models import (
    AssignmentPlan,
    AssignmentRevision,
    ClockMark,
    ClockStep,
    Cluster,
    Conflict,
    JournalRecord,
    LiftedConflict,
    Review,
    Team,
    User,
)
from judging.models.engine import prepare
from judging.services.assignment.plan_edit import plan_changes, request_plan
from judging.services.clock import note_steps
from judging.services.conflicts import lift_conflict
from judging.services.experts import remove_expert
from judging.services.scoring import SheetDraft, save_draft
from tests import histories
from tests.databases import migrated_at
from tests.factories import MOMENT

pytestmark = pytest.mark.slow

BEFORE, AFTER = "0012", "head"
FACTS = (
    select(LiftedConflict.contest_id, LiftedConflict.expert_id, LiftedConflict.application_id, LiftedConflict.reason,
           LiftedConflict.lifted_at, LiftedConflict.lifted_by_id).order_by(LiftedConflict.id),
    select(Review.id, Review.tab, Review.tab_from, Review.tab_to).order_by(Review.id),
    select(Cluster.id, Cluster.changed_at).order_by(Cluster.id),
    select(ClockStep.before, ClockStep.after).order_by(ClockStep.id),
    select(ClockStep.after, ClockMark.contest_id, ClockMark.latest).join_from(ClockStep, ClockMark).order_by(
        ClockStep.id, ClockMark.contest_id),
    select(AssignmentPlan.id, AssignmentPlan.revision == AssignmentRevision.revision).join(
        AssignmentRevision, AssignmentRevision.contest_id == AssignmentPlan.contest_id).order_by(AssignmentPlan.id),
    select(JournalRecord.id, JournalRecord.contest_id, JournalRecord.actor_id, JournalRecord.details,
           JournalRecord.state, JournalRecord.previous_id).order_by(JournalRecord.id),
)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return migrated_at(request.param, "records", tmp_path)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = prepare(create_engine(url))
    yield engine
    engine.dispose()


def facts(engine: Engine) -> list[list[tuple[Any, ...]]]:
    with Session(engine) as session:
        return [[tuple(row) for row in session.execute(query)] for query in FACTS]


def live(session: Session) -> None:
    """Two contests in which everything happened that leaves one of the facts."""
    first, second = histories.judged(session), histories.judged(session, "HISTORY-2")
    for history in (first, second):
        contest = history.contest
        conflict = session.scalars(select(Conflict).where(Conflict.contest_id == contest.id)).one()
        lift_conflict(session, conflict, reason="Не подтвердилось", by=history.by())
        sheet = session.scalars(
            select(Review).where(Review.contest_id == contest.id, Review.status == "accepted")
        ).one()
        for mark, tab in enumerate(("one", "one", "two", "two", "two") if history is first else ("two", "")):
            save_draft(
                session,
                sheet,
                SheetDraft(
                    scores={"E1": Decimal(mark)}, comments={}, recommendation=None, version=sheet.version, tab=tab
                ),
                by=history.by(sheet.expert.user),
            )
        request_plan(session, contest, by=history.by())
        session.flush()
        note_steps(session, [Step(first.now, MOMENT - timedelta(hours=1 if history is first else 3))])
    save_draft(
        session,
        sheet,
        SheetDraft(scores={}, comments={}, recommendation=None, version=sheet.version),
        by=second.by(sheet.expert.user),
    )
    gone = second.expert()
    conflict = second.bar(gone, sheet.application)
    session.flush()
    second.lift(conflict)
    remove_expert(session, gone, version=gone.version, by=second.by())


def test_what_the_journal_says_becomes_the_facts_that_the_services_had_stored(url: str, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        live(session)
    stored = facts(engine)
    assert [len(rows) for rows in stored[:1] + stored[3:6]] == [2, 2, 4, 2]
    assert [row[1:] for row in stored[1] if row[1]] == [("two", 7, 9)]
    assert [fresh for _, fresh in stored[5]] == [True, False]
    engine.dispose()
    config = alembic_config(url)
    command.downgrade(config, BEFORE)
    command.upgrade(config, AFTER)
    assert facts(engine) == stored
    with Session(engine) as session:
        for plan in session.scalars(select(AssignmentPlan)):
            assert plan_changes(session, plan.contest, plan) == ()


def test_records_of_a_contest_and_of_people_who_are_gone_keep_their_numbers(url: str, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        history = histories.begun(session)
        session.flush()
        contest, secretary = history.contest.id, history.secretary.id
        written = session.execute(
            select(JournalRecord.id, JournalRecord.contest_id, JournalRecord.actor_id).order_by(JournalRecord.id)
        ).all()
    with engine.begin() as connection:
        for table, key in (("grants", secretary), ("users", secretary), ("contests", contest)):
            column = "user_id" if table == "grants" else "id"
            connection.execute(text(f"DELETE FROM {table} WHERE {column} = :key"), {"key": key})
        kept = connection.execute(
            select(JournalRecord.id, JournalRecord.contest_id, JournalRecord.actor_id).order_by(JournalRecord.id)
        ).all()
    assert kept == written
    engine.dispose()
    command.downgrade(alembic_config(url), BEFORE)
    with engine.connect() as connection:
        down = connection.execute(text("SELECT id, contest_id, actor_id FROM journal ORDER BY id")).all()
        keys = {key["referred_table"]: key["options"] for key in inspect(connection).get_foreign_keys("journal")}
    assert [tuple(row) for row in down] == [
        (row.id, None, row.actor_id if row.actor_id != secretary else None) for row in written
    ]
    assert keys == {"users": {"ondelete": "SET NULL"}, "contests": {"ondelete": "SET NULL"}}


def test_a_number_is_not_given_again_once_a_record_may_name_it(url: str, engine: Engine) -> None:
    """Nor those of rows that were gone before the migration, on SQLite by the journal alone."""
    with engine.begin() as connection:
        people = {"locale": "ru", "active": True, "created_at": MOMENT, "search_text": "", "name": "x"}
        connection.execute(insert(User), [{"email": f"{number}@example.org", **people} for number in range(3)])
        connection.execute(
            insert(JournalRecord).values(
                at=MOMENT, event="account.changed", actor_id=2, actor_name="x", subject_type="user", subject_id=3,
                subject_label="", details={}, address="", previous_id=0,
            )
        )  # fmt: skip
        connection.execute(delete(User).where(User.id > 1))
        connection.execute(insert(Team).values(name="x", created_at=MOMENT))
        connection.execute(delete(Team))
        connection.execute(insert(Team).values(name="y", created_at=MOMENT))
        assert connection.scalars(select(Team.id)).all() == [2]
    engine.dispose()
    config = alembic_config(url)
    command.downgrade(config, BEFORE)
    command.upgrade(config, AFTER)
    with engine.begin() as connection:
        connection.execute(insert(User).values(email="new@example.org", **people))
        assert connection.scalars(select(User.id).order_by(User.id)).all() == [1, 4]
