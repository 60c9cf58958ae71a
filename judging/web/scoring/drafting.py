"""The score sheet beside the application, and its draft, saved by a script or by a press."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import Refused, RuleViolation
from judging.domain.lifecycle import NotPossible
from judging.domain.sheets import mark_path, scale_faults
from judging.extensions import db
from judging.queries import applications, dossiers, scopes
from judging.queries import scoring as queries
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.web.access import current_actor, requires
from judging.web.clock import arrived
from judging.web.forms import add_faults
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.closed import keeps_what_was_typed
from judging.web.scoring.comparing import typed_values, versions
from judging.web.scoring.desk import Desk
from judging.web.scoring.forms import SheetForm, sheet_form
from judging.web.scoring.words import saved_clock
from judging.web.templating import translate
from judging.web.trouble import from_script


@blueprint.get("/reviews/<int:review_id>")
@requires(Permission.SEE_OWN_REVIEW, scopes.review_scope)
def sheet(review_id: int) -> str | Response:
    """The sheet and the application side by side; once handed in, its receipt."""
    desk = Desk.of(review_id)
    if desk.submitted:
        return redirect(url_for("scoring.receipt", review_id=review_id))
    return _sheet(desk, sheet_form(desk.criteria, desk.sheet, desk.review.version))


@blueprint.post("/reviews/<int:review_id>/draft")
@keeps_what_was_typed
@requires(Permission.SCORE, scopes.review_scope)
def save(review_id: int) -> Any:
    """Save the draft. No request key: the version guards it, and saving the same again changes nothing."""
    desk, moment = Desk.of(review_id), arrived()
    form = sheet_form(desk.criteria)
    legible = form.validate()
    try:
        if not legible and not from_script():
            return _sheet(desk, form), 422
        left_out = _save(desk, form, moment)
    except Refused as refused:
        db.session.rollback()
        add_faults(form, refused)
        return _sheet(desk, form), 422
    except (Stale, NotPossible, services.Closed) as refusal:
        db.session.rollback()
        return _compared(Desk.of(review_id), form, refusal)
    db.session.commit()
    return _told(desk, left_out, moment) if from_script() else _led_on(desk)


def _save(desk: Desk, form: SheetForm, moment: datetime) -> list[str]:
    """Save what was typed. A script saves while one is typing: a mark that is not one yet keeps the mark before it.

    Returns the codes of the criteria whose marks were left out.
    """
    codes = [criterion.code for criterion in desk.criteria]
    scores, left_out = form.typed_marks(codes), []
    if from_script():
        left_out = _illegible(desk, form, scores)
        scores = _with_stored(scores, left_out, desk.sheet.scores)
    services.save_draft(
        db.session,
        desk.review,
        scores=scores,
        comments=form.typed_comments(codes),
        recommendation=form.recommendation.data or None,
        version=form.version.data or 0,
        actor=current_actor(),
        now=moment,
        tab=request.args.get("tab", "")[:40],
        pressed=not from_script(),
    )
    return left_out


def _illegible(desk: Desk, form: SheetForm, scores: dict[str, Decimal]) -> list[str]:
    off_scale = {fault.path for fault in scale_faults(desk.rules, scores)}
    codes = [criterion.code for criterion in desk.criteria]
    return [code for code in codes if form.mark(code).process_errors or mark_path(code) in off_scale]


def _with_stored(scores: dict[str, Decimal], left_out: list[str], stored: Any) -> dict[str, Decimal]:
    kept = {code: stored[code] for code in left_out if code in stored}
    return {code: mark for code, mark in scores.items() if code not in left_out} | kept


def _told(desk: Desk, left_out: list[str], moment: datetime) -> Response:
    """What autosave.js expects of a draft that was kept."""
    text = saved_clock(moment, moment)
    if left_out:
        text = gettext("%(time)s, except the marks %(codes)s", time=text, codes=", ".join(left_out))
    return jsonify(version=desk.review.version, saved_at_text=text)


def _led_on(desk: Desk) -> Response:
    """Where the pressed button leads."""
    review_id = desk.review.id
    if request.form.get("next") == "summary":
        return redirect(url_for("scoring.summary", review_id=review_id), code=303)
    flash(gettext("The draft is saved. It does not count until you submit it."), "success")
    if request.form.get("next") != "following":
        return redirect(url_for("scoring.sheet", review_id=review_id), code=303)
    task = queries.following(queries.own_tasks(db.session, current_actor().expert_ids), review_id)
    where = url_for("scoring.queue") if task is None else url_for("scoring.sheet", review_id=task.review_id)
    return redirect(where, code=303)


def _compared(desk: Desk, form: SheetForm, refusal: RuleViolation) -> Any:
    """Both versions side by side: as a panel for the script, else as a page. Nothing was stored, nothing is lost."""
    context = {
        "desk": desk,
        "rows": versions(desk, form),
        "mine": typed_values(desk, form) | {"version": desk.review.version},
        "stale": isinstance(refusal, Stale),
        "refusal": translate(refusal.message, **refusal.params),
        "changed_at": desk.review.submitted_at or desk.review.saved_at or desk.review.declared_at or arrived(),
    }
    if from_script():
        return jsonify(html=render_template("scoring/_conflict.html", **context)), 409
    return render_template("scoring/save.html", **context), 409


def _sheet(desk: Desk, form: SheetForm) -> str:
    moment = arrived()
    application = applications.by_id(db.session, desk.review.application_id)
    tasks = [
        task
        for task in queries.own_tasks(db.session, current_actor().expert_ids)
        if task.contest_code == desk.contest.code and task.wanted
    ]
    return render_template(
        "scoring/sheet.html",
        tab=secrets.token_urlsafe(9),
        desk=desk,
        form=form,
        application=application,
        documents=applications.current_documents(application),
        indicators=dossiers.indicators_of(desk.contest),
        tasks=tasks,
        submitted=sum(task.state is queries.TaskState.SUBMITTED for task in tasks),
        closed=desk.closed(),
        late=desk.too_late(moment),
        moment=moment,
    )
