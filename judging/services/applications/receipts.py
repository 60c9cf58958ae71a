"""The receipt of a submission: kept as it is, in one canonical form, whose SHA-256 anybody can compute anew."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from judging.domain.canonical import canonical_json as canonical
from judging.domain.canonical import digest
from judging.models import Submission
from judging.models.base import table_of
from judging.queries.receipts import receipt_data, receipt_of, receipt_parts

__all__ = ["canonical", "keep_submission", "receipt_data", "receipt_hash", "receipt_of", "receipt_parts"]


def receipt_hash(data: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON in hexadecimal digits."""
    return digest(data)


def keep_submission(
    session: Session, application_id: int, document: dict[str, Any], *, sha256: str, at: datetime, by_id: int | None
) -> None:
    """Store what was submitted as the application's next submission; the caller holds the application."""
    values = {"application": application_id, "document": document, "sha256": sha256, "at": at, "by_id": by_id}
    session.execute(_next(), values)


@cache
def _next() -> Any:
    table = table_of(Submission)
    application: Any = bindparam("application")
    earlier = table.alias()
    number = select(func.coalesce(func.max(earlier.c.number), 0) + 1).where(earlier.c.application_id == application)
    given = {name: bindparam(name, type_=table.c[name].type) for name in ("document", "sha256", "at", "by_id")}
    return insert(table).values(application_id=application, number=number.scalar_subquery(), **given)
