"""The report that can be had without waiting for the worker."""

from sqlalchemy.orm import Session

from judging.domain.firmness import Report
from judging.domain.ranking import Ranking
from judging.domain.record import ContestRecord
from judging.queries.firmness.digests import digest_of
from judging.queries.firmness.reports import compute_report
from judging.queries.firmness.stored import SMALL, counted_reviews, stored_report


def ready_report(
    session: Session, contest_id: int, record: ContestRecord, ranking: Ranking, *, digest: str | None = None
) -> Report | None:
    """Return the report on this very record, present or frozen, and its ranking; None where it is large and not stored.

    ``digest`` is the record's, where it is known already.
    """
    if counted_reviews(ranking) <= SMALL:
        return compute_report(record)
    kept = stored_report(session, contest_id, digest or digest_of(record))
    return None if kept is None else kept.report
