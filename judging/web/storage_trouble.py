"""Answers where nothing can be stored: what it is in words, everything typed still there, to be sent again."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, jsonify, render_template, request
from flask_login import AnonymousUserMixin, current_user
from sqlalchemy.exc import SQLAlchemyError

from judging.domain.access import ANONYMOUS
from judging.extensions import db
from judging.models.trouble import Trouble
from judging.web import carried_arrival
from judging.web.access import current_actor
from judging.web.field_labels import Labelled, in_words, secrets_among
from judging.web.password_confirmation import sent_here

INSUFFICIENT_STORAGE, UNAVAILABLE = 507, 503
MULTIPART = "multipart/form-data"
AGAIN = {"Retry-After": "60"}


@dataclass(frozen=True)
class Typed:
    """What the request brought: ``fields`` to be sent again, ``shown`` of them to be read.

    ``files``: files came with it; ``secret``: a password was among it, which no page repeats.
    """

    fields: list[tuple[str, str]]
    files: bool
    secret: bool
    address: str

    @property
    def shown(self) -> list[Labelled]:
        """What a person wrote or chose and may want to copy, called as its page calls it."""
        return [] if self.secret else in_words(self.fields)


def typed_here() -> Typed:
    """Return what the present request brought; nothing where it could not even be taken in."""
    try:
        form, files = request.form, request.files
    except Exception:  # whatever kept the request from being read has been told already
        return Typed([], True, False, request.full_path)
    return Typed(
        fields=[*form.items(multi=True), *_first_arrival()],
        files=any(file.filename for file in files.values()) or (not form and request.mimetype == MULTIPART),
        secret=secrets_among(form),
        address=request.full_path,
    )


def _first_arrival() -> carried_arrival.Carried:
    """The stamp under which the same form counts from its first arrival when it is sent again."""
    if not current_user.is_authenticated or carried_arrival.FIELD in request.form:
        return []
    try:
        return [(carried_arrival.FIELD, carried_arrival.seal(sent_here(), current_user.id))]
    except (SQLAlchemyError, OSError):  # what is handed in cannot even be read
        return []


def from_script() -> bool:
    """Whether autosave.js asks, which wants JSON."""
    return request.headers.get("X-Requested-With") == "fetch"


def show_trouble(error: BaseException, trouble: Trouble) -> Any:
    """Say that nothing was stored and why; note it where the administrator looks."""
    current_app.logger.critical("nothing can be stored (%s) at %r: %s", trouble.value, request.path, error)
    _need_no_database()
    status = INSUFFICIENT_STORAGE if trouble is Trouble.FULL else UNAVAILABLE
    if from_script():
        return jsonify(message=render_template("errors/_trouble_sentence.html", trouble=trouble.value)), status, AGAIN
    reading = request.method in {"GET", "HEAD"}
    page = render_template(
        "errors/trouble.html", trouble=trouble.value, status=status, typed=typed_here(), reading=reading
    )
    return page, status, AGAIN


def _need_no_database() -> None:
    """Roll back; where not even the session can be read, the page is shown as to a visitor."""
    try:
        db.session.rollback()
        current_actor()
    except (SQLAlchemyError, OSError):
        g.actor, g._login_user = ANONYMOUS, AnonymousUserMixin()
