"""When the experts of a contest are reminded by themselves."""

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import Base


class ReminderRules(Base):
    """On how many days before their deadline experts with unfinished reviews get a letter; no row: never by itself.

    ``days`` are whole numbers, descending; 0 is the day of the deadline.
    """

    __tablename__ = "reminder_rules"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[list[int]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute
