"""A submitted application opened for changes by its team, and changes that are given up: each on a page of its own."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.stages import NotOpen, time_left
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.queries.extensions import time_to_change
from judging.services.applications.own_edit import cancel_own_edit, open_own_edit
from judging.services.concurrency import Stale
from judging.web.access import by_request, requires
from judging.web.applications.at_hand import returned_of
from judging.web.applications.blueprint import blueprint
from judging.web.applications.forms import ConfirmedForm, GivingUpForm
from judging.web.clock import arrived
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.templating import translate


@blueprint.get("/applications/<int:application_id>/changes")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def changing(application_id: int) -> Any:
    """What changing a submitted application means, before it is opened."""
    application = applications.by_id(db.session, application_id)
    if not acts_on_application(application, g.scope).change:
        return redirect(_page_of(application_id))
    return _changing_page(application)


@blueprint.post("/applications/<int:application_id>/changes")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def open_changes(application_id: int) -> Any:
    """Open a submitted application for changes until the close; it stays submitted."""
    form = ConfirmedForm()
    if not form.validate_on_submit():
        return _changing_page(applications.by_id(db.session, application_id)), 422
    try:
        open_own_edit(db.session, application_id, version=form.version.data or 0, by=by_request())
    except (NotOpen, Stale) as refusal:
        db.session.rollback()
        said = translate(refusal.message, **refusal.params)
        return _changing_page(applications.by_id(db.session, application_id), said), 409
    db.session.commit()
    flash(gettext("The application is open for changes. What was submitted counts until you submit anew."), "success")
    return redirect(_page_of(application_id), code=303)


@blueprint.get("/applications/<int:application_id>/changes/cancellation")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def giving_up_changes(application_id: int) -> Any:
    """What is lost when the changes are given up."""
    application = applications.by_id(db.session, application_id)
    returned = returned_of(application)
    if returned is None or not acts_on_application(application, g.scope).give_up_changes:
        return redirect(_page_of(application_id))
    return render_template(
        "applications/giving_up_changes.html",
        application=application,
        form=GivingUpForm(formdata=None),
        returned=returned,
    )


@blueprint.post("/applications/<int:application_id>/changes/cancellation")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def give_up_changes(application_id: int) -> Any:
    """Put back what was submitted."""
    cancel_own_edit(db.session, application_id, by=by_request())
    db.session.commit()
    flash(gettext("The changes are given up. The application is again as it was submitted."), "success")
    return redirect(_page_of(application_id), code=303)


def _changing_page(application: Application, refusal: str = "") -> str:
    until = time_to_change(db.session, application, arrived())
    return render_template(
        "applications/changing.html",
        application=application,
        form=ConfirmedForm(formdata=None, data={"version": application.version}),
        until=until,
        left=time_left(until, arrived()),
        refusal=refusal,
    )


def _page_of(application_id: int) -> str:
    return url_for("applications.show", application_id=application_id)
