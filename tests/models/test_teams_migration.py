"""The migration gives every team a lead and the name that is compared; it goes back without losing anybody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text

from judging.cli.database import alembic_config
from judging.models.engine import prepare
from tests.databases import migrated_at
from tests.factories import MOMENT

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return migrated_at(request.param, "teams", tmp_path)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = prepare(create_engine(url))
    yield engine
    engine.dispose()


def rows(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_whoever_has_been_longest_leads_and_the_name_is_compared(url: str, engine: Engine) -> None:
    config = alembic_config(url)
    command.downgrade(config, "0023")
    at = {"at": MOMENT, "earlier": MOMENT - timedelta(days=1)}
    with engine.begin() as connection:
        for number in (1, 2):
            connection.execute(
                text(
                    "INSERT INTO users (id, email, name, locale, active, created_at, search_text, sort_name)"
                    " VALUES (:id, :email, 'И', 'ru', :active, :at, '', '')"
                ),
                {"id": number, "email": f"p{number}@example.org", "active": True, "at": MOMENT},
            )
        connection.execute(text("INSERT INTO teams (id, name, created_at) VALUES (1, '«Ёлка  №1»', :at)"), at)
        connection.execute(text("INSERT INTO team_members VALUES (1, 1, :at)"), at)
        connection.execute(text("INSERT INTO team_members VALUES (1, 2, :earlier)"), at)
    command.upgrade(config, "head")
    assert rows(engine, "SELECT user_id, role FROM team_members ORDER BY user_id") == [(1, "member"), (2, "lead")]
    assert rows(engine, "SELECT search_name FROM teams") == [("елка 1",)]
    command.downgrade(config, "0023")
    assert rows(engine, "SELECT team_id, user_id FROM team_members ORDER BY user_id") == [(1, 1), (1, 2)]
