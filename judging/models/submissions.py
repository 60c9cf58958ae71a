"""What was submitted, as it was submitted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import Base

STAFF, TEAM = "staff", "team"
"""Who opened a submitted application for changes."""


class Submission(Base):
    """One submission of an application: its receipt, whole. Never changed; the next one has the next ``number``.

    ``sha256`` is of the canonical JSON of ``document`` (queries/receipts.py says what it holds). ``at`` is the instant
    that the submission bears. An application that came with an archive has none.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("application_id", "number"),
        CheckConstraint("number > 0", name="numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SubmissionReturn(Base):
    """A submitted application that is open for changes: which ``sections``, until when, and why.

    ``kind``: ``staff`` gave it back for correction, or its own ``team`` opened it until the close, without remarks.

    ``submission`` is the number of the submission that is corrected; ``remarks`` {section: text}; ``until`` is
    exclusive.
    It is over once ``closed_at`` is set: ``outcome`` says how. Until then the stored sections are what the team is at,
    and what was submitted is read from the submission.
    """

    __tablename__ = "submission_returns"
    __table_args__ = (
        CheckConstraint("outcome IN ('resubmitted', 'expired', 'ended')", name="outcome"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        CheckConstraint("kind IN ('staff', 'team')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    submission: Mapped[int]
    sections: Mapped[list[str]]
    remarks: Mapped[dict[str, str]]
    until: Mapped[datetime]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10), default="staff", server_default="staff")
