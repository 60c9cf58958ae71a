"""One head; from nothing to the models on both databases; and back down to nothing."""

from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from judging.cli.database import alembic_config
from judging.models import Base
from tests.databases import create_database

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'fresh.sqlite3'}" if request.param == "sqlite" else create_database("fresh")


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(alembic_config("sqlite://")).get_heads()) == 1


def test_upgrade_from_nothing_equals_the_models_and_downgrade_leaves_nothing(url: str) -> None:
    config = alembic_config(url)
    command.upgrade(config, "head")
    command.check(config)
    assert tables(url) == {*Base.metadata.tables, "alembic_version"}
    command.downgrade(config, "base")
    assert tables(url) == {"alembic_version"}
