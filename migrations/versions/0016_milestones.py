"""milestones of a contest, more time for one application or expert, days added to the production calendar."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _key(table):
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _to(table, column, other, ondelete):
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.create_table(
        "milestones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("after", sa.String(length=30), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("came_at", INSTANT, nullable=True),
        sa.Column("came_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(at IS NOT NULL AND after IS NULL AND days IS NULL AND unit IS NULL) OR "
            "(at IS NULL AND after IS NOT NULL AND days IS NOT NULL AND unit IS NOT NULL)",
            name=op.f("ck_milestones_planned"),
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 400", name=op.f("ck_milestones_days")),
        sa.CheckConstraint("unit IN ('working', 'calendar')", name=op.f("ck_milestones_unit")),
        sa.CheckConstraint("after <> code", name=op.f("ck_milestones_no_circle")),
        _to("milestones", "contest_id", "contests", "CASCADE"),
        _to("milestones", "came_by_id", "users", "SET NULL"),
        _key("milestones"),
        sa.UniqueConstraint("contest_id", "code", name=op.f("uq_milestones_contest_id_code")),
    )
    op.create_table(
        "milestone_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("before", sa.String(length=80), nullable=True),
        sa.Column("after", sa.String(length=80), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        _to("milestone_changes", "contest_id", "contests", "CASCADE"),
        _to("milestone_changes", "changed_by_id", "users", "SET NULL"),
        _key("milestone_changes"),
    )
    op.create_index(op.f("ix_milestone_changes_contest_id"), "milestone_changes", ["contest_id"])
    op.create_table(
        "extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(code = 'applications_close' AND application_id IS NOT NULL AND expert_id IS NULL) OR "
            "(code = 'review_close' AND expert_id IS NOT NULL AND application_id IS NULL)",
            name=op.f("ck_extensions_of_one"),
        ),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name=op.f("ck_extensions_revoked")),
        _to("extensions", "contest_id", "contests", "CASCADE"),
        _to("extensions", "application_id", "applications", "CASCADE"),
        _to("extensions", "expert_id", "experts", "CASCADE"),
        _to("extensions", "granted_by_id", "users", "SET NULL"),
        _to("extensions", "revoked_by_id", "users", "SET NULL"),
        _key("extensions"),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_extensions_contest_id"), "extensions", ["contest_id"])
    op.create_index("ix_extensions_of_application", "extensions", ["application_id"])
    op.create_index("ix_extensions_of_expert", "extensions", ["expert_id"])
    op.create_table(
        "calendar_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        _to("calendar_days", "added_by_id", "users", "SET NULL"),
        _key("calendar_days"),
        sa.UniqueConstraint("day", name=op.f("uq_calendar_days_day")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "calendar_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("year BETWEEN 1992 AND 2200", name=op.f("ck_calendar_years_year")),
        _to("calendar_years", "added_by_id", "users", "SET NULL"),
        _key("calendar_years"),
        sa.UniqueConstraint("year", name=op.f("uq_calendar_years_year")),
        sqlite_autoincrement=True,
    )
    op.add_column("applications", sa.Column("lateness", sa.String(length=10), nullable=True))
    op.add_column("reviews", sa.Column("lateness", sa.String(length=10), nullable=True))


def downgrade() -> None:
    op.drop_column("reviews", "lateness")
    op.drop_column("applications", "lateness")
    for table in ("calendar_years", "calendar_days", "extensions", "milestone_changes", "milestones"):
        op.drop_table(table)
