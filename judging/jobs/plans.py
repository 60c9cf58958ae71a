"""Plans of the assignment: claimed in one transaction, worked out outside any, stored in another."""

from functools import partial
from importlib import import_module

from judging.extensions import db
from judging.jobs.working import ClaimLost, Clock, Progress, attempt, heartbeat, utc_now, waits
from judging.models.engine import reading, writing
from judging.services.assignment import working
from judging.services.assignment.computing import compute
from judging.services.claims import Claim


def get_ready() -> None:
    """Load the engine ahead of the first plan; on a new machine it is compiled then, for some fifteen seconds."""
    import_module("judging.engines.assignment")


def plan_next(*, clock: Clock = utc_now, watch: Progress | None = None) -> bool:
    """Work out the oldest plan that waits, or whose worker has died; False where there is none.

    ``watch(done, of)`` is called between the phases.
    """
    return waits(working, clock) and _work(clock, watch, None)


def run_plan(plan_id: int, *, clock: Clock = utc_now) -> bool:
    """Work out this queued plan here and now (after the commit of its request); False where another worker has it."""
    with writing():
        return _work(clock, None, plan_id)


def _work(clock: Clock, watch: Progress | None, plan_id: int | None) -> bool:
    with db.sessionmaker() as session, session.begin():
        claim = working.claim_plan(session, now=clock(), plan_id=plan_id)
    if claim is None:
        return False
    attempt(working, claim, partial(_work_out, claim, clock, watch), clock=clock, what="plan")
    return True


def _work_out(claim: Claim, clock: Clock, watch: Progress | None) -> None:
    with reading(), db.sessionmaker() as session, session.begin():
        task = working.load_task(session, claim)
    with heartbeat(working, claim, clock) as heart:
        computed = compute(
            task.situation, task.question, contest=task.contest, now=clock(), progress=heart.progress(watch)
        )
    with db.sessionmaker() as session, session.begin():
        if not working.store_result(session, claim, computed, now=clock()):
            raise ClaimLost
