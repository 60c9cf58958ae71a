"""what was read of documents: stamps of papers that came back signed, and electronic signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "document_stamps",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("reading", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("prints", sa.JSON(none_as_null=True), nullable=False),
        sa.CheckConstraint("reading IN ('stamped', 'unstamped', 'unread')", name=op.f("ck_document_stamps_reading")),
        _refers("document_stamps", "document_id", "documents", "CASCADE"),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_stamps")),
    )
    op.create_table(
        "document_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "verdict IN ('valid', 'unverified', 'untrusted', 'expired', 'revoked', 'wrong')",
            name=op.f("ck_document_signatures_verdict"),
        ),
        _refers("document_signatures", "document_id", "documents", "CASCADE"),
        _refers("document_signatures", "uploaded_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_signatures")),
    )
    op.create_index(op.f("ix_document_signatures_document_id"), "document_signatures", ["document_id"], unique=False)


def downgrade() -> None:
    for table in ("document_signatures", "document_stamps"):
        op.drop_table(table)


def _refers(table, column, other, ondelete):
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)
