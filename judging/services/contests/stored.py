"""A stored contest in hand: found under a lock, checked to be the version that the form was filled from."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from judging.domain.errors import N_, RuleViolation
from judging.domain.lifecycle import ContestStatus
from judging.models import Contest
from judging.services.concurrency import check_version


class Frozen(RuleViolation):
    """The contest is published: its rules do not change any more."""


def locked(session: Session, contest_id: int) -> Contest:
    """Return the contest with its criteria, locked until the transaction ends."""
    found: Contest = session.execute(
        select(Contest)
        .options(selectinload(Contest.criteria))
        .where(Contest.id == contest_id)
        .with_for_update(of=Contest)
        .execution_options(populate_existing=True)
    ).scalar_one()
    return found


def draft(session: Session, contest_id: int, version: int) -> Contest:
    """Return a draft contest for editing; raise :class:`Frozen` or ``Stale``."""
    contest = locked(session, contest_id)
    require_draft(contest)
    check_version(contest, version)
    return contest


def require_draft(contest: Contest) -> None:
    """Raise :class:`Frozen` unless the contest is a draft."""
    if contest.status != ContestStatus.DRAFT:
        raise Frozen(N_("The contest is published, so its rules can no longer be changed."))


def touch(contest: Contest) -> None:
    """Let the contest's version grow although only its criteria changed."""
    flag_modified(contest, "rules")
