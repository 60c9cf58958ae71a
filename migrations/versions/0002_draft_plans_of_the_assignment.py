"""draft plans of the assignment."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignment_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("goal", sa.String(length=10), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phases_done", sa.Integer(), nullable=False),
        sa.Column("phases", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim_token", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("input_digest", sa.String(length=64), nullable=True),
        sa.Column("protocol", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("diagnosis", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("insights", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("goal IN ('total', 'fair', 'leximin')", name=op.f("ck_assignment_plans_goal")),
        sa.CheckConstraint("kind IN ('regular', 'additional')", name=op.f("ck_assignment_plans_kind")),
        sa.CheckConstraint("status <> 'running' OR claim_token IS NOT NULL", name=op.f("ck_assignment_plans_claimed")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'ready', 'impossible', 'failed', 'outdated', 'applied', 'discarded')",
            name=op.f("ck_assignment_plans_status"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_assignment_plans_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["users.id"],
            name=op.f("fk_assignment_plans_requested_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_plans")),
    )
    with op.batch_alter_table("assignment_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_plans_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index("ix_assignment_plans_status", ["status", "id"], unique=False)
        batch_op.create_index(
            "uq_assignment_plans_open",
            ["contest_id"],
            unique=True,
            sqlite_where=sa.text("status NOT IN ('applied', 'discarded')"),
            postgresql_where=sa.text("status NOT IN ('applied', 'discarded')"),
        )

    op.create_table(
        "assignment_rules",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(length=10), nullable=False),
        sa.Column("own_region_barred", sa.Boolean(), nullable=False),
        sa.Column("other_region_at_least", sa.Integer(), nullable=False),
        sa.Column("one_per_organisation", sa.Boolean(), nullable=False),
        sa.Column("methodologists_at_least", sa.Integer(), nullable=False),
        sa.Column("min_load", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("goal IN ('total', 'fair', 'leximin')", name=op.f("ck_assignment_rules_goal")),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contests.id"], name=op.f("fk_assignment_rules_contest_id_contests"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_assignment_rules")),
    )
    op.create_table(
        "planned_applications",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("demand", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_planned_applications_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["assignment_plans.id"],
            name=op.f("fk_planned_applications_plan_id_assignment_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "application_id", name=op.f("pk_planned_applications")),
    )
    with op.batch_alter_table("planned_applications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_applications_application_id"), ["application_id"], unique=False)

    op.create_table(
        "planned_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=6), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("affinity", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.CheckConstraint("change IN ('add', 'keep', 'remove')", name=op.f("ck_planned_pairs_change")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_planned_pairs_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_planned_pairs_expert_id_experts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["assignment_plans.id"],
            name=op.f("fk_planned_pairs_plan_id_assignment_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_pairs")),
        sa.UniqueConstraint(
            "plan_id", "application_id", "expert_id", name=op.f("uq_planned_pairs_plan_id_application_id_expert_id")
        ),
    )
    with op.batch_alter_table("planned_pairs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_pairs_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_planned_pairs_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index("ix_planned_pairs_plan_id_expert_id", ["plan_id", "expert_id"], unique=False)

    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("methodologist", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.drop_column("methodologist")

    with op.batch_alter_table("planned_pairs", schema=None) as batch_op:
        batch_op.drop_index("ix_planned_pairs_plan_id_expert_id")
        batch_op.drop_index(batch_op.f("ix_planned_pairs_expert_id"))
        batch_op.drop_index(batch_op.f("ix_planned_pairs_application_id"))

    op.drop_table("planned_pairs")
    with op.batch_alter_table("planned_applications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_applications_application_id"))

    op.drop_table("planned_applications")
    op.drop_table("assignment_rules")
    with op.batch_alter_table("assignment_plans", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_plans_open",
            sqlite_where=sa.text("status NOT IN ('applied', 'discarded')"),
            postgresql_where=sa.text("status NOT IN ('applied', 'discarded')"),
        )
        batch_op.drop_index("ix_assignment_plans_status")
        batch_op.drop_index(batch_op.f("ix_assignment_plans_contest_id"))

    op.drop_table("assignment_plans")
