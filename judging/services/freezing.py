"""What a frozen ranking locks: nothing that it was computed from may change while it is frozen or after it."""

from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from judging.domain.errors import N_, RuleViolation
from judging.domain.lifecycle import ContestStatus
from judging.models import Contest
from judging.models.engine import one_writer

CHANGEABLE = (ContestStatus.DRAFT.value, ContestStatus.PUBLISHED.value)


class RankingFrozen(RuleViolation):
    """The ranking is frozen or the contest is over: what it was computed from cannot change."""


def why_frozen(contest: Contest) -> RankingFrozen | None:
    """Return why experts and conflicts of the contest can no longer change; None where they can."""
    if contest.status in CHANGEABLE:
        return None
    if contest.status == ContestStatus.CANCELLED:
        return RankingFrozen(N_("The contest is cancelled: nothing in it can be changed any more."))
    if contest.status == ContestStatus.RANKING_FROZEN:
        return RankingFrozen(N_("The ranking is frozen. To change anything here, unfreeze it first."))
    return RankingFrozen(N_("The ranking is approved: what it was computed from can no longer be changed."))


def require_unfrozen(contest: Contest) -> None:
    """Raise :class:`RankingFrozen` where nothing that moves the ranking may change."""
    refusal = why_frozen(contest)
    if refusal is not None:
        raise refusal


def hold_contest(session: Session, contest_id: int, *, read: Contest | None = None) -> Contest:
    """Return the contest as it is now, its row locked until the transaction ends; what was changed is written first.

    Everything that moves a ranking holds the row before it commits, so that a ranking cannot be frozen in the same
    moment without it. Other rows are locked before the contest's, never after, so that nobody waits in a circle.
    ``read`` is the contest where this transaction, which writes, has read it: where nobody else can have written since,
    it is not read again.
    """
    session.flush()
    if read is not None and one_writer(session):
        return read
    return session.scalars(_held(), {"id": contest_id}).one()


@cache
def _held() -> Select[Contest]:
    statement = select(Contest).where(Contest.id == bindparam("id"))
    return statement.with_for_update().execution_options(populate_existing=True)


def hold_unfrozen(session: Session, contest_id: int) -> None:
    """Hold the contest; raise :class:`RankingFrozen` where its ranking was frozen, be it a moment ago."""
    require_unfrozen(hold_contest(session, contest_id))
