"""room for two telephones with their extensions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _resize(40, 100)


def downgrade() -> None:
    """What is longer than a telephone was before is cut."""
    op.execute("UPDATE applications SET contact_phone = substr(contact_phone, 1, 40)")
    _resize(100, 40)


def _resize(before: int, after: int) -> None:
    with op.batch_alter_table("applications") as table:
        table.alter_column(
            "contact_phone",
            existing_type=sa.String(length=before),
            type_=sa.String(length=after),
            existing_nullable=False,
        )
