"""drafts of tasks that were taken away, and the days on which experts are reminded by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "kept_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("handed_in", sa.JSON(), nullable=False),
        sa.Column("edits", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        _refers("kept_drafts", "contest_id", "contests"),
        _refers("kept_drafts", "expert_id", "experts"),
        _refers("kept_drafts", "application_id", "applications"),
        _refers("kept_drafts", "kept_by_id", "users", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_drafts")),
        sa.UniqueConstraint("expert_id", "application_id", name=op.f("uq_kept_drafts_expert_id_application_id")),
    )
    op.create_index(op.f("ix_kept_drafts_contest_id"), "kept_drafts", ["contest_id"], unique=False)
    op.create_index(op.f("ix_kept_drafts_application_id"), "kept_drafts", ["application_id"], unique=False)
    op.create_table(
        "reminder_rules",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _refers("reminder_rules", "contest_id", "contests"),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_reminder_rules")),
    )


def downgrade() -> None:
    op.drop_table("reminder_rules")
    op.drop_table("kept_drafts")


def _refers(table, column, other, ondelete="CASCADE"):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
