"""Looks at marks before the time that the contest's setting says."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.models.accounts import User
from judging.models.applications import Application
from judging.models.base import ONCE, Base


class EarlyLook(Base):
    """A person of the staff opened marks for themselves alone until ``until``, for a reason that others read.

    ``application_id`` is None where the marks of the whole contest were opened.
    """

    __tablename__ = "early_looks"
    __table_args__ = (
        CheckConstraint("opened_at < until", name="time"),
        Index("ix_early_looks_of_person", "contest_id", "user_id", "until"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    until: Mapped[datetime]

    user: Mapped[User] = relationship()
    application: Mapped[Application | None] = relationship()
