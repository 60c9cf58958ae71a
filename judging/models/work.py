"""The columns of what is worked out in the background: who asked for it, who has it in hand, how far it is."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column


class Work:
    """A row that waits for a worker (``queued``), is in one's hands (``running``), or is behind them.

    A worker that holds ``claim_token`` may store the result until ``claimed_until``; ``phases_done`` of ``phases`` are
    behind it. ``error`` is an English sentence, which is also the key of its translation.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(12))
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    requested_by: Mapped[str] = mapped_column(String(200))
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    phases_done: Mapped[int] = mapped_column(default=0)
    phases: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claim_token: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
