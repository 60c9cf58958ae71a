"""Experts of a contest and the pairs that may not meet."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Text, UniqueConstraint, event, false
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from judging.domain.collation import sort_key
from judging.models.accounts import User
from judging.models.applications import Application
from judging.models.base import ONCE, Base, SortKey
from judging.models.contests import Contest
from judging.models.organisations import Organisation


class Expert(Base):
    """An expert in one contest; ``user_id`` is set when the invitation was accepted.

    ``declined_at``: the invitation was declined and none was sent since; ``declined_reason`` says
    why, as domain/refusals.py stores it.

    ``methodologist``: knows the rules of the contest rather than a branch of industry. ``search_text`` is what a search
    looks through (services/search_texts.py), ``sort_name`` what the name is sorted by, kept by the mapper.
    """

    __tablename__ = "experts"
    __table_args__ = (
        UniqueConstraint("contest_id", "email"),
        CheckConstraint("max_load >= 0", name="max_load"),
        Index("ix_experts_in_order", "contest_id", "sort_name", "id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="SET NULL"))
    region: Mapped[str] = mapped_column(String(2))
    topics: Mapped[list[str]] = mapped_column(default=list)
    max_load: Mapped[int]
    methodologist: Mapped[bool] = mapped_column(default=False, server_default=false())
    invited_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    declined_reason: Mapped[str | None] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text, default="")
    sort_name: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)

    contest: Mapped[Contest] = relationship()
    user: Mapped[User | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute


@event.listens_for(Expert, "before_insert")
@event.listens_for(Expert, "before_update")
def _keep_sort_name(_mapper: Mapper[Expert], _connection: Connection, expert: Expert) -> None:
    expert.sort_name = sort_key(expert.name)


class Conflict(Base):
    """A pair that may not meet; ``kind`` says whether system, expert or staff (or an archive) named it."""

    __tablename__ = "conflicts"
    __table_args__ = (
        UniqueConstraint("expert_id", "application_id"),
        CheckConstraint("kind IN ('detected', 'declared', 'entered')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"))
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    expert: Mapped[Expert] = relationship()
    application: Mapped[Application] = relationship()


class LiftedConflict(Base):
    """A conflict that the staff checked and struck off the list: it is not found again for the same ``reason``.

    A table of its own, so that whoever asks for conflicts sees those in force and cannot forget to leave these out.
    """

    __tablename__ = "lifted_conflicts"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("experts.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    lifted_at: Mapped[datetime]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
