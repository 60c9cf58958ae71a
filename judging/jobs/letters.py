"""Letters that are due, and what has had its time."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from judging.adapters.mail import MailRefused, Transport
from judging.extensions import db
from judging.models import Letter, RateHit, RequestKey
from judging.services import letters

logger = logging.getLogger(__name__)
KEEP_REQUEST_KEYS = timedelta(days=7)


def deliver_letters(transport: Transport, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Send every due letter; return how many were taken. Workers beside this one never send the same letter.

    A letter is claimed in one transaction, sent outside any, and marked in another: no connection waits for the mail
    server, and a worker that dies leaves a lease that ends by itself.
    """
    sent = 0
    while True:
        with db.sessionmaker() as session, session.begin():
            letter = letters.claim(session, now=clock())
            if letter is None:
                return sent
            session.expunge(letter)
        sent += _deliver(transport, letter, clock)


def _deliver(transport: Transport, letter: Letter, clock: Callable[[], datetime]) -> bool:
    """Send one claimed letter and note what came of it."""
    refused: MailRefused | None = None
    try:
        transport.send(key=letter.key, recipient=letter.recipient, subject=letter.subject, body=letter.body)
    except MailRefused as error:
        refused = error
        logger.warning("letter %d was not taken: %s", letter.id, error)
    with db.sessionmaker() as session, session.begin():
        if refused is None:
            letters.mark_sent(session, letter.id, now=clock())
        else:
            letters.mark_failed(session, letter.id, error=str(refused), permanent=refused.permanent, now=clock())
    return refused is None


def sweep(*, now: datetime) -> None:
    """Forget what has had its time: ended counters of attempts and keys of forms long carried out."""
    with db.sessionmaker() as session, session.begin():
        session.execute(delete(RateHit).where(RateHit.expires_at < time.time()))
        session.execute(delete(RequestKey).where(RequestKey.created_at < now - KEEP_REQUEST_KEYS))
