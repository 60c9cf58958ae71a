"""Reviews: who judges what, the score sheet, and its immutable versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.models.applications import Application
from judging.models.base import ONCE, Base
from judging.models.experts import Expert


class Review(Base):
    """One expert's task on one application, and the score sheet.

    ``scores`` {criterion code: decimal text} and ``comments`` {criterion code: text} are one document because a sheet
    is read and saved whole; ``version`` grows with every save and guards against a stale tab. ``status`` proposed:
    a plan that the expert cannot see; assigned: the expert was notified; accepted: declared no conflict, draft open;
    submitted: locked; recused; declined: refused by its expert without a conflict, the draft kept. ``tab``: the page
    that the sheet was last saved from, where every version from ``tab_from`` to ``tab_to`` is. ``lateness``: by what
    the sheet was still taken after the announced deadline.

    ``abstained``: codes of the criteria that the expert cannot judge. ``notes`` {audience: {place: text}}: comments to
    the applicant and private ones (:mod:`judging.domain.sheet_rules`); ``comments`` are those to the commission.
    ``application_version``: the number of the application's submission that the expert has read; 0 where it had none.
    ``set_aside_reason``: why staff took a submitted review out of the count. ``later_at``: since when its expert has
    put it off, None where it is in its turn.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint(
            "status IN ('proposed', 'assigned', 'accepted', 'submitted', 'recused', 'declined')", name="status"
        ),
        CheckConstraint("status <> 'submitted' OR submitted_at IS NOT NULL", name="submitted"),
        CheckConstraint("confidence IN ('low', 'medium', 'high')", name="confidence"),
        CheckConstraint("(set_aside_at IS NULL) = (set_aside_reason IS NULL)", name="set_aside"),
        UniqueConstraint("expert_id", "application_id"),
        # what is counted over a whole contest is read from these alone: the rows are wide, with marks and comments
        Index("ix_reviews_of_contest", "contest_id", "status", "additional", "application_id", "expert_id"),
        Index("ix_reviews_of_application", "application_id", "status", "additional", "expert_id"),
        Index("ix_reviews_of_expert", "expert_id", "status", "application_id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(12))
    additional: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(Text)
    scores: Mapped[dict[str, str]] = mapped_column(default=dict)
    comments: Mapped[dict[str, str]] = mapped_column(default=dict)
    recommendation: Mapped[str | None] = mapped_column(String(30))
    abstained: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    notes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    confidence: Mapped[str | None] = mapped_column(String(10))
    in_scope: Mapped[bool | None]
    scope_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    set_aside_at: Mapped[datetime | None]
    set_aside_reason: Mapped[str | None] = mapped_column(Text)
    set_aside_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    application_version: Mapped[int | None]
    tab: Mapped[str | None] = mapped_column(String(40))
    tab_from: Mapped[int | None]
    tab_to: Mapped[int | None]
    created_at: Mapped[datetime]
    notified_at: Mapped[datetime | None]
    declared_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    lateness: Mapped[str | None] = mapped_column(String(10))
    later_at: Mapped[datetime | None]

    expert: Mapped[Expert] = relationship()
    application: Mapped[Application] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute


class ReviewVersion(Base):
    """A score sheet as it was handed in; never changed. ``sha256`` is of the canonical JSON of ``sheet``."""

    __tablename__ = "review_versions"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    number: Mapped[int]
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SheetEdit(Base):
    """What one save of a sheet changed, so that the sheet of any moment can be had back; only ever added.

    ``changes`` {field: [place, removed, inserted]} as :mod:`judging.domain.sheet_history` has them.
    """

    __tablename__ = "sheet_edits"
    __table_args__ = (Index("ix_sheet_edits_review_id", "review_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    tab: Mapped[str | None] = mapped_column(String(40))
    changes: Mapped[dict[str, Any]]


class KeptDraft(Base):
    """What an expert had written on a task that was taken away; it is theirs again once they are at work on it anew.

    ``sheet`` has the columns of the review by their names, private notes among them, which nobody else reads;
    ``handed_in`` are the versions that had been handed in before, with their numbers and hashes; ``edits`` the history
    of the sheet, as :class:`SheetEdit` has it.
    """

    __tablename__ = "kept_drafts"
    __table_args__ = (UniqueConstraint("expert_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    handed_in: Mapped[list[Any]] = mapped_column(JSON, default=list)
    edits: Mapped[list[Any]] = mapped_column(JSON, default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    expert: Mapped[Expert] = relationship()
    application: Mapped[Application] = relationship()


class AgreedScore(Base):
    """What a lead expert puts down for an application after the discussion; it counts once ``submitted_at`` is there.

    ``scores`` {criterion code: decimal text}. The experts' own reviews are untouched by it. ``reason``: why staff
    gave a submitted one back; None where it was not, or is submitted again.
    """

    __tablename__ = "agreed_scores"
    __table_args__ = (UniqueConstraint("application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"), index=True)
    scores: Mapped[dict[str, str]] = mapped_column(default=dict)
    rationale: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]

    expert: Mapped[Expert] = relationship()
    application: Mapped[Application] = relationship()

    @property
    def contest_id(self) -> int:
        """The contest that its application is in."""
        return self.application.contest_id

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute
