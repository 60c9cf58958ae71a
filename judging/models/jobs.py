"""What runs beside the requests: one row a job, from the transaction that asks for it to the one that ends it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import ONCE, Base

OPEN = text("state IN ('waiting', 'running')")


class Job(Base):
    """A piece of work of one ``kind``; ``args`` are ids, ``key`` is unique, so that what is asked for twice is one job.

    It waits until ``run_at`` (None: it is due at once). A worker that holds ``token`` may end it, and has it to itself
    until ``lease_until``, which it prolongs meanwhile; ``attempt`` counts how often it was taken up. ``priority`` is of
    this job (None: its kind's). ``progress_words`` and ``error_code`` are words of the program, ``error`` is what was
    said. A ``result`` is small; what is large is stored elsewhere and named by it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("(state = 'running') = (token IS NOT NULL)", name="token"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease"),
        CheckConstraint("(state IN ('done', 'failed')) = (finished_at IS NOT NULL)", name="finished"),
        CheckConstraint("state <> 'failed' OR error_code IS NOT NULL", name="why"),
        Index("ix_jobs_open", "state", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_jobs_state_finished_at", "state", "finished_at"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    priority: Mapped[int | None]
    run_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(8))
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(String(32))
    worker: Mapped[str | None] = mapped_column(String(100))
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    progress_words: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    asked_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(20))
    error: Mapped[str | None] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
