"""Coming in: sign-in, registration, forgotten passwords, invitations. Opening a link from a letter changes nothing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from judging.domain.access import PUBLIC_PAGE, Permission, Role
from judging.domain.errors import Refused
from judging.extensions import db
from judging.models import Contest, Link, SignIn
from judging.queries.actors import actor_of
from judging.services import accounts
from judging.web import limits
from judging.web.access import client_address, current_actor, public_url, requires
from judging.web.accounts import forms
from judging.web.accounts.answers import (
    Page,
    begin_session,
    desk_of,
    end_session,
    local_path,
    refused,
    revoke_present_session,
    session_lifetime,
    within,
)
from judging.web.accounts.blueprint import blueprint
from judging.web.clock import now
from judging.web.forms import add_faults
from judging.web.once import once
from judging.web.templating import translate


@blueprint.get("/sign-in")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def sign_in() -> Response | str:
    """Address and password; who is signed in is led on."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or desk_of(current_actor()))
    return render_template("accounts/sign_in.html", form=forms.SignInForm(next=target or ""))


@blueprint.post("/sign-in")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@limits.counted(limits.SIGN_IN_PAIR, limits.SIGN_IN_ADDRESS)
def sign_in_submit() -> Response | Page:
    """Begin a session; wrong is answered in the same words and the same time, whatever was wrong."""
    form = forms.SignInForm()
    if not form.validate_on_submit() or not within(form):
        return refused("accounts/sign_in.html", form)
    opened = _open(form)
    if opened is None:
        return refused("accounts/sign_in.html", form)
    limits.forget(limits.SIGN_IN_PAIR, form.email.data)
    begin_session(*opened)
    return redirect(local_path(form.next.data) or desk_of(actor_of(db.session, opened[0].user)), code=303)


def _open(form: forms.SignInForm) -> tuple[SignIn, str] | None:
    """Open a session and commit it, or note on the form why not (and commit the record of that)."""
    revoke_present_session()
    try:
        opened = accounts.sign_in(
            db.session,
            email=form.email.data,
            password=form.password.data,
            lifetime=session_lifetime(),
            now=now(),
            address=client_address(),
            browser=request.user_agent.string,
        )
    except accounts.AccountBlocked as blocked:
        form.form_errors.append(translate(blocked.message))
        return None
    db.session.commit()
    if opened is None:
        form.form_errors.append(gettext("The e-mail address or the password is wrong."))
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


@blueprint.get("/register")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def register() -> str:
    """A cluster team asks for an account."""
    return render_template("accounts/register.html", form=forms.RegistrationForm())


@blueprint.post("/register")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@limits.counted(limits.LETTER_PAIR, limits.LETTER_ADDRESS)
@once
def register_submit() -> Response | Page:
    """Queue the letter; the answer is the same whether or not the address is known."""
    form = forms.RegistrationForm()
    if not form.validate_on_submit() or not within(form):
        return refused("accounts/register.html", form)
    try:
        _register(form)
    except Refused as fault:
        add_faults(form, fault)
        return refused("accounts/register.html", form)
    db.session.commit()
    return redirect(url_for("accounts.register_sent"), code=303)


def _register(form: forms.RegistrationForm) -> None:
    accounts.register_team(
        db.session,
        email=form.email.data,
        name=form.name.data,
        team=form.team.data,
        password=form.password.data,
        locale=str(get_locale()),
        now=now(),
        base_url=public_url(),
        address=client_address(),
    )


@blueprint.get("/register/sent")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def register_sent() -> str:
    """Look into the mail."""
    return render_template("accounts/register_sent.html")


@blueprint.get("/confirm/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def confirm(token: str) -> str:
    """What will be confirmed, and the button."""
    link = accounts.usable_link(db.session, "confirm", token, now=now())
    return render_template("accounts/confirm.html", form=forms.ConfirmationForm(), link=link)


@blueprint.post("/confirm/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@limits.counted(limits.SIGN_IN_PAIR, limits.SIGN_IN_ADDRESS)
@once
def confirm_submit(token: str) -> Response | Page:
    """Make the account."""
    form = forms.ConfirmationForm()
    link = accounts.usable_link(db.session, "confirm", token, now=now())
    if not form.validate_on_submit() or not within(form):
        return refused("accounts/confirm.html", form, link=link)
    try:
        accounts.confirm_registration(
            db.session, token, password=form.password.data, now=now(), address=client_address()
        )
    except Refused as refusal:
        add_faults(form, refusal)
        return refused("accounts/confirm.html", form, link=link)
    db.session.commit()
    flash(gettext("The address is confirmed and the account is made. Now sign in."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.get("/forgot-password")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def forgot_password() -> str:
    """Ask for a link."""
    return render_template("accounts/forgot_password.html", form=forms.EmailForm())


@blueprint.post("/forgot-password")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@limits.counted(limits.LETTER_PAIR, limits.LETTER_ADDRESS)
@once
def forgot_password_submit() -> Response | Page:
    """Queue the letter, if the address has an account; the answer is the same."""
    form = forms.EmailForm()
    if not form.validate_on_submit() or not within(form):
        return refused("accounts/forgot_password.html", form)
    accounts.ask_reset(db.session, email=form.email.data, now=now(), base_url=public_url(), address=client_address())
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


@blueprint.post("/reset-password/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@once
def reset_password_submit(token: str) -> Response | Page:
    """Set it; every session of the person ends."""
    form = forms.NewPasswordForm()
    link = accounts.usable_link(db.session, "reset", token, now=now())
    if not form.validate_on_submit():
        return refused("accounts/reset_password.html", form, link=link)
    try:
        accounts.reset_password(db.session, token, password=form.password.data, now=now(), base_url=public_url())
    except Refused as fault:
        add_faults(form, fault)
        return refused("accounts/reset_password.html", form, link=link)
    db.session.commit()
    flash(gettext("The new password is set. Sign in with it."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


@blueprint.get("/invitations/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def invitation(token: str) -> str:
    """Who invites to what, and the button."""
    link = accounts.usable_link(db.session, "invite", token, now=now())
    form = _invitation_form(link)
    if form.name.data is None:
        form.name.data = link.payload["name"]
    return render_template("accounts/invitation.html", form=form, **_invitation_page(link))


@blueprint.post("/invitations/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@once
def accept_invitation(token: str) -> Response | Page:
    """Accept; somebody without a password sets one."""
    link = accounts.usable_link(db.session, "invite", token, now=now())
    form = _invitation_form(link)
    if not form.validate_on_submit():
        return refused("accounts/invitation.html", form, **_invitation_page(link))
    try:
        accounts.accept_invitation(
            db.session,
            token,
            password=form.password.data,
            name=form.name.data,
            now=now(),
            address=client_address(),
        )
    except Refused as fault:
        add_faults(form, fault)
        return refused("accounts/invitation.html", form, **_invitation_page(link))
    db.session.commit()
    flash(gettext("The invitation is accepted. Sign in to begin."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


def _is_new(link: Link) -> bool:
    """Whether the invited person has no password yet."""
    user = accounts.invitee_of(db.session, link)
    return user is None or user.password_hash is None


def _invitation_form(link: Link) -> forms.NewAccountForm | forms.InvitationForm:
    return forms.NewAccountForm() if _is_new(link) else forms.InvitationForm()


def _invitation_page(link: Link) -> dict[str, object]:
    contest = db.session.get(Contest, link.contest_id) if link.contest_id else None
    return {
        "link": link,
        "contest": contest,
        "role": Role(link.payload.get("role", Role.EXPERT)),
        "is_new": _is_new(link),
    }
