"""The rules of a contest's distribution, changed by the secretary."""

from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.distribution import DistributionRules
from judging.models import Contest


def change_assignment_rules(
    session: Session, contest: Contest, rules: DistributionRules, *, version: int, actor: Actor, now: datetime
) -> DistributionRules:
    """Put ``rules`` in force (their own ``version`` does not matter); return them with their new version.

    Raises ``AssignmentClosed``, ``Stale`` whose ``current`` are the rules in force, and ``Refused`` with faults at the
    names of the fields.
    """
    raise NotImplementedError
