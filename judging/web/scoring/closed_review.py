"""Error pages of a review that its expert cannot open or save; they repeat what was typed."""

from collections.abc import Mapping
from functools import wraps
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.exceptions import Forbidden, HTTPException, NotFound

from judging.domain.errors import N_
from judging.domain.lifecycle import ReviewStatus
from judging.domain.sheet_rules import GROUP
from judging.domain.sheets import ABSTAIN, PREFIXES
from judging.extensions import db
from judging.models import Review
from judging.queries.scoring import is_barred
from judging.web import errors
from judging.web.access import current_actor, signed_out_answer
from judging.web.scoring.blueprint import blueprint
from judging.web.sheet_words import CANNOT_JUDGE, confidence_words, scope_words, verdict
from judging.web.storage_trouble import from_script
from judging.web.templating import translate
from judging.web.view_facts import View, wrapped

ANSWERS: Mapping[str, str] = {
    "recommendation": N_("Your recommendation"),
    "confidence": N_("How sure are you of your marks?"),
    "in_scope": N_("Is the project within the scope of the contest?"),
    "scope_reason": N_("Why it is not"),
}
FIELDS: Mapping[str, str] = {
    "mark": N_("Mark %(code)s"),
    "comment": N_("Comment on %(code)s"),
    "applicant": N_("To the applicant on %(code)s"),
    "private": N_("For myself on %(code)s"),
}
FIELDS_OF_GROUPS: Mapping[str, str] = {
    "comment": N_("Comment on a group of criteria"),
    "applicant": N_("To the applicant on a group of criteria"),
    "private": N_("For myself on a group of criteria"),
}


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
    typed = [(_label(name), _said(name, text)) for name, text in request.form.items() if _is_typed(name, text)]
    return render_template("scoring/_signed_out.html", typed=typed, review_id=_review_id()), status


def _is_typed(name: str, text: str) -> bool:
    return bool(text.strip()) and (name.startswith(("mark-", *PREFIXES.values())) or name in ANSWERS)


def _label(name: str) -> str:
    """How a field is called to somebody who is signed out: nothing is said of what the sheet is about."""
    if name in ANSWERS:
        return translate(ANSWERS[name])
    kind, _, code = name.partition("-")
    words = FIELDS_OF_GROUPS if code.startswith(GROUP) else FIELDS
    return translate(words[kind], code=code)


def _said(name: str, text: str) -> str:
    """What was chosen or typed, in words."""
    if name.startswith("mark-"):
        return translate(CANNOT_JUDGE) if text == ABSTAIN else text
    words = {"recommendation": verdict, "confidence": confidence_words, "in_scope": scope_words}
    return words[name](text) or text if name in words else text


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
