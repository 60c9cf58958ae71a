"""Applications: joint projects, their participants and documents."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from judging.domain.collation import sort_key
from judging.models.accounts import Team
from judging.models.base import ONCE, Base, Kopecks, SortKey
from judging.models.contests import Contest, Nomination
from judging.models.organisations import Cluster, Organisation


class Application(Base):
    """A joint project. A draft may have gaps; ``number`` and ``submitted_at`` come with submission and never change.

    ``lateness`` says by what it was still taken after the announced deadline (``domain/milestones.py``).
    Money in kopecks; ``topics`` ОКВЭД2 codes; ``indicators`` {name: decimal text}. ``search_text`` is what a
    search looks through (services/search_texts.py); ``sort_title`` and ``sort_number`` are what title and number are
    sorted by (:func:`judging.domain.collation.sort_key`), kept by the mapper. ``previous_id``: the application of the
    contest's previous stage that this one was carried over from. ``panel_verdict`` and ``panel_reason``: what the panel
    decided of an application below a threshold that leads to it.
    """

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'submitted', 'admitted', 'rejected', 'withdrawn')", name="status"),
        CheckConstraint("status IN ('draft', 'withdrawn') OR number IS NOT NULL", name="numbered"),
        CheckConstraint("panel_verdict IN ('pass', 'reject')", name="panel_verdict"),
        UniqueConstraint("contest_id", "number"),
        # the register's totals are read from the first alone, its first pages in the order of the second
        Index("ix_applications_of_contest", "contest_id", "status", "cluster_id", "requested", "number"),
        Index("ix_applications_in_order", "contest_id", "sort_number", "id"),
        Index("uq_applications_previous", "previous_id", "contest_id", unique=True),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="RESTRICT"), index=True)
    initiator_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="SET NULL"))
    nomination_id: Mapped[int | None] = mapped_column(ForeignKey("nominations.id", ondelete="SET NULL"), index=True)
    number: Mapped[str | None] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)

    title: Mapped[str] = mapped_column(String(300), default="")
    goal: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    functional_map_position: Mapped[str] = mapped_column(Text, default="")
    readiness_level: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(300), default="")
    topics: Mapped[list[str]] = mapped_column(default=list)
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(100), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")

    total_cost: Mapped[int | None] = mapped_column(Kopecks)
    requested: Mapped[int | None] = mapped_column(Kopecks)
    own_funds: Mapped[int | None] = mapped_column(Kopecks)
    loans: Mapped[int | None] = mapped_column(Kopecks)
    other_budget: Mapped[int | None] = mapped_column(Kopecks)
    indicators: Mapped[dict[str, str]] = mapped_column(default=dict)

    consent_truth: Mapped[bool] = mapped_column(default=False)
    consent_personal_data: Mapped[bool] = mapped_column(default=False)
    consent_no_double_funding: Mapped[bool] = mapped_column(default=False)

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    lateness: Mapped[str | None] = mapped_column(String(10))
    receipt_sha256: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decision_reason: Mapped[str | None] = mapped_column(Text)
    decision_clause: Mapped[str | None] = mapped_column(String(200))
    panel_verdict: Mapped[str | None] = mapped_column(String(10))
    panel_reason: Mapped[str | None] = mapped_column(Text)
    panel_decided_at: Mapped[datetime | None]
    panel_decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    search_text: Mapped[str] = mapped_column(Text, default="")
    sort_title: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    sort_number: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id", ondelete="SET NULL"))

    contest: Mapped[Contest] = relationship()
    cluster: Mapped[Cluster] = relationship()
    team: Mapped[Team | None] = relationship()
    initiator: Mapped[Organisation | None] = relationship()
    nomination: Mapped[Nomination | None] = relationship()
    partners: Mapped[list["Partner"]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Partner.position"
    )
    documents: Mapped[list["Document"]] = relationship(
        back_populates="application", cascade="all, delete-orphan", order_by="Document.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain class attribute


@event.listens_for(Application, "before_insert")
@event.listens_for(Application, "before_update")
def _keep_sort_keys(_mapper: Mapper[Application], _connection: Connection, application: Application) -> None:
    application.sort_title = sort_key(application.title or "")
    application.sort_number = sort_key(application.number or "")


class Partner(Base):
    """A participant of a joint project beside its initiator."""

    __tablename__ = "partners"

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(200))
    contribution: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()


class Document(Base):
    """A stored file of an application. ``removed_at`` marks what was replaced or removed while it was a draft.

    ``storage_key`` names the bytes in the document store; ``size`` in bytes. ``swept_at``: the bytes of a file that was
    removed were cleared then, by a rule (services/applications/documents_sweep.py); the row stays. ``pages`` of a PDF,
    where they could be counted.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("swept_at IS NULL OR removed_at IS NOT NULL", name="swept"),
        Index("ix_documents_uploaded_by_id_uploaded_at", "uploaded_by_id", "uploaded_at"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    slot: Mapped[str] = mapped_column(String(60))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    swept_at: Mapped[datetime | None]
    pages: Mapped[int | None]

    application: Mapped[Application] = relationship(back_populates="documents")
