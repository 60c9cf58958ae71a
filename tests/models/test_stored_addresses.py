"""The migration that brings stored addresses to one form loses nobody; two rows of one address are left and told."""

import logging

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from judging.cli.database import alembic_config
from tests.databases import create_database

BEFORE, AFTER = "0003", "0004"
PEOPLE = [
    (1, "user@xn--80aegj1b.xn--p1ai", "иван user@xn--80aegj1b.xn--p1ai"),
    (2, "anna@мои\u0306.рф", "анна anna@мои\u0306.рф"),
    (3, "same@завод.рф", "один same@завод.рф"),
    (4, "same@xn--80aegj1b.xn--p1ai", "другой same@xn--80aegj1b.xn--p1ai"),
    (5, "plain@example.org", "вера plain@example.org"),
    (6, "b@xn--!.ru", "чужой b@xn--!.ru"),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    return f"sqlite:///{tmp_path / 'old.sqlite3'}" if request.param == "sqlite" else create_database("addresses")


def test_stored_addresses_come_to_one_form_and_clashes_are_told(url, caplog):
    config = alembic_config(url)
    command.upgrade(config, BEFORE)
    engine = create_engine(url)
    with engine.begin() as connection:
        for number, email, found in PEOPLE:
            connection.execute(
                text(
                    "INSERT INTO users (id, email, name, locale, active, created_at, search_text)"
                    " VALUES (:id, :email, 'x', 'ru', true, '2026-01-01 00:00:00+00:00', :found)"
                ),
                {"id": number, "email": email, "found": found},
            )
    with caplog.at_level(logging.WARNING):
        command.upgrade(config, AFTER)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text("SELECT id, email, search_text FROM users ORDER BY id"))]
    engine.dispose()
    assert rows == [
        (1, "user@завод.рф", "иван user@завод.рф"),
        (2, "anna@мой.рф", "анна anna@мой.рф"),
        *PEOPLE[2:],
    ]
    assert "3 <same@завод.рф>, 4 <same@xn--80aegj1b.xn--p1ai>" in caplog.text
