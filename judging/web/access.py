"""Who asks, and whether they may: the one place that decides, for the object at hand.

Every view carries ``@requires(Permission.X, scope_function)``. The scope function is called with the route's own
arguments; where it returns None, or the actor holds no role that lets them know of the object, the answer is 404.
All of it is read before a POST begins to write (``web/phases.py``).
What exists and what does not is answered alike: a visitor is led to sign in before anything is looked up, and a page
that visitors may open is either open to them or is not there.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial, wraps
from inspect import signature
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from judging.domain.access import (
    ANONYMOUS,
    SHOWS_MARKS,
    Actor,
    By,
    Permission,
    Scope,
    awaits_agreement,
    knows_of,
    may,
    takes_a_person,
)
from judging.domain.errors import N_
from judging.domain.visibility import OPEN, Sight
from judging.extensions import db
from judging.models import Contest, User
from judging.queries.actors import actor_of
from judging.queries.present_sign_in import Present, present_sign_in
from judging.queries.visibility import sight
from judging.services.accounts.tokens import token_hash
from judging.web.clock import arrived
from judging.web.field_labels import in_words, secrets_among
from judging.web.local_paths import local_path
from judging.web.phases import SAFE, begin_writing, begins
from judging.web.view_facts import View, wrapped

ScopeOf = Callable[..., Scope | None]
SIGNED_OUT = N_("You are signed out. Sign in again: what you typed is kept in this browser.")

PROOF_FIELD = "present_password"
"""The field with which a form that was kept comes again (``web/password_confirmation.py``); it is never shown."""


class SignedIn:
    """Flask-Login's user: the session of this request and whose it is; the models need not know of Flask-Login."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, sign_in: Present, token: str) -> None:
        self.sign_in = sign_in
        self.id, self.name, self.locale = sign_in.user_id, sign_in.name, sign_in.locale
        self._token = token

    @property
    def user(self) -> User:
        """The account itself, read where it is asked for; most pages do with what is here."""
        return db.session.get_one(User, self.id)

    def get_id(self) -> str:
        """The random session token that the cookie carries."""
        return self._token


def load_sign_in(token: str) -> SignedIn | None:
    """Flask-Login's user loader: the session of this token, unless it is over or its account is blocked.

    One that has only had its time, or was not used for long, rests: it opens nothing, but a form sent from it is kept
    until the password is given (``web/password_confirmation.py``).
    """
    sign_in = present_sign_in(db.session, token_hash(token))
    if sign_in is None or sign_in.revoked_at or not sign_in.active:
        return None
    person = SignedIn(sign_in, token)
    if sign_in.expires_at <= arrived() or arrived() - sign_in.last_seen >= idle_limit():
        g.resting = person
        return None
    return person


def idle_limit() -> timedelta:
    """After how long without any use a session rests."""
    return timedelta(minutes=current_app.config["JUDGING"].idle_minutes)


def is_fetch() -> bool:
    """Whether a script of ours asks, which follows no redirect to a form."""
    return request.headers.get("X-Requested-With") == "fetch"


def current_actor() -> Actor:
    """Return the actor of this request (one lookup a request)."""
    if "actor" not in g:
        g.actor = actor_of(db.session, current_user) if current_user.is_authenticated else ANONYMOUS
    actor: Actor = g.actor
    return actor


def by_request(at: datetime | None = None, *, actor: Actor | None = None) -> By:
    """Who asks for the act of this request, when it arrived, and from where.

    ``at`` where another instant counts than that of its arrival; ``actor`` where a session that rests is the one.
    """
    return By(actor or current_actor(), at or arrived(), client_address())


def allowed(permission: Permission, scope: Scope) -> bool:
    """Say whether the present actor has ``permission`` at ``scope``; for buttons and links in templates."""
    return may(current_actor(), permission, scope)


class Sealed(Exception):
    """The marks that were asked for are not open to this person yet; ``application_id`` None: those of a contest."""

    def __init__(self, contest: Contest, seen: Sight, application_id: int | None) -> None:
        super().__init__(f"the marks of {contest.code} are not open")
        self.contest, self.seen, self.application_id = contest, seen, application_id


def sight_of(contest: Contest) -> Sight:
    """Return what the present actor may see of the marks of a contest (one lookup a request)."""
    known: dict[int, Sight] = g.setdefault("sights", {})
    if contest.id not in known:
        known[contest.id] = sight(db.session, current_actor(), contest, arrived())
    return known[contest.id]


def require_marks(contest_id: int | None, application_id: int | None = None) -> None:
    """Raise :class:`Sealed` unless the marks of the application, or with None of the whole contest, are open."""
    contest = None if contest_id is None else db.session.get(Contest, contest_id)
    seen = OPEN if contest is None else sight_of(contest)
    if contest is not None and not seen.shows(application_id):
        raise Sealed(contest, seen, application_id)


def _require_open(permission: Permission, scope: Scope) -> None:
    """Raise :class:`Sealed` where the permission shows the marks of a contest that are not open."""
    if permission in SHOWS_MARKS:
        require_marks(scope.contest_id)


def requires(permission: Permission, scope_of: ScopeOf | Scope) -> Callable[[View], View]:
    """Declare a view's permission. ``scope_of`` is a fixed scope or a function of queries/scopes.py."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> Any:
            if takes_a_person(permission) and not current_actor().is_authenticated:
                return _led_to_sign_in()
            scope = _scope(scope_of, arguments)
            if scope is None:
                abort(404)
            if not may(current_actor(), permission, scope):
                if awaits_agreement(current_actor(), permission, scope) and not is_fetch():
                    return _led_to_agreements(scope)
                abort(403 if scope is scope_of or scope.desk or knows_of(current_actor(), scope) else 404)
            g.scope = scope
            g.looked_at = None if scope is scope_of else (permission, partial(_scope, scope_of, arguments))
            g.only_reads = getattr(view, "reads", False)
            _require_open(permission, scope)
            if request.method not in SAFE and begins(view):
                begin_writing()
            return view(**arguments)

        return wrapped(view, guarded, permission=permission)

    return decorate


def look_again() -> None:
    """Decide anew after work that took a while: whoever was let in before it may be gone from the object meanwhile."""
    if g.get("looked_at") is None:
        return
    permission, scope_now = g.looked_at
    g.pop("actor", None)
    scope = scope_now()
    if scope is None or not may(current_actor(), permission, scope):
        abort(403 if scope is not None and knows_of(current_actor(), scope) else 404)
    g.scope = scope


def _scope(scope_of: ScopeOf | Scope, arguments: dict[str, Any]) -> Scope | None:
    """The scope at hand: fixed, or read with those of the route's arguments that the scope function names."""
    if isinstance(scope_of, Scope):
        return scope_of
    wanted = _arguments(scope_of)
    return scope_of(db.session, current_actor(), **{k: v for k, v in arguments.items() if k in wanted})


@cache
def _arguments(scope_of: ScopeOf) -> frozenset[str]:
    return frozenset(signature(scope_of).parameters)


def _led_to_sign_in() -> Any:
    """A visitor's answer: the way to sign in; a script, which would follow it into a form, is told in words.

    Whoever was typing when the session ended gets a page with what they typed, which a redirect would drop.
    """
    if is_fetch():
        return signed_out_answer()
    typed = [(name, text) for name, text in request.form.items(multi=True) if name != PROOF_FIELD]
    shown = [] if secrets_among(name for name, _ in typed) else in_words(typed)
    if shown:
        return render_template("errors/401.html", shown=shown, back=back_address(), code=401), 401
    return redirect(sign_in_address())


def signed_out_answer() -> tuple[Response, int]:
    """What a script is told whose person is signed out."""
    return jsonify(message=gettext(SIGNED_OUT), sign_in=url_for("accounts.sign_in")), 401


def back_address() -> str:
    """Where a visitor is led to sign in who sent a form: from there on to the page that the form stood on."""
    page = urlsplit(request.referrer or "")
    own = page.netloc == request.host and local_path(page.path)
    return url_for("accounts.sign_in", next=f"{page.path}?{page.query}" if own and page.query else own or None)


def _led_to_agreements(scope: Scope) -> Any:
    """An expert's answer who has agreements to accept first: the way to them, and from there on to what was asked."""
    asked = request.full_path.removesuffix("?") if request.method == "GET" else None
    code = db.session.get_one(Contest, scope.contest_id).code
    return redirect(url_for("agreements.acceptance", code=code, next=asked), code=303)


def sign_in_address() -> str:
    """Where a visitor is led: to sign in, and from there on to the page that was asked for."""
    return url_for("accounts.sign_in", next=request.full_path if request.method == "GET" else None)


def session_of_request() -> Session:
    """The database session of this request."""
    return db.session


def client_address() -> str:
    """The address the request came from, for the journal."""
    return (request.remote_addr or "")[:45]


def public_url() -> str:
    """The address that letters' links start with."""
    config = current_app.config["JUDGING"]
    return config.public_url or f"http://127.0.0.1:{config.port}"
