"""a submitted application is opened for changes by its own team; a contest has texts of its public page."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submission_returns") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=10), server_default="staff", nullable=False))
        batch.create_check_constraint(op.f("ck_submission_returns_kind"), "kind IN ('staff', 'team')")
    op.add_column("contests", sa.Column("public_page", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("contests", "public_page")
    with op.batch_alter_table("submission_returns") as batch:
        batch.drop_constraint(op.f("ck_submission_returns_kind"), type_="check")
        batch.drop_column("kind")
