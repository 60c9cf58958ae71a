"""Reports on the firmness of a ranking for pages and downloads, as far as they are there without waiting.

A small contest's report is worked out at once and kept by its digest, the last few in each process; a large one's is
read where the worker stored it.
"""

from flask import current_app
from sqlalchemy.orm import Session

from judging.domain.fields.bounds import MOST_NOMINATIONS
from judging.domain.firmness import Report
from judging.domain.ranking import Ranking
from judging.domain.record import ContestRecord
from judging.queries import firmness
from judging.web.single_flight import Shared

KEPT = 20_000
"""Applications in all kept reports together; one of a larger contest is kept alone."""
MOST_KEPT = 2 * MOST_NOMINATIONS
"""Reports that are kept however small they are: a contest has one for each of its nominations."""


class Reports(Shared[str, Report | None]):
    """The kept reports of one process, least recently used out first."""

    def of(
        self, session: Session, contest_id: int, record: ContestRecord, ranking: Ranking, digest: str
    ) -> Report | None:
        """Return the report on this very record and its ranking; None where it is large and not stored."""
        return self.get(
            session, digest, lambda: firmness.ready_report(session, contest_id, record, ranking, digest=digest)
        )

    def keep(self, key: str, value: Report | None) -> None:
        """Keep it, and the last others as :data:`KEPT` and :data:`MOST_KEPT` say."""
        if value is not None:
            self._kept[key] = value
        while len(self._kept) > 1 and (len(self._kept) > MOST_KEPT or self._applications() > KEPT):
            self._kept.popitem(last=False)

    def _applications(self) -> int:
        return sum(len(report.projects) for report in self._kept.values() if report is not None)


def report_of(
    session: Session, contest_id: int, record: ContestRecord, ranking: Ranking, *, digest: str | None = None
) -> Report | None:
    """Return the report on a record of the contest, present or frozen; None where it has to be calculated first.

    ``digest`` is the record's, where it is known already: of a large contest it takes half a second.
    """
    reports: Reports = current_app.extensions["reports"]
    return reports.of(session, contest_id, record, ranking, digest or firmness.digest_of(record))
