"""Who sees whose marks and when: any setting in a draft, after publication only a stricter one, each change on record.

What was announced to experts and teams as hidden stays hidden: marks may open later than was said, never earlier.
"""

from dataclasses import fields
from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_, Fault, Refused, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act, closed
from judging.domain.lifecycle import ContestStatus, NotPossible
from judging.domain.visibility import PLAIN, Visibility, is_stricter, visibility_document, visibility_of
from judging.models import Contest
from judging.services import audit
from judging.services.concurrency import check_version
from judging.services.holding import hold

ONLY_STRICTER = N_("The contest is published: marks and names may open later than was announced, not earlier.")


def change_visibility(session: Session, contest_id: int, wanted: Visibility, *, version: int, by: By) -> Contest:
    """Store the setting. Raises ``GateClosed``, ``Stale``, :class:`Refused` at each part that would open earlier."""
    contest = hold(session, contest_id, Act.CHANGE_VISIBILITY)
    check_version(contest, version)
    faults = _looser(contest, wanted)
    if faults:
        raise Refused(faults)
    put_visibility(session, contest, wanted, by=by)
    return contest


def put_visibility(session: Session, contest: Contest, wanted: Visibility, *, by: By) -> None:
    """Store a setting that may be stored; the caller holds the contest."""
    before, after = visibility_of(contest.visibility), visibility_document(wanted)
    details: dict[str, Any] = {
        f"visibility_{one.name}": [getattr(before, one.name), getattr(wanted, one.name)]
        for one in fields(Visibility)
        if getattr(before, one.name) != getattr(wanted, one.name)
    }
    if not details:
        return
    contest.visibility = after
    audit.record(
        session, Event.VISIBILITY_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip


def why_not(contest: Contest, wanted: Visibility) -> RuleViolation | None:
    """Return why the setting may not be stored now; None where it may."""
    return closed(Act.CHANGE_VISIBILITY, contest.status) or (
        NotPossible(ONLY_STRICTER) if _looser(contest, wanted) else None
    )


def _looser(contest: Contest, wanted: Visibility) -> list[Fault]:
    """The parts that would open something earlier than a published contest says."""
    if contest.status == ContestStatus.DRAFT:
        return []
    present = visibility_of(contest.visibility)
    return [Fault(one.name, ONLY_STRICTER) for one in fields(Visibility) if not _holds(one.name, wanted, present)]


def _holds(name: str, wanted: Visibility, present: Visibility) -> bool:
    """Whether this part alone is no looser than it is."""
    return is_stricter(*(Visibility(**_all_but(name, one)) for one in (wanted, present)))


def _all_but(name: str, of: Visibility) -> dict[str, Any]:
    """The part of this name, with all the others as nobody set them."""
    return {one.name: getattr(of if one.name == name else PLAIN, one.name) for one in fields(Visibility)}
