"""The declarative base, the naming of constraints, and the column types that every table uses."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData, Table, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, always timezone-aware in Python. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC; raise ``ValueError`` for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        dict[str, str]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
    }


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, for statements that read rows on every page.

    A statement over a model's own attributes costs SQLAlchemy a quarter of a millisecond each time, beside what the
    database does, and one over its table's columns a sixth of that. It does not write pending changes first: not for
    what a unit of work reads of its own.
    """
    return cast(Table, model.__table__)


ONCE = {"sqlite_autoincrement": True}
"""Of a table whose numbers the journal keeps: a number is never given again, not even after its row was deleted.

PostgreSQL's sequences do so by themselves; SQLite gives the last row's number again without this.
"""

Kopecks = BigInteger
"""Money: an integer of kopecks."""

SortKey = Text().with_variant(Text(collation="C"), "postgresql")
"""What a list is sorted by (:func:`judging.domain.collation.sort_key`): compared code point by code point."""
