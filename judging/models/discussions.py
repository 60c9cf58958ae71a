"""What is said about an application by those who judge it, and what was called for where reviews diverged."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.models.accounts import User
from judging.models.applications import Application
from judging.models.base import Base
from judging.models.experts import Expert


class AdditionalCall(Base):
    """What the system did about one divergence of an application; the same divergence is never answered twice.

    ``mark`` is the hash of the reviews that diverged (:mod:`judging.domain.divergence`). ``outcome`` proposed: the
    secretary is to confirm ``expert``; assigned: the expert has the task; nobody: nobody was free, for ``reason``;
    dismissed: the secretary does not want the proposal, for ``reason``.
    """

    __tablename__ = "additional_calls"
    __table_args__ = (
        CheckConstraint("outcome IN ('proposed', 'assigned', 'nobody', 'dismissed')", name="outcome"),
        UniqueConstraint("application_id", "mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    mark: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(10))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    application: Mapped[Application] = relationship()
    expert: Mapped[Expert | None] = relationship()
    decided_by: Mapped[User | None] = relationship()


class DiscussionRules(Base):
    """Whether and how applications of a contest are discussed; a contest without a row has the domain's defaults."""

    __tablename__ = "discussion_rules"
    __table_args__ = (
        CheckConstraint("circle IN ('nobody', 'commission', 'experts')", name="circle"),
        CheckConstraint("edit_minutes >= 0", name="edit_minutes"),
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    circle: Mapped[str] = mapped_column(String(12))
    edit_minutes: Mapped[int]
    version: Mapped[int]


class DiscussionMessage(Base):
    """One message about an application. ``expert_id``: it was written as one of its experts, not as staff.

    In ``text`` a mention is ``@[KEY]`` (:mod:`judging.domain.mentions`), which each reader sees under the name that
    they may know. ``removed_at``: its author took it back; nobody sees the text any more, and the row stays.
    """

    __tablename__ = "discussion_messages"
    __table_args__ = (
        CheckConstraint("audience IN ('staff', 'commission', 'experts')", name="audience"),
        Index("ix_discussion_messages_of_application", "application_id", "audience", "id"),
        Index("ix_discussion_messages_of_contest", "contest_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id", ondelete="SET NULL"), index=True)
    audience: Mapped[str] = mapped_column(String(12))
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("discussion_messages.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute


class DiscussionVersion(Base):
    """A message as it was before its author changed it; never changed."""

    __tablename__ = "discussion_versions"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("discussion_messages.id", ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


class DiscussionRead(Base):
    """Up to which message somebody has read the discussion of an application."""

    __tablename__ = "discussion_reads"

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    last_id: Mapped[int]
