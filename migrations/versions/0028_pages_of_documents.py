"""documents: pages of a PDF, who replaced or removed a file, and the organiser's templates."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

REMOVED_BY = "fk_documents_removed_by_id_users"


def upgrade() -> None:
    with _changed("documents") as batch:
        batch.add_column(sa.Column("removed_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("pages", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(REMOVED_BY), "users", ["removed_by_id"], ["id"], ondelete="SET NULL")
    op.create_table(
        "document_templates",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=60), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        _refers("contest_id", "contests", "CASCADE"),
        _refers("uploaded_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("contest_id", "slot", name=op.f("pk_document_templates")),
    )


def downgrade() -> None:
    op.drop_table("document_templates")
    with _changed("documents") as batch:
        batch.drop_constraint(op.f(REMOVED_BY), type_="foreignkey")
        batch.drop_column("pages")
        batch.drop_column("removed_by_id")


def _refers(column, other, ondelete):
    name = op.f(f"fk_document_templates_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


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
