"""The WSGI entry point: ``flask --app wsgi …`` and ``gunicorn wsgi:app``.

Numerical libraries get one thread, before numpy is imported: no figure may hang on a machine's cores, and requests side
by side need no more.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from config import Config
from judging.app import create_app

app = create_app(Config.from_environment())
