"""People, as the administrator manages them: roles, blocking, invitations of staff."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import DESK, ROLE_LABELS, Permission, Role
from judging.domain.errors import Refused
from judging.extensions import db
from judging.models import Grant, User
from judging.queries import accounts as queries
from judging.services import accounts
from judging.web.access import current_actor, public_url, requires
from judging.web.accounts import forms
from judging.web.accounts.answers import Page, refused
from judging.web.accounts.blueprint import blueprint
from judging.web.clock import now
from judging.web.forms import add_faults
from judging.web.once import once
from judging.web.templating import translate


@blueprint.get("/people")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def people() -> str:
    """Everybody with an account."""
    wanted = queries.PeopleFilter.from_args(request.args)
    page = queries.people_page(db.session, wanted)
    return render_template("accounts/people.html", page=page, wanted=wanted, kinds=_kinds())


def _kinds() -> list[tuple[str, str]]:
    words = {role.value: translate(label) for role, label in ROLE_LABELS.items()} | {
        queries.BLOCKED: gettext("Blocked")
    }
    return [(kind, words[kind]) for kind in queries.PEOPLE_KINDS]


@blueprint.get("/people/<int:user_id>")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def person(user_id: int) -> str:
    """One person: roles, teams, expert cards."""
    user = db.get_or_abort(User, user_id)
    return render_template("accounts/person.html", **_person_page(user), form=_role_form(forms.RoleForm()))


def _person_page(user: User) -> dict[str, object]:
    return {"user": user, "card": queries.person_card(db.session, user)}


def _role_form(form: forms.RoleForm) -> forms.RoleForm:
    return form.offer(queries.contest_choices(db.session))


@blueprint.post("/people/<int:user_id>/roles")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def grant_role(user_id: int) -> Response | Page:
    """Give a role."""
    user, form = db.get_or_abort(User, user_id), _role_form(forms.RoleForm())
    if not form.validate_on_submit():
        return refused("accounts/person.html", form, **_person_page(user))
    try:
        granted = accounts.grant_role(
            db.session,
            user,
            Role(form.role.data),
            contest_id=form.contest_id.data or None,
            actor=current_actor(),
            now=now(),
        )
    except Refused as fault:
        add_faults(form, fault)
        return refused("accounts/person.html", form, **_person_page(user))
    db.session.commit()
    flash(gettext("The role is given.") if granted else gettext("The person has this role already."), "success")
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


@blueprint.post("/people/<int:user_id>/roles/<int:grant_id>/revocation")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def revoke_role(user_id: int, grant_id: int) -> Response:
    """Take a role away."""
    grant = db.session.get(Grant, grant_id)
    if grant is not None and grant.user_id == user_id:
        accounts.revoke_role(db.session, grant, actor=current_actor(), now=now())
        db.session.commit()
        flash(gettext("The role is taken away."), "success")
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


@blueprint.post("/people/<int:user_id>/block")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def block(user_id: int) -> Response:
    """Block the account; its sessions end at once."""
    accounts.block_account(db.session, db.get_or_abort(User, user_id), actor=current_actor(), now=now())
    db.session.commit()
    flash(gettext("The account is blocked and signed out everywhere."), "success")
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


@blueprint.post("/people/<int:user_id>/unblock")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def unblock(user_id: int) -> Response:
    """Let the person in again."""
    accounts.unblock_account(db.session, db.get_or_abort(User, user_id), actor=current_actor(), now=now())
    db.session.commit()
    flash(gettext("The account is unblocked."), "success")
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


@blueprint.get("/people/invitations")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def invite_staff() -> str:
    """Invite somebody to work here; invitations not yet accepted."""
    form = _role_form(forms.StaffInvitationForm())
    return render_template("accounts/invite_staff.html", form=form, pending=_pending())


def _pending() -> list[queries.PendingInvitation]:
    return queries.pending_invitations(db.session, now=now())


@blueprint.post("/people/invitations")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def send_invitation() -> Response | Page:
    """Queue the letter."""
    form = _role_form(forms.StaffInvitationForm())
    if not form.validate_on_submit():
        return refused("accounts/invite_staff.html", form, pending=_pending())
    try:
        _invite(form)
    except Refused as fault:
        add_faults(form, fault)
        return refused("accounts/invite_staff.html", form, pending=_pending())
    db.session.commit()
    flash(gettext("The invitation is on its way to %(email)s.", email=form.email.data), "success")
    return redirect(url_for("accounts.invite_staff"), code=303)


def _invite(form: forms.StaffInvitationForm) -> None:
    accounts.invite(
        db.session,
        email=form.email.data,
        name=form.name.data,
        role=Role(form.role.data),
        contest_id=form.contest_id.data or None,
        actor=current_actor(),
        now=now(),
        base_url=public_url(),
    )
