"""The WSGI entry point: ``flask --app wsgi …`` and ``gunicorn wsgi:app``."""

from config import Config
from judging.app import create_app

app = create_app(Config.from_environment())
