"""A criterion on the score sheet: its scale and the field of its comment, the same on every sheet but for the typed.

Without a mark and a comment it is rendered once a language and kept, as long as the criterion itself is; so is the
recommendation, which is one of few.
"""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup, escape
from wtforms import Field

from judging.domain.sheets import mark_path
from judging.queries.rubrics import SheetCriterion
from judging.web.fragments import with_checked
from judging.web.kept_texts import language
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.forms import MarkField, SheetForm, StoredSheet, empty_form, verdict_form

TEMPLATE = "scoring/_criterion.html"
MOST_RADIOS = 21
"""Marks of the longest scale that is shown as radios (``components/mark_scale.html``)."""
NOTHING_TYPED = "\r\n</textarea>"
"""How an empty field of a comment ends on a page."""


@blueprint.app_template_global()
def scale(criterion: SheetCriterion, form: SheetForm | StoredSheet, closed: bool) -> Markup:
    """The scale of a criterion with what is marked and typed; of a closed sheet only to be read."""
    code = criterion.code
    plain = None if closed or len(criterion.marks) > MOST_RADIOS else form.plain(code)
    if plain is None:
        return _rendered(criterion, form.mark(code), form.comment(code), closed)
    shown, comment = plain
    marked = next((one for one in criterion.marks if one == shown), None)
    before, after = _marked(language(), criterion, None if marked is None else f"{mark_path(code)}-{marked}")
    return Markup("".join((before, escape(comment), after)))  # noqa: S704 -- two fragments, and a text made safe


@blueprint.app_template_global()
def recommendation_of(form: SheetForm | StoredSheet) -> Markup:
    """The radios of the recommendation with the one that is chosen."""
    try:
        return _chosen(language(), form.verdict)
    except ValueError:
        return _verdicts(form.recommendation)


@lru_cache
def _chosen(_language: str, verdict: str | None) -> Markup:
    return _verdicts(verdict_form(verdict).recommendation)


def _verdicts(field: Field) -> Markup:
    template = current_app.jinja_env.get_template("scoring/_recommendation.html")
    return Markup(template.render(recommendation=field))  # noqa: S704 -- it escapes


@lru_cache(maxsize=2_000)
def _marked(spoken: str, criterion: SheetCriterion, radio: str | None) -> tuple[Markup, Markup]:
    """The scale of a criterion on which a radio is checked, before and after what is typed as a comment."""
    before, after = _empty(spoken, criterion)
    return with_checked(before, radio), after


@lru_cache(maxsize=1_000)
def _empty(_language: str, criterion: SheetCriterion) -> tuple[Markup, Markup]:
    """The scale of a criterion before and after what is typed as a comment, with no mark and no comment."""
    form = empty_form(criterion)
    whole = _rendered(criterion, form.mark(criterion.code), form.comment(criterion.code), closed=False)
    place = whole.index(NOTHING_TYPED) + len("\r\n")
    return whole[:place], whole[place:]


def _rendered(criterion: SheetCriterion, mark: MarkField, comment: Field, closed: bool) -> Markup:
    template = current_app.jinja_env.get_template(TEMPLATE)
    return Markup(template.render(criterion=criterion, mark=mark, comment=comment, closed=closed))  # noqa: S704 -- it escapes
