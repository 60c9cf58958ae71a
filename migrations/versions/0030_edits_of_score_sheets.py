"""score sheets: what every save changed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("tab", sa.String(length=40), nullable=True),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        _refers("review_id", "reviews", "CASCADE"),
        _refers("by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_edits")),
    )
    op.create_index("ix_sheet_edits_review_id", "sheet_edits", ["review_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("sheet_edits")


def _refers(column, other, ondelete):
    name = op.f(f"fk_sheet_edits_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
