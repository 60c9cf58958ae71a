"""The WSGI entry point: ``flask --app wsgi …`` and ``gunicorn wsgi:app``.

Numerical libraries get one thread, before numpy is imported: no figure may hang on a machine's cores, and requests side
by side need no more. What the process makes (the database and its journals too) is for its own user alone.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config import Config
from judging.adapters.serving.memory import settle
from judging.app import create_app

os.umask(0o077)
app = create_app(Config.from_environment())
settle()
