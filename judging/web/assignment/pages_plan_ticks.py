"""Ticking what of a draft is to be applied: by a press, or by a script as one ticks."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.lifecycle import NotPossible
from judging.extensions import db
from judging.models import AssignmentPlan, Contest
from judging.queries import scopes
from judging.queries.assignment import plans
from judging.queries.assignment.ticks import ticked
from judging.queries.contests import by_code
from judging.services import assignment
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.assignment.blueprint import blueprint
from judging.web.assignment.choices import back_to
from judging.web.assignment.forms import DraftForm
from judging.web.assignment.pages_plan import overtaken, shown_draft
from judging.web.clock import arrived
from judging.web.request_bounds import as_id
from judging.web.templating import MOSCOW, translate

MOST_BOXES = 2000
"""No page has as many."""


@blueprint.post("/staff/contests/<code>/assignment/draft/ticks")
@requires(Permission.ASSIGN, scopes.contest_scope)
def tick(code: str) -> Any:
    """Keep the ticks of one page of the draft. No request key: keeping the same ticks again changes nothing.

    ``shown`` are the boxes of the page, ``was`` those that were ticked when it was made, ``pair`` those that are now;
    only what the person changed is changed, so that two tabs do not undo each other.
    """
    contest = by_code(db.session, code)
    try:
        plan = shown_draft(contest, DraftForm())
        _tick(contest, plan)
    except (Stale, NotPossible) as refusal:
        db.session.rollback()
        if not _from_script():
            return overtaken(code), 409
        message = translate(refusal.message, **refusal.params)
        return jsonify(html=render_template("assignment/_ticks_refused.html", code=code, message=message)), 409
    db.session.commit()
    if _from_script():
        return _told(plan)
    if request.form.get("then") == "application":
        return redirect(url_for("assignment.confirmation", code=code), code=303)
    flash(gettext("The ticks are saved."), "success")
    return redirect(back_to(url_for("assignment.draft", code=code), request.form.get("next")), code=303)


def _tick(contest: Contest, plan: AssignmentPlan) -> None:
    """Tick and untick what the person changed and what is not so already."""
    shown, was, mine = _ids("shown"), _ids("was"), set(request.form.getlist("pair", type=as_id))
    stored = ticked(db.session, plan.id, (shown & (mine ^ was)))
    for chosen in (True, False):
        wanted = [pair for pair, is_so in stored.items() if (pair in mine) is chosen and is_so is not chosen]
        if wanted:
            assignment.tick_pairs(
                db.session,
                contest,
                plan,
                assignment.Ticks(wanted, chosen=chosen, version=plan.version),
                by=by_request(),
            )


def _told(plan: AssignmentPlan) -> Any:
    """What ``autosave.js`` and ``ticks.js`` expect of ticks that were kept."""
    totals = plans.plan_totals(db.session, plan)
    return jsonify(
        version=plan.version,
        saved_at_text=arrived().astimezone(MOSCOW).strftime("%H:%M"),
        was=",".join(map(str, sorted(request.form.getlist("pair", type=as_id)))),
        texts={
            "chosen": str(totals.ticked_added + totals.ticked_removed),
            "added": str(totals.ticked_added),
            "removed": str(totals.ticked_removed),
        },
    )


def _ids(name: str) -> set[int]:
    """The numbers of a hidden field, separated by commas; what is no number counts as not there."""
    found = set()
    for text in request.form.get(name, "").split(",")[:MOST_BOXES]:
        try:
            found.add(as_id(text))
        except ValueError:
            continue
    return found


def _from_script() -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
