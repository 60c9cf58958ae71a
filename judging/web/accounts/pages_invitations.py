"""Answering an invitation as an expert: on one's own page, or declining by the link of the letter without an account.

Opening a page changes nothing, so that nothing happens where a mail scanner follows a link.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField

from judging.domain.access import DESK, PUBLIC_PAGE, Permission
from judging.domain.errors import Refused
from judging.extensions import db
from judging.models import Contest, Expert, Link
from judging.queries import scopes
from judging.services import accounts
from judging.web.access import allowed, by_request, public_url, requires
from judging.web.accounts.blueprint import blueprint
from judging.web.clock import now
from judging.web.forms import add_faults
from judging.web.once import once
from judging.web.scoring.refusal_form import RefusalForm


class DeclineForm(RefusalForm):
    """Why somebody does not want to judge in a contest."""

    reason = RadioField(_l("Why you decline the invitation"), validate_choice=False)


@blueprint.post("/account/invitations/<int:link_id>/acceptance")
@requires(Permission.MANAGE_OWN_ACCOUNT, scopes.own_invitation_scope)
@once
def take_invitation(link_id: int) -> Response:
    """Become an expert of the contest, as by the link of the letter."""
    accounts.accept_own(db.session, link_id, by=by_request())
    db.session.commit()
    flash(gettext("The invitation is accepted: you are an expert of the contest."), "success")
    return redirect(url_for("scoring.queue"), code=303)


@blueprint.get("/account/invitations/<int:link_id>/refusal")
@requires(Permission.MANAGE_OWN_ACCOUNT, scopes.own_invitation_scope)
def turn_down(link_id: int) -> str:
    """Why not: a short list."""
    return _page(db.session.get_one(Link, link_id), DeclineForm(), _home())


@blueprint.post("/account/invitations/<int:link_id>/refusal")
@requires(Permission.MANAGE_OWN_ACCOUNT, scopes.own_invitation_scope)
@once
def turn_down_submit(link_id: int) -> Response | tuple[str, int]:
    """Decline; the secretaries of the contest are told."""
    link = db.session.get_one(Link, link_id)
    back = _home()
    return _declined(link, lambda **said: accounts.decline_own(db.session, link_id, **said), back, back)


@blueprint.get("/invitations/<token>/refusal")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
def refuse_invitation(token: str) -> str:
    """The same for whoever has the letter: no account is needed."""
    link = accounts.usable_link(db.session, "invite", token, now=now())
    return _page(link, DeclineForm(), url_for("accounts.invitation", token=token))


@blueprint.post("/invitations/<token>/refusal")
@requires(Permission.SIGN_IN, PUBLIC_PAGE)
@once
def refuse_invitation_submit(token: str) -> Response | tuple[str, int]:
    """Decline by the link of the letter, which is used up."""
    link = accounts.usable_link(db.session, "invite", token, now=now())
    back, after = url_for("accounts.invitation", token=token), url_for("accounts.sign_in")
    return _declined(link, lambda **said: accounts.decline_invitation(db.session, token, **said), back, after)


def _home() -> str:
    """Where one's invitations stand: among the tasks, or where there are none on the account's own page."""
    return url_for("scoring.queue") if allowed(Permission.SEE_QUEUE, DESK) else url_for("accounts.profile")


def _declined(link: Link, act: Callable[..., Expert], back: str, after: str) -> Response | tuple[str, int]:
    form = DeclineForm()
    contest = db.session.get(Contest, link.contest_id) if link.contest_id else None
    experts_url = public_url() + url_for("experts.index", code=contest.code) if contest else public_url()
    said: dict[str, Any] = {"reason": form.reason.data or "", "words": form.words.data or ""}
    try:
        act(**said, by=by_request(), experts_url=experts_url)
    except Refused as refused:
        add_faults(form, refused)
        return _page(link, form, back), 422
    db.session.commit()
    flash(gettext("You have declined the invitation. The secretary of the contest sees the reason."), "info")
    return redirect(after, code=303)


def _page(link: Link, form: DeclineForm, back: str) -> str:
    if "expert_id" not in link.payload:
        raise accounts.LinkUnusable
    contest = db.session.get(Contest, link.contest_id)
    return render_template("accounts/refuse_invitation.html", link=link, contest=contest, form=form, back=back)
