"""richer score sheets: what a sheet asks, who reads its words, reviews set aside, the panel's and a lead's word."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True)
DECIDED_BY = "fk_applications_panel_decided_by_id_users"
SET_ASIDE_BY = "fk_reviews_set_aside_by_id_users"


def upgrade() -> None:
    op.add_column("contests", sa.Column("sheet", sa.JSON(), server_default="{}", nullable=False))
    with _changed("applications") as batch:
        batch.add_column(sa.Column("panel_verdict", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("panel_reason", sa.Text(), nullable=True))
        batch.add_column(sa.Column("panel_decided_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("panel_decided_by_id", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_applications_panel_verdict"), "panel_verdict IN ('pass', 'reject')")
        batch.create_foreign_key(op.f(DECIDED_BY), "users", ["panel_decided_by_id"], ["id"], ondelete="SET NULL")
    with _changed("reviews") as batch:
        batch.add_column(sa.Column("abstained", DOCUMENT, server_default="[]", nullable=False))
        batch.add_column(sa.Column("notes", sa.JSON(), server_default="{}", nullable=False))
        batch.add_column(sa.Column("confidence", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("in_scope", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("scope_reason", sa.Text(), server_default="", nullable=False))
        batch.add_column(sa.Column("set_aside_at", INSTANT, nullable=True))
        batch.add_column(sa.Column("set_aside_reason", sa.Text(), nullable=True))
        batch.add_column(sa.Column("set_aside_by_id", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_reviews_confidence"), "confidence IN ('low', 'medium', 'high')")
        batch.create_check_constraint(
            op.f("ck_reviews_set_aside"), "(set_aside_at IS NULL) = (set_aside_reason IS NULL)"
        )
        batch.create_foreign_key(op.f(SET_ASIDE_BY), "users", ["set_aside_by_id"], ["id"], ondelete="SET NULL")
    _agreed_scores()


def downgrade() -> None:
    op.drop_table("agreed_scores")
    with _changed("reviews") as batch:
        batch.drop_constraint(op.f(SET_ASIDE_BY), type_="foreignkey")
        batch.drop_constraint(op.f("ck_reviews_set_aside"), type_="check")
        batch.drop_constraint(op.f("ck_reviews_confidence"), type_="check")
        for column in ("set_aside_by_id", "set_aside_reason", "set_aside_at", "scope_reason", "in_scope"):
            batch.drop_column(column)
        for column in ("confidence", "notes", "abstained"):
            batch.drop_column(column)
    with _changed("applications") as batch:
        batch.drop_constraint(op.f(DECIDED_BY), type_="foreignkey")
        batch.drop_constraint(op.f("ck_applications_panel_verdict"), type_="check")
        for column in ("panel_decided_by_id", "panel_decided_at", "panel_reason", "panel_verdict"):
            batch.drop_column(column)
    op.drop_column("contests", "sheet")


def _agreed_scores():
    op.create_table(
        "agreed_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("scores", DOCUMENT, nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("saved_at", INSTANT, nullable=True),
        sa.Column("submitted_at", INSTANT, nullable=True),
        _refers("agreed_scores", "application_id", "applications"),
        _refers("agreed_scores", "expert_id", "experts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_scores")),
        sa.UniqueConstraint("application_id", name=op.f("uq_agreed_scores_application_id")),
    )
    op.create_index(op.f("ix_agreed_scores_expert_id"), "agreed_scores", ["expert_id"], unique=False)


def _refers(table, column, other):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")


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
