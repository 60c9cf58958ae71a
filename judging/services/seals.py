"""Seals: what a contest or the accounts hold at a moment is written down, for verification to start from.

An archive brings rows that no record tells of; its loading ends with a seal. Data older than the records that
verification reads are sealed once, honestly dated: what was changed before cannot be told any more.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.canonical import digest
from judging.domain.events import Event
from judging.models import Contest, Seal, User
from judging.queries.invariants.starts import began_before
from judging.queries.states import accounts_state, contest_state
from judging.services.audit import record


def seal_contest(session: Session, contest: Contest, *, now: datetime) -> str:
    """Keep what the contest holds now; return the hash, which the caller's record has to carry."""
    session.flush()
    return _keep(session, contest.id, contest_state(session, contest.id), now)


def note_state(session: Session, contest: Contest, *, by: By) -> None:
    """Write down what the contest holds now, with a record of its own."""
    sha256 = seal_contest(session, contest, now=by.now)
    record(
        session, Event.STATE_NOTED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details={"sha256": sha256}, state={"seal": sha256},
    )  # fmt: skip


def note_accounts(session: Session, *, by: By) -> None:
    """Write down which accounts and staff roles there are, with a record of its own."""
    session.flush()
    sha256 = _keep(session, None, accounts_state(session), by.now)
    record(
        session, Event.STATE_NOTED, by=by, subject=User(), details={"sha256": sha256},
        state={"seal": sha256},
    )  # fmt: skip


def note_older_data(session: Session, *, by: By) -> int:
    """Seal what an installation held before there were seals; once, and never again. Return how many contests."""
    if not _is_older(session):
        return 0
    contests = session.scalars(select(Contest).order_by(Contest.id)).all()
    for contest in contests:
        note_state(session, contest, by=by)
    note_accounts(session, by=by)
    return len(contests)


def _is_older(session: Session) -> bool:
    """Whether the journal began without the columns of verification, and nothing was sealed since."""
    if session.scalar(select(Seal.id).where(Seal.contest_id.is_(None)).limit(1)) is not None:
        return False
    return began_before(session)


def _keep(session: Session, contest_id: int | None, document: dict[str, object], now: datetime) -> str:
    sha256 = digest(document)
    session.add(Seal(contest_id=contest_id, made_at=now, document=document, sha256=sha256))
    session.flush()
    return sha256
