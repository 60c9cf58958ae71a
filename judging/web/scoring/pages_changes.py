"""What of the application changed since its expert read it, and the press by which they take account of it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response
from wtforms import IntegerField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from judging.domain.access import Permission
from judging.extensions import db
from judging.queries import scopes
from judging.queries.versions_read import change_of
from judging.services import scoring as services
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.applications.comparison import compared
from judging.web.forms import Form
from judging.web.once import once
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.opened_review import Desk


class ChangesForm(Form):
    """The submission that was looked at."""

    number = IntegerField(widget=HiddenInput(), validators=[Optional()])


@blueprint.get("/reviews/<int:review_id>/changes")
@requires(Permission.SCORE, scopes.review_scope)
def changes(review_id: int) -> str | Response:
    """The application as it was read beside what was submitted since."""
    return _changes(Desk.of(review_id))


@blueprint.post("/reviews/<int:review_id>/changes")
@requires(Permission.SCORE, scopes.review_scope)
@once
def confirm_changes(review_id: int) -> Response | str | tuple[str, int]:
    """Take account of the changes that were looked at; of later ones they are shown first."""
    desk, form = Desk.of(review_id), ChangesForm()
    try:
        services.confirm_changes(db.session, desk.review, form.number.data or 0, by=by_request())
    except Stale:
        db.session.rollback()
        flash(gettext("The application has changed again meanwhile: look at the changes once more."), "warning")
        page = _changes(Desk.of(review_id))
        return (page, 409) if isinstance(page, str) else page
    db.session.commit()
    flash(gettext("You have taken account of the changes. Look through your marks once more."), "success")
    return redirect(url_for("scoring.sheet", review_id=review_id), code=303)


def _changes(desk: Desk) -> str | Response:
    if desk.submitted:
        return redirect(url_for("scoring.receipt", review_id=desk.review.id))
    change = change_of(db.session, desk.review)
    return render_template(
        "scoring/changes.html",
        desk=desk,
        change=change,
        parts=[] if change is None else compared(change.before, change.after),
        form=ChangesForm(formdata=None, data={"number": change and change.after.number}),
        closed=desk.closed(),
    )
