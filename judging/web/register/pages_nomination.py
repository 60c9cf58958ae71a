"""An application is moved to another nomination of its contest, on a page that says what will happen."""

from functools import partial
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.gates import Act, require
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, contests, scopes
from judging.services.applications.nomination_move import move_application
from judging.web.access import by_request, requires
from judging.web.editing import Edit, carry_out
from judging.web.once import once
from judging.web.register.blueprint import blueprint
from judging.web.register.forms import NominationMoveForm
from judging.web.templating import localized

PATH = "/staff/contests/<code>/applications/<int:application_id>/nomination"


@blueprint.get(PATH)
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def nomination(code: str, application_id: int) -> str:
    """The form; a contest without nominations has no such page."""
    application = applications.by_id(db.session, application_id)
    if not application.contest.nominations:
        abort(404)
    require(Act.DECIDE, application.contest.status)
    return _page(application, _form(application))


@blueprint.post(PATH)
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
@once
def move(code: str, application_id: int) -> Any:
    """Move the application; its team is written to."""
    application = applications.by_id(db.session, application_id)
    if not application.contest.nominations:
        abort(404)
    form = NominationMoveForm(application)
    edit = Edit(form, show=partial(_page, application, form), compare=partial(_overtaken, application, form))
    return carry_out(
        edit,
        lambda: move_application(db.session, application_id, form.move(), by=by_request()),
        gettext("The application is in another nomination now."),
        url_for("register.show", code=code, application_id=application_id),
    )


def _form(application: Application) -> NominationMoveForm:
    return NominationMoveForm(application, formdata=None, data={"version": application.version})


def _overtaken(application: Application, form: NominationMoveForm) -> str:
    """The application as it is now; the reason that was typed stays, now over the stored version."""
    form.version.data, form.version.raw_data = application.version, None
    return _page(application, form, stale=True)


def _page(application: Application, form: NominationMoveForm, stale: bool = False) -> str:
    present = application.nomination
    return render_template(
        "register/nomination.html",
        contest=contests.by_code(db.session, application.contest.code),
        application=application,
        form=form,
        present=localized(present, "title") if present else "",
        stale=stale,
    )
