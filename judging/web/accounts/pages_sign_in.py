"""Signing in and out."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from judging.domain.access import PUBLIC_PAGE, Permission
from judging.extensions import db
from judging.models import SignIn
from judging.queries.actors import actor_of
from judging.queries.sign_ins import secret_at
from judging.services import accounts
from judging.services.demo import PASSWORD as DEMONSTRATION
from judging.web import attempt_limits, devices
from judging.web.access import by_request, current_actor, requires
from judging.web.accounts import forms
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import (
    PageWithStatus,
    Proved,
    begin_session,
    desk_of,
    end_session,
    proved,
    refused,
    revoke_present_session,
    within,
)
from judging.web.clock import now
from judging.web.incoming_files import beforehand
from judging.web.local_paths import local_path
from judging.web.password_confirmation import lifetime
from judging.web.templating import translate


@blueprint.get("/sign-in")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def sign_in() -> Response | str:
    """Address and password; who is signed in is led on."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or desk_of(current_actor()))
    form = forms.SignInForm(next=target or "")
    return render_template("accounts/sign_in.html", form=form, was_away="resting" in g)


def _attempt() -> Proved[forms.SignInForm]:
    """Read the account, let go of the database, and try the password."""
    form = forms.SignInForm()
    if not form.validate_on_submit():
        return Proved(form)
    attempt_limits.check(attempt_limits.of_sign_in(form.email.data or ""))
    if not within(form):
        return Proved(form)
    if current_app.config["JUDGING"].production and form.password.data == DEMONSTRATION:
        return Proved(form, True)
    return proved(form, secret_at(db.session, form.email.data or ""), form.password.data or "")


@blueprint.post("/sign-in")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@beforehand(_attempt)
def sign_in_submit(beforehand: Proved[forms.SignInForm]) -> Response | PageWithStatus:
    """Begin a session; wrong is answered in the same words and after the same work, whatever was wrong."""
    form = beforehand.form
    opened = _open(beforehand) if beforehand.tried else None
    if opened is None:
        return refused("accounts/sign_in.html", form, was_away=False)
    begin_session(*opened)
    answer = redirect(local_path(form.next.data) or desk_of(actor_of(db.session, opened[0].user)), code=303)
    devices.remember(answer, form.email.data or "")
    return answer


def _open(attempt: Proved[forms.SignInForm]) -> tuple[SignIn, str] | None:
    """Open a session and commit it, or note on the form why not (and commit the record and the count of that)."""
    form, counters = attempt.form, attempt_limits.of_sign_in(attempt.form.email.data or "")
    if attempt_limits.check(counters):  # others have failed at this account since we looked
        within(form)
        return None
    revoke_present_session()
    try:
        opened = accounts.sign_in(
            db.session,
            accounts.SigningIn(
                email=form.email.data or "", proof=attempt.proof, lifetime=lifetime(), browser=request.user_agent.string
            ),
            by=by_request(now()),
        )
    except accounts.AccountBlocked as blocked:
        form.form_errors.append(translate(blocked.message))
        return None
    if opened is None:
        attempt_limits.count(counters)
        form.form_errors.append(gettext("The e-mail address or the password is wrong."))
    else:
        attempt_limits.forget(counters)
    db.session.commit()
    return opened


@blueprint.post("/sign-out")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def sign_out() -> Response:
    """End this browser's session."""
    revoke_present_session()
    db.session.commit()
    end_session()
    flash(gettext("You have signed out."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)
