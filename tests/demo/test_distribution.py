"""The demonstration's contest that waits for its experts."""

from sqlalchemy import select

from judging.extensions import db
from judging.models import AssignmentPlan, Contest
from judging.queries.assignment.plans import plan_totals
from tests.demo_site import demo_app


def test_the_second_round_has_a_draft_that_keeps_what_was_proposed_by_hand() -> None:
    with demo_app() as app, app.app_context():
        plan = db.session.scalars(select(AssignmentPlan)).one()
        totals = plan_totals(db.session, plan)
        assert (db.session.get_one(Contest, plan.contest_id).code, plan.status, plan.keep) == (
            "PP41-2026-2", "ready", True,
        )  # fmt: skip
        assert (totals.applications, totals.added, totals.kept, totals.removed, totals.missing) == (23, 67, 2, 0, 0)
        assert totals.optimal
