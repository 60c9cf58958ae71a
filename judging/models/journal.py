"""The audit journal, the outbox of letters, and the keys that make a replayed POST harmless."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import ONCE, Base


class JournalRecord(Base):
    """One thing that was done: when, by whom, to what, and what changed. Records are only ever added.

    A record says what was so when it was written and is never rewritten: its numbers of people, contests and subjects
    are no foreign keys, and their tables give no number twice. No rule reads it (docs/adr/0017).

    Three columns are for verification alone and appear on no page. ``previous_id``: the last record that this one's
    transaction saw (0: none); None in records older than these columns. ``revision``: the ranking revision of the
    contest that the record brought about. ``state``: facts about what the act left behind.
    """

    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_subject", "subject_type", "subject_id"),
        Index("ix_journal_last", "contest_id", "at"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60), index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    contest_id: Mapped[int | None] = mapped_column(index=True)
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int | None]
    subject_label: Mapped[str] = mapped_column(String(300), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str] = mapped_column(String(45), default="")
    previous_id: Mapped[int | None]
    revision: Mapped[int | None]
    state: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)


class Seal(Base):
    """What a contest, or (``contest_id`` None) the accounts held at one moment, for verification to start from.

    Made when an archive is loaded, and once for data that are older than the records. The journal has ``sha256``.
    """

    __tablename__ = "seals"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    document: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))


class Letter(Base):
    """A letter in the outbox. ``key`` is unique, so that one event writes one letter; its job sends it.

    ``attempts`` are those of which something came, a delivery or a refusal.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)


class RequestKey(Base):
    """A form that was carried out once: a second POST with the same key is led to ``location``."""

    __tablename__ = "request_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    location: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(index=True)
