"""One expert's review as the staff read it: its return to the expert, its setting aside, and that taken back."""

from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.extensions import db
from judging.queries import scopes
from judging.queries.scoring import review_at_hand
from judging.services import scoring
from judging.web.access import by_request, requires
from judging.web.editing import Edit, carry_out
from judging.web.once import once
from judging.web.register.blueprint import blueprint
from judging.web.register.forms import AsideForm, CountAgainForm, ReturnForm
from judging.web.register.review_page import ReviewForm, changed_page, review_page


@blueprint.get("/staff/contests/<code>/reviews/<int:review_id>")
@requires(Permission.SEE_ALL_REVIEWS, scopes.review_in_contest_scope)
def review(code: str, review_id: int) -> str:
    """A score sheet; that of a review not yet submitted stays the expert's own, one that is not open is not shown."""
    return review_page(review_at_hand(db.session, review_id))


@blueprint.post("/staff/contests/<code>/reviews/<int:review_id>/return")
@requires(Permission.RETURN_REVIEW, scopes.review_in_contest_scope)
@once
def return_review(code: str, review_id: int) -> Any:
    """Give a submitted review back to its expert for a reason."""
    form = ReturnForm()
    done = gettext("The review is returned. The expert has been written to.")
    return _carried(code, review_id, form, form.reason.data or "", scoring.return_review, done)


@blueprint.post("/staff/contests/<code>/reviews/<int:review_id>/set-aside")
@requires(Permission.RETURN_REVIEW, scopes.review_in_contest_scope)
@once
def set_aside(code: str, review_id: int) -> Any:
    """Take a submitted review out of the count for a reason."""
    form = AsideForm()
    done = gettext("The review is set aside and does not count. The expert has been written to.")
    return _carried(code, review_id, form, form.aside_reason.data or "", scoring.set_review_aside, done)


@blueprint.post("/staff/contests/<code>/reviews/<int:review_id>/count-again")
@requires(Permission.RETURN_REVIEW, scopes.review_in_contest_scope)
@once
def count_again(code: str, review_id: int) -> Any:
    """Let a review that was set aside count again."""
    form = CountAgainForm()
    done = gettext("The review counts again. The expert has been written to.")
    return _carried(code, review_id, form, form.again_reason.data or "", scoring.count_review_again, done)


def _carried(code: str, review_id: int, form: ReviewForm, reason: str, act: Any, done: str) -> Any:
    item = review_at_hand(db.session, review_id)
    version = -1 if form.version.data is None else form.version.data
    return carry_out(
        Edit(form, show=partial(review_page, item, form), compare=partial(changed_page, item, form)),
        lambda: act(db.session, item, reason=reason, version=version, by=by_request()),
        done,
        url_for("register.review", code=code, review_id=review_id),
    )
