"""``flask judging serve``: the web server of one process."""

import logging
import resource
from contextlib import suppress
from datetime import UTC, datetime

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from config import MOST_THREADS
from judging.adapters.serving.buffering import serve as serve_forever
from judging.cli.groups import installation as commands
from judging.cli.working import note_gap

MOST_FILES = 8192


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to listen on; by default the setting PORT.")
@click.option(
    "--threads", default=MOST_THREADS, show_default=True, type=click.IntRange(1, 64), help="How many work at once."
)
def serve(host: str, port: int | None, threads: int) -> None:
    """Serve the pages from this one process until stopped; slow clients hold no thread.

    For SQLite, and for PostgreSQL where one process is enough. Several processes: gunicorn behind a buffering proxy.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # documented by Werkzeug
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    _open_enough_files()
    with suppress(SQLAlchemyError):  # a database that is not there yet, or not now, has its own page
        note_gap(datetime.now(UTC))
    port = port or app.config["JUDGING"].port
    serve_forever(app, host=host, port=port, threads=threads, max_body=app.config["MAX_CONTENT_LENGTH"])


def _open_enough_files() -> None:
    """A connection and its temporary file are two; the usual limit of 1024 is too low for a thousand connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
