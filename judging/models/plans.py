"""Draft plans of the assignment: the rules they obey, what they propose and why, and who works them out."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from judging.models.applications import Application
from judging.models.base import ONCE, Base
from judging.models.contests import Contest
from judging.models.experts import Expert
from judging.models.work import Work

OPEN_STATUSES = text("status NOT IN ('applied', 'discarded')")


class AssignmentRules(Base):
    """The rules of a contest's distribution; a contest without a row has the defaults of the domain."""

    __tablename__ = "assignment_rules"
    __table_args__ = (
        CheckConstraint("goal IN ('total', 'fair', 'leximin')", name="goal"),
        CheckConstraint("queue IN ('fixed', 'fair')", name="queue"),
        CheckConstraint("additional IN ('propose', 'assign')", name="additional"),
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    goal: Mapped[str] = mapped_column(String(10))
    own_region_barred: Mapped[bool]
    other_region_at_least: Mapped[int]
    one_per_organisation: Mapped[bool]
    methodologists_at_least: Mapped[int]
    min_load: Mapped[int]
    seed: Mapped[int]
    additional: Mapped[str] = mapped_column(String(10), default="propose", server_default="propose")
    version: Mapped[int]
    queue: Mapped[str] = mapped_column(String(10), default="fixed", server_default="fixed")


class AssignmentRevision(Base):
    """Whether anything happened in a contest since a plan was asked for: its number is then another than the plan's.

    Not in the contest's own row, which those who save score sheets hold together: it is raised once, by the first thing
    that happens after a plan, and nobody waits for it after that.
    """

    __tablename__ = "assignment_revisions"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)


class AssignmentPlan(Work, Base):
    """A draft plan, from the request to its application; a contest has at most one that is open.

    ``partial``: as many places as possible are wanted where no full plan exists; ``keep``: as many present proposals as
    possible stay. ``protocol`` is the document from which the plan can be recomputed; ``diagnosis`` says why
    there is none, ``insights`` what would make it better; both name experts by e-mail and applications by number.
    ``version`` grows with every change of what is proposed; ``revision`` is the :class:`AssignmentRevision` that the
    plan was asked for at.
    """

    __tablename__ = "assignment_plans"
    __table_args__ = (
        CheckConstraint("kind IN ('regular', 'additional')", name="kind"),
        CheckConstraint("goal IN ('total', 'fair', 'leximin')", name="goal"),
        CheckConstraint(
            "status IN ('queued', 'ready', 'impossible', 'failed', 'outdated', 'applied', 'discarded')",
            name="status",
        ),
        Index("uq_assignment_plans_open", "contest_id", unique=True,
              sqlite_where=OPEN_STATUSES, postgresql_where=OPEN_STATUSES),
        Index("ix_assignment_plans_status", "status", "id"),
        ONCE,
    )  # fmt: skip

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    goal: Mapped[str] = mapped_column(String(10))
    seed: Mapped[int]
    partial: Mapped[bool]
    keep: Mapped[bool]
    closed_at: Mapped[datetime | None]
    input_digest: Mapped[str | None] = mapped_column(String(64))
    protocol: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    diagnosis: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    insights: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0, server_default="0")

    contest: Mapped[Contest] = relationship()


class PlannedApplication(Base):
    """How a plan serves one application.

    ``demand`` experts wanted, ``standing`` of them have the task already, ``filled`` with the plan's; ``score`` the sum
    of the matches of all of them. ``passed_over`` lists the best experts not chosen and what stood in the way.
    """

    __tablename__ = "planned_applications"

    plan_id: Mapped[int] = mapped_column(ForeignKey("assignment_plans.id", ondelete="CASCADE"), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    demand: Mapped[int]
    standing: Mapped[int]
    filled: Mapped[int]
    score: Mapped[int]
    passed_over: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    application: Mapped[Application] = relationship()


class PlannedPair(Base):
    """A pair that a plan adds, keeps or removes; only a ``chosen`` change is carried out.

    ``parts`` is the match topic by topic: [[code of the application, nearest code of the expert, level], …];
    ``reasons`` says what speaks for the pair beside the match (see ``judging.domain.plan_explanation.pair_reasons``).
    """

    __tablename__ = "planned_pairs"
    __table_args__ = (
        CheckConstraint("change IN ('add', 'keep', 'remove')", name="change"),
        UniqueConstraint("plan_id", "application_id", "expert_id"),
        Index("ix_planned_pairs_plan_id_expert_id", "plan_id", "expert_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("assignment_plans.id", ondelete="CASCADE"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    change: Mapped[str] = mapped_column(String(6))
    chosen: Mapped[bool] = mapped_column(default=True)
    affinity: Mapped[int]
    parts: Mapped[list[list[Any]]] = mapped_column(JSON)
    reasons: Mapped[dict[str, Any]] = mapped_column(JSON)

    expert: Mapped[Expert] = relationship()
    application: Mapped[Application] = relationship()
