"""Before anything else of an application: no conflict of interest, or a recusal."""

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.errors import Refused
from judging.domain.lifecycle import ReviewStatus
from judging.extensions import db
from judging.queries import scopes
from judging.queries.expert_reading import read_by_experts, readable
from judging.services import scoring as services
from judging.web.access import by_request, requires
from judging.web.clock import arrived
from judging.web.forms import Form, add_faults
from judging.web.once import once
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.forms import RecusalForm
from judging.web.scoring.opened_review import Desk


@blueprint.get("/reviews/<int:review_id>/declaration")
@requires(Permission.ACCEPT_TASK, scopes.review_scope)
def declaration(review_id: int) -> str | Response:
    """Only what is needed to know of a conflict; whoever has declared is led on."""
    desk = Desk.of(review_id)
    if desk.review.status != ReviewStatus.ASSIGNED:
        return redirect(url_for("scoring.sheet", review_id=review_id))
    return render_template(
        "scoring/declaration.html",
        desk=desk,
        application=desk.application,
        reading=read_by_experts(db.session, desk.application, readable(db.session, desk.contest, desk.application.id)),
        form=Form(),
        late=desk.too_late(arrived()),
        moment=arrived(),
    )


@blueprint.post("/reviews/<int:review_id>/declaration")
@requires(Permission.ACCEPT_TASK, scopes.review_scope)
@once
def declare(review_id: int) -> Response:
    """There is no conflict: the sheet and the documents open."""
    services.declare_no_conflict(db.session, Desk.of(review_id).review, by=by_request())
    db.session.commit()
    flash(gettext("You have declared that there is no conflict of interest. The sheet is open."), "success")
    return redirect(url_for("scoring.sheet", review_id=review_id), code=303)


@blueprint.get("/reviews/<int:review_id>/recusal")
@requires(Permission.DECLARE_CONFLICT, scopes.review_scope)
def recusal(review_id: int) -> str | Response:
    """The second step of a recusal: what the conflict is."""
    desk = Desk.of(review_id)
    if desk.review.status == ReviewStatus.RECUSED:
        return redirect(url_for("scoring.queue"))
    return _recusal(desk, RecusalForm())


@blueprint.post("/reviews/<int:review_id>/recusal")
@requires(Permission.DECLARE_CONFLICT, scopes.review_scope)
@once
def recuse(review_id: int) -> Response | tuple[str, int]:
    """Take the expert off, with the reason on the list of conflicts."""
    desk, form = Desk.of(review_id), RecusalForm()
    try:
        services.recuse(
            db.session,
            desk.review,
            reason=form.reason.data or "",
            words=form.words.data or "",
            by=by_request(),
        )
    except Refused as refused:
        add_faults(form, refused)
        return _recusal(desk, form), 422
    number = desk.application.number
    db.session.commit()
    flash(gettext("You are taken off application %(number)s: the secretary sees the reason.", number=number), "info")
    return redirect(url_for("scoring.queue"), code=303)


def _recusal(desk: Desk, form: RecusalForm) -> str:
    return render_template("scoring/recusal.html", desk=desk, form=form, agreed=g.scope.agreed)
