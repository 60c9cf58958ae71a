"""sections of applications: who changed which field last, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("application_sections") as table:
        table.add_column(sa.Column("edits", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("application_sections") as table:
        table.drop_column("edits")
