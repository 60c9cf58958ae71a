"""The page on which an expert accepts what is in force, each text by a box of its own; then the way goes on."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.extensions import db
from judging.models import Contest, Expert
from judging.queries import agreements as queries
from judging.queries import contests, scopes, scoring
from judging.services.agreements import NothingAccepted, TextChanged, accept_agreements
from judging.web.access import by_request, requires
from judging.web.agreements.blueprint import blueprint
from judging.web.agreements.forms import AcceptanceForm, acceptance_form, ticked, told
from judging.web.local_paths import local_path
from judging.web.once import once


@blueprint.get("/agreements/<code>")
@requires(Permission.AGREE, scopes.own_agreements_scope)
def acceptance(code: str) -> str:
    """Every text in force: those that are to be accepted with their boxes, and those that were, with the instant."""
    contest = contests.by_code(db.session, code)
    asked = _asked(contest)
    return _page(contest, acceptance_form(asked, formdata=None))


@blueprint.post("/agreements/<code>")
@requires(Permission.AGREE, scopes.own_agreements_scope)
@once
def accept(code: str) -> Any:
    """Accept what was ticked; where everything is accepted the expert is led on to what was asked for."""
    contest = contests.by_code(db.session, code)
    form = acceptance_form(_asked(contest))
    if not form.validate():
        return _page(contest, form), 422
    try:
        expert = db.session.get_one(Expert, g.scope.expert_id)
        accepted = accept_agreements(db.session, expert, ticked(), by=by_request())
    except NothingAccepted as refusal:
        db.session.rollback()
        told(form, [one.code for one in _asked(contest)], refusal.message)
        return _page(contest, form), 422
    except TextChanged as refusal:
        db.session.rollback()
        for changed in refusal.codes:
            form.box(changed).data = False
        told(form, list(refusal.codes), refusal.message)
        return _page(contest, form), 409
    db.session.commit()
    if not accepted.whole:
        flash(gettext("Accepted. The texts that are left are still to be accepted."), "info")
        return redirect(url_for("agreements.acceptance", code=code, next=_next()), code=303)
    flash(gettext("The agreements are accepted. The applications of this contest are open to you."), "success")
    return redirect(_next() or url_for("scoring.queue"), code=303)


def _asked(contest: Contest) -> Any:
    return queries.asked_of(db.session, contest.id, g.scope.expert_id)


def _next() -> str | None:
    return local_path(request.args.get("next"))


def _page(contest: Contest, form: AcceptanceForm) -> str:
    asked = _asked(contest)
    return render_template(
        "agreements/acceptance.html",
        contest=contest,
        form=form,
        awaited=[one for one in asked if one.at is None],
        accepted=[one for one in asked if one.at is not None],
        again=_again(asked, contest),
        onward=_next(),
        tasks=[
            task
            for task in scoring.own_tasks(db.session, [g.scope.expert_id])
            if task.open and any(one.at is None for one in asked)
        ],
    )


def _again(asked: Any, contest: Contest) -> frozenset[str]:
    """The codes of those of which the expert has accepted an earlier version."""
    lines = queries.lines_of(db.session, contest.id, [g.scope.expert_id])
    return frozenset(one.code for one in lines.get(g.scope.expert_id, ()) if one.accepted and not one.current)
