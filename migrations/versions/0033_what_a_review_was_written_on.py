"""what a review was written on: the submission of the application that its expert has read."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

READ = """
    UPDATE reviews SET application_version = COALESCE((
        SELECT MAX(submissions.number) FROM submissions
        WHERE submissions.application_id = reviews.application_id
          AND submissions.at <= COALESCE(reviews.submitted_at, reviews.saved_at, reviews.declared_at)
    ), 0) WHERE status IN ('accepted', 'submitted')
"""
"""Of reviews that are there already: what had been submitted when their sheet was last saved."""


def upgrade() -> None:
    op.add_column("reviews", sa.Column("application_version", sa.Integer(), nullable=True))
    op.execute(READ)


def downgrade() -> None:
    with op.batch_alter_table("reviews", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_column("application_version")
