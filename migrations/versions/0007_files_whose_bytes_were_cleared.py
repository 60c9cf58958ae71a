"""files whose bytes were cleared."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_documents_swept"), "swept_at IS NULL OR removed_at IS NOT NULL")
        batch_op.create_index(
            "ix_documents_uploaded_by_id_uploaded_at", ["uploaded_by_id", "uploaded_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("ix_documents_uploaded_by_id_uploaded_at")
        batch_op.drop_constraint(op.f("ck_documents_swept"), type_="check")
        batch_op.drop_column("swept_at")
