"""The trials there are, a new one, and the end of one."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import DESK, Permission, Scope
from judging.domain.errors import N_
from judging.extensions import db
from judging.models import Contest
from judging.queries import boards, contests, rehearsals, scopes
from judging.services.trials import create_trial, wipe_trial
from judging.web.access import by_request, current_actor, requires
from judging.web.clock import arrived
from judging.web.forms import Form
from judging.web.home.calendar import stage_tag
from judging.web.listing import page_of
from judging.web.once import once
from judging.web.password_confirmation import reconfirmed
from judging.web.trials.blueprint import blueprint

EVERYWHERE = Scope()
"""No contest at hand: only a role held in every contest counts, as for a new real contest."""


@blueprint.get("/staff/trials")
@requires(Permission.SEE_CONTESTS, DESK)
def index() -> str:
    """The trials where the person is on the staff; they stand in no list of real contests."""
    page = contests.visible_to(db.session, current_actor(), page_of(request.args), trials=True)
    return render_template("trials/index.html", page=page, now=arrived(), stage_tag=stage_tag)


@blueprint.get("/staff/contests/<code>/trial/new")
@requires(Permission.CREATE_CONTEST, EVERYWHERE)
def new(code: str) -> str:
    """What a trial of this contest would be."""
    contest = _source(code)
    return render_template("trials/new.html", contest=contest, form=Form(formdata=None))


@blueprint.post("/staff/contests/<code>/trial/new")
@requires(Permission.CREATE_CONTEST, EVERYWHERE)
@once
def create(code: str) -> Response:
    """Make a trial of the settings of this contest."""
    trial = create_trial(db.session, _source(code).id, by=by_request())
    made = trial.code
    db.session.commit()
    flash(gettext("The trial contest is made. Walk it through step by step, or at once to its end."), "success")
    return redirect(url_for("trials.show", code=made), code=303)


@blueprint.get("/staff/contests/<code>/trial/wiping")
@requires(Permission.RUN_TRIAL, scopes.trial_scope)
def wiping(code: str) -> str:
    """What goes with the trial."""
    contest = contests.by_code(db.session, code)
    return render_template(
        "trials/wiping.html",
        contest=contest,
        form=Form(formdata=None),
        applications=sum(boards.numbered(db.session, contest.id).values()),
        experts=rehearsals.experts(db.session, contest.id),
        reviews=sum(number for _, number in boards.statuses(db.session, contest.id)),
        letters=rehearsals.letters_written(db.session, contest.id),
    )


@blueprint.post("/staff/contests/<code>/trial/wiping")
@requires(Permission.RUN_TRIAL, scopes.trial_scope)
@reconfirmed(N_("Wipe the trial contest"), lambda code: code)
@once
def wipe(code: str) -> Any:
    """Delete the trial with everything in it."""
    contest = contests.by_code(db.session, code)
    wipe_trial(db.session, contest.id, by=by_request())
    db.session.commit()
    flash(gettext("The trial contest is wiped. The journal tells what was in it."), "success")
    return redirect(url_for("trials.index"), code=303)


def _source(code: str) -> Contest:
    """The contest of this code that a trial is made of; 404 for none, and for a trial."""
    found = contests.with_code(db.session, code)
    return found if found is not None and not found.trial else abort(404)
