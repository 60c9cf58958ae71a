"""The score sheet on paper: empty, as a draft, as it was handed in."""

from flask import render_template, request
from flask_babel import gettext

from judging.domain.access import Permission
from judging.extensions import db
from judging.queries import scopes
from judging.queries import scoring as queries
from judging.web.access import requires
from judging.web.clock import arrived
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.opened_review import Desk
from judging.web.sheet_words import said_of_groups, verdict

EMPTY = "empty"


@blueprint.get("/reviews/<int:review_id>/print")
@requires(Permission.SEE_OWN_REVIEW, scopes.review_scope)
def print_sheet(review_id: int) -> str:
    """The sheet with the words of every mark and a line to sign on; what the expert noted for himself where ticked."""
    desk = Desk.of(review_id)
    empty, private = request.args.get("sheet") == EMPTY, request.args.get("private") == "y"
    return render_template(
        "scoring/print_sheet.html",
        desk=desk,
        empty=empty,
        private=private and not empty,
        groups={} if empty else {one.group: one.words for one in said_of_groups(desk.sheet, private=private)},
        version=queries.latest_version(db.session, review_id) if desk.submitted else None,
        state=_state(desk, empty=empty),
        verdict=verdict(desk.review.recommendation),
        moment=arrived(),
    )


def _state(desk: Desk, *, empty: bool) -> str:
    if empty:
        return gettext("Empty form of the score sheet")
    return gettext("Score sheet as it was handed in") if desk.submitted else gettext("Draft of the score sheet")
