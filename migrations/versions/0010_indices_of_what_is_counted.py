"""indices that hold what is counted over a whole contest, and the orders of its lists."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ADDED = (
    ("ix_reviews_of_contest", "reviews", ["contest_id", "status", "additional", "application_id", "expert_id"]),
    ("ix_reviews_of_application", "reviews", ["application_id", "status", "additional", "expert_id"]),
    ("ix_reviews_of_expert", "reviews", ["expert_id", "status", "application_id"]),
    ("ix_applications_of_contest", "applications", ["contest_id", "status", "cluster_id", "requested", "number"]),
    ("ix_applications_in_order", "applications", ["contest_id", "sort_number", "id"]),
    ("ix_experts_in_order", "experts", ["contest_id", "sort_name", "id"]),
    ("ix_journal_last", "journal", ["contest_id", "at"]),
)
REPLACED = (
    ("ix_reviews_contest_id_status", "reviews", ["contest_id", "status"]),
    ("ix_reviews_application_id", "reviews", ["application_id"]),
    ("ix_applications_contest_id_status", "applications", ["contest_id", "status"]),
)


def upgrade() -> None:
    for name, table, columns in ADDED:
        op.create_index(name, table, columns, unique=False)
    for name, table, _ in REPLACED:
        op.drop_index(name, table_name=table)


def downgrade() -> None:
    for name, table, columns in REPLACED:
        op.create_index(name, table, columns, unique=False)
    for name, table, _ in ADDED:
        op.drop_index(name, table_name=table)
