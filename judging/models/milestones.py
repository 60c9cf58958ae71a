"""Milestones of a contest beside its own dates, extensions for one, and the production calendar's additions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.models.accounts import User
from judging.models.applications import Application
from judging.models.base import ONCE, Base
from judging.models.experts import Expert


class Milestone(Base):
    """A milestone: at an instant, or ``days`` working or calendar days ``after`` another one.

    ``came_at`` says that a person noted by hand that it came, for a ``reason``.
    """

    __tablename__ = "milestones"
    __table_args__ = (
        UniqueConstraint("contest_id", "code"),
        CheckConstraint(
            "(at IS NOT NULL AND after IS NULL AND days IS NULL AND unit IS NULL) OR "
            "(at IS NULL AND after IS NOT NULL AND days IS NOT NULL AND unit IS NOT NULL)",
            name="planned",
        ),
        CheckConstraint("days BETWEEN 1 AND 400", name="days"),
        CheckConstraint("unit IN ('working', 'calendar')", name="unit"),
        CheckConstraint("after <> code", name="no_circle"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime | None]
    after: Mapped[str | None] = mapped_column(String(30))
    days: Mapped[int | None]
    unit: Mapped[str | None] = mapped_column(String(10))
    came_at: Mapped[datetime | None]
    came_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")


class MilestoneChange(Base):
    """A change of a milestone, kept for ever: what it was and became in the notation of ``domain/milestones.py``.

    ``before`` and ``after`` are None where there was none and where it was taken out; ``by_hand``: it was noted that it
    came, or that note was taken back.
    """

    __tablename__ = "milestone_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(30))
    before: Mapped[str | None] = mapped_column(String(80))
    after: Mapped[str | None] = mapped_column(String(80))
    by_hand: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Extension(Base):
    """More time for one application (``applications_close``) or one expert (``review_close``); never changed.

    What is taken back keeps its row: ``revoked_at`` says when it ceased to hold.
    """

    __tablename__ = "extensions"
    __table_args__ = (
        CheckConstraint(
            "(code = 'applications_close' AND application_id IS NOT NULL AND expert_id IS NULL) OR "
            "(code = 'review_close' AND expert_id IS NOT NULL AND application_id IS NULL)",
            name="of_one",
        ),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked"),
        Index("ix_extensions_of_application", "application_id"),
        Index("ix_extensions_of_expert", "expert_id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(30))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"))
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    revoked_reason: Mapped[str | None] = mapped_column(Text)

    application: Mapped[Application | None] = relationship()
    expert: Mapped[Expert | None] = relationship()
    granted_by: Mapped[User | None] = relationship(foreign_keys=granted_by_id)


class CalendarDay(Base):
    """A day that an administrator added to the production calendar, and the act that says so."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("day"), ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    works: Mapped[bool]
    act: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class CalendarYear(Base):
    """A year whose calendar is whole with the days that an administrator added, and the act that says so."""

    __tablename__ = "calendar_years"
    __table_args__ = (UniqueConstraint("year"), CheckConstraint("year BETWEEN 1992 AND 2200", name="year"), ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    act: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
