"""the journal only records: what rules read in it is stored by itself, and its numbers are no foreign keys.

The new facts are filled from the journal of an installation that has one. On SQLite the tables whose numbers the
journal keeps are made anew, so that no number is given twice, none of those on record either.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KEPT = {
    "users": "user", "contests": "contest", "applications": "application", "clusters": "cluster", "experts": "expert",
    "reviews": "review", "assignment_plans": "assignmentplan", "firmness_reports": "firmnessreport",
    "grant_requests": "grantrequest", "links": "link", "sign_ins": "signin", "teams": "team", "documents": "document",
    "jobs": "job", "journal": None,
}  # fmt: skip
"""The tables whose numbers the journal keeps, and what it calls their rows."""
LEAVES_PLANS = (
    "plan.requested", "plan.made", "plan.impossible", "plan.failed", "plan.ticked", "plan.outdated", "plan.discarded",
    "document.added", "document.removed", "document.downloaded", "export.made", "assignment.reminded",
    "firmness.requested", "firmness.made", "firmness.failed", "plan.retried", "firmness.retried", "job.retried",
)  # fmt: skip
STRAY = timedelta(minutes=2)

JOURNAL = sa.table(
    "journal", sa.column("id", sa.Integer), sa.column("at", INSTANT), sa.column("event", sa.String),
    sa.column("actor_id", sa.Integer), sa.column("contest_id", sa.Integer), sa.column("subject_type", sa.String),
    sa.column("subject_id", sa.Integer), sa.column("details", sa.JSON), sa.column("previous_id", sa.Integer),
)  # fmt: skip
R = JOURNAL.c


def upgrade() -> None:
    op.create_table(
        "lifted_conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", INSTANT, nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        *_keys("lifted_conflicts", contest_id="contests", expert_id="experts", application_id="applications"),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["users.id"], name=op.f("fk_lifted_conflicts_lifted_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lifted_conflicts")),
    )
    for name in ("contest_id", "expert_id", "application_id"):
        op.create_index(f"ix_lifted_conflicts_{name}", "lifted_conflicts", [name], unique=False)
    op.create_table(
        "assignment_revisions",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_keys("assignment_revisions", contest_id="contests"),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_assignment_revisions")),
    )
    op.create_table(
        "clock_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("before", INSTANT, nullable=False),
        sa.Column("after", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_steps")),
    )
    op.create_index("ix_clock_steps_after", "clock_steps", ["after"], unique=False)
    op.create_table(
        "clock_marks",
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("latest", INSTANT, nullable=False),
        *_keys("clock_marks", step_id="clock_steps", contest_id="contests"),
        sa.PrimaryKeyConstraint("step_id", "contest_id", name=op.f("pk_clock_marks")),
    )
    op.create_index("ix_clock_marks_contest_id", "clock_marks", ["contest_id"], unique=False)
    op.add_column("reviews", sa.Column("tab", sa.String(length=40), nullable=True))
    op.add_column("reviews", sa.Column("tab_from", sa.Integer(), nullable=True))
    op.add_column("reviews", sa.Column("tab_to", sa.Integer(), nullable=True))
    op.add_column("assignment_plans", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clusters", sa.Column("changed_at", INSTANT, nullable=True))
    _fill()
    _rebuild(once=True)


def downgrade() -> None:
    bind = op.get_bind()
    for column, table in (("contest_id", "contests"), ("actor_id", "users")):
        there = sa.select(sa.column("id")).select_from(sa.table(table))
        bind.execute(sa.update(JOURNAL).where(R[column].not_in(there)).values({column: None}))
    _rebuild(once=False)
    op.drop_column("clusters", "changed_at")
    op.drop_column("assignment_plans", "revision")
    for name in ("tab_to", "tab_from", "tab"):
        op.drop_column("reviews", name)
    for name in ("clock_marks", "clock_steps", "assignment_revisions", "lifted_conflicts"):
        op.drop_table(name)


def _keys(table, **columns):
    return [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"), ondelete="CASCADE")
        for name, other in columns.items()
    ]


def _rebuild(*, once) -> None:
    """Take the journal's foreign keys away, or give them back; on SQLite let numbers be given once, or not."""
    bind = op.get_bind()
    sqlite = bind.dialect.name == "sqlite"
    how = {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": once}} if sqlite else {}
    numbers = {name: _greatest(bind, name, called) for name, called in KEPT.items()} if sqlite and once else {}
    for name in KEPT if sqlite else ("journal",):
        with op.batch_alter_table(name, **how) as batch:
            if name == "journal":
                for column, other in (("actor_id", "users"), ("contest_id", "contests")):
                    key = f"fk_journal_{column}_{other}"
                    if once:
                        batch.drop_constraint(key, type_="foreignkey")
                    else:
                        batch.create_foreign_key(key, other, [column], ["id"], ondelete="SET NULL")
    for name, greatest in numbers.items():
        bind.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        bind.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:name, :seq)"), {"name": name, "seq": greatest})


def _greatest(bind, name, called):
    """The greatest number of the table, by its rows and by the journal."""
    queries = [sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(name))]
    if called is None:
        queries.append(sa.select(sa.func.max(R.previous_id)))
    else:
        queries.append(sa.select(sa.func.max(R.subject_id)).where(R.subject_type == called))
    queries += [sa.select(sa.func.max(R.contest_id))] if name == "contests" else []
    queries += [sa.select(sa.func.max(R.actor_id))] if name == "users" else []
    return max(bind.scalar(query) or 0 for query in queries)


def _fill() -> None:
    bind = op.get_bind()
    loaded = dict(
        bind.execute(
            sa.select(R.contest_id, sa.func.max(R.id))
            .where(R.event.in_(("contest.loaded", "contest.replaced")), R.contest_id.is_not(None))
            .group_by(R.contest_id)
        ).all()
    )
    _fill_lifted(bind, loaded)
    _fill_tabs(bind, loaded)
    _fill_revisions(bind)
    _fill_clusters(bind, loaded)
    _fill_clock(bind)


def _records(bind, *events):
    """The records of these events in their order, all columns."""
    return bind.execute(sa.select(JOURNAL).where(R.event.in_(events)).order_by(R.id)).all()


def _table(name, *columns, **typed):
    plain = [sa.column(column, sa.Integer) for column in columns]
    return sa.table(name, *plain, *(sa.column(column, kind) for column, kind in typed.items()))


def _contests_of(bind, name):
    table = _table(name, "id", "contest_id")
    return dict(bind.execute(sa.select(table.c.id, table.c.contest_id)).all())


def _is_of(record, loaded, contests) -> bool:
    """Whether the record is of a row that is there: of its contest, and of after the contest was filled last."""
    key, contest = record.subject_id, record.contest_id
    return contest is not None and contests.get(key) == contest and record.id > loaded.get(contest, 0)


def _fill_lifted(bind, loaded) -> None:
    applications, experts = _contests_of(bind, "applications"), _contests_of(bind, "experts")
    users = set(bind.scalars(sa.select(_table("users", "id").c.id)))
    removed = {(row.contest_id, row.subject_id): row.id for row in _records(bind, "expert.removed")}
    rows = []
    for row in _records(bind, "conflict.lifted"):
        expert = row.details.get("expert_id")
        if not _is_of(row, loaded, applications) or experts.get(expert) != row.contest_id:
            continue
        if row.id > removed.get((row.contest_id, expert), 0):
            rows.append({
                "contest_id": row.contest_id, "expert_id": expert, "application_id": row.subject_id,
                "reason": row.details["conflict"], "lifted_at": row.at,
                "lifted_by_id": row.actor_id if row.actor_id in users else None,
            })  # fmt: skip
    if rows:
        table = _table(
            "lifted_conflicts", "contest_id", "expert_id", "application_id", "lifted_by_id", reason=sa.Text,
            lifted_at=INSTANT,
        )  # fmt: skip
        bind.execute(sa.insert(table), rows)


def _fill_tabs(bind, loaded) -> None:
    reviews = _table("reviews", "id", "contest_id", "tab_from", "tab_to", created_at=INSTANT, tab=sa.String)
    there = {row.id: row for row in bind.execute(sa.select(reviews.c.id, reviews.c.contest_id, reviews.c.created_at))}
    contests = {key: row.contest_id for key, row in there.items()}
    runs = {}
    for record in _records(bind, "review.saved"):
        if not _is_of(record, loaded, contests) or record.at < there[record.subject_id].created_at:
            continue
        tab, version = record.details.get("tab"), record.details.get("version")
        before = runs.get(record.subject_id)
        if not tab or version is None:
            runs[record.subject_id] = None
        elif before is not None and before[0] == tab and before[2] == version - 1:
            runs[record.subject_id] = (tab, before[1], version)
        else:
            runs[record.subject_id] = (tab, version, version)
    for key, run in runs.items():
        if run is not None:
            values = {"tab": run[0][:40], "tab_from": run[1], "tab_to": run[2]}
            bind.execute(sa.update(reviews).where(reviews.c.id == key).values(values))


def _fill_revisions(bind) -> None:
    """The revision of every contest that has plans is one; plans that nothing happened since are of it."""
    plans = _table("assignment_plans", "id", "contest_id", "revision")
    contests = _contests_of(bind, "assignment_plans")
    if not contests:
        return
    asked = {
        row.subject_id: row.id
        for row in _records(bind, "plan.requested")
        if contests.get(row.subject_id) == row.contest_id
    }
    seen = sa.select(R.contest_id, sa.func.max(R.id)).where(R.contest_id.is_not(None), R.event.not_in(LEAVES_PLANS))
    last = dict(bind.execute(seen.group_by(R.contest_id)).all())
    fresh = [key for key, contest in contests.items() if last.get(contest, 0) <= asked.get(key, 0)]
    for key in fresh:
        bind.execute(sa.update(plans).where(plans.c.id == key).values(revision=1))
    rows = [{"contest_id": contest, "revision": 1} for contest in sorted(set(contests.values()))]
    bind.execute(sa.insert(_table("assignment_revisions", "contest_id", "revision")), rows)


def _fill_clusters(bind, loaded) -> None:
    clusters = _table("clusters", "id", changed_at=INSTANT)
    contests = _contests_of(bind, "clusters")
    last = {row.subject_id: row.at for row in _records(bind, "cluster.changed") if _is_of(row, loaded, contests)}
    for key, at in last.items():
        bind.execute(sa.update(clusters).where(clusters.c.id == key).values(changed_at=at))


def _fill_clock(bind) -> None:
    steps = _table("clock_steps", "id", before=INSTANT, after=INSTANT)
    marks = _table("clock_marks", "step_id", "contest_id", latest=INSTANT)
    contests = set(bind.scalars(sa.select(_table("contests", "id").c.id)))
    number = 0
    for record in _records(bind, "clock.set"):
        try:
            before, after = (datetime.fromisoformat(text).astimezone(UTC) for text in record.details["clock"])
        except (KeyError, TypeError, ValueError):
            continue
        number += 1
        bind.execute(sa.insert(steps).values(id=number, before=before, after=after))
        if after >= before:
            continue
        latest = defaultdict(list)
        query = sa.select(R.contest_id, R.at).where(R.event == "application.submitted", R.id < record.id)
        for contest, at in bind.execute(query):
            if contest in contests and aware(at) > after - STRAY:
                latest[contest].append(aware(at))
        for contest, instants in sorted(latest.items()):
            bind.execute(sa.insert(marks).values(step_id=number, contest_id=contest, latest=max(instants)))
    if number and bind.dialect.name == "postgresql":
        bind.execute(sa.text("SELECT setval(pg_get_serial_sequence('clock_steps', 'id'), :last)"), {"last": number})


def aware(at):
    """SQLite gives instants without their zone, which is always UTC."""
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
