"""what follows where reviews diverge, the discussion of an application, why an agreed score was given back."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("assignment_rules") as batch:
        batch.add_column(sa.Column("additional", sa.String(length=10), server_default="propose", nullable=False))
        batch.create_check_constraint(op.f("ck_assignment_rules_additional"), "additional IN ('propose', 'assign')")
    op.add_column("agreed_scores", sa.Column("reason", sa.Text(), nullable=True))
    _additional_calls()
    _discussion_rules()
    _discussion_messages()
    _discussion_versions()
    _discussion_reads()


def downgrade() -> None:
    for table in (
        "discussion_reads", "discussion_versions", "discussion_messages", "discussion_rules", "additional_calls",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_column("agreed_scores", "reason")
    with op.batch_alter_table("assignment_rules") as batch:
        batch.drop_constraint(op.f("ck_assignment_rules_additional"), type_="check")
        batch.drop_column("additional")


def _additional_calls():
    table = "additional_calls"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('proposed', 'assigned', 'nobody', 'dismissed')", name=op.f("ck_additional_calls_outcome")
        ),
        _refers(table, "contest_id", "contests"),
        _refers(table, "application_id", "applications"),
        _refers(table, "expert_id", "experts", ondelete="SET NULL"),
        _refers(table, "decided_by_id", "users", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_additional_calls")),
        sa.UniqueConstraint("application_id", "mark", name=op.f("uq_additional_calls_application_id_mark")),
    )
    op.create_index(op.f("ix_additional_calls_contest_id"), table, ["contest_id"], unique=False)


def _discussion_rules():
    op.create_table(
        "discussion_rules",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("circle", sa.String(length=12), nullable=False),
        sa.Column("edit_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("circle IN ('nobody', 'commission', 'experts')", name=op.f("ck_discussion_rules_circle")),
        sa.CheckConstraint("edit_minutes >= 0", name=op.f("ck_discussion_rules_edit_minutes")),
        _refers("discussion_rules", "contest_id", "contests"),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_discussion_rules")),
    )


def _discussion_messages():
    table = "discussion_messages"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "audience IN ('staff', 'commission', 'experts')", name=op.f("ck_discussion_messages_audience")
        ),
        _refers(table, "contest_id", "contests"),
        _refers(table, "application_id", "applications"),
        _refers(table, "author_id", "users", ondelete="SET NULL"),
        _refers(table, "expert_id", "experts", ondelete="SET NULL"),
        _refers(table, "reply_to_id", "discussion_messages", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_messages")),
    )
    op.create_index(op.f("ix_discussion_messages_author_id"), table, ["author_id"], unique=False)
    op.create_index(op.f("ix_discussion_messages_expert_id"), table, ["expert_id"], unique=False)
    op.create_index("ix_discussion_messages_of_application", table, ["application_id", "audience", "id"], unique=False)
    op.create_index("ix_discussion_messages_of_contest", table, ["contest_id", "application_id"], unique=False)


def _discussion_versions():
    table = "discussion_versions"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        _refers(table, "message_id", "discussion_messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_versions")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_discussion_versions_message_id_number")),
    )


def _discussion_reads():
    table = "discussion_reads"
    op.create_table(
        table,
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        _refers(table, "application_id", "applications"),
        _refers(table, "user_id", "users"),
        sa.PrimaryKeyConstraint("application_id", "user_id", name=op.f("pk_discussion_reads")),
    )
    op.create_index(op.f("ix_discussion_reads_user_id"), table, ["user_id"], unique=False)


def _refers(table, column, other, ondelete="CASCADE"):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
