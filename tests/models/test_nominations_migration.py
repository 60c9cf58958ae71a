"""The migration adds nominations beside what is there, and takes them away again; no number is given twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, delete, select, text
from sqlalchemy.orm import Session

from judging.cli.database import alembic_config
from judging.domain.access import CONSOLE, By
from judging.models import Application, Nomination, Partner
from judging.models.base import table_of
from judging.models.engine import prepare
from judging.services.archives import load_contest
from tests import factories, nominations
from tests.databases import migrated_at

pytestmark = pytest.mark.slow

BEFORE, AFTER = "0016", "head"
KEPT = [column for column in table_of(Application).c if column.name != "nomination_id"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return migrated_at(request.param, "nominations", tmp_path)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = prepare(create_engine(url))
    yield engine
    engine.dispose()


def rows(engine: Engine) -> list[tuple[Any, ...]]:
    with Session(engine) as session:
        found = session.execute(select(*KEPT).order_by(Application.id)).all()
        return [*map(tuple, found), *map(tuple, session.execute(select(Partner.application_id, Partner.role)))]


def next_number(engine: Engine) -> int:
    """The number that the next application gets; it is taken back."""
    with Session(engine) as session:
        last = session.scalars(select(Application).order_by(Application.id.desc())).first()
        assert last is not None
        added = Application(
            contest_id=last.contest_id, cluster_id=last.cluster_id, status="draft", created_at=factories.MOMENT,
            updated_at=factories.MOMENT,
        )  # fmt: skip
        session.add(added)
        session.flush()
        return added.id


def test_applications_stay_as_they_are_up_and_down(url: str, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        load_contest(session, nominations.record(), by=By(CONSOLE, factories.MOMENT))
        session.flush()
        last = session.scalars(select(Application.id).order_by(Application.id.desc())).first()
        session.execute(delete(Partner).where(Partner.application_id == last))
        session.execute(text("DELETE FROM reviews WHERE application_id = :id"), {"id": last})
        session.execute(delete(Application).where(Application.id == last))
    before, following = rows(engine), next_number(engine)
    assert following == (last or 0) + 1
    command.downgrade(alembic_config(url), BEFORE)
    command.upgrade(alembic_config(url), AFTER)
    assert rows(engine) == before
    with Session(engine) as session:
        assert session.scalars(select(Nomination.id)).all() == []
        assert set(session.scalars(select(Application.nomination_id))) == {None}
    if engine.dialect.name == "sqlite":
        assert next_number(engine) == following
