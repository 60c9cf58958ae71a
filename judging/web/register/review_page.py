"""The page of one expert's review as the staff read it, with the forms of what can be done with it."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from judging.domain.access import Scope
from judging.domain.lifecycle import ReviewStatus
from judging.domain.rubric import ExpertCriterion, in_total
from judging.domain.scoring import round_half_up
from judging.domain.sheets import Sheet, is_outside, points, total
from judging.extensions import db
from judging.models import Contest, Review
from judging.queries import contests
from judging.queries.rubrics import SheetCriterion, rules_of, sheet_criteria
from judging.queries.scoring import is_barred, stored_sheet
from judging.queries.sheets import sheet_rules
from judging.web.access import sight_of
from judging.web.criterion_headings import headed
from judging.web.offers import acts_on_review
from judging.web.register.forms import AsideForm, CountAgainForm, ReturnForm
from judging.web.register.review_versions import handed_in as versions_of
from judging.web.sealed_words import sealed_words
from judging.web.sheet_words import CANNOT_JUDGE, confidence_words, mark_words, said_of, said_of_groups
from judging.web.templating import translate

ReviewForm = ReturnForm | AsideForm | CountAgainForm
FORMS: dict[str, type[ReviewForm]] = {"returning": ReturnForm, "aside": AsideForm, "again": CountAgainForm}


def review_page(item: Review, refused: ReviewForm | None = None, stale: bool = False) -> str:
    """The review with its forms; the ``refused`` one as it was filled in."""
    contest = contests.by_code(db.session, item.application.contest.code)
    rounding, status = contests.rules_of(contest).rounding, ReviewStatus(item.status)
    handed_in, shown = status.is_submitted, sight_of(contest).shows(item.application_id)
    submitted = handed_in and shown
    criteria = sheet_criteria(db.session, contest.id, item.application.nomination_id)
    return render_template(
        "register/review.html",
        contest=contest,
        review=item,
        submitted=submitted,
        sealed=sealed_words(contest, sight_of(contest), item.application_id) if handed_in and not shown else None,
        review_status=status,
        barred=is_barred(db.session, item),
        acts=acts_on_review(item, Scope(contest_id=contest.id)),
        versions=versions_of(item, criteria) if submitted else (),
        refused=refused,
        stale=stale,
        **_said(contest, criteria, stored_sheet(item) if submitted else None, rounding),
        **_forms(item, refused),
    )


def _said(contest: Contest, criteria: Sequence[SheetCriterion], sheet: Sheet | None, rounding: int) -> dict[str, Any]:
    """What the sheet says, in words; nothing where it is None."""
    asked, rows = sheet_rules(contest), []
    if sheet is None:
        sheet = Sheet()
    else:
        rows = headed([_row(criterion, sheet, rounding) for criterion in criteria], _rule)
    given = total(rules_of(criteria), sheet)
    return {
        "rows": rows,
        "groups": said_of_groups(sheet, private=False),
        "outside": is_outside(sheet, asked),
        "total": None if given is None else round_half_up(given, rounding),
        "without": ", ".join(criterion.code for criterion in criteria if criterion.code in sheet.abstained),
        "recommendation": sheet.recommendation,
        "confidence": confidence_words(sheet.confidence),
        "asked": asked,
    }


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
    abstained = criterion.code in sheet.abstained
    return {
        "criterion": criterion,
        "mark": translate(CANNOT_JUDGE) if abstained else mark_words(criterion.rule, sheet.scores.get(criterion.code)),
        "points": None if worth is None or not in_total(criterion.rule) else round_half_up(worth, rounding),
        "words": said_of(sheet, criterion.code, private=False),
    }
