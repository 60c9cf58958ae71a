"""How a score sheet came to say what it says, as the staff read it: after it was handed in."""

from flask import render_template, request

from judging.domain.access import Permission
from judging.domain.lifecycle import ReviewStatus
from judging.domain.sheet_history import as_others_see
from judging.extensions import db
from judging.queries import contests, scopes
from judging.queries.paging import cut
from judging.queries.rubrics import sheet_criteria
from judging.queries.scoring import review_at_hand
from judging.queries.sheet_histories import names_of, steps_of
from judging.web.access import require_marks, requires
from judging.web.listing import page_of
from judging.web.register.blueprint import blueprint
from judging.web.sheet_history import shown_steps

PER_PAGE = 20


@blueprint.get("/staff/contests/<code>/reviews/<int:review_id>/history")
@requires(Permission.SEE_ALL_REVIEWS, scopes.review_in_contest_scope)
def review_history(code: str, review_id: int) -> str:
    """Every change of marks, comments and recommendation; that of a review not submitted is its expert's own."""
    review = review_at_hand(db.session, review_id)
    submitted = ReviewStatus(review.status).is_submitted
    if submitted:
        require_marks(review.contest_id, review.application_id)
    page = cut(as_others_see(steps_of(db.session, review)) if submitted else (), page_of(request.args), PER_PAGE)
    criteria = sheet_criteria(db.session, review.contest_id, review.application.nomination_id)
    return render_template(
        "register/review_history.html",
        contest=contests.by_code(db.session, code),
        review=review,
        submitted=submitted,
        page=page.with_rows(shown_steps(page.rows, criteria, names_of(db.session, page.rows))),
    )
