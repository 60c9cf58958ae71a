"""Answers to what goes wrong: pages in the product's look, in the person's language, and nothing stored."""

from typing import Any

from flask import Flask, current_app, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Conflict, HTTPException, InternalServerError, NotFound

from judging.domain.access import Forbidden
from judging.domain.errors import N_, Refused, RuleViolation
from judging.extensions import db
from judging.models.database_file import DatabaseMoved
from judging.models.engine import is_busy
from judging.models.trouble import trouble_of
from judging.models.turns import DatabaseBusy
from judging.services.concurrency import Stale
from judging.web.access import back_address, current_actor, signed_out_answer
from judging.web.copies import FIELD, copies_of
from judging.web.storage_trouble import from_script, show_trouble, typed_here
from judging.web.templating import translate

DEADLOCKS = {"40001", "40P01"}
"""PostgreSQL's codes of a transaction given up in favour of another one (serialization failure, deadlock)."""
AGAIN = {"Retry-After": "5"}
ANOTHER_SESSION = N_("Somebody has signed in anew in this browser since the page was opened.")
PAGES = (400, 403, 404, 405, 409, 413, 429, 500)


def register(app: Flask) -> None:
    """Attach the handlers."""
    app.register_error_handler(RuleViolation, show_refusal)
    app.register_error_handler(CSRFError, show_csrf)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(500, show_http_error)
    app.register_error_handler(NoResultFound, show_missing)
    app.register_error_handler(StaleDataError, show_overtaken)
    app.register_error_handler(IntegrityError, show_overtaken)
    app.register_error_handler(DBAPIError, show_given_up)
    app.register_error_handler(DatabaseMoved, show_failure)
    app.register_error_handler(OSError, show_failure)
    app.register_error_handler(DatabaseBusy, show_busy)
    app.register_error_handler(NoConnection, show_busy)


def show_refusal(refusal: RuleViolation) -> Any:
    """A rule said no: its sentence on a page of its own, or to a script, the transaction rolled back."""
    db.session.rollback()
    faults = [translate(f.message, **f.params) for f in refusal.faults] if isinstance(refusal, Refused) else []
    message = translate(refusal.message, **refusal.params)
    status = 403 if isinstance(refusal, Forbidden) else 409 if isinstance(refusal, Stale) else 422
    if from_script():
        return jsonify(message=" ".join([message, *faults])), status
    return render_template("errors/refusal.html", message=message, faults=faults, status=status), status


def show_csrf(error: CSRFError) -> Any:
    """The form's token is missing or from another session: what was typed is shown to be copied, and never sent on.

    A script of ours is told who is signed in now, and the token of this session: what it holds of the same person it
    sends again. Nobody else can read that answer.
    """
    if from_script():
        if not current_actor().is_authenticated:
            return signed_out_answer()
        return jsonify(message=gettext(ANOTHER_SESSION), csrf_token=generate_csrf(), of=copies_of()), 400
    if not current_actor().is_authenticated and FIELD in request.form:
        return render_template("errors/401.html", shown=typed_here().shown, back=back_address(), code=400), 400
    return render_template("errors/400.html", error=error, shown=typed_here().shown), 400


def show_http_error(error: HTTPException) -> Any:
    """Every other error by its number; redirects pass."""
    code = error.code or 500
    if code < 400:
        return error
    db.session.rollback()
    page = code if code in PAGES else 500 if code >= 500 else 400
    return render_template(f"errors/{page}.html", error=error, path=request.path), code


def show_missing(error: NoResultFound) -> Any:
    """What the address names is not there, or was removed while the request was on its way."""
    return show_http_error(NotFound())


def show_overtaken(error: StaleDataError | DBAPIError) -> Any:
    """Somebody changed or entered the same thing at the same moment: theirs stands, nothing of ours is stored."""
    current_app.logger.warning("overtaken at %r", request.path, exc_info=error)
    return show_http_error(Conflict())


def show_given_up(error: DBAPIError) -> Any:
    """Two requests waited for each other, or one too long for another; any other failure is ours or the disk's."""
    if is_busy(error.orig) or getattr(error.orig, "sqlstate", None) in DEADLOCKS:
        return show_busy(error)
    return show_failure(error)


def show_failure(error: DBAPIError | DatabaseMoved | OSError) -> Any:
    """The database or the disk failed: told by what it is, or as a fault of ours."""
    trouble = trouble_of(error)
    if trouble is not None:
        return show_trouble(error, trouble)
    current_app.logger.error("%s failed at %r", type(error).__name__, request.path, exc_info=error)
    return show_http_error(InternalServerError())


def show_busy(error: DatabaseBusy | DBAPIError | NoConnection) -> Any:
    """Others took all the time that one waits: nothing is stored, and what was typed can be sent again as it was."""
    db.session.rollback()
    current_app.logger.warning("busy at %r: %s", request.path, error)
    if from_script():
        return jsonify(message=gettext("The system is busy. Nothing is lost: it is tried again.")), 503, AGAIN
    return render_template("errors/503.html", typed=typed_here()), 503, AGAIN
