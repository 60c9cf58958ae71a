"""who sees whose marks: the setting of a contest, the key of its experts' labels, looks before the time."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0029"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("contests", sa.Column("visibility", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("contests", sa.Column("label_key", sa.String(length=32), server_default="", nullable=False))
    _give_keys()
    op.create_table(
        "early_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.CheckConstraint("opened_at < until", name=op.f("ck_early_looks_time")),
        _refers("contest_id", "contests"),
        _refers("application_id", "applications"),
        _refers("user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_looks")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_early_looks_of_person", "early_looks", ["contest_id", "user_id", "until"], unique=False)


def downgrade() -> None:
    op.drop_table("early_looks")
    op.drop_column("contests", "label_key")
    op.drop_column("contests", "visibility")


def _give_keys():
    """Every contest that is there gets a key of its own."""
    contests = sa.table("contests", sa.column("id", sa.Integer), sa.column("label_key", sa.String))
    bind = op.get_bind()
    for key in bind.scalars(sa.select(contests.c.id)).all():
        bind.execute(contests.update().where(contests.c.id == key).values(label_key=token_hex(16)))


def _refers(column, other):
    name = op.f(f"fk_early_looks_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
