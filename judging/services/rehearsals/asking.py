"""Asking for a rehearsal: one job a trial, which goes a step or to the end."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.jobs import OPEN, JobKind, key_of
from judging.domain.lifecycle import NotPossible
from judging.domain.rehearsals import Until, next_step
from judging.models import Contest
from judging.queries.jobs import job_of
from judging.queries.rehearsals import state_of
from judging.services import audit
from judging.services.queue import replace
from judging.services.trials import hold_trial


def ask_rehearsal(session: Session, contest_id: int, until: Until, *, tasks_url: str, by: By) -> Contest:
    """Have the trial walked on; ``tasks_url`` is the address that letters to its experts name.

    Raises ``NotPossible`` while a rehearsal goes on, and where nothing is left to be done.
    """
    contest = hold_trial(session, contest_id)
    key = key_of(JobKind.REHEARSAL, contest.id)
    job = job_of(session, key)
    if job is not None and job.state in OPEN:
        raise NotPossible(N_("The rehearsal is going on already."))
    step = next_step(state_of(session, contest, by.now))
    if step is None:
        raise NotPossible(N_("The trial is over: wipe it and make a new one."))
    audit.record(
        session, Event.TRIAL_REHEARSED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details={"until": until.value, "step": step.value},
    )  # fmt: skip
    args = {"contest": contest.id, "until": until.value, "tasks_url": tasks_url}
    replace(session, JobKind.REHEARSAL, args, key=key, by=by)
    return contest
