"""What the staff say of each point of the formal check."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import Base


class CheckMark(Base):
    """A mark of one point of the formal check, of one submission of an application; a later one replaces it.

    ``submission`` is its number, 0 for an application that came with an archive. ``document_id`` is the evidence.
    """

    __tablename__ = "check_marks"
    __table_args__ = (CheckConstraint("verdict IN ('yes', 'no', 'remark')", name="verdict"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    submission: Mapped[int] = mapped_column(primary_key=True)
    point: Mapped[str] = mapped_column(String(60), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(10))
    remark: Mapped[str] = mapped_column(Text, default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"))
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
