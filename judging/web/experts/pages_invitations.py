"""Invitations of experts: one by one, or everybody who was not invited yet."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext

from judging.adapters.addresses import reachable
from judging.domain.access import Permission
from judging.extensions import db
from judging.queries import experts, scopes
from judging.services.experts import invite_experts
from judging.web.access import by_request, public_url, requires
from judging.web.experts.blueprint import blueprint
from judging.web.experts.forms import BulkInvitationForm
from judging.web.experts.pages_experts import frozen_words
from judging.web.once import once
from judging.web.unreachable_addresses import unreached_words


@blueprint.post("/staff/contests/<code>/experts/<int:expert_id>/invitation")
@requires(Permission.MANAGE_EXPERTS, scopes.expert_in_contest_scope)
@once
def invite(code: str, expert_id: int) -> Any:
    """Send an expert the invitation, or send it again."""
    expert = experts.by_id(db.session, expert_id)
    invited = invite_experts(db.session, [expert], by=by_request(), base_url=public_url())
    db.session.commit()
    if invited.written:
        flash(gettext("The invitation to %(email)s is on its way.", email=expert.email), "success")
    elif invited.unreached:
        flash(unreached_words([expert.email]), "warning")
    else:
        flash(gettext("%(name)s has joined already.", name=expert.name), "info")
    return redirect(url_for("experts.edit", code=code, expert_id=expert_id), code=303)


@blueprint.get("/staff/contests/<code>/experts/invitations")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
def invitations(code: str) -> str:
    """Who will be invited; nothing is sent yet."""
    return _preview(code)


@blueprint.post("/staff/contests/<code>/experts/invitations")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
@once
def invite_all(code: str) -> Any:
    """Invite exactly those who were shown; where the list has changed meanwhile, show it anew."""
    contest, form = experts.contest_of(db.session, code), BulkInvitationForm()
    found = experts.uninvited(db.session, contest.id)
    if not form.validate() or form.chosen.data != ids_text(found):
        return _preview(code, changed=True), 409
    invited = invite_experts(db.session, found, by=by_request(), base_url=public_url())
    db.session.commit()
    if number := len(invited.written):
        flash(ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", number), "success")
    if invited.unreached:
        flash(unreached_words([card.email for card in invited.unreached]), "warning")
    return redirect(url_for("experts.index", code=code), code=303)


def ids_text(found: Any) -> str:
    """The experts of a list as the form carries them."""
    return ",".join(str(expert.id) for expert in found)


def _preview(code: str, changed: bool = False) -> str:
    contest = experts.contest_of(db.session, code)
    found = experts.uninvited(db.session, contest.id)
    return render_template(
        "experts/invitations.html",
        contest=contest,
        found=[card for card in found if reachable(card.email)],
        unreached=[card for card in found if not reachable(card.email)],
        form=BulkInvitationForm(formdata=None, data={"chosen": ids_text(found)}),
        changed=changed,
        frozen=frozen_words(contest),
    )
