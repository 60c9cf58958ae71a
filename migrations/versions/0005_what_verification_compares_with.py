"""what verification compares with: links and states of the journal's records, seals."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal", sa.Column("previous_id", sa.Integer(), nullable=True))
    op.add_column("journal", sa.Column("revision", sa.Integer(), nullable=True))
    op.add_column("journal", sa.Column("state", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_seals_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
    )
    op.create_index("ix_seals_contest_id", "seals", ["contest_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_seals_contest_id", table_name="seals")
    op.drop_table("seals")
    for name in ("state", "revision", "previous_id"):
        op.drop_column("journal", name)
