"""The composition root: puts the floors together into an application. The only module that sees all of them.

Pages are loaded where they are wanted, and commands when one is called: what a command does not need, it does not load.
"""

from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path

from flask import Flask

from config import Config
from judging.adapters import durable, translations
from judging.adapters.arriving import Arriving
from judging.adapters.download_log import DownloadLog
from judging.adapters.storage import Storage
from judging.cli.groups import GROUPS
from judging.extensions import babel, db
from judging.models.database_file import files_of, guard
from judging.models.engine import prepare
from judging.web.locale import choose_locale

ROOT = Path(__file__).resolve().parent
DOWNLOADS = "downloads.jsonl"
WEB = "judging.web.composition"


def create_app(config: Config | None = None, *, pages: bool = True) -> Flask:
    """Make the application from ``config`` (default: the environment); without ``pages`` it only runs commands."""
    config = config or Config.from_environment()
    translations.require_compiled()
    web = import_module(WEB) if pages else None
    app = Flask(
        "judging",
        root_path=str(ROOT),
        template_folder=str(ROOT.parent / "templates"),
        static_url_path=f"/static/{web.static_version()}" if web else None,
    )
    if web:
        app.jinja_environment = web.Environment
    app.config.from_mapping(config.flask_settings())
    _tighten(config)
    _bind_extensions(app)
    if web:
        web.register(app)
    for group in GROUPS:
        app.cli.add_command(group)
    return app


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
    babel.init_app(
        app,
        default_locale=translations.LANGUAGE,
        locale_selector=choose_locale,
        default_translation_directories=str(translations.FOLDER),
    )
    app.extensions["storage"] = Storage.from_url(app.config["JUDGING"].storage_url)
    app.extensions["arriving"] = Arriving(app.config["JUDGING"].instance_dir / "arriving")
    app.extensions["downloads"] = DownloadLog(app.config["JUDGING"].instance_dir / DOWNLOADS)
