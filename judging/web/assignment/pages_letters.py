"""Telling the experts of their tasks: first who gets how much, then the letters."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from judging.adapters.addresses import reachable
from judging.domain.access import Permission
from judging.domain.lifecycle import ReviewStatus
from judging.extensions import db
from judging.models import Contest
from judging.queries import scopes
from judging.queries.assignment.progress import Addressee, addressees
from judging.queries.contests import by_code
from judging.services import assignment
from judging.web.access import by_request, requires
from judging.web.assignment.addresses import tasks_url
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.board_rendering import common
from judging.web.assignment.forms import ActForm
from judging.web.once import once
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
        tasks_url=tasks_url(),
    )
    db.session.commit()
    say_told(told)
    return redirect(url_for("assignment.board", code=code), code=303)


def _notification(contest: Contest, error: str | None = None) -> str:
    rows = _proposed(contest)
    return render_template(
        "assignment/notification.html",
        rows=rows,
        unreached=unreached_of(rows),
        error=error,
        form=ActForm(),
        **common(contest),
    )


def _proposed(contest: Contest) -> Any:
    return addressees(db.session, contest.id, (ReviewStatus.PROPOSED,))


def unreached_of(rows: Iterable[Addressee]) -> set[int]:
    """Those whom no letter reaches."""
    return {one.id for one in rows if not reachable(one.email)}


def say_told(told: assignment.Told) -> None:
    """Say how many letters are queued, and whom none reaches."""
    if number := told.experts:
        words = ngettext("A letter to %(num)d expert is queued.", "Letters to %(num)d experts are queued.", number)
        flash(words, "success")
    if told.unreached:
        flash(unreached_words(told.unreached), "warning")
