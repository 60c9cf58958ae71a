"""Error pages of a review that its expert cannot open or save; they repeat what was typed."""

from functools import wraps
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, HTTPException, NotFound

from judging.domain.lifecycle import ReviewStatus
from judging.extensions import db
from judging.models import Review
from judging.queries.scoring import is_barred
from judging.web import errors
from judging.web.access import current_actor, signed_out_answer
from judging.web.scoring.blueprint import blueprint
from judging.web.storage_trouble import from_script
from judging.web.view_facts import View, wrapped


def keeps_what_was_typed(view: View) -> View:
    """Answer somebody whose session ended with what they typed, instead of a redirect that would drop it."""

    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        return view(**arguments) if current_actor().is_authenticated else signed_out()

    return wrapped(view, guarded)


def signed_out(status: int = 401) -> tuple[Any, int]:
    """For the script a sentence; for a person a page with everything they typed, to be copied."""
    if from_script():
        return signed_out_answer()
    names = (name for name in request.form if name.startswith(("mark-", "comment-")) or name == "recommendation")
    typed = [(name, request.form[name]) for name in names if request.form[name].strip()]
    return render_template("scoring/_signed_out.html", typed=typed, review_id=_review_id()), status


@blueprint.errorhandler(CSRFError)
def show_csrf(error: CSRFError) -> Any:
    """The form's token has outlived its session."""
    if request.endpoint == "scoring.save" and not from_script():
        return signed_out(400)
    return errors.show_csrf(error)


@blueprint.errorhandler(403)
@blueprint.errorhandler(404)
def show_closed(error: HTTPException) -> Any:
    """The expert's own review: led to the declaration, or told of the conflict; for everybody else as everywhere."""
    review = _own_review()
    if review is None or not isinstance(error, Forbidden | NotFound):
        return errors.show_http_error(error)
    if review.status == ReviewStatus.ASSIGNED and not is_barred(db.session, review):
        return redirect(url_for("scoring.declaration", review_id=review.id), code=303)
    found = {"review": review, "review_status": ReviewStatus(review.status)}
    if from_script():
        return jsonify(html=render_template("scoring/_closed_panel.html", **found)), 409
    return render_template("scoring/_closed.html", **found), error.code


def _review_id() -> int | None:
    return (request.view_args or {}).get("review_id")


def _own_review() -> Review | None:
    """The review of this address where it is the actor's own and not merely planned."""
    cards = current_actor().expert_ids
    return db.session.scalar(
        select(Review).where(
            Review.id == _review_id(), Review.expert_id.in_(cards), Review.status != ReviewStatus.PROPOSED
        )
    )
