"""The additional expert where reviews diverge: read in a short transaction, looked for outside any, stored in one."""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.jobs.kind import Done, JobTask, Refused, Unwanted
from judging.services.assignment import additional_call
from judging.services.queue import SYSTEM


def work(task: JobTask) -> Done:
    """Answer one divergence, where it is one still and nobody has answered it."""
    with task.reading() as session:
        asked = additional_call.load_search(session, task.args["application"])
    if asked is None:
        raise Unwanted
    found = additional_call.look_for(asked)

    def store(session: Session, now: datetime) -> None:
        try:
            answered = additional_call.answer_divergence(
                session, found, by=By(SYSTEM, now), base_url=task.args.get("base_url", "")
            )
        except additional_call.TakenMeanwhile as late:
            raise Refused(str(late), permanent=False) from late
        if not answered:
            raise Unwanted

    return Done(store)
