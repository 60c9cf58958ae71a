"""Where the letters of the assignment lead."""

from flask import url_for

from judging.web.access import public_url


def tasks_url() -> str:
    """The expert's own list of tasks."""
    return public_url() + url_for("scoring.queue")
