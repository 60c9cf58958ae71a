"""contests begun with the settings of another one, and contests that are the next stage of another one."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

REFERENCES = ("previous_id", "copied_from_id")


def upgrade() -> None:
    with _changed("contests") as batch:
        batch.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("previous_only", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch.add_column(sa.Column("copied_from_id", sa.Integer(), nullable=True))
        for column in REFERENCES:
            name = op.f(f"fk_contests_{column}_contests")
            batch.create_foreign_key(name, "contests", [column], ["id"], ondelete="SET NULL")
        batch.create_check_constraint(op.f("ck_contests_stages"), "previous_id <> id")
        batch.create_index("ix_contests_previous_id", ["previous_id"], unique=False)
    with _changed("applications") as batch:
        batch.add_column(sa.Column("previous_id", sa.Integer(), nullable=True))
        name = op.f("fk_applications_previous_id_applications")
        batch.create_foreign_key(name, "applications", ["previous_id"], ["id"], ondelete="SET NULL")
        batch.create_index("uq_applications_previous", ["previous_id", "contest_id"], unique=True)


def downgrade() -> None:
    with _changed("applications") as batch:
        batch.drop_index("uq_applications_previous")
        batch.drop_constraint(op.f("fk_applications_previous_id_applications"), type_="foreignkey")
        batch.drop_column("previous_id")
    with _changed("contests") as batch:
        batch.drop_index("ix_contests_previous_id")
        batch.drop_constraint(op.f("ck_contests_stages"), type_="check")
        for column in REFERENCES:
            batch.drop_constraint(op.f(f"fk_contests_{column}_contests"), type_="foreignkey")
            batch.drop_column(column)
        batch.drop_column("previous_only")


@contextmanager
def _changed(table):
    """Change a table; on SQLite it is made anew, and the next number stays what it would be."""
    bind = op.get_bind()
    sqlite = bind.dialect.name == "sqlite"
    last = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
    number = bind.scalar(last, {"table": table}) if sqlite else None
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        yield batch
    if number is not None:
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        values = {"table": table, "number": number}
        bind.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:table, :number)"), values)
