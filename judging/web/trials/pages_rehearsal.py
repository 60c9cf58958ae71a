"""The rehearsal of a trial: its steps, how far it is, its clock, and the letters that went to nobody."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.jobs import OPEN, JobKind, JobState, key_of
from judging.domain.rehearsals import STEP_LABELS, State, Step, Until, done_steps, next_step
from judging.domain.stages import STAGE_LABELS, Stage
from judging.extensions import db
from judging.models import Contest, Job
from judging.queries import contests, rehearsals, scopes
from judging.queries.jobs import job_of
from judging.services.letters import without_secrets
from judging.services.rehearsals.asking import ask_rehearsal
from judging.services.trials import move_to
from judging.web.access import by_request, public_url, requires
from judging.web.clock import arrived
from judging.web.forms import Form
from judging.web.listing import member_of
from judging.web.once import once
from judging.web.templating import translate
from judging.web.trials.blueprint import blueprint


@blueprint.get("/staff/contests/<code>/trial")
@requires(Permission.SEE_CONTEST, scopes.trial_scope)
def show(code: str) -> str:
    """How far the trial is, and what can be done with it."""
    contest = contests.by_code(db.session, code)
    state = rehearsals.state_of(db.session, contest, arrived())
    job = job_of(db.session, _key(contest))
    following = next_step(state)
    return render_template(
        "trials/show.html",
        contest=contest,
        form=Form(formdata=None),
        steps=_steps(state),
        following=None if following is None else translate(STEP_LABELS[following]),
        going_on=job is not None and job.state in OPEN,
        progress=_progress(job),
        stopped=_stopped(job),
        failed=job is not None and job.state == JobState.FAILED,
        stages=[(stage.value, translate(words), stage is state.stage) for stage, words in STAGE_LABELS.items()],
        clock_moves=state.status.is_draft or state.status.goes_on,
        letters=rehearsals.letters_written(db.session, contest.id),
    )


@blueprint.get("/staff/contests/<code>/trial/state")
@requires(Permission.SEE_CONTEST, scopes.trial_scope)
def state(code: str) -> Response:
    """How far the rehearsal is, for the script that keeps the page true."""
    return jsonify(_progress(job_of(db.session, _key(contests.by_code(db.session, code)))))


@blueprint.post("/staff/contests/<code>/trial/rehearsal")
@requires(Permission.RUN_TRIAL, scopes.trial_scope)
@once
def rehearse(code: str) -> Response:
    """Have the next step done, or all that are left."""
    contest = contests.by_code(db.session, code)
    until = member_of(request.form, "until", Until) or Until.NEXT
    tasks = f"{public_url()}{url_for('scoring.queue')}"
    ask_rehearsal(db.session, contest.id, until, tasks_url=tasks, by=by_request())
    db.session.commit()
    return redirect(url_for("trials.show", code=code), code=303)


@blueprint.post("/staff/contests/<code>/trial/clock")
@requires(Permission.RUN_TRIAL, scopes.trial_scope)
@once
def move_clock(code: str) -> Response:
    """Move the dates of the trial so that it is in the stage that was chosen."""
    contest = contests.by_code(db.session, code)
    stage = member_of(request.form, "stage", Stage)
    if stage is not None:
        move_to(db.session, contest.id, stage, by=by_request())
        db.session.commit()
        flash(gettext("The clock of the trial is moved: %(stage)s.", stage=translate(STAGE_LABELS[stage])), "success")
    return redirect(url_for("trials.show", code=code), code=303)


@blueprint.get("/staff/contests/<code>/trial/letters")
@requires(Permission.SEE_CONTEST, scopes.trial_scope)
def letters(code: str) -> str:
    """The letters of the trial: they were written and never sent."""
    contest = contests.by_code(db.session, code)
    found = [(one, without_secrets(one.body)) for one in rehearsals.letters(db.session, contest.id)]
    total = rehearsals.letters_written(db.session, contest.id)
    return render_template("trials/letters.html", contest=contest, letters=found, total=total)


def _key(contest: Contest) -> str:
    return key_of(JobKind.REHEARSAL, contest.id)


def _steps(state: State) -> list[dict[str, Any]]:
    """The steps as the line of stages wants them."""
    behind, following = done_steps(state), next_step(state)
    return [
        {
            "label": translate(STEP_LABELS[step]),
            "state": "done" if step in behind else "current" if step is following else "ahead",
        }
        for step in Step
    ]


def _progress(job: Job | None) -> dict[str, Any]:
    """How far the rehearsal is, for the page and for ``poll.js``."""
    if job is None or job.state not in OPEN:
        return {"text": gettext("The rehearsal stands still."), "figure": "", "done": 0, "of": 0, "over": True}
    running = job.state == JobState.RUNNING and job.progress_words
    figure = gettext("%(done)s of %(total)s", done=job.progress_done, total=job.progress_total)
    return {
        "text": translate(job.progress_words) if running else gettext("The rehearsal waits its turn."),
        "figure": figure if running else "",
        "done": job.progress_done,
        "of": job.progress_total,
        "over": False,
    }


def _stopped(job: Job | None) -> list[str]:
    """What a rule said no to, where the rehearsal stopped by that."""
    result = (job.result if job is not None and job.state == JobState.DONE else None) or {}
    return [translate(message, **params) for message, params in result.get("stopped", [])]
