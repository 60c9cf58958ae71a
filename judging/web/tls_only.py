"""Refuses plain HTTP in production, where passwords and sessions would be sent in clear text.

What ends TLS is a trusted proxy, which says so in ``X-Forwarded-Proto``.
"""

from typing import Any

from flask import Flask, current_app, redirect, render_template, request

IN_CLEAR = frozenset({"health.check"})
"""What a load balancer asks for from beside, without TLS: it says nothing about anybody."""


def register(app: Flask) -> None:
    """Attach the hook; before any other that looks at the request."""
    if app.config["JUDGING"].production:
        app.before_request(refuse_plain_http)


def refuse_plain_http() -> Any:
    """Lead to the same page by TLS, or say to whoever set this up what is missing."""
    if request.is_secure or request.endpoint in IN_CLEAR:
        return None
    unmarked = "X-Forwarded-For" in request.headers and "X-Forwarded-Proto" not in request.headers
    if request.method in {"GET", "HEAD"} and not unmarked:
        return redirect(current_app.config["JUDGING"].public_url + request.full_path.removesuffix("?"), code=301)
    return render_template("errors/plain_http.html", unmarked=unmarked), 403
