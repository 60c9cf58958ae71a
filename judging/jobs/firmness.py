"""Reports on the firmness of rankings: claimed in one transaction, worked out outside any, stored in another."""

from functools import partial

from judging.extensions import db
from judging.jobs.working import ClaimLost, Clock, Progress, attempt, heartbeat, utc_now, waits
from judging.models.engine import reading
from judging.queries.firmness import compute_report
from judging.services import firmness
from judging.services.claims import Claim


def firmness_next(*, clock: Clock = utc_now, watch: Progress | None = None) -> bool:
    """Work out the oldest report that waits, or whose worker has died; False where there is none.

    ``watch(done, of)`` is called between the parts of the work.
    """
    if not waits(firmness, clock):
        return False
    with db.sessionmaker() as session, session.begin():
        claim = firmness.claim_report(session, now=clock())
    if claim is None:
        return False
    attempt(firmness, claim, partial(_work_out, claim, clock, watch), clock=clock, what="report on firmness")
    return True


def _work_out(claim: Claim, clock: Clock, watch: Progress | None) -> None:
    with reading(), db.sessionmaker() as session, session.begin():
        record = firmness.load_task(session, claim)
    with heartbeat(firmness, claim, clock) as heart:
        report = compute_report(record, heart.progress(watch))
    with db.sessionmaker() as session, session.begin():
        if not firmness.store_report(session, claim, report, now=clock()):
            raise ClaimLost
