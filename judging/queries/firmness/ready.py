"""The report on firmness without the worker: the stored one, or one computed at once where the contest is small."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from judging.domain.firmness import Report
from judging.domain.parts import split
from judging.domain.ranking import Ranking
from judging.domain.record import ContestRecord
from judging.queries.firmness.digests import digest_of
from judging.queries.firmness.reports import compute_report
from judging.queries.firmness.stored import counted_reviews, stored_report

WAITED_FOR_ROWS = 400
"""So many reviews that count, and so many applications, are reported on while a request waits."""


def is_small(ranking: Ranking) -> bool:
    """Whether the report needs no worker: all applications are ranked anew in every scenario, reviewed or not."""
    return counted_reviews(ranking) <= WAITED_FOR_ROWS and len(ranking.rows) <= WAITED_FOR_ROWS


def ready_report(
    session: Session, contest_id: int, record: ContestRecord, ranking: Ranking, *, digest: str | None = None
) -> Report | None:
    """Return the report on this very record, present or frozen, and its ranking; None where it is large and not stored.

    ``digest`` is the record's, where it is known already.
    """
    if is_small(ranking):
        return compute_report(record)
    kept = stored_report(session, contest_id, digest or digest_of(record))
    return None if kept is None else kept.report


def ready_reports(
    session: Session, contest_id: int, record: ContestRecord, ranking: Ranking
) -> Mapping[str, Report | None]:
    """Return what :func:`ready_report` gives by the code of the nomination; "" is that of a contest without any."""
    return {
        part.code or "": ready_report(session, contest_id, part.record, ranking.within(part.code))
        for part in split(record)
    }
