"""The contest, its criteria and its nominations."""

from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.models.base import ONCE, Base, Kopecks


class Contest(Base):
    """A contest: dates, money, and the rules as a document in the archive's notation.

    ``rules`` is the archive's ``rules`` object; ``frozen_base`` {criterion code: decimal text} or None;
    ``document_slots``, ``indicators`` and ``partner_roles`` say what an application asks for (the preset's notation);
    ``ranking_revision`` grows with every change that can move the ranking. ``trial``: everything in it is invented
    (:mod:`judging.domain.trials`); it is one from its first row to its last.

    ``certification``: whether the head of the organisation certifies an application before it is submitted.

    ``previous_id`` is the contest whose next stage this one is; ``previous_only``: only teams whose application was
    carried over from it apply here. ``copied_from_id`` is the contest whose settings this one began with.
    ``public_page``: self-check, questions and contacts in the notation of :mod:`judging.domain.public_page`.
    ``sheet``: what the score sheet asks, the archive's object of :class:`judging.domain.sheet_rules.SheetRules`.
    ``visibility``: who sees whose marks and when, in the notation of :mod:`judging.domain.visibility`; ``label_key``
    orders «Expert 1», «Expert 2» and is told to nobody.
    """

    __tablename__ = "contests"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'published', 'ranking_frozen', 'approved', 'results_published', 'cancelled')",
            name="status",
        ),
        CheckConstraint("applications_open < applications_close", name="application_window"),
        CheckConstraint("applications_close <= review_close", name="review_window"),
        CheckConstraint("previous_id <> id", name="stages"),
        CheckConstraint("certification IN ('none', 'required')", name="certification"),
        Index("ix_contests_previous_id", "previous_id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(500))
    summary: Mapped[str] = mapped_column(Text, default="")
    label: Mapped[str] = mapped_column(Text, default="")
    label_en: Mapped[str] = mapped_column(Text, default="")
    timezone: Mapped[str] = mapped_column(String(64))
    applications_open: Mapped[datetime]
    applications_close: Mapped[datetime]
    review_close: Mapped[datetime]
    budget: Mapped[int | None] = mapped_column(Kopecks)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    frozen_base: Mapped[dict[str, str] | None]
    document_slots: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    indicators: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    partner_roles: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    status: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    ranking_revision: Mapped[int] = mapped_column(default=0)
    applications_received: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str | None] = mapped_column(Text)
    certification: Mapped[str] = mapped_column(String(10), default="none", server_default="none")
    trial: Mapped[bool] = mapped_column(default=False, server_default=false())
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id", ondelete="SET NULL"))
    previous_only: Mapped[bool] = mapped_column(default=True, server_default=true())
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id", ondelete="SET NULL"))
    public_page: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    visibility: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    label_key: Mapped[str] = mapped_column(String(32), default=lambda: token_hex(16), server_default="")

    criteria: Mapped[list["Criterion"]] = relationship(
        back_populates="contest", cascade="all, delete-orphan", order_by="Criterion.position"
    )
    nominations: Mapped[list["Nomination"]] = relationship(
        back_populates="contest", cascade="all, delete-orphan", order_by="Nomination.position"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute


class Criterion(Base):
    """A criterion of a contest. ``definition`` is the archive's criterion object.

    ``guidance`` (:mod:`judging.domain.guidance`) says what is judged and where to look; ``descriptors`` is a list of
    {"from": mark, "to": mark, "text", "text_en"} that covers the scale.
    """

    __tablename__ = "criteria"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str] = mapped_column(String(500), default="")
    kind: Mapped[str] = mapped_column(String(20))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    guidance: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    descriptors: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)

    contest: Mapped[Contest] = relationship(back_populates="criteria")


class Nomination(Base):
    """A part of a contest that is judged, placed and paid for apart; ``definition`` is the archive's object of it."""

    __tablename__ = "nominations"
    __table_args__ = (UniqueConstraint("contest_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(500))
    title_en: Mapped[str] = mapped_column(String(500), default="")
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)

    contest: Mapped[Contest] = relationship(back_populates="nominations")


class ScheduleChange(Base):
    """A date of a published contest that was moved, with the reason (an extension is never silent)."""

    __tablename__ = "schedule_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(30))
    before: Mapped[datetime]
    after: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
