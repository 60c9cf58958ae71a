"""The score sheet beside the application, and its draft, saved by a script or by a press."""

import secrets
from datetime import datetime
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import N_, Refused, RuleViolation
from judging.domain.lifecycle import NotPossible
from judging.extensions import db
from judging.queries import scopes, turns
from judging.queries import scoring as queries
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.web.access import by_request, current_actor, requires
from judging.web.clock import arrived
from judging.web.copies import acknowledged
from judging.web.forms import add_faults
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.both_versions import typed_values, versions
from judging.web.scoring.closed_review import keeps_what_was_typed
from judging.web.scoring.forms import SheetForm, StoredSheet, sheet_form
from judging.web.scoring.found_copy import overtaken
from judging.web.scoring.left_side import LeftSide
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.typed import LeftOut, draft_of
from judging.web.scoring.words import saved_clock
from judging.web.storage_trouble import from_script
from judging.web.templating import translate

ACTS = {"later": services.put_off, "resume": services.take_up_again}
"""Buttons that do more than save the draft."""
ONWARD = ("following", "later")
"""Buttons that lead to the next application."""
SAVED = {
    "sheet": N_("The draft is saved. It does not count until you submit it."),
    "later": N_("The application is put off: it comes back after all others. Its draft is saved."),
    "resume": N_("The application is in its turn again. The draft is saved."),
}


@blueprint.get("/reviews/<int:review_id>")
@requires(Permission.SEE_OWN_REVIEW, scopes.review_scope)
def sheet(review_id: int) -> str | Response:
    """The sheet and the application side by side; once handed in, its receipt."""
    desk = Desk.of(review_id)
    if desk.submitted:
        return redirect(url_for("scoring.receipt", review_id=review_id))
    return _sheet(desk, StoredSheet(desk.criteria, desk.sheet, desk.asked))


@blueprint.post("/reviews/<int:review_id>/draft")
@keeps_what_was_typed
@requires(Permission.FINISH_REVIEW, scopes.review_scope)
def save(review_id: int) -> Any:
    """Save the draft. No request key: the version guards it, and saving the same again changes nothing."""
    desk, moment = Desk.of(review_id, briefly=True), arrived()
    form, put_off_before = sheet_form(desk.criteria, asked=desk.asked), desk.review.later_at
    legible = form.validate()
    try:
        if not legible and not from_script():
            return _sheet(Desk.of(review_id), form), 422
        left_out = _save(desk, form, moment)
    except Refused as refused:
        db.session.rollback()
        add_faults(form, refused)
        return _sheet(Desk.of(review_id), form), 422
    except (Stale, NotPossible, services.Closed) as refusal:
        db.session.rollback()
        now = Desk.of(review_id)
        return overtaken(now, form, refusal) or _compared(now, form, refusal)
    db.session.commit()
    return _told(desk, left_out, moment) if from_script() else _led_on(desk, put_off_before)


def _save(desk: Desk, form: SheetForm, moment: datetime) -> LeftOut:
    """Save what was typed, with what the pressed button does beside; return what was left out."""
    draft, left_out = draft_of(desk, form, script=from_script(), tab=request.args.get("tab", "")[:40])
    saved = services.save_draft if from_script() else ACTS.get(request.form.get("next", ""), services.save_draft)
    saved(db.session, desk.review, draft, by=by_request(moment), rules=desk.rules)
    return left_out


def _told(desk: Desk, left_out: LeftOut, moment: datetime) -> Response:
    """What autosave.js expects of a draft that was kept; ``whole``: nothing is on the page alone."""
    text = left_out.sentence(saved_clock(moment))
    return jsonify(version=desk.review.version, saved_at_text=text, whole=left_out == LeftOut())


def _led_on(desk: Desk, put_off_before: datetime | None) -> Response:
    """Where the pressed button leads."""
    review_id = desk.review.id
    if request.form.get("next") == "summary":
        return redirect(acknowledged(url_for("scoring.summary", review_id=review_id)), code=303)
    flash(gettext(SAVED.get(request.form.get("next", ""), SAVED["sheet"])), "success")
    if request.form.get("next") not in ONWARD:
        return redirect(acknowledged(url_for("scoring.sheet", review_id=review_id)), code=303)
    tasks = queries.own_tasks(db.session, current_actor().expert_ids)
    task = turns.queue_of(db.session, tasks).following(review_id, from_turn=put_off_before)
    where = url_for("scoring.queue") if task is None else url_for("scoring.sheet", review_id=task.review_id)
    return redirect(acknowledged(where), code=303)


def _compared(desk: Desk, form: SheetForm, refusal: RuleViolation) -> Any:
    """Both versions side by side: as a panel for the script, else as a page. Nothing was stored, nothing is lost."""
    context = {
        "desk": desk,
        "agreed": g.scope.agreed,
        "rows": versions(desk, form),
        "mine": typed_values(desk, form) | {"version": desk.review.version},
        "stale": isinstance(refusal, Stale),
        "refusal": translate(refusal.message, **refusal.params),
        "changed_at": desk.review.submitted_at or desk.review.saved_at or desk.review.declared_at or arrived(),
    }
    if from_script():
        return jsonify(html=render_template("scoring/_conflict.html", **context)), 409
    return render_template("scoring/save.html", **context), 409


def _sheet(desk: Desk, form: SheetForm | StoredSheet) -> str:
    moment = arrived()
    return render_template(
        "scoring/sheet.html",
        tab=secrets.token_urlsafe(9),
        desk=desk,
        form=form,
        agreed=g.scope.agreed,
        left=LeftSide.of(desk, agreed=g.scope.agreed),
        done=queries.done(db.session, current_actor().expert_ids, desk.contest),
        overdue=turns.overdue(db.session, current_actor().expert_ids, moment),
        closed=desk.closed(),
        late=desk.too_late(moment),
        moment=moment,
    )
