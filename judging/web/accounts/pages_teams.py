"""Teams as the administrator mends them: who is in them, and an invitation to lead one whose people are gone."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import DESK, Permission
from judging.domain.errors import N_, Refused
from judging.domain.teams import TeamRole
from judging.extensions import db
from judging.models import Team
from judging.queries import teams as queries
from judging.services import accounts
from judging.web.access import by_request, public_url, requires
from judging.web.accounts.blueprint import blueprint
from judging.web.accounts.sign_in_answers import PageWithStatus, refused
from judging.web.accounts.team_forms import MendingForm
from judging.web.clock import now
from judging.web.forms import add_faults
from judging.web.listing import page_of, search_of
from judging.web.once import once
from judging.web.password_confirmation import reconfirmed


@blueprint.get("/people/teams")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def teams() -> str:
    """Every team of people, with how many are in it."""
    text = search_of(request.args)
    page = queries.teams_page(db.session, text, page_of(request.args))
    return render_template("accounts/teams.html", page=page, text=text)


@blueprint.get("/people/teams/<int:team_id>")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
def team_card(team_id: int) -> str:
    """One team: its people, what waits for an answer, and the invitation of a lead."""
    return render_template("accounts/team_card.html", form=MendingForm(), **_card(team_id))


@blueprint.post("/people/teams/<int:team_id>/invitations")
@requires(Permission.MANAGE_ACCOUNTS, DESK)
@reconfirmed(N_("Invite to the team"), lambda team_id: _named(team_id))
@once
def mend_team(team_id: int) -> Response | PageWithStatus:
    """Invite somebody to lead the team, with a reason; everybody in it is told."""
    context, form = _card(team_id), MendingForm()
    if not form.validate():
        return refused("accounts/team_card.html", form, **context)
    mate = accounts.Mate(form.email.data, form.name.data or "", TeamRole.LEAD, form.reason.data or "")
    try:
        accounts.mend_team(db.session, team_id, mate, by=by_request(now()), base_url=public_url())
    except Refused as fault:
        add_faults(form, fault)
        db.session.rollback()
        return refused("accounts/team_card.html", form, **_card(team_id))
    db.session.commit()
    flash(gettext("The invitation is on its way; the people of the team are told."), "success")
    return redirect(url_for("accounts.team_card", team_id=team_id), code=303)


def _named(team_id: int) -> str:
    team = db.session.get(Team, team_id)
    return "" if team is None else team.name


def _card(team_id: int) -> dict[str, Any]:
    team = db.session.get(Team, team_id)
    if team is None or queries.is_of_trial(db.session, team_id):
        abort(404)
    return {
        "team": team,
        "roles": TeamRole,
        "members": queries.members_of(db.session, team_id),
        "invitations": queries.open_invitations(db.session, team_id, now=now()),
    }
