"""Where links in letters that the command line asks for begin."""

from flask import current_app


def public_url() -> str:
    """The address of the site as its people know it."""
    config = current_app.config["JUDGING"]
    return config.public_url or f"http://127.0.0.1:{config.port}"
