"""plans, reports and letters are jobs.

What was open goes over to the queue: a plan or report that waited or was being worked out, a letter that was neither
sent nor given up. Who had it in hand has it no longer; how often it was tried is kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOST_LETTER_ATTEMPTS = 8
WORK = {
    "assignment_plans": (
        "plans",
        "plan",
        "status IN ('queued', 'ready', 'impossible', 'failed', 'outdated', 'applied', 'discarded')",
        "status IN ('queued', 'running', 'ready', 'impossible', 'failed', 'outdated', 'applied', 'discarded')",
    ),
    "firmness_reports": (
        "firmness",
        "report",
        "status IN ('queued', 'ready', 'failed')",
        "status IN ('queued', 'running', 'ready', 'failed')",
    ),
}
INSTANT = sa.DateTime(timezone=True)
JOBS = sa.table(
    "jobs", sa.column("id", sa.Integer), sa.column("kind", sa.String), sa.column("key", sa.String), sa.column("args", sa.JSON),
    sa.column("state", sa.String), sa.column("attempt", sa.Integer), sa.column("run_at", INSTANT), sa.column("progress_done", sa.Integer),
    sa.column("progress_total", sa.Integer), sa.column("progress_words", sa.String), sa.column("asked_at", INSTANT),
    sa.column("asked_by_id", sa.Integer), sa.column("asked_by", sa.String),
)  # fmt: skip
LETTERS = sa.table(
    "letters", sa.column("id", sa.Integer), sa.column("created_at", INSTANT), sa.column("sent_at", INSTANT),
    sa.column("attempts", sa.Integer), sa.column("leased_until", INSTANT),
)  # fmt: skip


def asked(name: str) -> sa.TableClause:
    return sa.table(
        name, sa.column("id", sa.Integer), sa.column("status", sa.String), sa.column("attempts", sa.Integer),
        sa.column("requested_at", INSTANT), sa.column("requested_by_id", sa.Integer), sa.column("requested_by", sa.String),
    )  # fmt: skip


def job(kind: str, word: str, row_id: int, **values: object) -> dict[str, object]:
    nothing = {"progress_done": 0, "progress_total": 0, "progress_words": "", "run_at": None, "asked_by_id": None}
    return {"kind": kind, "key": f"{kind}:{row_id}", "args": {word: row_id}, "state": "waiting", **nothing, **values}


def upgrade() -> None:
    connection = op.get_bind()
    for name, (kind, word, _, _) in WORK.items():
        table = asked(name)
        rows = connection.execute(
            sa.select(table).where(table.c.status.in_(("queued", "running"))).order_by(table.c.id)
        )
        found = [
            job(kind, word, row.id, attempt=min(row.attempts, 2), asked_at=row.requested_at,
                asked_by_id=row.requested_by_id, asked_by=row.requested_by)
            for row in rows
        ]  # fmt: skip
        if found:
            connection.execute(sa.insert(JOBS), found)
    letters = connection.execute(
        sa.select(LETTERS)
        .where(LETTERS.c.sent_at.is_(None), LETTERS.c.attempts < MOST_LETTER_ATTEMPTS)
        .order_by(LETTERS.c.id)
    )
    found = [
        job(
            "letters",
            "letter",
            row.id,
            attempt=row.attempts,
            run_at=row.leased_until,
            asked_at=row.created_at,
            asked_by="system",
        )
        for row in letters
    ]
    if found:
        connection.execute(sa.insert(JOBS), found)
    op.drop_index("uq_firmness_reports_waiting", table_name="firmness_reports")
    for name, (_, _, narrow, _) in WORK.items():
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{name}_claimed"), type_="check")
            batch_op.drop_constraint(op.f(f"ck_{name}_status"), type_="check")
        table = asked(name)
        op.execute(sa.update(table).where(table.c.status == "running").values(status="queued"))
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.create_check_constraint(op.f(f"ck_{name}_status"), narrow)
            for column in ("started_at", "phases_done", "phases", "attempts", "claim_token", "claimed_until"):
                batch_op.drop_column(column)
    waiting = sa.text("status = 'queued'")
    op.create_index("uq_firmness_reports_waiting", "firmness_reports", ["contest_id"], unique=True,
                    sqlite_where=waiting, postgresql_where=waiting)  # fmt: skip
    op.drop_column("letters", "leased_until")


def downgrade() -> None:
    connection = op.get_bind()
    op.add_column("letters", sa.Column("leased_until", INSTANT, nullable=True))
    op.drop_index("uq_firmness_reports_waiting", table_name="firmness_reports")
    for name, (_, _, _, wide) in WORK.items():
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column("started_at", INSTANT, nullable=True))
            for column in ("phases_done", "phases", "attempts"):
                batch_op.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
            batch_op.add_column(sa.Column("claim_token", sa.String(length=32), nullable=True))
            batch_op.add_column(sa.Column("claimed_until", INSTANT, nullable=True))
            batch_op.drop_constraint(op.f(f"ck_{name}_status"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{name}_status"), wide)
            batch_op.create_check_constraint(
                op.f(f"ck_{name}_claimed"), "status <> 'running' OR claim_token IS NOT NULL"
            )
        with op.batch_alter_table(name, schema=None) as batch_op:
            for column in ("phases_done", "phases", "attempts"):
                batch_op.alter_column(column, existing_type=sa.Integer(), server_default=None)
    waiting = sa.text("status IN ('queued', 'running')")
    op.create_index("uq_firmness_reports_waiting", "firmness_reports", ["contest_id"], unique=True,
                    sqlite_where=waiting, postgresql_where=waiting)  # fmt: skip
    kinds = {kind: asked(name) for name, (kind, _, _, _) in WORK.items()}
    rows = connection.execute(sa.select(JOBS).where(JOBS.c.state.in_(("waiting", "running")))).all()
    for row in rows:
        if row.kind in kinds:
            table = kinds[row.kind]
            row_id = next(iter(row.args.values()))
            connection.execute(sa.update(table).where(table.c.id == row_id).values(attempts=min(row.attempt, 2)))
        elif row.kind == "letters":
            connection.execute(
                sa.update(LETTERS).where(LETTERS.c.id == row.args["letter"]).values(leased_until=row.run_at)
            )
    connection.execute(sa.delete(JOBS).where(JOBS.c.kind.in_([*kinds, "letters"])))
