"""refused invitations: when an expert declined to judge in a contest, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("experts", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("experts", sa.Column("declined_reason", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("experts", "declined_reason")
    op.drop_column("experts", "declined_at")
