"""Transactions behave: reads take no write lock, writers queue, foreign keys hold, instants stay aware."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, StatementError

from judging.extensions import db
from judging.models import Contest, Grant
from judging.models.engine import reading
from tests import factories
from tests.conftest import Store


@pytest.fixture
def contest_id(store: Store) -> int:
    with store() as session:
        return factories.contest(session).id


def test_concurrent_read_then_write_loses_nothing(app: Flask, store: Store, contest_id: int) -> None:
    def add_ten() -> None:
        for _ in range(10):
            with store() as session:
                row = session.execute(
                    text("SELECT applications_received FROM contests WHERE id = :id FOR UPDATE")
                    if session.get_bind().dialect.name == "postgresql"
                    else text("SELECT applications_received FROM contests WHERE id = :id"),
                    {"id": contest_id},
                ).scalar_one()
                session.execute(
                    text("UPDATE contests SET applications_received = :n WHERE id = :id"),
                    {"n": row + 1, "id": contest_id},
                )

    threads = [threading.Thread(target=add_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store() as session:
        received = session.execute(text("SELECT applications_received FROM contests")).scalar_one()
    assert received == 40


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(IntegrityError), store() as session:
        session.add(Grant(user_id=999, role="secretary", granted_at=factories.MOMENT))


def test_a_naive_instant_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="time zone"), store() as session:
        factories.user(session, created_at=factories.MOMENT.replace(tzinfo=None))


def test_instants_come_back_in_utc(app: Flask, store: Store) -> None:
    with store() as session:
        factories.user(session)
    with store() as session:
        moments = (
            session.execute(text("SELECT 1")).scalar_one(),
            [user.created_at for user in session.query(factories.User)],
        )
    assert moments == (1, [factories.MOMENT])


def test_what_only_reads_cannot_write(app: Flask, store: Store) -> None:
    with app.app_context():
        sessions = db.sessionmaker
    with reading(), pytest.raises((OperationalError, InternalError)), sessions() as session, session.begin():
        factories.user(session)
    with store() as session:
        factories.user(session)
    with store() as session:
        assert session.query(factories.User).count() == 1


def test_what_only_reads_sees_one_state(app: Flask, store: Store, contest_id: int) -> None:
    """Another's commit between two reads is not seen by the second: a ranking is never put together of two states."""
    with app.app_context():
        sessions = db.sessionmaker

    def change() -> None:
        with sessions() as other, other.begin():
            other.get_one(Contest, contest_id).applications_received = 7

    with reading(), sessions() as session:
        before = session.scalar(select(Contest.applications_received))
        thread = threading.Thread(target=change)
        thread.start()
        thread.join()
        assert (before, session.scalar(select(Contest.applications_received))) == (0, 0)
