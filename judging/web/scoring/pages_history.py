"""The history of the expert's own sheet, and the sheet of a moment brought back."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext
from wtforms import HiddenField

from judging.domain.access import Permission
from judging.domain.errors import N_, Fault, Refused
from judging.extensions import db
from judging.models import Review
from judging.queries import scopes
from judging.queries.paging import cut
from judging.queries.sheet_histories import steps_of
from judging.services import scoring as services
from judging.web.access import by_request, requires
from judging.web.editing import Edit, carry_out
from judging.web.forms import VersionedForm, new_key
from judging.web.listing import page_of
from judging.web.once import once
from judging.web.scoring.blueprint import blueprint
from judging.web.scoring.opened_review import Desk
from judging.web.sheet_history import shown_steps

PER_PAGE = 20


class RestoreForm(VersionedForm):
    """The moment whose sheet comes back."""

    moment = HiddenField()


@blueprint.get("/reviews/<int:review_id>/history")
@requires(Permission.SEE_OWN_REVIEW, scopes.review_scope)
def history(review_id: int) -> str:
    """What was changed on the sheet and when, the newest first."""
    return _page(Desk.of(review_id))


@blueprint.post("/reviews/<int:review_id>/history")
@requires(Permission.FINISH_REVIEW, scopes.review_scope)
@once
def restore(review_id: int) -> Any:
    """Bring the sheet of a moment back; what it says now stays in the history."""
    desk, form = Desk.of(review_id), RestoreForm()
    return carry_out(
        Edit(form, show=partial(_page, desk, form), compare=partial(_stale_page, review_id)),
        partial(_restore, desk.review, form),
        gettext("The sheet is as it was then. Nothing is lost: what it said before is in the history."),
        url_for("scoring.sheet", review_id=review_id),
    )


def _restore(review: Review, form: RestoreForm) -> Review:
    try:
        moment = datetime.fromisoformat(form.moment.data or "")
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Refused([Fault("moment", N_("Choose a moment of the history"))])
    version = -1 if form.version.data is None else form.version.data
    return services.restore_sheet(db.session, review, moment=moment, version=version, by=by_request())


def _stale_page(review_id: int) -> str:
    return _page(Desk.of(review_id), stale=True)


def _page(desk: Desk, refused: RestoreForm | None = None, *, stale: bool = False) -> str:
    page = cut(steps_of(db.session, desk.review), page_of(request.args), PER_PAGE)
    return render_template(
        "scoring/history.html",
        desk=desk,
        page=page.with_rows(shown_steps(page.rows, desk.criteria, {})),
        errors=refused.errors if refused else {},
        stale=stale,
        press_key=new_key,
        open=not desk.submitted and desk.closed() is None,
    )
