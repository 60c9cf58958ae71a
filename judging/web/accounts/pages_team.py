"""A person's own teams: who is in them, who was invited, who asks to be taken in; and what one waits for."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from judging.domain.access import DESK, Permission, Scope
from judging.domain.errors import Refused
from judging.domain.teams import TeamRole
from judging.extensions import db
from judging.models import TeamInvitation
from judging.queries import scopes
from judging.queries import teams as queries
from judging.services import accounts
from judging.web import attempt_limits
from judging.web.access import allowed, by_request, current_actor, public_url, requires
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import PageWithStatus, refused, within
from judging.web.accounts.team_forms import MateForm, TeamNameForm
from judging.web.clock import now
from judging.web.forms import Form, add_faults
from judging.web.listing import id_of
from judging.web.once import once

TEAM = "/teams/<int:team_id>"


@blueprint.get("/team")
@requires(Permission.SEE_TEAM, DESK)
def team() -> str:
    """One of the person's teams; most people have one."""
    form, page = MateForm(formdata=None), _team_page(id_of(request.args, "team"))
    if not page["leads"]:
        form.for_member()
    return render_template("accounts/team.html", form=form, **page)


def _team_page(chosen: int | None) -> dict[str, Any]:
    """What the page shows of the team that was chosen, by default the first of the person's own."""
    own = queries.teams_by_id(db.session, current_actor().team_ids)
    shown = next((one for one in own if one.id == chosen), own[0])
    return {
        "team": shown,
        "others": [one for one in own if one is not shown],
        "leads": allowed(Permission.LEAD_TEAM, Scope(team_id=shown.id)),
        "members": queries.members_of(db.session, shown.id),
        "invitations": queries.open_invitations(db.session, shown.id, now=now()),
        "requests": queries.open_requests(db.session, shown.id, now=now()),
        "roles": TeamRole,
    }


@blueprint.post(TEAM + "/invitations")
@requires(Permission.SEE_TEAM, scopes.team_scope)
@once
def invite_mate(team_id: int) -> Response | PageWithStatus:
    """Invite somebody; the answer is the same whether or not the address has an account."""
    form = MateForm()
    if not allowed(Permission.LEAD_TEAM, g.scope):
        form.for_member()
    counters = attempt_limits.of_letter(form.email.data or "")
    if form.validate():
        attempt_limits.check(counters)
    if form.errors or not within(form):
        return _refused_mate(form, team_id)
    mate = accounts.Mate(form.email.data, form.name.data or "", TeamRole(form.role.data))
    try:
        accounts.invite_mate(db.session, team_id, mate, by=by_request(now()), base_url=public_url())
    except Refused as fault:
        add_faults(form, fault)
        return _refused_mate(form, team_id)
    attempt_limits.count(counters)
    db.session.commit()
    flash(gettext("The invitation is on its way."), "success")
    return _back(team_id)


def _refused_mate(form: MateForm, team_id: int) -> PageWithStatus:
    db.session.rollback()
    return refused("accounts/team.html", form, **_team_page(team_id))


@blueprint.post(TEAM + "/invitations/<int:invitation_id>/letter")
@requires(Permission.SEE_TEAM, scopes.team_scope)
@once
def resend_mate(team_id: int, invitation_id: int) -> Response | PageWithStatus:
    """Send the letter of an invitation again; bound by the same pauses as the first one."""
    invitation = db.session.get(TeamInvitation, invitation_id)
    mine = invitation is not None and invitation.team_id == team_id
    form, counters = Form(), attempt_limits.of_letter(invitation.email if invitation and mine else "")
    attempt_limits.check(counters)
    if not within(form):
        flash(str(form.form_errors[0]), "warning")
        return _back(team_id)
    accounts.resend_invitation(db.session, team_id, invitation_id, by=by_request(now()), base_url=public_url())
    attempt_limits.count(counters)
    db.session.commit()
    flash(gettext("The letter is sent again. The link of the one before does not work any more."), "success")
    return _back(team_id)


@blueprint.post(TEAM + "/invitations/<int:invitation_id>/revocation")
@requires(Permission.SEE_TEAM, scopes.team_scope)
@once
def revoke_mate(team_id: int, invitation_id: int) -> Response:
    """Take an invitation back."""
    accounts.revoke_invitation(db.session, team_id, invitation_id, by=by_request(now()))
    db.session.commit()
    flash(gettext("The invitation is revoked: its link does not work any more."), "success")
    return _back(team_id)


@blueprint.post(TEAM + "/members/<int:user_id>/removal")
@requires(Permission.LEAD_TEAM, scopes.team_scope)
@once
def remove_mate(team_id: int, user_id: int) -> Response:
    """Remove somebody from the team: its applications are closed to them at once."""
    accounts.remove_member(db.session, team_id, user_id, by=by_request(now()))
    db.session.commit()
    flash(gettext("The person is removed from the team and sees nothing of it any more."), "success")
    return _back(team_id)


@blueprint.post(TEAM + "/members/<int:user_id>/lead")
@requires(Permission.LEAD_TEAM, scopes.team_scope)
@once
def hand_over_lead(team_id: int, user_id: int) -> Response:
    """Make somebody else the lead of the team."""
    accounts.hand_over_lead(db.session, team_id, user_id, by=by_request(now()))
    db.session.commit()
    flash(gettext("The lead is handed over. You are a member of the team now."), "success")
    return _back(team_id)


@blueprint.post(TEAM + "/departure")
@requires(Permission.SEE_TEAM, scopes.team_scope)
@once
def leave_team(team_id: int) -> Response:
    """Leave the team."""
    accounts.leave_team(db.session, team_id, by=by_request(now()))
    db.session.commit()
    flash(gettext("You have left the team."), "success")
    others = current_actor().team_ids - {team_id}
    return redirect(url_for("accounts.team" if others else "accounts.waiting"), code=303)


@blueprint.post(TEAM + "/requests/<int:join_id>/acceptance")
@requires(Permission.LEAD_TEAM, scopes.team_scope)
@once
def accept_request(team_id: int, join_id: int) -> Response:
    """Take somebody in who asked for it."""
    accounts.accept_request(db.session, team_id, join_id, by=by_request(now()), base_url=public_url())
    db.session.commit()
    flash(gettext("The person is in the team now and has got a letter about it."), "success")
    return _back(team_id)


@blueprint.post(TEAM + "/requests/<int:join_id>/refusal")
@requires(Permission.LEAD_TEAM, scopes.team_scope)
@once
def refuse_request(team_id: int, join_id: int) -> Response:
    """Do not take somebody in."""
    accounts.refuse_request(db.session, team_id, join_id, by=by_request(now()), base_url=public_url())
    db.session.commit()
    flash(gettext("The request is refused. The person sees nothing of the team."), "success")
    return _back(team_id)


@blueprint.get("/team/waiting")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
def waiting() -> str | Response:
    """What somebody who is in no team waits for, and the way to a team of their own."""
    if current_actor().team_ids:
        return redirect(url_for("accounts.team"))
    form, page = TeamNameForm(), _waiting_page()
    if form.team.data is None and page["rows"]:
        form.team.data = page["rows"][0].team
    return render_template("accounts/waiting.html", form=form, **page)


@blueprint.post("/team/waiting")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
@once
def create_team() -> Response | PageWithStatus:
    """Make a team of one's own."""
    form = TeamNameForm()
    if not form.validate():
        return refused("accounts/waiting.html", form, **_waiting_page())
    accounts.create_team(db.session, form.team.data or "", by=by_request(now()))
    db.session.commit()
    flash(gettext("The team is made. Enter the cluster and begin an application."), "success")
    return redirect(url_for("applications.mine"), code=303)


@blueprint.post("/team/waiting/withdrawal")
@requires(Permission.MANAGE_OWN_ACCOUNT, DESK)
@once
def withdraw_requests() -> Response:
    """Take back what one asked for."""
    accounts.withdraw_requests(db.session, by=by_request(now()))
    db.session.commit()
    flash(gettext("The request is taken back."), "success")
    return redirect(url_for("accounts.waiting"), code=303)


def _waiting_page() -> dict[str, Any]:
    rows = queries.requests_of(db.session, current_user.id, now=now())
    return {"rows": rows, "waits": any(row.open for row in rows)}


def _back(team_id: int) -> Response:
    several = len(current_actor().team_ids) > 1
    return redirect(url_for("accounts.team", team=team_id if several else None), code=303)
