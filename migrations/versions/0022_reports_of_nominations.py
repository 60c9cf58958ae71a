"""a report on firmness says which nomination it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("firmness_reports", sa.Column("nomination", sa.String(length=40), nullable=True))


def downgrade() -> None:
    op.drop_column("firmness_reports", "nomination")
