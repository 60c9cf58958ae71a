"""Everything of the web floor that an application needs to show pages, in the order in which hooks have to be attached.

Commands do without: to start one must not cost the loading of every page.
"""

from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_login import current_user
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from judging.adapters.clock_steps import ClockWatch
from judging.adapters.serving.arrival import Whole
from judging.adapters.serving.courtesy import Courtesy
from judging.extensions import csrf, login_manager
from judging.web import (
    access,
    attempt_limits,
    classifiers,
    copies,
    errors,
    fragments,
    kept_addresses,
    kept_texts,
    password_confirmation,
    security,
    session_use,
    styles,
    templating,
    tls_only,
)
from judging.web.clock import Arrivals
from judging.web.environment import Environment as Environment
from judging.web.kept_counts import Tallies
from judging.web.questionnaire import phrases
from judging.web.reports import Reports
from judging.web.standings import Standings

STATIC = Path(__file__).resolve().parents[1] / "static"
YEAR = 365 * 24 * 3600
LET_OTHERS_FIRST = frozenset({"/sign-in"})
"""Where nobody loses what they typed by waiting a moment."""
AREAS = (
    "home", "accounts", "contests", "form_editor", "trials", "applications", "register", "experts", "agreements",
    "assignment", "scoring", "ranking", "firmness", "looks", "discussions", "agreed_scores",
    "journal", "health", "workdays",
)  # fmt: skip


def register(app: Flask) -> None:
    """Add pages, forms, hooks, what is kept of the pages' calculations, and what stands before the application."""
    app.jinja_env.undefined = StrictUndefined
    kept_texts.register(app)
    kept_addresses.register(app)
    fragments.register(app)
    tls_only.register(app)
    attempt_limits.register(app)
    csrf.init_app(app)
    login_manager.session_protection = None  # the session row decides, not a hash of address and browser
    login_manager.user_loader(access.load_sign_in)
    login_manager.init_app(app)
    app.extensions["standings"] = Standings()
    app.extensions["reports"] = Reports()
    app.extensions["tallies"] = Tallies()
    for hooks in (
        security, styles, password_confirmation, session_use, templating, errors, classifiers, phrases, copies,
    ):  # fmt: skip
        hooks.register(app)
    for area in AREAS:
        app.register_blueprint(import_module(f"judging.web.{area}.routes").blueprint)
    app.jinja_env.globals.update(get_locale=get_locale, current_user=current_user)
    _wrap(app)


@cache
def static_version() -> str:
    """A short hash of every static file. It is part of their address, so that browsers may keep them for ever.

    In the path and not in a query, because style sheets and modules name each other by relative addresses.
    """
    digest = sha256(styles.sheet().encode())
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC.parent).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _wrap(app: Flask) -> None:
    """Put static files in front, trust the proxies that the settings name, note when each request arrived."""
    config = app.config["JUDGING"]
    served: Any = WhiteNoise(
        Courtesy(app.wsgi_app, LET_OTHERS_FIRST),
        root=str(STATIC),
        prefix=f"{app.static_url_path}/",
        max_age=YEAR,
        allow_all_origins=False,
    )
    if config.trusted_proxies:
        n = config.trusted_proxies
        served = ProxyFix(served, x_for=n, x_proto=n, x_host=n)
    watch = app.extensions["clock"] = None if config.testing else ClockWatch()
    arrivals = Arrivals(served, proxied=config.trusted_proxies > 0, watch=watch)
    app.wsgi_app = Whole(arrivals, most=app.config["MAX_CONTENT_LENGTH"])  # type: ignore[method-assign]  # its place
