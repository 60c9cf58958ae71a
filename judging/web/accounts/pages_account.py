"""One's own account: profile, password, sessions."""

import re
from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from judging.domain.access import DESK, Permission
from judging.domain.errors import Refused
from judging.extensions import db
from judging.queries import accounts as queries
from judging.queries import invitations, scopes
from judging.queries.sign_ins import secret_of
from judging.services import accounts
from judging.web import attempt_limits
from judging.web.access import by_request, public_url, requires
from judging.web.accounts import forms
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import PageWithStatus, end_session, hashed, proved, refused, within
from judging.web.clock import now
from judging.web.editing import Answer, Edit, carry_out
from judging.web.forms import Form, add_faults
from judging.web.incoming_files import beforehand
from judging.web.once import once
from judging.web.phases import afterwards


@blueprint.get("/account")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
def profile() -> str:
    """Name and language; what one is here."""
    user = current_user.user
    return _profile_page(forms.ProfileForm(name=user.name, locale=user.locale))


@blueprint.post("/account")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
@once
def save_profile() -> Answer:
    """Change the name and the language of one's own account."""
    form = forms.ProfileForm()
    return carry_out(
        Edit(form, show=partial(_profile_page, form)),
        partial(_change_profile, form),
        gettext("The profile is saved."),
        url_for("accounts.profile"),
    )


def _change_profile(form: forms.ProfileForm) -> None:
    """Change name and language; once that is committed, this browser is spoken to in that language."""
    user, name, locale = current_user.user, form.name.data or "", form.locale.data
    accounts.change_profile(db.session, user, name=name, locale=locale, by=by_request(now()))
    afterwards(lambda: session.update(locale=locale))


def _profile_page(form: forms.ProfileForm) -> str:
    return render_template(
        "accounts/profile.html",
        form=form,
        card=queries.person_card(db.session, current_user.user),
        invitations=invitations.open_to(db.session, current_user.user.id, now()),
        press=Form(formdata=None),
    )


@blueprint.get("/account/password")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
def password() -> str:
    """The form of a new password."""
    return render_template("accounts/password.html", form=forms.PasswordForm())


@dataclass(frozen=True)
class Change:
    """A form with a new password: its hash where it may be set, and the proof of the present one where it was tried."""

    form: forms.PasswordForm
    tried: bool = False
    hashed: str | None = None
    proof: accounts.Proof | None = None


def _change() -> Change:
    """Let go of the database; check the new password and try the present one."""
    form, user = forms.PasswordForm(), current_user.user
    secret, email, name = secret_of(user), user.email, user.name
    attempt_limits.check(attempt_limits.of_session(current_user.sign_in.id))
    if not form.validate_on_submit() or not within(form):
        return Change(form)
    new = hashed(form, email=email, name=name)
    present = proved(form, secret, form.current.data or "")
    return Change(form, present.tried, new.hashed, present.proof)


@blueprint.post("/account/password")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
@beforehand(_change)
@once
def change_password(beforehand: Change) -> Response | PageWithStatus:
    """Set a new password; the person's other sessions end."""
    if not beforehand.tried or not _changed(beforehand):
        return refused("accounts/password.html", beforehand.form)
    flash(gettext("The password is changed. Your other devices have been signed out."), "success")
    return redirect(url_for("accounts.profile"), code=303)


def _changed(change: Change) -> bool:
    """Set the password and commit, or note on the form why not (and commit the count of that)."""
    if change.proof and change.hashed is None:
        return False
    try:
        accounts.change_password(
            db.session,
            current_user.user,
            proof=change.proof,
            hashed=change.hashed or "",
            keep_session=current_user.sign_in.id,
            by=by_request(now()),
            base_url=public_url(),
        )
    except Refused as fault:
        add_faults(change.form, fault)
        attempt_limits.count(attempt_limits.of_session(current_user.sign_in.id))
        db.session.commit()
        return False
    attempt_limits.forget(attempt_limits.of_session(current_user.sign_in.id))
    db.session.commit()
    return True


BROWSERS = (("YaBrowser/", "Яндекс Браузер"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("Linux", "Linux"))  # fmt: skip


@blueprint.app_template_filter()
def browser_name(text: str) -> str:
    """A browser's description of itself as people call it: «Firefox, Windows»; what is not known is cut short."""
    names = [next((name for mark, name in table if mark in text), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in names if name) or text[:60]


@blueprint.app_template_filter()
def breakable(email: str) -> Markup:
    """An address that may be broken after its signs, so that a long one does not widen a page."""
    return Markup(re.sub(r"([@.])", r"\1<wbr>", str(escape(email))))  # noqa: S704 -- escaped just here


@blueprint.get("/account/sessions")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
def sessions() -> str:
    """The person's own sessions."""
    rows = queries.live_sign_ins(db.session, current_user.id, now=now())
    return render_template("accounts/sessions.html", rows=rows, present_id=current_user.sign_in.id)


@blueprint.post("/account/sessions/<int:sign_in_id>/revocation")
@requires(Permission.MANAGE_OWN_ACCOUNT, scopes.own_sign_in_scope)
def revoke_session(sign_in_id: int) -> Response:
    """End one of the person's own sessions."""
    accounts.sign_out(db.session, sign_in_id, by=by_request(now()))
    db.session.commit()
    if sign_in_id == current_user.sign_in.id:
        end_session()
        return redirect(url_for("accounts.sign_in"), code=303)
    flash(gettext("That device is signed out."), "success")
    return redirect(url_for("accounts.sessions"), code=303)


@blueprint.post("/account/sessions/others/revocation")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
def sign_out_others() -> Response:
    """End all of the person's sessions but the present one."""
    accounts.sign_out_everywhere(db.session, current_user.user, by=by_request(now()), but=current_user.sign_in.id)
    db.session.commit()
    flash(gettext("Your other devices have been signed out."), "success")
    return redirect(url_for("accounts.sessions"), code=303)


@blueprint.post("/account/sessions/revocation")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
def sign_out_everywhere() -> Response:
    """End all of the person's sessions, the present one too."""
    accounts.sign_out_everywhere(db.session, current_user.user, by=by_request(now()))
    db.session.commit()
    end_session()
    flash(gettext("You have signed out on every device."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)
