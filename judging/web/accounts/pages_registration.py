"""Coming in for the first time: registration of a team, invitations. Opening a link from a letter changes nothing."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from judging.domain.access import PUBLIC_PAGE, Permission, Role
from judging.domain.errors import Refused
from judging.extensions import db
from judging.models import Contest, Link, SignIn
from judging.queries.actors import actor_of
from judging.queries.sign_ins import secret_behind
from judging.queries.teams import teams_named
from judging.services import accounts
from judging.web import attempt_limits
from judging.web.access import by_request, public_url, requires
from judging.web.accounts import forms
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import (
    NewSecret,
    PageWithStatus,
    Proved,
    begin_session,
    desk_of,
    hashed,
    proved,
    refused,
    revoke_present_session,
    within,
)
from judging.web.clock import now
from judging.web.forms import add_faults
from judging.web.incoming_files import beforehand, release
from judging.web.once import once
from judging.web.password_confirmation import lifetime
from judging.web.phases import begin_writing


@blueprint.get("/register")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def register() -> str:
    """A cluster team asks for an account."""
    return render_template("accounts/register.html", form=forms.RegistrationForm())


def _registration() -> NewSecret[forms.RegistrationForm]:
    """Look whether this may be tried, and hash the password."""
    form = forms.RegistrationForm()
    if form.validate_on_submit():
        attempt_limits.check(attempt_limits.of_letter(form.email.data))
    if form.errors or not form.is_submitted() or not within(form):
        return NewSecret(form)
    return hashed(form, email=form.email.data, name=form.name.data or "")


@blueprint.post("/register")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@beforehand(_registration)
@once
def register_submit(beforehand: NewSecret[forms.RegistrationForm]) -> Response | PageWithStatus:
    """Queue the letter; the answer is the same whether or not the address is known."""
    form = beforehand.form
    if beforehand.hashed is None:
        return refused("accounts/register.html", form)
    _register(form, beforehand.hashed)
    attempt_limits.count(attempt_limits.of_letter(form.email.data))
    db.session.commit()
    return redirect(url_for("accounts.register_sent"), code=303)


def _register(form: forms.RegistrationForm, hashed: str) -> None:
    accounts.register_team(
        db.session,
        accounts.Registration(
            email=form.email.data,
            name=form.name.data or "",
            team=form.team.data or "",
            hashed=hashed,
            locale=str(get_locale()),
        ),
        by=by_request(now()),
        base_url=public_url(),
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
    return render_template("accounts/confirm.html", form=forms.ConfirmationForm(), **_confirm_page(link))


def _confirm_page(link: Link) -> dict[str, object]:
    """What is confirmed; ``named``: whether a team of the same name is there, which is told to nobody before."""
    return {"link": link, "named": bool(teams_named(db.session, link.payload["team"]))}


def _confirmation(token: str) -> Proved[forms.ConfirmationForm]:
    """Look whether the link works, let go of the database, and try the password."""
    form = forms.ConfirmationForm()
    link = accounts.usable_link(db.session, "confirm", token, now=now())
    attempt_limits.check(attempt_limits.of_link(token))
    if not form.validate_on_submit() or not within(form) or not _chosen(form, link):
        return Proved(form)
    return proved(form, secret_behind(link), form.password.data or "")


def _chosen(form: forms.ConfirmationForm, link: Link) -> bool:
    """Say whether the person has chosen a team, where there is a choice; if not, the form says so."""
    if form.way.data in forms.WAYS or not teams_named(db.session, link.payload["team"]):
        return True
    form.way.errors = [gettext("Choose what to do.")]
    return False


@blueprint.post("/confirm/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@beforehand(_confirmation)
@once
def confirm_submit(token: str, beforehand: Proved[forms.ConfirmationForm]) -> Response | PageWithStatus:
    """Make the account; who has given the password for that is signed in by it."""
    form = beforehand.form
    opened = _confirmed(token, beforehand) if beforehand.tried else None
    if opened is None:
        link = accounts.usable_link(db.session, "confirm", token, now=now())
        return refused("accounts/confirm.html", form, **_confirm_page(link))
    begin_session(*opened)
    flash(gettext("The address is confirmed and the account is made: you are signed in."), "success")
    return redirect(desk_of(actor_of(db.session, opened[0].user)), code=303)


def _confirmed(token: str, attempt: Proved[forms.ConfirmationForm]) -> tuple[SignIn, str] | None:
    """Make the account with its session and commit it, or note on the form why not (and commit the count of that)."""
    entry = accounts.SigningIn(email="", proof=attempt.proof, lifetime=lifetime(), browser=request.user_agent.string)
    join_at = public_url() if attempt.form.way.data == "join" else None
    try:
        revoke_present_session()
        opened = accounts.confirm_and_sign_in(db.session, token, entry, by=by_request(now()), join_at=join_at)
    except Refused as refusal:
        begin_writing()  # anew: what the refused act has written is given up
        add_faults(attempt.form, refusal)
        attempt_limits.count(attempt_limits.of_link(token))
        db.session.commit()
        return None
    db.session.commit()
    return opened


@blueprint.get("/invitations/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def invitation(token: str) -> str:
    """Who invites to what, and the button."""
    link = accounts.usable_link(db.session, "invite", token, now=now())
    form = _invitation_form(link)
    if form.name.data is None:
        form.name.data = link.payload["name"]
    return render_template("accounts/invitation.html", form=form, **_invitation_page(link), token=token)


def _acceptance(token: str) -> NewSecret[forms.NewAccountForm | forms.InvitationForm]:
    """Look whether the link works, let go of the database, and hash the password of somebody who has none yet."""
    link = accounts.usable_link(db.session, "invite", token, now=now())
    form, email = _invitation_form(link), link.email
    if not form.validate_on_submit():
        return NewSecret(form)
    release()
    if isinstance(form, forms.InvitationForm):
        return NewSecret(form, "")
    return hashed(form, email=email, name=form.name.data or "")


@blueprint.post("/invitations/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@beforehand(_acceptance)
@once
def accept_invitation(
    token: str, beforehand: NewSecret[forms.NewAccountForm | forms.InvitationForm]
) -> Response | PageWithStatus:
    """Accept; somebody without a password sets one."""
    form = beforehand.form
    if beforehand.hashed is None or not _accepted(token, beforehand):
        link = accounts.usable_link(db.session, "invite", token, now=now())
        return refused("accounts/invitation.html", form, **_invitation_page(link), token=token)
    flash(gettext("The invitation is accepted. Sign in to begin."), "success")
    return redirect(url_for("accounts.sign_in"), code=303)


def _accepted(token: str, answer: NewSecret[forms.NewAccountForm | forms.InvitationForm]) -> bool:
    """Accept and commit, or note on the form why not."""
    try:
        accounts.accept_invitation(
            db.session,
            token,
            hashed=answer.hashed,
            name=answer.form.name.data,
            by=by_request(now()),
        )
    except Refused as fault:
        add_faults(answer.form, fault)
        return False
    db.session.commit()
    return True


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
