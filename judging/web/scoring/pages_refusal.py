"""An expert refuses a task without a conflict of interest; before the declaration and after it."""

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import Refused
from judging.domain.lifecycle.review import UNFINISHED
from judging.extensions import db
from judging.queries import scopes
from judging.services import scoring as services
from judging.web.access import by_request, public_url, requires
from judging.web.forms import add_faults
from judging.web.once import once
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.opened_review import Desk
from judging.web.scoring.refusal_form import RefusalForm


@blueprint.get("/reviews/<int:review_id>/refusal")
@requires(Permission.DECLARE_CONFLICT, scopes.review_scope)
def refusal(review_id: int) -> str | Response:
    """Why not: a short list, and the way to the declaration of a conflict beside it."""
    desk = Desk.of(review_id)
    if desk.review.status not in UNFINISHED:
        return redirect(url_for("scoring.queue"))
    return _page(desk, RefusalForm())


@blueprint.post("/reviews/<int:review_id>/refusal")
@requires(Permission.DECLARE_CONFLICT, scopes.review_scope)
@once
def decline(review_id: int) -> Response | tuple[str, int]:
    """Take the expert off and tell the secretaries, who are proposed another expert at once."""
    desk, form = Desk.of(review_id), RefusalForm()
    code, number = desk.contest.code, desk.application.number
    try:
        services.decline_review(
            db.session,
            desk.review,
            reason=form.reason.data or "",
            words=form.words.data or "",
            by=by_request(),
            refusals_url=public_url() + url_for("assignment.refusals", code=code),
        )
    except Refused as refused:
        add_faults(form, refused)
        return _page(desk, form), 422
    db.session.commit()
    flash(
        gettext("You have refused application %(number)s: the secretary looks for another expert.", number=number),
        "info",
    )
    return redirect(url_for("scoring.queue"), code=303)


def _page(desk: Desk, form: RefusalForm) -> str:
    return render_template(
        "scoring/refusal.html", desk=desk, form=form, agreed=g.scope.agreed, drafted=desk.review.saved_at is not None
    )
