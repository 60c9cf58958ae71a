"""Letters: each is a job, sent outside any transaction and marked in the one that ends the job.

At least once: a worker that dies between the server's «250» and the mark leaves a letter that is sent again, under the
same Message-ID, by which mail programs show it once. No connection of the database waits for the mail server.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.adapters.mail import MailRefused
from judging.domain.access import By
from judging.domain.letters import MAX_ATTEMPTS
from judging.jobs.kind import Done, JobTask, Means, Mishap, NotRepeatable, Refused, Unwanted
from judging.services import letters

INTERRUPTED = "the worker was interrupted each time"
"""Stands where a server's own answer would."""


def possible(means: Means) -> bool:
    """Whether a mail server is set up; without one letters wait in the outbox."""
    return means.transport is not None


def work(task: JobTask) -> Done:
    """Send one letter."""
    letter_id, transport = task.args["letter"], task.means.transport
    with task.reading() as session:
        letter = letters.unsent(session, letter_id)
    if letter is None or transport is None:
        raise Unwanted
    try:
        transport.send(key=letter.key, recipient=letter.recipient, subject=letter.subject, body=letter.body)
    except MailRefused as refusal:
        raise Refused(str(refusal), permanent=refusal.permanent) from refusal
    return Done(lambda session, now: letters.mark_sent(session, letter_id, attempts=task.attempt, now=now))


def noted(session: Session, mishap: Mishap, _now: datetime) -> None:
    """The outbox tells what the server said, and whether the letter is given up."""
    attempts = MAX_ATTEMPTS if mishap.final else mishap.attempt
    letters.mark_failed(session, mishap.args["letter"], error=mishap.words or INTERRUPTED, attempts=attempts)


def revived(session: Session, args: Mapping[str, Any], _by: By) -> bool:
    """Let the letter have all its attempts before it."""
    if not letters.set_back(session, args["letter"]):
        raise NotRepeatable
    return False
