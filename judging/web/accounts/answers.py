"""What the pages of accounts share: refused forms, the session of a browser, where to go after signing in."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import current_app, g, render_template, request, session, url_for
from flask_babel import ngettext
from flask_login import current_user, login_user, logout_user

from judging.domain.access import DESK, Actor, may
from judging.extensions import db
from judging.models import SignIn
from judging.services import accounts
from judging.web.access import SignedIn, current_actor
from judging.web.accounts.blueprint import blueprint
from judging.web.clock import now
from judging.web.forms import Form
from judging.web.limits import seconds_to_wait
from judging.web.navigation import ENTRIES
from judging.web.templating import translate

Page = tuple[str, int]


def refused(template: str, form: Form, **context: object) -> Page:
    """The same page with its errors: 422, or 429 where the form came too often."""
    db.session.rollback()
    return render_template(template, form=form, **context), 429 if seconds_to_wait() else 422


def within(form: Form) -> bool:
    """Say whether this attempt is allowed; if not, the form says how long to wait."""
    wait = seconds_to_wait()
    if not wait:
        return True
    text = ngettext(
        "Too many attempts from your address. Try again in %(num)d minute; nobody's account is locked.",
        "Too many attempts from your address. Try again in %(num)d minutes; nobody's account is locked.",
        -(-wait // 60),
    )
    form.form_errors.append(text)
    return False


@blueprint.errorhandler(accounts.LinkUnusable)
def show_unusable_link(problem: accounts.LinkUnusable) -> Page:
    """A one-time link does not work: why, and what to do instead."""
    db.session.rollback()
    reason = translate(problem.message)
    return render_template("accounts/_unusable_link.html", reason=reason, endpoint=request.endpoint), 410


def begin_session(row: SignIn, token: str) -> None:
    """Give the browser a fresh cookie; nothing that was in the old one stays but the language."""
    end_session()
    login_user(SignedIn(row, token))
    g.pop("actor", None)


def end_session() -> None:
    """Empty the browser's cookie; the language stays."""
    locale = session.get("locale")
    logout_user()
    session.clear()
    if locale:
        session["locale"] = locale
    g.pop("actor", None)


def revoke_present_session() -> None:
    """End the session that this browser has, if any."""
    if current_user.is_authenticated:
        accounts.sign_out(db.session, current_user.sign_in.id, actor=current_actor(), now=now())


def session_lifetime() -> timedelta:
    """How long a sign-in lasts."""
    return timedelta(hours=current_app.config["JUDGING"].session_hours)


def local_path(target: str | None) -> str | None:
    """The path to go on to, if it is one of this site; None for anything that might lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 33 for character in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def desk_of(actor: Actor) -> str:
    """The page where this person's work is."""
    for _label, endpoint, permission in ENTRIES:
        if endpoint in current_app.view_functions and may(actor, permission, DESK):
            return url_for(endpoint)
    return url_for("home.index")
