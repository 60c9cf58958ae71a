"""How people come into a team, what they are at its applications, who does which section, and who certified."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from judging.models.base import ONCE, Base


class TeamInvitation(Base):
    """An invitation into a team, sent by letter. The letter carries a random token, the table only its SHA-256.

    ``role`` is what the person becomes there; ``reason`` is given where an administrator invites. It waits until it is
    accepted or revoked (``outcome``), or ``expires_at`` has come.
    """

    __tablename__ = "team_invitations"
    __table_args__ = (
        CheckConstraint("role IN ('lead', 'member', 'head')", name="role"),
        CheckConstraint("outcome IN ('accepted', 'revoked')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_team_invitations_team_id", "team_id", "decided_at"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    invited_by: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))


class TeamRequest(Base):
    """Somebody asks to be taken into a team; its leads accept or refuse, the person may take it back."""

    __tablename__ = "team_requests"
    __table_args__ = (
        CheckConstraint("outcome IN ('accepted', 'refused', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_team_requests_team_id", "team_id", "decided_at"),
        Index("ix_team_requests_user_id", "user_id", "decided_at"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    outcome: Mapped[str | None] = mapped_column(String(10))


class ApplicationMember(Base):
    """What somebody of the team was made at one application; who has no row here fills it in."""

    __tablename__ = "application_members"
    __table_args__ = (CheckConstraint("role IN ('lead', 'contributor', 'reader')", name="role"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime]


class SectionWork(Base):
    """Who is to fill in a section of an application, and when somebody marked it as done."""

    __tablename__ = "section_works"
    __table_args__ = (CheckConstraint("done_at IS NOT NULL OR done_by_id IS NULL", name="done"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Certification(Base):
    """An application handed to the head of the organisation, and what came of it.

    ``fingerprint`` is that of what was handed over (``queries/certifications.py``): a certification holds as long as
    the application has it. The last row of an application is the one that counts.
    """

    __tablename__ = "certifications"
    __table_args__ = (
        CheckConstraint("outcome IN ('certified', 'returned')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_certifications_application_id", "application_id"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    outcome: Mapped[str | None] = mapped_column(String(10))
    remarks: Mapped[str] = mapped_column(Text, default="")
