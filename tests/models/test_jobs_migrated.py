"""What was open when plans, reports and letters became jobs goes over to the queue, and back again."""

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, inspect, text

from judging.cli.database import alembic_config
from tests.databases import create_database

BEFORE, AFTER = "0011", "0012"
AT = "'2026-01-01 00:00:00+00:00'"
PLANS = {1: ("queued", 0), 2: ("running", 2), 3: ("ready", 1), 4: ("failed", 3)}
LETTERS = {1: ("NULL", 0), 2: ("NULL", 3), 3: (AT, 1), 4: ("NULL", 8)}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return f"sqlite:///{tmp_path / 'old.sqlite3'}" if request.param == "sqlite" else create_database("jobs")


def fill(engine: Engine) -> None:
    with engine.begin() as connection:
        for key, (status, attempts) in PLANS.items():
            token = "'t'" if status == "running" else "NULL"
            _contest(connection, key)
            connection.execute(
                text(
                    "INSERT INTO assignment_plans (id, contest_id, status, requested_by, requested_at, phases_done,"
                    " phases, attempts, claim_token, kind, goal, seed, partial, keep, version)"
                    f" VALUES ({key}, {key}, '{status}', 'Секретарь', {AT}, 0, 0, {attempts}, {token}, 'regular',"
                    " 'fair', 0, false, false, 1)"
                )
            )
            if status != "ready":
                connection.execute(
                    text(
                        "INSERT INTO firmness_reports (id, contest_id, status, requested_by, requested_at,"
                        " phases_done, phases, attempts, claim_token)"
                        f" VALUES ({key}, {key}, '{status}', 'Секретарь', {AT}, 0, 0, {attempts}, {token})"
                    )
                )
        for key, (sent, attempts) in LETTERS.items():
            connection.execute(
                text(
                    "INSERT INTO letters (id, key, recipient, subject, body, created_at, sent_at, leased_until,"
                    f" attempts) VALUES ({key}, 'k{key}', 'a@b.c', 's', 'b', {AT}, {sent}, {AT}, {attempts})"
                )
            )


def _contest(connection, key: int) -> None:
    """A contest with something in each column that must have something."""
    columns = connection.execute(text("SELECT * FROM contests WHERE false")).keys()
    known = {"id": str(key), "code": f"'C{key}'", "status": "'draft'", "rules": "'{}'", "created_at": AT}
    known |= dict.fromkeys(("document_slots", "indicators", "partner_roles"), "'[]'")
    known |= dict.fromkeys(("title", "summary", "label", "label_en", "timezone", "search_text"), "'x'")
    for month, name in enumerate(("applications_open", "applications_close", "review_close"), 2):
        known[name] = f"'2026-0{month}-01 00:00:00+00:00'"
    nullable = _nullable(connection)
    wanted = {name: known.get(name, "0") for name in columns if name not in nullable}
    connection.execute(text(f"INSERT INTO contests ({', '.join(wanted)}) VALUES ({', '.join(wanted.values())})"))


def _nullable(connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("contests") if column["nullable"]}


def rows(engine: Engine, statement: str) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_open_work_goes_over_to_the_queue_and_back(url):
    config = alembic_config(url)
    command.upgrade(config, BEFORE)
    engine = create_engine(url)
    fill(engine)
    engine.dispose()
    command.upgrade(config, AFTER)
    assert rows(engine, "SELECT key, kind, state, attempt, asked_by, run_at IS NULL FROM jobs ORDER BY key") == [
        ("firmness:1", "firmness", "waiting", 0, "Секретарь", True),
        ("firmness:2", "firmness", "waiting", 2, "Секретарь", True),
        ("letters:1", "letters", "waiting", 0, "system", False),
        ("letters:2", "letters", "waiting", 3, "system", False),
        ("plans:1", "plans", "waiting", 0, "Секретарь", True),
        ("plans:2", "plans", "waiting", 2, "Секретарь", True),
    ]
    statuses = [(1, "queued"), (2, "queued"), (3, "ready"), (4, "failed")]
    assert rows(engine, "SELECT id, status FROM assignment_plans ORDER BY id") == statuses
    engine.dispose()
    command.downgrade(config, BEFORE)
    assert rows(engine, "SELECT id, status, attempts FROM assignment_plans ORDER BY id") == [
        (1, "queued", 0), (2, "queued", 2), (3, "ready", 0), (4, "failed", 0),
    ]  # fmt: skip
    assert rows(engine, "SELECT id, leased_until IS NULL FROM letters ORDER BY id") == [
        (1, False), (2, False), (3, True), (4, True),
    ]  # fmt: skip
    assert rows(engine, "SELECT count(*) FROM jobs") == [(0,)]
    engine.dispose()
    command.upgrade(config, AFTER)
    assert len(rows(engine, "SELECT id FROM jobs")) == 6
    engine.dispose()
