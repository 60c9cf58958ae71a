"""The score sheet beside the application, and its draft, saved by a script or by a press."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import Refused, RuleViolation
from judging.domain.lifecycle import NotPossible
from judging.domain.sheets import LONGEST_DRAFT_COMMENT, mark_path, scale_faults
from judging.extensions import db
from judging.queries import scopes
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
from judging.web.scoring.left_side import LeftSide
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.words import saved_clock
from judging.web.storage_trouble import from_script
from judging.web.templating import translate

T = TypeVar("T")


@blueprint.get("/reviews/<int:review_id>")
@requires(Permission.SEE_OWN_REVIEW, scopes.review_scope)
def sheet(review_id: int) -> str | Response:
    """The sheet and the application side by side; once handed in, its receipt."""
    desk = Desk.of(review_id)
    if desk.submitted:
        return redirect(url_for("scoring.receipt", review_id=review_id))
    return _sheet(desk, StoredSheet(desk.criteria, desk.sheet))


@blueprint.post("/reviews/<int:review_id>/draft")
@keeps_what_was_typed
@requires(Permission.FINISH_REVIEW, scopes.review_scope)
def save(review_id: int) -> Any:
    """Save the draft. No request key: the version guards it, and saving the same again changes nothing."""
    desk, moment = Desk.of(review_id, briefly=True), arrived()
    form = sheet_form(desk.criteria)
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
        return _compared(Desk.of(review_id), form, refusal)
    db.session.commit()
    return _told(desk, left_out, moment) if from_script() else _led_on(desk)


@dataclass(frozen=True)
class LeftOut:
    """The codes of the criteria whose marks, whose comments a script's save left as they were."""

    marks: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


def _save(desk: Desk, form: SheetForm, moment: datetime) -> LeftOut:
    """Save what was typed; return what was left out.

    A script saves while one is typing: a mark that is not one yet keeps the mark before it, a comment beyond all
    measure the comment before it, and the rest is saved.
    """
    codes = [criterion.code for criterion in desk.criteria]
    scores, comments, left_out = form.typed_marks(codes), form.typed_comments(codes), LeftOut()
    if from_script():
        left_out = LeftOut(tuple(_illegible(desk, form, scores)), tuple(_too_long(comments)))
        scores = _with_stored(scores, left_out.marks, desk.sheet.scores)
        comments = _with_stored(comments, left_out.comments, desk.sheet.comments)
    services.save_draft(
        db.session,
        desk.review,
        services.SheetDraft(
            scores=scores,
            comments=comments,
            recommendation=form.recommendation.data or None,
            version=form.version.data or 0,
            tab=request.args.get("tab", "")[:40],
            pressed=not from_script(),
        ),
        by=by_request(moment),
        rules=desk.rules,
    )
    return left_out


def _illegible(desk: Desk, form: SheetForm, scores: dict[str, Decimal]) -> list[str]:
    off_scale = {fault.path for fault in scale_faults(desk.rules, scores)}
    codes = [criterion.code for criterion in desk.criteria]
    return [code for code in codes if form.mark(code).process_errors or mark_path(code) in off_scale]


def _too_long(comments: dict[str, str]) -> list[str]:
    return [code for code, text in comments.items() if len(text) > LONGEST_DRAFT_COMMENT]


def _with_stored(typed: dict[str, T], left_out: Collection[str], stored: Mapping[str, T]) -> dict[str, T]:
    kept = {code: stored[code] for code in left_out if code in stored}
    return {code: value for code, value in typed.items() if code not in left_out} | kept


def _told(desk: Desk, left_out: LeftOut, moment: datetime) -> Response:
    """What autosave.js expects of a draft that was kept; ``whole``: nothing is on the page alone."""
    text = saved_clock(moment)
    if left_out.marks:
        text = gettext("%(time)s, except the marks %(codes)s", time=text, codes=", ".join(left_out.marks))
    if left_out.comments:
        codes, limit = ", ".join(left_out.comments), LONGEST_DRAFT_COMMENT
        text = gettext(
            "%(time)s, except the comments %(codes)s: no more than %(limit)s characters",
            time=text, codes=codes, limit=limit,
        )  # fmt: skip
    return jsonify(version=desk.review.version, saved_at_text=text, whole=left_out == LeftOut())


def _led_on(desk: Desk) -> Response:
    """Where the pressed button leads."""
    review_id = desk.review.id
    if request.form.get("next") == "summary":
        return redirect(acknowledged(url_for("scoring.summary", review_id=review_id)), code=303)
    flash(gettext("The draft is saved. It does not count until you submit it."), "success")
    if request.form.get("next") != "following":
        return redirect(acknowledged(url_for("scoring.sheet", review_id=review_id)), code=303)
    task = queries.following(queries.own_tasks(db.session, current_actor().expert_ids), review_id)
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
        closed=desk.closed(),
        late=desk.too_late(moment),
        moment=moment,
    )
