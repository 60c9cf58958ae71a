"""The password once more: before an act that weighs much, and where somebody was away so long that the session rests.

The page that asks carries the whole form that was sent, its key included, to the same address: with the right password
it is carried out as if nothing had come between, once. Nothing of it is stored meanwhile.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, current_app, flash, g, render_template, request
from flask_babel import gettext, lazy_gettext
from flask_login import current_user

from judging.domain.access import Permission
from judging.extensions import db
from judging.queries.sign_ins import secret_of
from judging.services import accounts
from judging.web import attempt_limits, carried_arrival
from judging.web.access import PROOF_FIELD, SignedIn, by_request, is_fetch, load_sign_in
from judging.web.clock import now
from judging.web.field_labels import secrets_among
from judging.web.incoming_files import release
from judging.web.phases import begin_writing, begins
from judging.web.templating import translate
from judging.web.view_facts import View, wrapped
from judging.web.waiting_words import in_words

FRESH = timedelta(minutes=10)
"""How long a password given once is enough."""
FIELD = PROOF_FIELD
NOT_CARRIED = frozenset({"csrf_token", FIELD, carried_arrival.FIELD})


def reconfirmed(act: str, about: Callable[..., str]) -> Callable[[View], View]:
    """Ask for the password before a POST view, unless it was given within the last minutes.

    Stands after ``requires`` and before ``once``. ``act`` says what is about to be done, marked for translation;
    ``about`` takes the route's arguments and says in a line whom or what it is done to.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            fresh = now() - current_user.sign_in.last_confirmed < FRESH
            if not fresh and not _proved(current_user):
                return _page(current_user, act=act, about=about(**arguments))
            if begins(view):
                begin_writing()
            return view(**arguments)

        return wrapped(view, guarded, reconfirms=True, prepares=True)  # the writing begins in here, or in the view

    return decorate


def register(app: Flask) -> None:
    """Attach the hook for those who were away."""
    app.before_request(wake)


def wake() -> Any:
    """A form sent from a session that rests: ask for the password and carry it out then, so that nothing is lost."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or getattr(view, "permission", Permission.SIGN_IN) is Permission.SIGN_IN:
        return None
    if current_user.is_authenticated and carried_arrival.FIELD in request.form:
        carried_arrival.count_from_first(sent_here(), current_user.id)
    if current_user.is_authenticated or "resting" not in g or is_fetch():
        return None
    resting: SignedIn = g.resting
    carried_arrival.count_from_first(sent_here(), resting.id)
    if not _proved(resting):
        return _page(resting, act=None)
    awake = load_sign_in(resting.get_id())
    if awake is None:  # ended elsewhere in this very moment: a visitor is shown what they typed
        return None
    g._login_user = awake
    g.pop("actor", None)
    if request.files:
        flash(gettext("Choose the file once more: it does not wait while you are away."), "warning")
    return None


def _proved(person: SignedIn) -> bool:
    """Whether the form brings the right password; then the session is confirmed, in a transaction of its own."""
    typed = request.form.get(FIELD)
    if typed is None:
        return False
    counters, secret = attempt_limits.of_session(person.sign_in.id), secret_of(person.user)
    if attempt_limits.check(counters):
        g.confirming_error = in_words(attempt_limits.seconds_to_wait())
        return False
    release()
    return _tried(person, counters, secret, typed)


def _tried(person: SignedIn, counters: attempt_limits.Counters, secret: Any, typed: str) -> bool:
    try:
        proof = accounts.prove(secret, typed)
    except accounts.Busy as busy:
        g.confirming_error = translate(busy.message)
        return False
    begin_writing()
    right = accounts.confirm_session(
        db.session,
        person.sign_in.id,
        proof=proof,
        lifetime=lifetime(),
        by=by_request(now()),
        browser=request.user_agent.string,
    )
    if right:
        attempt_limits.forget(counters)
    else:
        attempt_limits.count(counters)
        g.confirming_error = gettext("This is not your present password.")
    db.session.commit()
    return right


def _stays(name: str) -> bool:
    """Whether the page that asks does not carry the field: no page repeats a password."""
    return name in NOT_CARRIED or secrets_among([name])


def lifetime() -> timedelta:
    """How long a sign-in lasts."""
    return timedelta(hours=current_app.config["JUDGING"].session_hours)


def sent_here() -> carried_arrival.Carried:
    """Every field of the form that was sent, but for what belongs to the page that asks."""
    return [(name, value) for name, value in request.form.items(multi=True) if not _stays(name)]


def _page(person: SignedIn, act: str | None, about: str = "") -> tuple[str, int]:
    db.session.rollback()
    sent = sent_here()
    page = render_template(
        "accounts/_confirming.html",
        act=translate(act) if act else lazy_gettext("Sign in again"),
        about=about,
        was_away=act is None,
        email=person.user.email,
        carried=[*sent, (carried_arrival.FIELD, carried_arrival.seal(sent, person.user.id))],
        field=FIELD,
        error=g.get("confirming_error"),
    )
    return page, 429 if attempt_limits.seconds_to_wait() else 422
