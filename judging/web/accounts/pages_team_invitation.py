"""The page of an invitation into a team: opening it changes nothing, a press accepts."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from judging.domain.access import PUBLIC_PAGE, Permission
from judging.domain.errors import Refused
from judging.domain.teams import TeamRole
from judging.extensions import db
from judging.models import Team, TeamInvitation, User
from judging.queries.accounts import user_by_email
from judging.services import accounts
from judging.web.access import by_request, requires
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import (
    NewSecret,
    PageWithStatus,
    begin_session,
    hashed,
    refused,
    revoke_present_session,
)
from judging.web.accounts.team_forms import NewMateForm, PressForm
from judging.web.clock import now
from judging.web.forms import add_faults
from judging.web.incoming_files import beforehand, release
from judging.web.once import once
from judging.web.password_confirmation import lifetime

MateForms = NewMateForm | PressForm


@blueprint.get("/team-invitations/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def team_invitation(token: str) -> str:
    """Who invites into which team; what to do depends on who is signed in."""
    invitation = accounts.invitation_by_token(db.session, token, by=by_request(now()))
    form = _form(invitation)
    if isinstance(form, NewMateForm) and form.name.data is None:
        form.name.data = invitation.name
    return render_template("accounts/team_invitation.html", form=form, **_page(invitation, token))


def _acceptance(token: str) -> NewSecret[MateForms]:
    """Look whether the link works, let go of the database, and hash the password of a newcomer."""
    invitation = accounts.invitation_by_token(db.session, token, by=by_request(now()))
    form, email = _form(invitation), invitation.email
    if not form.validate_on_submit():
        return NewSecret(form)
    release()
    if isinstance(form, PressForm):
        return NewSecret(form, "")
    return hashed(form, email=email, name=form.name.data or "")


@blueprint.post("/team-invitations/<token>")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@beforehand(_acceptance)
@once
def accept_team_invitation(token: str, beforehand: NewSecret[MateForms]) -> Response | PageWithStatus:
    """Come into the team; a newcomer gets an account by it and is signed in."""
    form = beforehand.form
    if beforehand.hashed is None or not _accepted(token, beforehand):
        db.session.rollback()
        invitation = accounts.invitation_by_token(db.session, token, by=by_request(now()))
        return refused("accounts/team_invitation.html", form, **_page(invitation, token))
    made = isinstance(form, NewMateForm)
    flash(
        gettext("The account is made: you are in the team.") if made else gettext("You are in the team now."), "success"
    )
    return redirect(url_for("applications.mine"), code=303)


def _accepted(token: str, answer: NewSecret[MateForms]) -> bool:
    """Accept and commit, and sign a newcomer in; or note on the form why not."""
    try:
        if isinstance(answer.form, NewMateForm):
            _come_in(token, accounts.Newcomer(answer.form.name.data or "", answer.hashed or ""))
        else:
            accounts.accept_team_invitation(db.session, token, new=None, by=by_request(now()))
    except Refused as fault:
        add_faults(answer.form, fault)
        return False
    db.session.commit()
    return True


def _come_in(token: str, new: accounts.Newcomer) -> None:
    entry = accounts.SigningIn(email="", proof=None, lifetime=lifetime(), browser=request.user_agent.string)
    revoke_present_session()
    opened = accounts.join_and_sign_in(db.session, token, new, entry, by=by_request(now()))
    db.session.commit()
    begin_session(*opened)


def _account(invitation: TeamInvitation) -> User | None:
    """The account that the invited address has, once it has a password."""
    user = user_by_email(db.session, invitation.email)
    return user if user is not None and user.password_hash is not None else None


def _form(invitation: TeamInvitation) -> MateForms:
    return NewMateForm() if _account(invitation) is None else PressForm()


def _page(invitation: TeamInvitation, token: str) -> dict[str, Any]:
    account = _account(invitation)
    signed_in = current_user.is_authenticated
    return {
        "invitation": invitation,
        "token": token,
        "team": db.session.get_one(Team, invitation.team_id),
        "role": TeamRole(invitation.role),
        "is_new": account is None,
        "theirs": account is not None and signed_in and account.id == current_user.id,
        "other": signed_in and (account is None or account.id != current_user.id),
    }
