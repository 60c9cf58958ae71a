"""What was read of documents: the stamp of a paper that came back signed, and electronic signatures."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import Base


class DocumentStamp(Base):
    """What the text of a file in the place of a paper said when it was uploaded (``domain/papers.Stamp``)."""

    __tablename__ = "document_stamps"
    __table_args__ = (CheckConstraint("reading IN ('stamped', 'unstamped', 'unread')", name="reading"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    reading: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    code: Mapped[str] = mapped_column(String(60), default="")
    prints: Mapped[list[str]] = mapped_column(default=list)


class DocumentSignature(Base):
    """An electronic signature of a document: a file beside it, or (``within``) one that the PDF holds.

    ``content`` is the signature in DER, ``sha256`` that of the file as it was uploaded. ``facts`` and ``verdict`` are
    of the check at ``checked_at`` (``domain/signatures``). ``removed_at``: it was taken away; the row stays.
    """

    __tablename__ = "document_signatures"
    __table_args__ = (
        CheckConstraint(
            "verdict IN ('valid', 'unverified', 'untrusted', 'expired', 'revoked', 'wrong')", name="verdict"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    within: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    facts: Mapped[dict[str, Any]]
    verdict: Mapped[str] = mapped_column(String(20))
    checked_at: Mapped[datetime]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    removed_at: Mapped[datetime | None]
