"""People, as the administrator manages them: roles, blocking, invitations of staff."""

from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from judging.domain.access import DESK, ROLE_LABELS, Permission, Role
from judging.domain.errors import N_, Refused
from judging.extensions import db
from judging.models import Grant, User
from judging.queries import accounts as queries
from judging.queries.grants import count_open, open_requests
from judging.services import accounts
from judging.web.access import by_request, public_url, requires
from judging.web.accounts import confirmed_acts, forms
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import PageWithStatus, end_session, refused
from judging.web.clock import now
from judging.web.forms import add_faults
from judging.web.listing import one_of, page_of, search_of, sort_of
from judging.web.once import once
from judging.web.password_confirmation import reconfirmed
from judging.web.templating import translate


@blueprint.get("/people")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def people() -> str:
    """Everybody with an account."""
    wanted = queries.PeopleFilter(
        text=search_of(request.args),
        kind=one_of(request.args, "role", queries.PEOPLE_KINDS),
        sort=sort_of(request.args, queries.PEOPLE_ORDERS, "name"),
        page=page_of(request.args),
    )
    page = queries.people_page(db.session, wanted)
    waiting = count_open(db.session, now=now())
    return render_template("accounts/people.html", page=page, wanted=wanted, kinds=_kinds(), waiting=waiting)


def _kinds() -> list[tuple[str, str]]:
    words = {role.value: translate(label) for role, label in ROLE_LABELS.items()} | {
        queries.BLOCKED: gettext("Blocked")
    }
    return [(kind, words[kind]) for kind in queries.PEOPLE_KINDS]


@blueprint.get("/people/<int:user_id>")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def person(user_id: int) -> str:
    """One person: roles, teams, expert cards, sessions."""
    user = db.get_or_abort(User, user_id)
    return render_template("accounts/person.html", **_person_page(user), form=_role_form(forms.RoleForm()))


def _person_page(user: User) -> dict[str, object]:
    return {
        "user": user,
        "card": queries.person_card(db.session, user),
        "sessions": queries.live_sign_ins(db.session, user.id, now=now()),
        "asked": open_requests(db.session, now=now(), user_id=user.id),
    }


RoleForm = TypeVar("RoleForm", bound=forms.RoleForm)


def _role_form(form: RoleForm) -> RoleForm:
    return form.offer(queries.contest_choices(db.session))


@blueprint.post("/people/<int:user_id>/roles")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@reconfirmed(N_("Ask for a role"), confirmed_acts.role_of_person)
@once
def ask_role(user_id: int) -> Response | PageWithStatus:
    """Ask for a role; another administrator approves it."""
    user, form = db.get_or_abort(User, user_id), _role_form(forms.RoleForm())
    if not form.validate_on_submit():
        return refused("accounts/person.html", form, **_person_page(user))
    try:
        asked = accounts.ask_role(
            db.session,
            user,
            Role(form.role.data),
            contest_id=form.contest_id.data or None,
            by=by_request(now()),
        )
    except Refused as fault:
        add_faults(form, fault)
        return refused("accounts/person.html", form, **_person_page(user))
    db.session.commit()
    flash(_asked_words() if asked else gettext("The person has this role already."), "success")
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


def _asked_words() -> str:
    return gettext("The role is asked for. It takes effect when another administrator has approved it.")


@blueprint.get("/people/requests")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def role_requests() -> str:
    """Roles that were asked for and await another administrator."""
    rows = open_requests(db.session, now=now())
    return render_template("accounts/role_requests.html", rows=rows, others=queries.administrators(db.session) - 1)


@blueprint.post("/people/requests/<int:request_id>/approval")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@reconfirmed(N_("Approve a role"), confirmed_acts.role_asked_for)
@once
def approve_role(request_id: int) -> Response:
    """Give what another administrator asked for."""
    accounts.approve_role(db.session, request_id, by=by_request(now()), base_url=public_url())
    db.session.commit()
    flash(gettext("Approved: the role is given, or the invitation to it is on its way."), "success")
    return redirect(url_for("accounts.role_requests"), code=303)


@blueprint.post("/people/requests/<int:request_id>/refusal")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def end_request(request_id: int) -> Response:
    """Refuse it, or take back what one asked for oneself."""
    accounts.end_request(db.session, request_id, by=by_request(now()))
    db.session.commit()
    flash(gettext("The request is closed; no role was given."), "success")
    return redirect(url_for("accounts.role_requests"), code=303)


@blueprint.post("/people/<int:user_id>/sessions/revocation")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def sign_person_out(user_id: int) -> Response:
    """End every session of a person."""
    ended = accounts.sign_out_person(db.session, db.get_or_abort(User, user_id), by=by_request(now()))
    db.session.commit()
    flash(ngettext("%(num)d session is ended.", "%(num)d sessions are ended.", ended), "success")
    if user_id == current_user.id:
        end_session()
        return redirect(url_for("accounts.sign_in"), code=303)
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


@blueprint.post("/people/<int:user_id>/roles/<int:grant_id>/revocation")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def revoke_role(user_id: int, grant_id: int) -> Response:
    """Take a role away."""
    grant = db.session.get(Grant, grant_id)
    if grant is not None and grant.user_id == user_id:
        accounts.revoke_role(db.session, grant, by=by_request(now()))
        db.session.commit()
        flash(gettext("The role is taken away."), "success")
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


@blueprint.post("/people/<int:user_id>/block")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def block(user_id: int) -> Response:
    """Block the account; its sessions end at once."""
    accounts.block_account(db.session, db.get_or_abort(User, user_id), by=by_request(now()))
    db.session.commit()
    flash(gettext("The account is blocked and signed out everywhere."), "success")
    return redirect(url_for("accounts.person", user_id=user_id), code=303)


@blueprint.post("/people/<int:user_id>/unblock")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@once
def unblock(user_id: int) -> Response:
    """Let the person in again."""
    accounts.unblock_account(db.session, db.get_or_abort(User, user_id), by=by_request(now()))
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
@reconfirmed(N_("Invite staff"), confirmed_acts.invitation)
@once
def send_invitation() -> Response | PageWithStatus:
    """Ask for the invitation; the letter goes out when another administrator has approved it."""
    form = _role_form(forms.StaffInvitationForm())
    if not form.validate_on_submit():
        return refused("accounts/invite_staff.html", form, pending=_pending())
    try:
        _invite(form)
    except Refused as fault:
        add_faults(form, fault)
        return refused("accounts/invite_staff.html", form, pending=_pending())
    db.session.commit()
    flash(_asked_words(), "success")
    return redirect(url_for("accounts.role_requests"), code=303)


def _invite(form: forms.StaffInvitationForm) -> None:
    accounts.ask_invitation(
        db.session,
        accounts.Invitation(
            email=form.email.data,
            name=form.name.data or "",
            role=Role(form.role.data),
            contest_id=form.contest_id.data or None,
        ),
        by=by_request(now()),
    )
