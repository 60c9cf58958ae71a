"""Reports on the firmness of a ranking: asked for, worked out in the background, kept by what they were made from."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.models.base import ONCE, Base
from judging.models.contests import Contest
from judging.models.work import Work

WAITING = text("status = 'queued'")


class FirmnessReport(Work, Base):
    """A report, from the request on; a contest has at most one that is being worked out.

    ``digest`` names what it was made from and comes with ``document``, which is the report as JSON
    (``judging.domain.firmness.to_document``). ``nomination`` is the code of the one that it is about; None: the whole
    contest.
    """

    __tablename__ = "firmness_reports"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'ready', 'failed')", name="status"),
        CheckConstraint("status <> 'ready' OR (digest IS NOT NULL AND document IS NOT NULL)", name="whole"),
        UniqueConstraint("contest_id", "digest"),
        Index("uq_firmness_reports_waiting", "contest_id", unique=True, sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_firmness_reports_status", "status", "id"),
        ONCE,
    )

    digest: Mapped[str | None] = mapped_column(String(64))
    nomination: Mapped[str | None] = mapped_column(String(40))
    document: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)

    contest: Mapped[Contest] = relationship()
