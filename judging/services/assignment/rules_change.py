"""The rules of a contest's distribution, changed by the secretary."""

from dataclasses import asdict, replace

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.distribution import AdditionalCall, DistributionRules, Goal, QueueOrder, distribution_faults
from judging.domain.errors import Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.models import AssignmentRules, Contest
from judging.queries.assignment.plans import assignment_rules
from judging.queries.contests import rules_of
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold


def change_assignment_rules(
    session: Session, contest: Contest, rules: DistributionRules, *, version: int, by: By
) -> DistributionRules:
    """Put ``rules`` in force (their own ``version`` does not matter); return them with their new version.

    Raises ``GateClosed``, ``Stale`` whose ``current`` are the rules in force, and ``Refused`` with faults at the
    names of the fields.
    """
    hold(session, contest.id, Act.ASSIGN)
    check_version(assignment_rules(session, contest.id), version)
    faults = distribution_faults(rules, rules_of(contest).experts_per_application)
    if faults:
        raise Refused(faults)
    return put_assignment_rules(session, contest, rules, by=by)


def put_assignment_rules(session: Session, contest: Contest, rules: DistributionRules, *, by: By) -> DistributionRules:
    """Put faultless rules in force in a contest that is held; one that stays as it is leaves no trace."""
    before = assignment_rules(session, contest.id)
    after = replace(
        rules,
        goal=Goal(rules.goal),
        queue=QueueOrder(rules.queue),
        additional=AdditionalCall(rules.additional),
        version=before.version + 1,
    )
    changes = _changes(before, after)
    if not changes:
        return before
    words = {"goal": after.goal.value, "queue": after.queue.value, "additional": after.additional.value}
    session.merge(AssignmentRules(contest_id=contest.id, **{**asdict(after), **words}))
    record(
        session,
        Event.ASSIGNMENT_RULES_CHANGED,
        by=by,
        subject=contest,
        label=contest.title,
        contest_id=contest.id,
        details=changes,
    )
    return after


def _changes(before: DistributionRules, after: DistributionRules) -> dict[str, list[object]]:
    old, new = asdict(before), asdict(after)
    return {name: [old[name], new[name]] for name in new if name != "version" and old[name] != new[name]}
