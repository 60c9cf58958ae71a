"""What the pages of accounts share: refused forms, the session of a browser, where to go after signing in."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import current_app, g, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from judging.domain.access import DESK, Actor, may
from judging.domain.errors import Refused
from judging.extensions import db
from judging.models import SignIn
from judging.queries.present_sign_in import Present
from judging.queries.sign_ins import Secret
from judging.queries.teams import asks_to_join
from judging.services import accounts
from judging.web.access import SignedIn, by_request
from judging.web.accounts.blueprint import blueprint
from judging.web.attempt_limits import seconds_to_wait
from judging.web.clock import now
from judging.web.forms import Form, add_faults, new_key
from judging.web.incoming_files import release
from judging.web.navigation import ENTRIES
from judging.web.templating import translate
from judging.web.waiting_words import in_words

PageWithStatus = tuple[str, int]
BUSY = 30
"""Seconds after which one may try again where too many passwords are being checked."""
F = TypeVar("F", bound=Form)
F_co = TypeVar("F_co", bound=Form, covariant=True)


@dataclass(frozen=True)
class NewSecret(Generic[F_co]):
    """A form with a password to be set and its hash; None where something is wrong, which the form then says."""

    form: F_co
    hashed: str | None = None


@dataclass(frozen=True)
class Proved(Generic[F_co]):
    """A form with a password that has to be right: whether it was tried at all, and what it proved."""

    form: F_co
    tried: bool = False
    proof: accounts.Proof | None = None


def hashed(form: F, *, email: str, name: str) -> NewSecret[F]:
    """Let go of the database; check and hash the form's new password."""
    release()
    try:
        return NewSecret(form, accounts.new_password(form["password"].data, email=email, name=name))
    except Refused as fault:
        add_faults(form, fault)
    except accounts.Busy as busy:
        _be_patient(form, busy)
    return NewSecret(form)


def proved(form: F, secret: Secret, password: str) -> Proved[F]:
    """Let go of the database; try a password."""
    release()
    try:
        return Proved(form, True, accounts.prove(secret, password))
    except accounts.Busy as busy:
        _be_patient(form, busy)
        return Proved(form)


def _be_patient(form: Form, busy: accounts.Busy) -> None:
    g.wait = BUSY
    form.form_errors.append(translate(busy.message))


def refused(template: str, form: Form, **context: object) -> PageWithStatus:
    """The same page with its errors: 422, or 429 where the form came too often.

    It is another form than the one that came: that one's key may be written already, with the count of the failure.
    """
    db.session.rollback()
    form.request_key.data = new_key()
    return render_template(template, form=form, **context), 429 if seconds_to_wait() else 422


def within(form: Form) -> bool:
    """Say whether this attempt is allowed; if not, the form says how long to wait."""
    wait = seconds_to_wait()
    if not wait:
        return True
    form.form_errors.append(in_words(wait))
    return False


@blueprint.errorhandler(accounts.LinkUnusable)
def show_unusable_link(problem: accounts.LinkUnusable) -> PageWithStatus:
    """A one-time link does not work: why, and what to do instead."""
    db.session.rollback()
    reason = translate(problem.message)
    return render_template("accounts/_unusable_link.html", reason=reason, endpoint=request.endpoint), 410


def begin_session(row: SignIn, token: str) -> None:
    """Give the browser a fresh cookie; nothing that was in the old one stays but the language."""
    end_session()
    login_user(SignedIn(Present.of(row), token))
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
    """End the session that this browser has, if any; one that rests as well."""
    person = current_user if current_user.is_authenticated else g.get("resting")
    if person is not None:
        actor = Actor(user_id=person.id, name=person.name)
        accounts.sign_out(db.session, person.sign_in.id, by=by_request(now(), actor=actor))


def desk_of(actor: Actor) -> str:
    """The page where this person's work is."""
    for _label, endpoint, permission in ENTRIES:
        if endpoint in current_app.view_functions and may(actor, permission, DESK):
            return url_for(endpoint)
    waits = actor.user_id is not None and asks_to_join(db.session, actor.user_id, now=now())
    return url_for("accounts.waiting" if waits else "home.index")
