"""The summary of a sheet in words: what it lacks, with links to the fields, and what does not go together on it."""

from collections.abc import Sequence
from decimal import Decimal

from flask import url_for

from judging.domain.errors import Fault
from judging.domain.nominations import judged_criteria
from judging.domain.rubric import ExpertCriterion, maximum_total
from judging.domain.sheet_hints import Hint, sheet_hints
from judging.domain.sheets import comment_path, comment_places
from judging.extensions import db
from judging.queries import contests
from judging.queries.rubrics import nomination_at
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.opened_review import Desk
from judging.web.sheet_words import mark_words, place_words, said_of, said_of_groups
from judging.web.templating import decimal, translate

APPLICATION = "application"
"""The path of the fault that says that the application has changed unseen."""

for function in (said_of, said_of_groups, mark_words):
    blueprint.app_template_global()(function)


@blueprint.app_template_filter()
def mark_name(mark: Decimal, criterion: ExpertCriterion) -> str:
    """A mark as it stands beside a square to tick."""
    return mark_words(criterion, mark)


def links_of_faults(desk: Desk, faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Return what keeps the sheet back, each with the field that it is about, or the page of what has changed."""
    address = url_for("scoring.sheet", review_id=desk.review.id)
    changes = url_for("scoring.changes", review_id=desk.review.id)
    return [
        {
            "text": _named(desk, fault) + translate(fault.message, **fault.params),
            "href": changes if fault.path == APPLICATION else f"{address}#{fault.path}",
        }
        for fault in faults
    ]


def hints_in_words(desk: Desk) -> list[str]:
    """Return what the expert may want to look at again; nothing of it keeps the sheet back."""
    if desk.outside:
        return []
    nomination_id = desk.application.nomination_id
    nomination = None if nomination_id is None else nomination_at(db.session, nomination_id)
    criteria = judged_criteria(contests.criteria_of(desk.contest), nomination)
    pass_total = contests.rules_of(desk.contest).pass_total if nomination is None else nomination.pass_total
    found = sheet_hints(desk.rules, desk.sheet, pass_total=pass_total, maximum_total=maximum_total(criteria))
    return [_hint(hint) for hint in found]


def _hint(hint: Hint) -> str:
    places = ", ".join(place_words(place) for place in hint.places)
    shown = {name: decimal(value) for name, value in hint.params.items()}
    return translate(hint.message, **{"places": places, **shown})


def place_of(desk: Desk, fault: Fault) -> str:
    """The criterion or the group that a fault is about; empty where it is about the whole sheet."""
    _, dash, code = fault.path.partition("-")
    if not dash:
        return ""
    places = {comment_path(place).partition("-")[2]: place for place in comment_places(desk.rules, desk.asked)}
    return place_words(places.get(code, code))


def _named(desk: Desk, fault: Fault) -> str:
    place = place_of(desk, fault)
    return f"{place}: " if place else ""
