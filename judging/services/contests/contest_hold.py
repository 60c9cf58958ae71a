"""Locking a draft contest for editing, with the check of the version that the form was filled from."""

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from judging.domain.gates import Act
from judging.models import Contest
from judging.services.concurrency import check_version
from judging.services.holding import hold


def draft(session: Session, contest_id: int, version: int) -> Contest:
    """Return a draft contest for editing, its rubric and nominations in order; raise ``GateClosed`` or ``Stale``."""
    contest = hold(session, contest_id, Act.EDIT_RULES)
    session.expire(contest, ["criteria", "nominations"])
    check_version(contest, version)
    return contest


def touch(contest: Contest) -> None:
    """Let the contest's version grow although only its criteria or nominations changed."""
    flag_modified(contest, "rules")
