"""A criterion on the score sheet: its scale and the field of its comment, the same on every sheet but for the typed.

Without a mark and a comment it is rendered once a language and kept, as long as the criterion itself is.
"""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup, escape
from wtforms import Field

from judging.queries.scoring import SheetCriterion
from judging.web.fragments import with_checked
from judging.web.kept_texts import language
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.forms import MarkField, SheetForm, empty_form

TEMPLATE = "scoring/_criterion.html"
MOST_RADIOS = 21
"""Marks of the longest scale that is shown as radios (``components/mark_scale.html``)."""
NOTHING_TYPED = "\r\n</textarea>"
"""How an empty field of a comment ends on a page."""


@blueprint.app_template_global()
def scale(criterion: SheetCriterion, form: SheetForm, closed: bool) -> Markup:
    """The scale of a criterion with what is marked and typed; of a closed sheet only to be read."""
    mark, comment = form.mark(criterion.code), form.comment(criterion.code)
    if closed or mark.errors or comment.errors or len(criterion.marks) > MOST_RADIOS:
        return _rendered(criterion, mark, comment, closed)
    before, after = _empty(language(), criterion)
    marked = next((f"{mark.name}-{one}" for one in criterion.marks if one == mark.shown), None)
    typed = escape(comment.data or "")
    return with_checked(before, marked) + typed + after


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
