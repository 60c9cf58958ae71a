"""The page of one expert's review as the staff read it, with the forms of what can be done with it."""

from typing import Any

from flask import render_template

from judging.domain.access import Scope
from judging.domain.lifecycle import ReviewStatus
from judging.domain.rubric import ExpertCriterion, in_total
from judging.domain.scoring import round_half_up
from judging.domain.sheets import Sheet, points, total
from judging.extensions import db
from judging.models import Review
from judging.queries import contests
from judging.queries.rubrics import SheetCriterion, rules_of, sheet_criteria
from judging.queries.scoring import is_barred, stored_sheet
from judging.web.criterion_headings import headed
from judging.web.offers import acts_on_review
from judging.web.register.forms import AsideForm, CountAgainForm, ReturnForm
from judging.web.register.review_versions import handed_in

ReviewForm = ReturnForm | AsideForm | CountAgainForm
FORMS: dict[str, type[ReviewForm]] = {"returning": ReturnForm, "aside": AsideForm, "again": CountAgainForm}


def review_page(item: Review, refused: ReviewForm | None = None, stale: bool = False) -> str:
    """The review with its forms; the ``refused`` one as it was filled in."""
    contest = contests.by_code(db.session, item.application.contest.code)
    rounding, status = contests.rules_of(contest).rounding, ReviewStatus(item.status)
    submitted = status.is_submitted
    criteria = sheet_criteria(db.session, contest.id, item.application.nomination_id)
    sheet = stored_sheet(item) if submitted else Sheet()
    return render_template(
        "register/review.html",
        contest=contest,
        review=item,
        submitted=submitted,
        rows=headed([_row(criterion, sheet, rounding) for criterion in criteria], _rule) if submitted else [],
        total=round_half_up(total(rules_of(criteria), sheet), rounding),
        review_status=status,
        recommendation=sheet.recommendation,
        barred=is_barred(db.session, item),
        acts=acts_on_review(item, Scope(contest_id=contest.id)),
        versions=handed_in(item, criteria),
        refused=refused,
        stale=stale,
        **_forms(item, refused),
    )


def changed_page(item: Review, form: ReviewForm) -> str:
    """The review as it is now; the reason that was typed stays, now over the stored version."""
    form.version.data, form.version.raw_data = item.version, None
    return review_page(item, form, stale=True)


def _forms(item: Review, refused: ReviewForm | None) -> dict[str, ReviewForm]:
    return {
        name: refused if isinstance(refused, made) else made(formdata=None, data={"version": item.version})
        for name, made in FORMS.items()
    }


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
