"""A criterion on the score sheet: its scale and the fields of its comments, the same on every sheet but for the typed.

Without a mark and a comment it is rendered once a language and kept, as long as the criterion itself is; so are the
questions beside the criteria, whose answers are few.
"""

from functools import lru_cache
from itertools import zip_longest
from typing import Any

from flask import current_app
from markupsafe import Markup, escape
from wtforms import Field

from judging.domain.sheet_rules import SheetRules
from judging.domain.sheets import ABSTAIN, audiences, mark_path, shortest
from judging.queries.rubrics import SheetCriterion
from judging.web.fragments import with_checked
from judging.web.kept_texts import language
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.forms import SheetForm, StoredSheet, answers_form, empty_form
from judging.web.sheet_words import answers_of

TEMPLATE = "scoring/_criterion.html"
MOST_RADIOS = 21
"""Marks of the longest scale that is shown as radios (``components/mark_scale.html``)."""
START, END = Markup("\r\n"), Markup("</textarea>")
"""What stands around the text of a field of a comment."""
FOLDED, UNFOLDED = Markup('<details class="remark'), Markup('<details open class="remark')
"""How the place of a comment begins that is folded away until there is something in it."""


@blueprint.app_template_global()
def scale(criterion: SheetCriterion, form: SheetForm | StoredSheet, closed: bool) -> Markup:
    """The scale of a criterion with what is marked and typed; of a closed sheet only to be read."""
    code = criterion.code
    plain = None if closed or len(criterion.marks) > MOST_RADIOS else form.plain(code)
    if plain is None:
        return _rendered(criterion, form, closed)
    shown, comments = plain
    parts = _marked(language(), criterion, form.asked, _radio(criterion, shown))
    texts = [escape(text) for text in comments]
    opened = [
        part.replace(FOLDED, UNFOLDED, 1) if number and text else part
        for number, (part, text) in enumerate(zip_longest(parts, texts, fillvalue=""))
    ]
    return Markup("".join(piece for pair in zip_longest(opened, texts, fillvalue="") for piece in pair))  # noqa: S704 -- fragments, and texts made safe


def _radio(criterion: SheetCriterion, shown: Any) -> str | None:
    """The id of the radio that is checked."""
    if shown == ABSTAIN:
        return f"{mark_path(criterion.code)}-{ABSTAIN}" if criterion.rule.may_abstain else None
    marked = next((one for one in criterion.marks if one == shown), None)
    return None if marked is None else f"{mark_path(criterion.code)}-{marked}"


@blueprint.app_template_global()
def recommendation_of(form: SheetForm | StoredSheet) -> Markup:
    """The radios of the recommendation with the one that is chosen."""
    try:
        return _chosen(language(), form.asked, form.verdict)
    except ValueError:
        return _verdicts(form.recommendation)


@lru_cache
def _chosen(_language: str, asked: SheetRules, verdict: str | None) -> Markup:
    return _verdicts(answers_form(asked, recommendation=verdict).recommendation)


def _verdicts(field: Field) -> Markup:
    template = current_app.jinja_env.get_template("scoring/_recommendation.html")
    return Markup(template.render(recommendation=field))  # noqa: S704 -- it escapes


@lru_cache(maxsize=2_000)
def _marked(spoken: str, criterion: SheetCriterion, asked: SheetRules, radio: str | None) -> tuple[Markup, ...]:
    """The scale of a criterion on which a radio is checked, around what is typed as comments."""
    before, *after = _empty(spoken, criterion, asked)
    return with_checked(before, radio), *after


@lru_cache(maxsize=1_000)
def _empty(_language: str, criterion: SheetCriterion, asked: SheetRules) -> tuple[Markup, ...]:
    """The scale of a criterion around what is typed as comments, with no mark and no comment."""
    whole = _rendered(criterion, empty_form(criterion, asked), closed=False)
    first, *rest = whole.split(START + END)
    parts = [first, *(END + part for part in rest)]
    return *(part + START for part in parts[:-1]), parts[-1]


def _rendered(criterion: SheetCriterion, form: SheetForm | StoredSheet, closed: bool) -> Markup:
    template = current_app.jinja_env.get_template(TEMPLATE)
    code = criterion.code
    html = template.render(
        criterion=criterion,
        mark=form.mark(code),
        comment=form.comment(code),
        notes=notes_of(form, code),
        alone=len(audiences(form.asked)) == 1,
        answers=answers_of(criterion.rule),
        shortest=shortest(criterion.rule),
        closed=closed,
    )
    return Markup(html)  # noqa: S704 -- it escapes


@blueprint.app_template_global()
def notes_of(form: SheetForm | StoredSheet, place: str) -> list[tuple[str, Field]]:
    """The fields of the comments on a place that are not for the commission, each with whom it is for."""
    others = audiences(form.asked)[1:]
    return [(audience.value, form.comment(place, audience)) for audience in others]
