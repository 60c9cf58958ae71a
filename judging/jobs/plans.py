"""Plans of the assignment: read in one short transaction, worked out outside any, stored in another."""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.jobs import JobCode
from judging.jobs.kind import Done, JobTask, Mishap, NotRepeatable, Unwanted
from judging.services.assignment import plan_work
from judging.services.assignment.plan_compute import compute
from judging.services.queue import SYSTEM


def get_ready() -> None:
    """Load the engine ahead of the first plan; on a new machine it is compiled then, for some fifteen seconds."""
    import_module("judging.engines.assignment")


def work(task: JobTask) -> Done:
    """Work one plan out."""
    plan_id = task.args["plan"]
    with task.reading() as session:
        asked = plan_work.load_task(session, plan_id)
    if asked is None:
        raise Unwanted
    computed = compute(asked.situation, asked.question, contest=asked.contest, now=task.clock(), progress=task.progress)

    def store(session: Session, now: datetime) -> None:
        if not plan_work.store_result(session, plan_id, computed, by=By(SYSTEM, now)):
            raise Unwanted

    return Done(store)


def noted(session: Session, mishap: Mishap, now: datetime) -> None:
    """After the last attempt the plan says that it was given up."""
    if mishap.final:
        interrupted = mishap.code is JobCode.INTERRUPTED
        plan_work.give_up(
            session, mishap.args["plan"], interrupted=interrupted, attempts=mishap.attempt, by=By(SYSTEM, now)
        )


def revived(session: Session, args: Mapping[str, Any], by: By) -> bool:
    """Let the plan wait again, where it is still the one of its contest."""
    if not plan_work.revive(session, args["plan"], by=by):
        raise NotRepeatable
    return True
