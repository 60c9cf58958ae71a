"""The answer to a page that brought its copy back although the server has newer: the page takes what is stored."""

from collections.abc import Iterator
from typing import Any

from flask import jsonify, request
from werkzeug.wrappers import Response

from judging.domain.errors import Refused, RuleViolation
from judging.domain.sheets import ABSTAIN, audiences, comment_path, comment_places, mark_path
from judging.extensions import db
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.web.clock import arrived
from judging.web.scoring.forms import SheetForm
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.typed import draft_of
from judging.web.scoring.words import saved_clock
from judging.web.sheet_words import scope_answer

FOUND = "found"
"""The name of what a page says that sends a copy which it found, and nothing typed since."""


def overtaken(desk: Desk, form: SheetForm, refusal: RuleViolation) -> Response | None:
    """Answer with what is stored, field by field, where the copy holds nothing else; None where somebody has to choose.

    See ``static/js/autosave/sending.js`` for the shape.
    """
    if not isinstance(refusal, Stale) or not request.form.get(FOUND):
        return None
    draft, _ = draft_of(desk, form, script=True, tab="")
    try:
        if not services.copy_is_overtaken(db.session, desk.review, draft):
            return None
    except Refused:
        return None
    theirs = [{"name": name, "pairs": [[name, value]]} for name, value in _stored(desk)]
    text = saved_clock(desk.review.saved_at or arrived())
    return jsonify(version=desk.review.version, saved_at_text=text, theirs=theirs, overtaken=True)


def _stored(desk: Desk) -> Iterator[tuple[str, Any]]:
    """The fields of the sheet as their controls have what is stored."""
    sheet, asked = desk.sheet, desk.asked
    for criterion in desk.criteria:
        code = criterion.code
        mark = sheet.scores.get(code)
        text = "" if mark is None else next((str(one) for one in criterion.marks if one == mark), f"{mark:f}")
        yield mark_path(code), ABSTAIN if code in sheet.abstained else text
    for audience in audiences(asked):
        for place in comment_places(desk.rules, asked):
            yield comment_path(place, audience), sheet.words(audience).get(place, "")
    yield "recommendation", sheet.recommendation or ""
    yield "confidence", sheet.confidence or ""
    yield "in_scope", scope_answer(sheet) or ""
    yield "scope_reason", sheet.scope_reason
