"""Telling the experts of their tasks and reminding them: first who gets how much, then the letters."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from judging.adapters.addresses import reachable
from judging.domain.access import Permission
from judging.domain.lifecycle import ReviewStatus
from judging.domain.lifecycle.review import UNFINISHED
from judging.extensions import db
from judging.models import Contest
from judging.queries import scopes
from judging.queries.assignment.progress import addressees, reminded
from judging.queries.contests import by_code
from judging.services import assignment
from judging.web.access import by_request, public_url, requires
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import common
from judging.web.assignment.forms import ActForm
from judging.web.clock import arrived
from judging.web.once import once
from judging.web.request_bounds import as_id
from judging.web.unreachable_addresses import unreached_words


@blueprint.get("/staff/contests/<code>/assignment/notification")
@requires(Permission.ASSIGN, scopes.contest_scope)
def notification(code: str) -> str:
    """Who would be told of how many tasks."""
    return _notification(by_code(db.session, code))


@blueprint.post("/staff/contests/<code>/assignment/notification")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def notify(code: str) -> Any:
    """Tell the ticked experts of exactly the proposals that the page showed."""
    contest, ticked = by_code(db.session, code), set(request.form.getlist("expert"))
    chosen = [one for one in _proposed(contest) if one.mark in ticked]
    if not ticked:
        return _notification(contest, gettext("Tick at least one expert.")), 422
    if len(chosen) < len(ticked):
        return _notification(contest, gettext("The proposals have changed meanwhile: look at them again.")), 422
    told = assignment.notify_assignments(
        db.session,
        contest,
        [review_id for one in chosen for review_id in one.review_ids],
        by=by_request(),
        tasks_url=_tasks_url(),
    )
    db.session.commit()
    _say(told)
    return redirect(url_for("assignment.board", code=code), code=303)


@blueprint.get("/staff/contests/<code>/progress/reminder")
@requires(Permission.ASSIGN, scopes.contest_scope)
def reminder(code: str) -> str:
    """Who would be reminded of how many unfinished tasks."""
    return _reminder(by_code(db.session, code))


@blueprint.post("/staff/contests/<code>/progress/reminder")
@requires(Permission.ASSIGN, scopes.contest_scope)
@once
def remind(code: str) -> Any:
    """Remind the ticked experts, each at most once a day."""
    contest, ticked = by_code(db.session, code), request.form.getlist("expert", type=as_id)
    if not ticked:
        return _reminder(contest, gettext("Tick at least one expert.")), 422
    told = assignment.remind_experts(db.session, contest, ticked, by=by_request(), tasks_url=_tasks_url())
    db.session.commit()
    _say(told)
    return redirect(url_for("assignment.monitor", code=code), code=303)


def _notification(contest: Contest, error: str | None = None) -> str:
    rows = _proposed(contest)
    return render_template(
        "assignment/notification.html",
        rows=rows,
        unreached=_unreached(rows),
        error=error,
        form=ActForm(),
        **common(contest),
    )


def _reminder(contest: Contest, error: str | None = None) -> str:
    times = assignment.Times.of(db.session, contest)
    rows = [one for one in addressees(db.session, contest.id, UNFINISHED) if times.stays_open_for(one.id, arrived())]
    done = reminded(db.session, contest.id, [one.id for one in rows], assignment.day_of(contest, arrived()))
    return render_template(
        "assignment/reminder.html",
        rows=rows,
        done=done,
        unreached=_unreached(rows),
        error=error,
        form=ActForm(),
        **common(contest),
    )


def _proposed(contest: Contest) -> Any:
    return addressees(db.session, contest.id, (ReviewStatus.PROPOSED,))


def _unreached(rows: Any) -> set[int]:
    return {one.id for one in rows if not reachable(one.email)}


def _tasks_url() -> str:
    return public_url() + url_for("scoring.queue")


def _say(told: assignment.Told) -> None:
    if number := told.experts:
        words = ngettext("A letter to %(num)d expert is queued.", "Letters to %(num)d experts are queued.", number)
        flash(words, "success")
    if told.unreached:
        flash(unreached_words(told.unreached), "warning")
