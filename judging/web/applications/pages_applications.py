"""A team's applications: the list of them, and one: a task list while a draft, a line of stages afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import DESK, Permission
from judging.domain.forms.readers import kept_from_experts
from judging.domain.gates import Act, closed
from judging.domain.lifecycle import ApplicationStatus, ContestStatus
from judging.domain.stages import Stage, stage_at, time_left
from judging.extensions import db
from judging.models import Application, Contest
from judging.queries import applications, contests, scopes, stages
from judging.queries.certifications import certified
from judging.queries.extensions import time_to_change, time_to_submit
from judging.queries.submissions import ReturnLine, pending_until
from judging.services.applications.application_submit import calendar_of
from judging.services.applications.draft_edit import require_entry, start_application
from judging.web.access import allowed, by_request, current_actor, requires
from judging.web.applications.afterwards import comes_next, own_outcome, stage_steps, way_of
from judging.web.applications.at_hand import as_read, at_hand, checked, returned_of
from judging.web.applications.blueprint import blueprint
from judging.web.applications.progress import task_rows
from judging.web.applications.summaries import summary
from judging.web.applications.work import with_work
from judging.web.clock import arrived
from judging.web.offers import Acts, acts_on_application
from judging.web.once import once
from judging.web.templating import translate


@blueprint.get("/applications")
@requires(Permission.SEE_OWN_APPLICATIONS, DESK)
def mine() -> str:
    """The team's applications and the contests open now or soon."""
    moment = arrived()
    upcoming = applications.contests_for_teams(db.session, moment)
    rows = applications.of_teams(db.session, current_actor().team_ids)
    waiting = [row.id for row in rows if row.status.awaits_check]
    return render_template(
        "applications/mine.html",
        rows=rows,
        returned=pending_until(db.session, waiting) if waiting else {},
        accepting=[(one, time_left(one.applications_close, moment)) for one in upcoming if _accepts(one, moment)],
        barred=_barred(upcoming),
        upcoming=[one for one in upcoming if not _accepts(one, moment)],
        moment=moment,
    )


@blueprint.post("/contests/<code>/applications")
@requires(Permission.CREATE_APPLICATION, scopes.team_contest_scope)
@once
def start(code: str) -> Response:
    """Begin an application; a team without a cluster in this contest is led to enter it first."""
    contest = contests.by_code(db.session, code)
    team = applications.team_of(db.session, current_actor().working_teams)
    require_entry(db.session, contest, team.id)
    cluster = applications.cluster_of_team(db.session, contest.id, team.id)
    if cluster is None:
        flash(gettext("First enter your cluster: the application is made in its name."), "info")
        return redirect(url_for("applications.cluster", code=code), code=303)
    application = start_application(db.session, contest, cluster, by=by_request())
    db.session.commit()
    return redirect(url_for("applications.show", application_id=application.id), code=303)


@blueprint.get("/applications/<int:application_id>")
@requires(Permission.SEE_APPLICATION, scopes.application_scope)
def show(application_id: int) -> str:
    """The task list of a draft that can be filled in; else the data, of a submitted application with its stages."""
    application = applications.by_id(db.session, application_id)
    acts, status = acts_on_application(application, g.scope), ApplicationStatus(application.status)
    if acts.edit:
        return _draft_page(application, acts)
    returned = returned_of(application)
    if acts.correct and returned is not None:
        return _correction_page(application, acts, returned)
    way = way_of(application, arrived()) if application.submitted_at else None
    own = allowed(Permission.EDIT_APPLICATION, g.scope)
    refusal = closed(Act.APPLY, application.contest.status) if status.is_draft else None
    return render_template(
        "applications/show.html",
        application=application,
        earlier=stages.earlier_of(db.session, application),
        application_status=status,
        contest_status=ContestStatus(application.contest.status),
        acts=acts,
        closed=None if refusal is None else translate(refusal.message, **refusal.params),
        tasks=None,
        certified=certified(db.session, application) if status.is_draft else None,
        returned=returned,
        over=status.awaits_check and returned is not None and not returned.is_open(arrived()),
        steps=stage_steps(way) if way else [],
        next=comes_next(way) if way and own else "",
        outcome=own_outcome(way) if way and own else None,
        change_until=time_to_change(db.session, application, arrived()) if acts.change else None,
        until=_end_of(application) if status.is_draft and refusal is None else None,
        sections=_read(application),
    )


def _end_of(application: Application) -> datetime:
    return time_to_submit(db.session, application, arrived()).window.ends


def _read(application: Application) -> list[dict[str, Any]]:
    """All sections; for an expert those parts that the form does not keep for the staff."""
    hand = as_read(application, arrived())
    whole = allowed(Permission.SEE_WHOLE_APPLICATION, g.scope)
    return summary(hand, kept=() if whole else kept_from_experts(hand.compiled))


def _draft_page(application: Application, acts: Acts) -> str:
    moment = arrived()
    time = time_to_submit(db.session, application, moment)
    found = checked(at_hand(application, moment))
    return render_template(
        "applications/show.html",
        application=application,
        acts=acts,
        returned=None,
        earlier=stages.earlier_of(db.session, application),
        tasks=with_work(task_rows(found), found.hand),
        certified=certified(db.session, application),
        stops=found.stops(),
        stage=stage_at(time.calendar, moment),
        time=time,
        moment=moment,
    )


def _correction_page(application: Application, acts: Acts, returned: ReturnLine) -> str:
    """The sections of an application that was given back: those to be corrected with what is asked for."""
    moment = arrived()
    found = checked(at_hand(application, moment))
    return render_template(
        "applications/show.html",
        application=application,
        acts=acts,
        tasks=with_work(task_rows(found, returned), found.hand),
        certified=certified(db.session, application),
        stops=found.stops(returned.sections),
        returned=returned,
        earlier=stages.earlier_of(db.session, application),
        left=time_left(returned.until, moment),
    )


def _barred(upcoming: Sequence[Contest]) -> set[int]:
    """The next stages among them that the person's team did not pass into."""
    closed_ones = [one for one in upcoming if one.previous_id is not None and one.previous_only]
    if not closed_ones:
        return set()
    team = applications.team_of(db.session, current_actor().working_teams)
    return {one.id for one in closed_ones if not stages.may_enter(db.session, one, team.id)}


def _accepts(contest: Contest, moment: datetime) -> bool:
    return stage_at(calendar_of(contest), moment) is Stage.ACCEPTING
