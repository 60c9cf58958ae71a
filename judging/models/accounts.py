"""People: accounts, what they are granted, their sessions, one-time links, and the teams they form."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Connection, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from judging.domain.collation import search_key, sort_key
from judging.models.base import ONCE, Base, SortKey


class User(Base):
    """A person with an account; no password means that none was set yet.

    ``email`` is in its one stored form (:mod:`judging.adapters.addresses`).

    ``search_text`` is name and address as they are searched, ``sort_name`` what the name is sorted by
    (:mod:`judging.domain.collation`); the mapper keeps both.
    """

    __tablename__ = "users"
    __table_args__ = ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(2), default="ru")
    active: Mapped[bool] = mapped_column(default=True)
    email_confirmed_at: Mapped[datetime | None]
    consent_version: Mapped[str | None] = mapped_column(String(40))
    consent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    search_text: Mapped[str] = mapped_column(Text, default="")
    sort_name: Mapped[str] = mapped_column(SortKey, default="", server_default="")

    grants: Mapped[list["Grant"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", foreign_keys="Grant.user_id"
    )
    memberships: Mapped[list["TeamMember"]] = relationship(back_populates="user", cascade="all, delete-orphan")


@event.listens_for(User, "before_insert")
@event.listens_for(User, "before_update")
def _keep_keys(_mapper: Mapper[User], _connection: Connection, user: User) -> None:
    user.search_text = search_key(f"{user.name} {user.email}")
    user.sort_name = sort_key(user.name)


class Grant(Base):
    """A staff role of a person, in one contest or (``contest_id`` None) in every contest."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("role IN ('secretary', 'chair', 'observer', 'administrator')", name="role"),
        UniqueConstraint("user_id", "role", "contest_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])


class GrantRequest(Base):
    """A staff role that an administrator asked for, for somebody; another administrator approves or refuses.

    ``user_id`` names an account that would get the role; None: ``email`` would be sent an invitation to it.
    """

    __tablename__ = "grant_requests"
    __table_args__ = (
        CheckConstraint("role IN ('secretary', 'chair', 'observer', 'administrator')", name="role"),
        CheckConstraint("outcome IN ('approved', 'refused', 'withdrawn')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_grant_requests_open", "decided_at", "expires_at"),
        ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    asked_by: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(10))


class SignIn(Base):
    """A server-side session. The cookie carries a random token, the table only its SHA-256.

    ``seen_at`` and ``confirmed_at`` are None until the person has been active, or gave the password, since it began.
    """

    __tablename__ = "sign_ins"
    __table_args__ = ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(300), default="")
    seen_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @property
    def last_seen(self) -> datetime:
        """When the person was last active in it, to a few minutes."""
        return self.seen_at or self.created_at

    @property
    def last_confirmed(self) -> datetime:
        """When the password was last given in it."""
        return self.confirmed_at or self.created_at


class Link(Base):
    """A one-time link sent by mail: confirm an address, reset a password, accept an invitation.

    The letter carries a random token, the table only its SHA-256; ``payload`` says what a press on the page does.
    """

    __tablename__ = "links"
    __table_args__ = (CheckConstraint("purpose IN ('confirm', 'reset', 'invite')", name="purpose"), ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Team(Base):
    """A cluster team: the people who together prepare a cluster's applications.

    ``search_name`` is the name as it is compared (:func:`judging.domain.collation.search_key`); the mapper keeps it.
    """

    __tablename__ = "teams"
    __table_args__ = (Index("ix_teams_search_name", "search_name"), ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    search_name: Mapped[str] = mapped_column(Text, default="", server_default="")

    members: Mapped[list["TeamMember"]] = relationship(back_populates="team", cascade="all, delete-orphan")


@event.listens_for(Team, "before_insert")
@event.listens_for(Team, "before_update")
def _keep_name(_mapper: Mapper[Team], _connection: Connection, team: Team) -> None:
    team.search_name = search_key(team.name)


class TeamMember(Base):
    """A person in a team: its lead, a member, or the head of the organisation (``domain/teams.py``)."""

    __tablename__ = "team_members"
    __table_args__ = (CheckConstraint("role IN ('lead', 'member', 'head')", name="role"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True)
    joined_at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(10), default="member", server_default="member")

    team: Mapped[Team] = relationship(back_populates="members")
    user: Mapped[User] = relationship(back_populates="memberships")


class RateHit(Base):
    """A counter of the rate limiter: how often ``key`` was hit in the window that ends at ``expires_at``."""

    __tablename__ = "rate_hits"
    __table_args__ = (Index("ix_rate_hits_expires_at", "expires_at"),)

    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[float]
