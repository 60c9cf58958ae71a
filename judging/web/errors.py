"""Answers to what goes wrong: pages in the product's look, in the person's language, and nothing stored."""

from typing import Any

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from judging.domain.access import Forbidden
from judging.domain.errors import Refused, RuleViolation
from judging.extensions import db
from judging.services.concurrency import Stale
from judging.web.templating import translate

PAGES = (400, 403, 404, 405, 409, 413, 429, 500)


def register(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(RuleViolation, show_refusal)
    app.register_error_handler(CSRFError, show_csrf)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(500, show_http_error)


def show_refusal(refusal: RuleViolation) -> tuple[str, int]:
    """A rule said no: its sentence on a page of its own, the transaction rolled back."""
    db.session.rollback()
    faults = [translate(f.message, **f.params) for f in refusal.faults] if isinstance(refusal, Refused) else []
    message = translate(refusal.message, **refusal.params)
    status = 403 if isinstance(refusal, Forbidden) else 409 if isinstance(refusal, Stale) else 422
    return render_template("errors/refusal.html", message=message, faults=faults, status=status), status


def show_csrf(error: CSRFError) -> tuple[str, int]:
    """The form's token is missing or from another session."""
    return render_template("errors/400.html", error=error), 400


def show_http_error(error: HTTPException) -> Any:
    """Every other error by its number; redirects pass."""
    code = error.code or 500
    if code < 400:
        return error
    db.session.rollback()
    page = code if code in PAGES else 500 if code >= 500 else 400
    return render_template(f"errors/{page}.html", error=error, path=request.path), code
