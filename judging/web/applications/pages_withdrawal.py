"""Withdrawal, a draft given up or deleted, and the way back while applications are accepted."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.stages import NotOpen
from judging.extensions import db
from judging.models import Application
from judging.queries import applications, scopes
from judging.queries.extensions import time_to_submit
from judging.services.applications.withdrawal import (
    remove_draft,
    take_up_draft,
    undo_withdrawal,
    withdraw_application,
)
from judging.services.concurrency import Stale
from judging.web.access import by_request, public_url, requires
from judging.web.applications.blueprint import blueprint
from judging.web.applications.forms import ConfirmedForm, GivingUpForm, WithdrawalForm
from judging.web.clock import arrived
from judging.web.offers import acts_on_application
from judging.web.once import once
from judging.web.templating import translate


@blueprint.get("/applications/<int:application_id>/withdrawal")
@requires(Permission.WITHDRAW_APPLICATION, scopes.application_scope)
def withdraw(application_id: int) -> str:
    """Ask for the reason of a withdrawal; of a draft, say what giving it up means."""
    application = applications.by_id(db.session, application_id)
    return _withdrawal_page(application, _withdrawal_form(application, formdata=None))


@blueprint.post("/applications/<int:application_id>/withdrawal")
@requires(Permission.WITHDRAW_APPLICATION, scopes.application_scope)
@once
def confirm_withdrawal(application_id: int) -> Any:
    """Withdraw the application, or give up the draft."""
    application = applications.by_id(db.session, application_id)
    form, draft = _withdrawal_form(application), ApplicationStatus(application.status).is_draft
    if not form.validate_on_submit():
        return _withdrawal_page(application, form), 422
    reason = form.reason.data if isinstance(form, WithdrawalForm) else ""
    withdraw_application(db.session, application_id, reason=reason or "", by=by_request(), base_url=public_url())
    db.session.commit()
    flash(gettext("The draft is given up.") if draft else gettext("The application is withdrawn."), "success")
    return redirect(_page_of(application_id), code=303)


@blueprint.get("/applications/<int:application_id>/withdrawal/undoing")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def undoing(application_id: int) -> Any:
    """What taking back a withdrawal, or taking up a draft again, means."""
    application = applications.by_id(db.session, application_id)
    acts = acts_on_application(application, g.scope)
    if not acts.undo_withdrawal and not acts.take_up:
        return redirect(_page_of(application_id))
    return _undoing_page(application)


@blueprint.post("/applications/<int:application_id>/withdrawal/undoing")
@requires(Permission.SUBMIT_APPLICATION, scopes.application_scope)
@once
def undo(application_id: int) -> Any:
    """Let the application take part again as it was submitted."""
    form = ConfirmedForm()
    if not form.validate_on_submit():
        return _undoing_page(applications.by_id(db.session, application_id)), 422
    try:
        version = form.version.data or 0
        undo_withdrawal(db.session, application_id, version=version, by=by_request(), base_url=public_url())
    except (NotOpen, Stale) as refusal:
        return _refused(application_id, translate(refusal.message, **refusal.params)), 409
    db.session.commit()
    flash(gettext("The application takes part again, under its number and its time of submission."), "success")
    return redirect(_page_of(application_id), code=303)


@blueprint.post("/applications/<int:application_id>/taking-up")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def take_up(application_id: int) -> Any:
    """Take up a draft again that was given up."""
    form = ConfirmedForm()
    if not form.validate_on_submit():
        return _undoing_page(applications.by_id(db.session, application_id)), 422
    try:
        take_up_draft(db.session, application_id, version=form.version.data or 0, by=by_request())
    except (NotOpen, Stale) as refusal:
        return _refused(application_id, translate(refusal.message, **refusal.params)), 409
    db.session.commit()
    flash(gettext("The draft is here again with everything that was filled in."), "success")
    return redirect(_page_of(application_id), code=303)


@blueprint.get("/applications/<int:application_id>/removal")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
def removing(application_id: int) -> Any:
    """Ask once before an empty draft is deleted; one with data is given up on the page for that."""
    application = applications.by_id(db.session, application_id)
    if not acts_on_application(application, g.scope).remove:
        return redirect(_page_of(application_id))
    return render_template("applications/removing.html", application=application, form=GivingUpForm(formdata=None))


@blueprint.post("/applications/<int:application_id>/removal")
@requires(Permission.EDIT_APPLICATION, scopes.application_scope)
@once
def remove_empty(application_id: int) -> Any:
    """Delete an empty draft."""
    remove_draft(db.session, application_id, by=by_request())
    db.session.commit()
    flash(gettext("The draft is deleted."), "success")
    return redirect(url_for("applications.mine"), code=303)


def _withdrawal_form(application: Application, **given: Any) -> WithdrawalForm | GivingUpForm:
    draft = ApplicationStatus(application.status).is_draft
    return GivingUpForm(**given) if draft else WithdrawalForm(**given)


def _withdrawal_page(application: Application, form: WithdrawalForm | GivingUpForm) -> str:
    time = time_to_submit(db.session, application, arrived())
    return render_template(
        "applications/withdraw.html",
        application=application,
        form=form,
        back_until=time.window.ends if time.window.is_open(arrived()) else None,
    )


def _undoing_page(application: Application, refusal: str = "") -> str:
    return render_template(
        "applications/undoing.html",
        application=application,
        form=ConfirmedForm(formdata=None, data={"version": application.version}),
        until=time_to_submit(db.session, application, arrived()).window.ends,
        refusal=refusal,
    )


def _refused(application_id: int, words: str) -> str:
    db.session.rollback()
    db.session.expire_all()
    return _undoing_page(applications.by_id(db.session, application_id), words)


def _page_of(application_id: int) -> str:
    return url_for("applications.show", application_id=application_id)
