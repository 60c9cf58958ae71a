"""nominations of a contest, and which of them an application is in.

No contest has any at first, and no application is in one.
"""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = "fk_applications_nomination_id_nominations"


def upgrade() -> None:
    op.create_table(
        "nominations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("title_en", sa.String(length=500), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_nominations_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        sa.UniqueConstraint("contest_id", "code", name=op.f("uq_nominations_contest_id_code")),
    )
    with _applications() as batch:
        batch.add_column(sa.Column("nomination_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f(KEY), "nominations", ["nomination_id"], ["id"], ondelete="SET NULL")
        batch.create_index("ix_applications_nomination_id", ["nomination_id"], unique=False)


def downgrade() -> None:
    with _applications() as batch:
        batch.drop_index("ix_applications_nomination_id")
        batch.drop_constraint(op.f(KEY), type_="foreignkey")
        batch.drop_column("nomination_id")
    op.drop_table("nominations")


@contextmanager
def _applications():
    """Change the table of applications; on SQLite it is made anew, and the next number stays what it would be."""
    bind = op.get_bind()
    sqlite = bind.dialect.name == "sqlite"
    last = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'applications'")
    number = bind.scalar(last) if sqlite else None
    with op.batch_alter_table("applications", table_kwargs={"sqlite_autoincrement": True}) as batch:
        yield batch
    if number is not None:
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'applications'"))
        bind.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('applications', :number)"), {"number": number})
