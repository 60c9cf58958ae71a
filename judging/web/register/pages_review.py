"""One expert's review as the staff read it, and its return to the expert."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission, Scope
from judging.domain.lifecycle import ReviewStatus
from judging.domain.rubric import ExpertCriterion, in_total
from judging.domain.scoring import round_half_up
from judging.domain.sheets import Sheet, points, total
from judging.extensions import db
from judging.models import Review
from judging.queries import contests, scopes
from judging.queries.rubrics import SheetCriterion, rules_of, sheet_criteria
from judging.queries.scoring import is_barred, review_at_hand, stored_sheet
from judging.services.scoring import return_review as give_back
from judging.web.access import by_request, requires, sight_of
from judging.web.criterion_headings import headed
from judging.web.editing import Edit, carry_out
from judging.web.offers import acts_on_review
from judging.web.once import once
from judging.web.register.blueprint import blueprint
from judging.web.register.forms import ReturnForm
from judging.web.sealed_words import sealed_words


@blueprint.get("/staff/contests/<code>/reviews/<int:review_id>")
@requires(Permission.SEE_ALL_REVIEWS, scopes.review_in_contest_scope)
def review(code: str, review_id: int) -> str:
    """A score sheet; that of a review not yet submitted stays the expert's own, one that is not open is not shown."""
    item = review_at_hand(db.session, review_id)
    return _page(item, ReturnForm(formdata=None, data={"version": item.version}))


@blueprint.post("/staff/contests/<code>/reviews/<int:review_id>/return")
@requires(Permission.RETURN_REVIEW, scopes.review_in_contest_scope)
@once
def return_review(code: str, review_id: int) -> Any:
    """Give a submitted review back to its expert for a reason."""
    item, form = review_at_hand(db.session, review_id), ReturnForm()
    return carry_out(
        Edit(form, show=partial(_page, item, form), compare=partial(_changed_page, item, form)),
        lambda: give_back(
            db.session,
            item,
            reason=form.reason.data or "",
            version=-1 if form.version.data is None else form.version.data,
            by=by_request(),
        ),
        gettext("The review is returned. The expert has been written to."),
        url_for("register.review", code=code, review_id=review_id),
    )


def _changed_page(item: Review, form: ReturnForm) -> str:
    """The review as it is now; the reason that was typed stays, now over the stored version."""
    form.version.data, form.version.raw_data = item.version, None
    return _page(item, form, stale=True)


def _page(item: Review, form: ReturnForm, stale: bool = False) -> str:
    contest = contests.by_code(db.session, item.application.contest.code)
    rounding, status = contests.rules_of(contest).rounding, ReviewStatus(item.status)
    handed_in, shown = status.is_submitted, sight_of(contest).shows(item.application_id)
    submitted = handed_in and shown
    criteria = sheet_criteria(db.session, contest.id, item.application.nomination_id)
    sheet = stored_sheet(item) if submitted else Sheet()
    return render_template(
        "register/review.html",
        contest=contest,
        review=item,
        submitted=submitted,
        sealed=sealed_words(contest, sight_of(contest), item.application_id) if handed_in and not shown else None,
        rows=headed([_row(criterion, sheet, rounding) for criterion in criteria], _rule) if submitted else [],
        total=round_half_up(total(rules_of(criteria), sheet), rounding),
        review_status=status,
        recommendation=sheet.recommendation,
        barred=is_barred(db.session, item),
        acts=acts_on_review(item, Scope(contest_id=contest.id)),
        form=form,
        stale=stale,
    )


def _rule(row: dict[str, Any]) -> ExpertCriterion:
    rule: ExpertCriterion = row["criterion"].rule
    return rule


def _row(criterion: SheetCriterion, sheet: Sheet, rounding: int) -> dict[str, Any]:
    worth = points(criterion.rule, sheet)
    return {
        "criterion": criterion,
        "mark": sheet.scores.get(criterion.code),
        "points": None if worth is None or not in_total(criterion.rule) else round_half_up(worth, rounding),
        "comment": sheet.comments.get(criterion.code, ""),
    }
