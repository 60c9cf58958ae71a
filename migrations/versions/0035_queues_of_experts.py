"""queues of experts: refused tasks, tasks put off, the order in which experts are led on."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BEFORE = "status IN ('proposed', 'assigned', 'accepted', 'submitted', 'recused')"
NOW = "status IN ('proposed', 'assigned', 'accepted', 'submitted', 'recused', 'declined')"


def upgrade() -> None:
    with _changed("reviews") as batch:
        batch.add_column(sa.Column("later_at", INSTANT, nullable=True))
        batch.drop_constraint(op.f("ck_reviews_status"), type_="check")
        batch.create_check_constraint(op.f("ck_reviews_status"), NOW)
    with _changed("assignment_rules", numbered=False) as batch:
        batch.add_column(sa.Column("queue", sa.String(length=10), server_default="fixed", nullable=False))
        batch.create_check_constraint(op.f("ck_assignment_rules_queue"), "queue IN ('fixed', 'fair')")


def downgrade() -> None:
    op.execute("UPDATE reviews SET status = 'assigned' WHERE status = 'declined'")
    with _changed("assignment_rules", numbered=False) as batch:
        batch.drop_constraint(op.f("ck_assignment_rules_queue"), type_="check")
        batch.drop_column("queue")
    with _changed("reviews") as batch:
        batch.drop_constraint(op.f("ck_reviews_status"), type_="check")
        batch.create_check_constraint(op.f("ck_reviews_status"), BEFORE)
        batch.drop_column("later_at")


@contextmanager
def _changed(table, *, numbered=True):
    """Change a table; on SQLite it is made anew, and the next number stays what it would be."""
    bind = op.get_bind()
    sqlite = bind.dialect.name == "sqlite" and numbered
    last = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    number = bind.scalar(last, {"table": table}) if sqlite else None
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": numbered}) as batch:
        yield batch
    if number is not None:
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        values = {"table": table, "number": number}
        bind.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:table, :number)"), values)
