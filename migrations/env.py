"""Alembic's environment: one connection, foreign keys off while SQLite rebuilds tables, checked afterwards."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.types import TypeDecorator

from judging.models import Base
from judging.models.engine import prepare

config = context.config


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write the plain type of our own column types, so that migrations import nothing from the application."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run the migrations of one command in one transaction."""
    engine = prepare(create_engine(config.attributes["url"]))
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Batch mode drops and makes tables anew; with foreign keys on, ON DELETE CASCADE would empty the children.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        if sqlite:
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"foreign keys are broken after the migration: {broken[:5]}")
    engine.dispose()


run()
