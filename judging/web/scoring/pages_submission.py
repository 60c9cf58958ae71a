"""Handing in: a summary to look at, the act, and the receipt."""

from secrets import token_hex

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import Refused, RuleViolation
from judging.domain.lifecycle import NotPossible
from judging.domain.sheets import sheet_faults
from judging.extensions import db
from judging.models import Review
from judging.queries import scopes, turns
from judging.queries import scoring as queries
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.web.access import by_request, current_actor, public_url, requires
from judging.web.carried_arrival import hands_in
from judging.web.clock import arrived
from judging.web.once import once
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.forms import SubmitForm
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.summary_words import hints_in_words, links_of_faults
from judging.web.sheet_words import verdict


@blueprint.get("/reviews/<int:review_id>/summary")
@requires(Permission.SCORE, scopes.review_scope)
def summary(review_id: int) -> str | Response:
    """The stored draft as it would be handed in, and what it lacks."""
    desk = Desk.of(review_id)
    if desk.submitted:
        return redirect(url_for("scoring.receipt", review_id=review_id))
    return _summary(desk)


def _as_stored(review_id: int) -> str:
    """The sheet that would be handed in; no two texts are equal where it was saved after this request's instant."""
    review = db.session.get(Review, review_id)
    if review is None:
        return ""
    return token_hex() if review.saved_at and review.saved_at > arrived() else f"{review.version}"


@blueprint.post("/reviews/<int:review_id>/summary")
@requires(Permission.FINISH_REVIEW, scopes.review_scope)
@once
@hands_in(_as_stored)
def submit(review_id: int) -> Response | tuple[str, int]:
    """Hand the sheet in, if it is still the one that was looked at."""
    form = SubmitForm()
    try:
        services.submit_review(
            db.session,
            Desk.of(review_id).review,
            version=form.version.data or 0,
            by=by_request(),
            base_url=public_url(),
        )
    except RuleViolation as refusal:
        db.session.rollback()
        return _not_submitted(Desk.of(review_id), refusal)
    db.session.commit()
    flash(gettext("The review is submitted."), "success")
    return redirect(url_for("scoring.receipt", review_id=review_id), code=303)


@blueprint.get("/reviews/<int:review_id>/receipt")
@requires(Permission.SEE_OWN_REVIEW, scopes.review_scope)
def receipt(review_id: int) -> str | Response:
    """The sheet as it was handed in, with its hash; made to be printed and signed."""
    desk = Desk.of(review_id)
    if not desk.submitted:
        return redirect(url_for("scoring.sheet", review_id=review_id))
    tasks = queries.own_tasks(db.session, current_actor().expert_ids)
    return render_template(
        "scoring/receipt.html",
        desk=desk,
        version=queries.latest_version(db.session, review_id),
        following=turns.queue_of(db.session, tasks).following(review_id),
        verdict=verdict(desk.review.recommendation),
    )


def _not_submitted(desk: Desk, refusal: RuleViolation) -> Response | tuple[str, int]:
    """Why not: in the summary, as it is stored now. Somebody who has submitted already is shown the receipt."""
    if isinstance(refusal, NotPossible) and desk.submitted:
        return redirect(url_for("scoring.receipt", review_id=desk.review.id), code=303)
    stale = isinstance(refusal, Stale)
    return _summary(desk, stale=stale, refused=isinstance(refusal, Refused)), 409 if stale else 422


def _summary(desk: Desk, *, stale: bool = False, refused: bool = False) -> str:
    form = SubmitForm(formdata=None, data={"version": desk.review.version})
    faults = [*sheet_faults(desk.rules, desk.sheet, desk.asked), *services.changes_unseen(db.session, desk.review)]
    return render_template(
        "scoring/summary.html",
        desk=desk,
        form=form,
        faults=faults,
        errors=links_of_faults(desk, faults),
        hints=hints_in_words(desk),
        verdict=verdict(desk.review.recommendation),
        late=desk.too_late(arrived()),
        stale=stale,
        refused=refused,
        agreed=g.scope.agreed,
    )
