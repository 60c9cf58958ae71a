"""The migration keeps the receipt of every submission, hash by hash, and makes none up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from judging.cli.database import alembic_config
from judging.domain.canonical import digest
from judging.models import Application, Submission
from judging.models.engine import prepare
from judging.queries.invariants import INVARIANTS
from tests import histories
from tests.databases import migrated_at

pytestmark = pytest.mark.slow

BEFORE, AFTER = "0013", "head"
CHECKED = (
    "submission-hash", "submission-recorded", "receipt-recomputed", "snapshot-hash", "snapshot-ranking",
    "answers-projected", "form-hash",
)  # fmt: skip
"""What has to verify after the migration as it did before."""
KEPT = select(
    Submission.application_id, Submission.number, Submission.document, Submission.sha256, Submission.at,
    Submission.by_id,
).order_by(Submission.application_id)  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return migrated_at(request.param, "submissions", tmp_path)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = prepare(create_engine(url))
    yield engine
    engine.dispose()


def kept(engine: Engine) -> list[tuple[Any, ...]]:
    with Session(engine) as session:
        return [tuple(row) for row in session.execute(KEPT)]


def test_every_receipt_is_kept_as_its_submission_kept_it(url: str, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        histories.judged(session, "HISTORY-1")
        histories.finished(session, "HISTORY-2")
        histories.with_first_receipts(session)
        submitted = session.execute(
            select(Application.id, Application.receipt_sha256)
            .where(Application.receipt_sha256.is_not(None))
            .order_by(Application.id)
        ).all()
    before = kept(engine)
    assert [(row[0], row[3], digest(row[2])) for row in before] == [(key, sha, sha) for key, sha in submitted]
    command.downgrade(alembic_config(url), BEFORE)
    command.upgrade(alembic_config(url), AFTER)
    assert kept(engine) == before
    with Session(engine) as session:
        found = {check.code: [str(one) for one in check.find(session)] for check in INVARIANTS if check.code in CHECKED}
    assert found == {code: [] for code in CHECKED}


def test_a_receipt_that_the_rows_no_longer_give_is_not_made_up(url: str, engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        histories.judged(session)
        histories.with_first_receipts(session)
    before = kept(engine)
    command.downgrade(alembic_config(url), BEFORE)
    with engine.begin() as connection:
        connection.execute(text("UPDATE applications SET title = 'Другой проект' WHERE id = :id"), {"id": before[0][0]})
    command.upgrade(alembic_config(url), AFTER)
    assert kept(engine) == before[1:]
