"""The composition root: puts the floors together into an application. The only module that sees all of them."""

from functools import cache
from hashlib import sha256
from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_login import current_user
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from config import Config
from judging.adapters import durable
from judging.adapters.clock_steps import ClockWatch
from judging.adapters.download_log import DownloadLog
from judging.adapters.serving.arrival import Whole
from judging.adapters.storage import Storage
from judging.extensions import babel, csrf, db, login_manager
from judging.models.database_file import files_of, guard
from judging.models.engine import prepare
from judging.web import (
    access,
    confirming,
    encrypted,
    errors,
    fragments,
    limits,
    presence,
    security,
    speech,
    styles,
    templating,
)
from judging.web.clock import Arrivals
from judging.web.locale import choose_locale
from judging.web.reports import Reports
from judging.web.standings import Standings
from judging.web.tallies import Tallies

ROOT = Path(__file__).resolve().parent
DOWNLOADS = "downloads.jsonl"
YEAR = 365 * 24 * 3600
AREAS = (
    "home", "accounts", "contests", "applications", "register", "experts", "assignment", "scoring", "ranking",
    "firmness", "journal", "health",
)  # fmt: skip
COMMANDS = (
    "assign", "backup", "contest", "database", "firmness", "installation", "people", "preparation", "serving",
    "verification", "workbooks", "working",
)  # fmt: skip


def create_app(config: Config | None = None) -> Flask:
    """Make the application from ``config`` (default: the environment)."""
    config = config or Config.from_environment()
    app = Flask(
        "judging",
        root_path=str(ROOT),
        template_folder=str(ROOT.parent / "templates"),
        static_url_path=f"/static/{static_version()}",
    )
    app.config.from_mapping(config.flask_settings())
    app.jinja_env.undefined = StrictUndefined
    _tighten(config)
    _bind_extensions(app)
    _register_web(app)
    _register_cli(app)
    _wrap(app, config)
    return app


@cache
def static_version() -> str:
    """A short hash of every static file. It is part of their address, so that browsers may keep them for ever.

    In the path and not in a query, because style sheets and modules name each other by relative addresses.
    """
    digest = sha256(styles.sheet().encode())
    for path in sorted((ROOT / "static").rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _tighten(config: Config) -> None:
    """Take the files of an older installation away from everybody but their owner."""
    own = [config.instance_dir / name for name in ("secret-key", DOWNLOADS)]
    for path in (*files_of(config.database_url), *own):
        durable.tighten(path)


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    # There are no async engines; the extension's async teardown would start an event loop at the end of every request.
    app.teardown_appcontext_funcs[:] = [f for f in app.teardown_appcontext_funcs if not iscoroutinefunction(f)]
    with app.app_context():
        for engine in db.engines.values():
            guard(prepare(engine))
    catalogues = sorted(str(folder) for folder in (ROOT / "translations").iterdir() if folder.is_dir())
    babel.init_app(
        app, default_locale="ru", locale_selector=choose_locale, default_translation_directories=";".join(catalogues)
    )
    speech.register(app)
    fragments.register(app)
    encrypted.register(app)
    limits.register(app)
    csrf.init_app(app)
    app.extensions["storage"] = Storage.from_url(app.config["JUDGING"].storage_url)
    app.extensions["downloads"] = DownloadLog(app.config["JUDGING"].instance_dir / DOWNLOADS)
    login_manager.session_protection = None  # the session row decides, not a hash of address and browser
    login_manager.user_loader(access.load_sign_in)
    login_manager.init_app(app)
    app.extensions["standings"] = Standings()
    app.extensions["reports"] = Reports()
    app.extensions["tallies"] = Tallies()


def _register_web(app: Flask) -> None:
    security.register(app)
    styles.register(app)
    confirming.register(app)
    presence.register(app)
    templating.register(app)
    errors.register(app)
    for area in AREAS:
        app.register_blueprint(import_module(f"judging.web.{area}.views").blueprint)
    app.jinja_env.globals.update(get_locale=get_locale, current_user=current_user)


def _register_cli(app: Flask) -> None:
    for module in COMMANDS:
        app.cli.add_command(import_module(f"judging.cli.{module}").commands)


def _wrap(app: Flask, config: Config) -> None:
    """Put static files in front, trust the proxies that the settings name, note when each request arrived."""
    served: Any = WhiteNoise(
        app.wsgi_app, root=str(ROOT / "static"), prefix=f"{app.static_url_path}/", max_age=YEAR, allow_all_origins=False
    )
    if config.trusted_proxies:
        n = config.trusted_proxies
        served = ProxyFix(served, x_for=n, x_proto=n, x_host=n)
    watch = app.extensions["clock"] = None if config.testing else ClockWatch()
    arrivals = Arrivals(served, proxied=config.trusted_proxies > 0, watch=watch)
    app.wsgi_app = Whole(arrivals, most=app.config["MAX_CONTENT_LENGTH"])  # type: ignore[method-assign]  # its place
