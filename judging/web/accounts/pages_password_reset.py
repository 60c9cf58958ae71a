"""A forgotten password. Opening the link from the letter changes nothing."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import PUBLIC_PAGE, Permission
from judging.extensions import db
from judging.models import User
from judging.services import accounts
from judging.web import attempt_limits
from judging.web.access import by_request, public_url, requires
from judging.web.accounts import forms
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import NewSecret, PageWithStatus, hashed, refused, within
from judging.web.clock import now
from judging.web.incoming_files import beforehand
from judging.web.once import once


@blueprint.get("/forgot-password")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def forgot_password() -> str:
    """Ask for a link."""
    return render_template("accounts/forgot_password.html", form=forms.EmailForm())


@blueprint.post("/forgot-password")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@once
def forgot_password_submit() -> Response | PageWithStatus:
    """Queue the letter, if the address has an account; the answer is the same."""
    form = forms.EmailForm()
    if form.validate_on_submit():
        attempt_limits.check(attempt_limits.of_letter(form.email.data))
    if form.errors or not within(form):
        return refused("accounts/forgot_password.html", form)
    email = form.email.data
    spared = attempt_limits.pause(attempt_limits.of_account(email))
    attempt_limits.count(attempt_limits.of_letter(email) + (() if spared else attempt_limits.of_account(email)))
    accounts.ask_reset(db.session, email=email, by=by_request(now()), base_url=public_url(), spared=spared)
    db.session.commit()
    return redirect(url_for("accounts.forgot_password_sent"), code=303)


@blueprint.get("/forgot-password/sent")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def forgot_password_sent() -> str:
    """Look into the mail."""
    return render_template("accounts/forgot_password_sent.html")


@blueprint.get("/reset-password/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def reset_password(token: str) -> str:
    """A new password by the link from the letter."""
    link = accounts.usable_link(db.session, "reset", token, now=now())
    return render_template("accounts/reset_password.html", form=forms.NewPasswordForm(), link=link)


def _new_password(token: str) -> NewSecret[forms.NewPasswordForm]:
    """Look whether the link works, let go of the database, and hash the password."""
    form = forms.NewPasswordForm()
    link = accounts.usable_link(db.session, "reset", token, now=now())
    if not form.validate_on_submit():
        return NewSecret(form)
    user = db.session.get_one(User, link.user_id)
    return hashed(form, email=user.email, name=user.name)


@blueprint.post("/reset-password/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@beforehand(_new_password)
@once
def reset_password_submit(token: str, beforehand: NewSecret[forms.NewPasswordForm]) -> Response | PageWithStatus:
    """Set it; every session of the person ends."""
    if beforehand.hashed is None:
        link = accounts.usable_link(db.session, "reset", token, now=now())
        return refused("accounts/reset_password.html", beforehand.form, link=link)
    accounts.reset_password(db.session, token, hashed=beforehand.hashed, by=by_request(now()), base_url=public_url())
    db.session.commit()
    flash(gettext("The new password is set. Sign in with it."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)
