"""A look at marks before their time: for a reason, for one person, for an hour, and never without a trace."""

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.visibility import LOOK_LASTS
from judging.models import Application, Contest, EarlyLook
from judging.queries.visibility import sight
from judging.services import audit
from judging.services.holding import hold


def look_early(
    session: Session, contest: Contest, application: Application | None, *, reason: str, by: By
) -> EarlyLook:
    """Open the marks of the application, or with None of the whole contest, to whoever asks, for an hour.

    Raises :class:`ReasonMissing`, and :class:`NotPossible` where they are open to this person anyway.
    """
    contest = hold(session, contest.id, shared=True)
    if not reason.strip():
        raise ReasonMissing(N_("Give the reason."))
    key = None if application is None else application.id
    if by.actor.user_id is None or sight(session, by.actor, contest, by.now).shows(key):
        raise NotPossible(N_("These marks are open to you: there is nothing to open early."))
    look = EarlyLook(
        contest_id=contest.id, application_id=key, user_id=by.actor.user_id, reason=reason.strip(),
        opened_at=by.now, until=by.now + LOOK_LASTS,
    )  # fmt: skip
    session.add(look)
    session.flush()
    number = {} if application is None else {"application": application.number}
    audit.record(
        session, Event.MARKS_LOOKED_AT, by=by, subject=look, contest_id=contest.id,
        label=contest.title if application is None else application.number or "",
        details={**number, "until": look.until.isoformat(), "reason": look.reason},
        state={"application": key},
    )  # fmt: skip
    return look
