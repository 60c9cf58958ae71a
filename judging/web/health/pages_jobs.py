"""What runs beside the requests, for the administrator: what waits, what is being done, what failed and why."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging import jobs as work
from judging.domain.access import DESK, Permission
from judging.domain.jobs import CODE_WORDS, KIND_LABELS, STATE_LABELS, JobCode, JobKind, JobState, scheduled_instant
from judging.extensions import db
from judging.models import Job
from judging.queries import jobs as queries
from judging.services.queue import SYSTEM
from judging.web.access import by_request, requires
from judging.web.clock import now
from judging.web.health.blueprint import blueprint
from judging.web.listing import member_of, page_of
from judging.web.once import once
from judging.web.templating import moscow_short, translate

TONES = {
    JobState.WAITING: "neutral",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
}


@blueprint.get("/staff/jobs")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def jobs() -> str:
    """Every job that is not done, what is being done first; by a filter also those that are."""
    wanted = queries.JobFilter(
        state=member_of(request.args, "state", JobState),
        kind=member_of(request.args, "kind", JobKind),
        page=page_of(request.args),
    )
    page = queries.jobs_page(db.session, wanted)
    return render_template(
        "health/jobs.html",
        page=page,
        rows=[_row(job) for job in page.rows],
        wanted=wanted,
        counts=queries.counts(db.session),
        states=[(state.value, translate(words)) for state, words in STATE_LABELS.items()],
        kinds=[(kind.value, translate(words)) for kind, words in KIND_LABELS.items()],
    )


@blueprint.post("/staff/jobs/<int:job_id>/retry")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def retry_job(job_id: int) -> Response:
    """Have a failed job tried again, with all its attempts before it."""
    if db.session.get(Job, job_id) is None:
        abort(404)
    work.retry_job(db.session, job_id, by=by_request(now()))
    db.session.commit()
    flash(gettext("The job is due again and will be taken up within seconds."), "success")
    return redirect(url_for("health.jobs"), code=303)


def _row(job: Job) -> dict[str, Any]:
    state, kind = JobState(job.state), work.KINDS.get(job.kind)
    return {
        "job": job,
        "label": translate(KIND_LABELS[JobKind(job.kind)]) if job.kind in set(JobKind) else job.kind,
        "about": _about(job),
        "asked_by": gettext("the system") if job.asked_by == SYSTEM.name else job.asked_by,
        "state": translate(STATE_LABELS[state]),
        "tone": TONES[state],
        "tries": kind.tries if kind else job.attempt,
        "why": translate(CODE_WORDS[JobCode(job.error_code)]) if job.error_code in set(JobCode) else "",
        "failed": state is JobState.FAILED,
        "waits": state is JobState.WAITING,
    }


def _about(job: Job) -> str:
    """Which one it is: of those by the calendar when, of all others the number of what they are for, or their own."""
    instant = scheduled_instant(job.key or "")
    if instant is not None:
        return gettext("by the calendar, at %(at)s", at=moscow_short(instant))
    number = (job.key or "").rpartition(":")[2]
    return f"№\u00a0{number if number.isdecimal() else job.id}"
