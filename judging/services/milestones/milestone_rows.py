"""What the acts on milestones share: the contest held for them, the notation of the history, the record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.lifecycle import ReasonMissing
from judging.domain.milestones import SOFT, Code, Plan
from judging.models import Contest, Milestone, MilestoneChange
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.contests.contest_hold import touch
from judging.services.holding import hold
from judging.services.own_edit_times import follow_the_close


def held(session: Session, contest_id: int, code: Code, version: int) -> Contest:
    """Return the contest held for a change of this milestone; raise ``GateClosed`` or ``Stale``."""
    contest = hold(session, contest_id, Act.SET_SOFT_DEADLINE if code in SOFT else Act.PLAN_MILESTONES)
    check_version(contest, version)
    return contest


def required(reason: str) -> str:
    """Return the reason without what surrounds it; raise ``ReasonMissing`` where there is none."""
    if not reason.strip():
        raise ReasonMissing(N_("Give the reason."))
    return reason.strip()


@dataclass(frozen=True)
class Noted:
    """What a milestone was and became in the notation of the history, and why."""

    code: Code
    before: str | None
    after: str | None
    reason: str
    by_hand: bool = False


def note(session: Session, contest: Contest, noted: Noted, *, by: By) -> None:
    """Keep what a milestone was and became, and put it on record."""
    touch(contest)
    session.add(
        MilestoneChange(
            contest_id=contest.id, code=noted.code.value, before=noted.before, after=noted.after,
            by_hand=noted.by_hand, reason=noted.reason, changed_at=by.now, changed_by_id=by.actor.user_id,
        )
    )  # fmt: skip
    if noted.code is Code.APPLICATIONS_SOFT:
        follow_the_close(session, contest, by.now)
    details = {
        "milestone": noted.code.value, "date": [noted.before, noted.after], "by_hand": noted.by_hand,
        "reason": noted.reason,
    }  # fmt: skip
    record(
        session, Event.MILESTONE_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip


def written(milestone: Milestone, plan: Plan) -> None:
    """Put a plan into a row."""
    if isinstance(plan, datetime):
        milestone.at, milestone.after, milestone.days, milestone.unit = plan, None, None, None
    else:
        milestone.at, milestone.after = None, plan.code.value
        milestone.days, milestone.unit = plan.days, plan.unit.value
