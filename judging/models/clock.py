"""What is known of the clock of the machine having been set."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import Base


class ClockStep(Base):
    """The clock was set from ``before`` to ``after``, as one process noticed first."""

    __tablename__ = "clock_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    before: Mapped[datetime]
    after: Mapped[datetime] = mapped_column(index=True)


class ClockMark(Base):
    """The latest instant that a submission of the contest bore when the clock was set back, if it comes again."""

    __tablename__ = "clock_marks"

    step_id: Mapped[int] = mapped_column(ForeignKey("clock_steps.id", ondelete="CASCADE"), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True, index=True)
    latest: Mapped[datetime]
