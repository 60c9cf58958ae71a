"""The WSGI entry point: ``flask --app wsgi …`` and ``gunicorn wsgi:app``.

Numerical libraries get one thread, before numpy is imported: no figure may hang on a machine's cores, and requests side
by side need no more. A command starts without the pages, unless it serves them. What the process makes (the database
and its journals too) is for its own user alone.
"""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config import Config
from judging.adapters.serving.memory import settle
from judging.app import create_app
from judging.cli.groups import PAGES

os.umask(0o077)
pages = os.environ.get("FLASK_RUN_FROM_CLI") != "true" or not PAGES.isdisjoint(sys.argv)
app = create_app(Config.from_environment(), pages=pages)
if pages:
    settle()
