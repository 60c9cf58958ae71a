"""Legal entities and clusters, as they were in one contest.

Rows belong to a contest, not to the installation: a name that changes next year must not change last year's papers.
A row with ``team_id`` was entered by that team and is theirs alone; a row without came with an archive or was entered
by the secretary. The same ИНН may therefore stand twice in a contest. ``sort_name`` is what the name is sorted by
(:func:`judging.domain.collation.sort_key`), kept by the mapper.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, String, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from judging.domain.collation import sort_key
from judging.models.base import ONCE, Base, SortKey


class Organisation(Base):
    """A legal entity. ``region`` is the two-digit code of the subject of the Federation."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("contest_id", "team_id", "inn"),
        Index("uq_organisations_shared", "contest_id", "inn", unique=True,
              sqlite_where=text("team_id IS NULL"), postgresql_where=text("team_id IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="RESTRICT"), index=True)
    inn: Mapped[str] = mapped_column(String(12))
    ogrn: Mapped[str] = mapped_column(String(15))
    name: Mapped[str] = mapped_column(String(500))
    region: Mapped[str] = mapped_column(String(2))
    sort_name: Mapped[str] = mapped_column(SortKey, default="", server_default="")


class Cluster(Base):
    """An industrial cluster in a contest; ``team_id`` None: it came with an archive.

    ``changed_at``: when its team last changed it or one of its organisations.
    """

    __tablename__ = "clusters"
    __table_args__ = (UniqueConstraint("contest_id", "code"), UniqueConstraint("contest_id", "team_id"), ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id", ondelete="CASCADE"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="RESTRICT"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(500))
    region: Mapped[str] = mapped_column(String(2))
    industry: Mapped[str] = mapped_column(String(200))
    managing_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime | None]
    sort_name: Mapped[str] = mapped_column(SortKey, default="", server_default="")

    managing_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[managing_organisation_id])
    members: Mapped[list["ClusterMember"]] = relationship(
        back_populates="cluster", cascade="all, delete-orphan", order_by="ClusterMember.position"
    )


@event.listens_for(Organisation, "before_insert")
@event.listens_for(Organisation, "before_update")
@event.listens_for(Cluster, "before_insert")
@event.listens_for(Cluster, "before_update")
def _keep_sort_name(_mapper: Mapper[Any], _connection: Connection, named: Organisation | Cluster) -> None:
    named.sort_name = sort_key(named.name)


class ClusterMember(Base):
    """An organisation's membership of a cluster."""

    __tablename__ = "cluster_members"

    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]

    cluster: Mapped[Cluster] = relationship(back_populates="members")
    organisation: Mapped[Organisation] = relationship()
