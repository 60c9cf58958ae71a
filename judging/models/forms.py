"""Forms of applications as documents, and what was answered, section by section."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import Base


class FormVersion(Base):
    """A form of a contest as a document ``application-form``; the last one is in force.

    ``number`` grows with every change of what is asked, ``revision`` with every change of words alone. ``sha256`` is of
    the document's canonical JSON. Before ``published_at`` the document may change; from then on it never does.
    """

    __tablename__ = "form_versions"
    __table_args__ = (
        UniqueConstraint("contest_id", "number", "revision"),
        CheckConstraint("number > 0 AND revision >= 0", name="numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    number: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None]


class ApplicationSection(Base):
    """The answers of one section of an application, as JSON by field (domain/forms/notation.py).

    ``version`` grows with every save: a form says from which one it was filled. A section that was never saved has no
    row; where the application came with an archive, its columns answer for it.

    ``edits``: by field, who changed it last and when, and when that was put on record (``by``, ``name``, ``at``,
    ``noted``; services/applications/section_edits.py).
    """

    __tablename__ = "application_sections"

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    edits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


class DocumentTemplate(Base):
    """A file that the organiser gives for a document of the form, to be filled in and uploaded again.

    It is no part of the form: forms and archives are the same with and without it.
    """

    __tablename__ = "document_templates"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[str] = mapped_column(String(60), primary_key=True)
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
