"""When a session was last used: noted after the answer, every few minutes at most, in a short transaction."""

import logging
from datetime import datetime, timedelta
from functools import partial

from flask import Flask, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.wrappers import Response

from judging.extensions import db
from judging.models.engine import writing
from judging.services import accounts
from judging.web.access import SignedIn, is_fetch
from judging.web.clock import now

EVERY = timedelta(minutes=5)
logger = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Attach the hook."""
    app.after_request(note)


def note(response: Response) -> Response:
    """Have the session's last use noted once the answer is on its way; what a page asks by itself is no use."""
    person = g.get("_login_user")
    asks_by_itself = request.method == "GET" and (is_fetch() or request.accept_mimetypes.best == "application/json")
    if isinstance(person, SignedIn) and not asks_by_itself and now() - person.sign_in.last_seen >= EVERY:
        response.call_on_close(partial(_write, db.sessionmaker, person.sign_in.id, now()))
    return response


def _write(make: sessionmaker[Session], sign_in_id: int, moment: datetime) -> None:
    try:
        with writing(), make() as session, session.begin():
            accounts.note_use(session, sign_in_id, now=moment)
    except DBAPIError:
        logger.info("the last use of session %d was not noted", sign_in_id, exc_info=True)
