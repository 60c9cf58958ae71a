"""teams of several people: roles in them and at applications, invitations, requests, sections, certification."""

import re
import unicodedata
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
QUOTES, DASHES = "\"'`´«»„“”‟‹›‘’‚‛ʼ′″", "‐‑‒–—―−"
SIGNS = str.maketrans({**dict.fromkeys(QUOTES), **dict.fromkeys(DASHES, "-"), "№": " "})
PIECE = 500


def upgrade() -> None:
    with _changed("teams") as batch:
        batch.add_column(sa.Column("search_name", sa.Text(), server_default="", nullable=False))
        batch.create_index("ix_teams_search_name", ["search_name"], unique=False)
    with op.batch_alter_table("team_members") as batch:
        batch.add_column(sa.Column("role", sa.String(length=10), server_default="member", nullable=False))
        batch.create_check_constraint(op.f("ck_team_members_role"), "role IN ('lead', 'member', 'head')")
    with _changed("contests") as batch:
        batch.add_column(sa.Column("certification", sa.String(length=10), server_default="none", nullable=False))
        batch.create_check_constraint(op.f("ck_contests_certification"), "certification IN ('none', 'required')")
    _name_teams()
    _make_leads()
    _create_ways_in()
    _create_work()


def downgrade() -> None:
    for table in ("certifications", "section_works", "application_members", "team_requests", "team_invitations"):
        op.drop_table(table)
    with _changed("contests") as batch:
        batch.drop_constraint(op.f("ck_contests_certification"), type_="check")
        batch.drop_column("certification")
    with op.batch_alter_table("team_members") as batch:
        batch.drop_constraint(op.f("ck_team_members_role"), type_="check")
        batch.drop_column("role")
    with _changed("teams") as batch:
        batch.drop_index("ix_teams_search_name")
        batch.drop_column("search_name")


def _make_leads() -> None:
    """Whoever has been in a team longest leads it: until now everybody in a team might do everything."""
    members = sa.table("team_members", *map(sa.column, ("team_id", "user_id", "joined_at", "role")))
    bind, led = op.get_bind(), set()
    query = sa.select(members.c.team_id, members.c.user_id)
    for team_id, user_id in bind.execute(query.order_by(members.c.team_id, members.c.joined_at, members.c.user_id)):
        if team_id not in led:
            led.add(team_id)
            mine = sa.and_(members.c.team_id == team_id, members.c.user_id == user_id)
            bind.execute(sa.update(members).where(mine).values(role="lead"))


def _name_teams() -> None:
    """Write the name that is compared, some hundred rows at a time."""
    teams = sa.table("teams", *map(sa.column, ("id", "name", "search_name")))
    bind, last = op.get_bind(), 0
    while True:
        query = sa.select(teams.c.id, teams.c.name).where(teams.c.id > last).order_by(teams.c.id).limit(PIECE)
        rows = bind.execute(query).all()
        if not rows:
            return
        for row in rows:
            bind.execute(sa.update(teams).where(teams.c.id == row.id).values(search_name=_search_key(row.name)))
        last = rows[-1].id


def _create_ways_in() -> None:
    op.create_table(
        "team_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint("role IN ('lead', 'member', 'head')", name=op.f("ck_team_invitations_role")),
        sa.CheckConstraint("outcome IN ('accepted', 'revoked')", name=op.f("ck_team_invitations_outcome")),
        _decided("team_invitations"),
        _refers("team_invitations", "team_id", "teams", "CASCADE"),
        _refers("team_invitations", "invited_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_team_invitations_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_team_invitations_team_id", "team_invitations", ["team_id", "decided_at"], unique=False)
    op.create_table(
        "team_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint("outcome IN ('accepted', 'refused', 'withdrawn')", name=op.f("ck_team_requests_outcome")),
        _decided("team_requests"),
        _refers("team_requests", "team_id", "teams", "CASCADE"),
        _refers("team_requests", "user_id", "users", "CASCADE"),
        _refers("team_requests", "decided_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_requests")),
        sqlite_autoincrement=True,
    )
    for column in ("team_id", "user_id"):
        op.create_index(f"ix_team_requests_{column}", "team_requests", [column, "decided_at"], unique=False)


def _create_work() -> None:
    op.create_table(
        "application_members",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.CheckConstraint("role IN ('lead', 'contributor', 'reader')", name=op.f("ck_application_members_role")),
        _refers("application_members", "application_id", "applications", "CASCADE"),
        _refers("application_members", "user_id", "users", "CASCADE"),
        sa.PrimaryKeyConstraint("application_id", "user_id", name=op.f("pk_application_members")),
    )
    op.create_index(op.f("ix_application_members_user_id"), "application_members", ["user_id"], unique=False)
    op.create_table(
        "section_works",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("done_at IS NOT NULL OR done_by_id IS NULL", name=op.f("ck_section_works_done")),
        _refers("section_works", "application_id", "applications", "CASCADE"),
        _refers("section_works", "assignee_id", "users", "SET NULL"),
        _refers("section_works", "done_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("application_id", "code", name=op.f("pk_section_works")),
    )
    op.create_table(
        "certifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('certified', 'returned')", name=op.f("ck_certifications_outcome")),
        _decided("certifications"),
        _refers("certifications", "application_id", "applications", "CASCADE"),
        _refers("certifications", "asked_by_id", "users", "SET NULL"),
        _refers("certifications", "decided_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certifications")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_certifications_application_id", "certifications", ["application_id"], unique=False)


def _decided(table):
    return sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name=op.f(f"ck_{table}_decided"))


def _refers(table, column, other, ondelete):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def _search_key(text):
    """The name as it is compared, as of this migration: migrations import nothing from the application."""
    folded = unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS).casefold()
    folded = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFC", folded))
    seen = "".join(_seen(sign) for sign in folded)
    return " ".join(seen.split()).replace("ё", "е")


def _seen(sign):
    kind = unicodedata.category(sign)
    return "" if kind == "Cf" else " " if kind[0] in "ZC" else sign


@contextmanager
def _changed(table):
    """Change a table; on SQLite it is made anew, and the next number stays what it would be."""
    bind = op.get_bind()
    sqlite = bind.dialect.name == "sqlite"
    last = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    number = bind.scalar(last, {"table": table}) if sqlite else None
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        yield batch
    if number is not None:
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        values = {"table": table, "number": number}
        bind.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:table, :number)"), values)
