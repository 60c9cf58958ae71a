"""Frozen rankings: numbered, hashed, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import Base


class RankingSnapshot(Base):
    """A frozen copy: ``record`` is the contest's archive it was computed from, ``ranking`` the ranking as JSON.

    ``sha256`` is of the canonical JSON of both. A snapshot that was unfrozen stays, with ``revoked_at`` and the reason.
    """

    __tablename__ = "ranking_snapshots"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    number: Mapped[int]
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    ranking: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    approval_words: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(Text)
