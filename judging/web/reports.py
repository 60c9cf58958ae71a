"""Reports on the firmness of a ranking for pages and downloads, as far as they are there without waiting.

A small contest's report is worked out at once and kept by its digest, the last few in each process; a large one's is
read where the worker stored it.
"""

from collections import OrderedDict
from threading import Lock

from flask import current_app
from sqlalchemy.orm import Session

from judging.domain.firmness import Report
from judging.domain.ranking import Ranking
from judging.domain.record import ContestRecord
from judging.queries import firmness

KEPT = 4


class Reports:
    """The kept reports of one process, least recently used out first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Report] = OrderedDict()
        self._lock, self._turn = Lock(), Lock()

    def of(
        self, session: Session, contest_id: int, record: ContestRecord, ranking: Ranking, digest: str
    ) -> Report | None:
        """Return the report on this very record and its ranking; None where it is large and not stored."""
        found = self._find(digest)
        if found is None:
            with self._turn:  # whoever comes meanwhile finds it made
                found = self._find(digest) or self._made(session, contest_id, record, ranking, digest)
        return found

    def _made(
        self, session: Session, contest_id: int, record: ContestRecord, ranking: Ranking, digest: str
    ) -> Report | None:
        report = firmness.ready_report(session, contest_id, record, ranking, digest=digest)
        if report is not None:
            self._keep(digest, report)
        return report

    def _find(self, digest: str) -> Report | None:
        with self._lock:
            if digest in self._kept:
                self._kept.move_to_end(digest)
            return self._kept.get(digest)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _keep(self, digest: str, report: Report) -> None:
        with self._lock:
            self._kept[digest] = report
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def report_of(
    session: Session, contest_id: int, record: ContestRecord, ranking: Ranking, *, digest: str | None = None
) -> Report | None:
    """Return the report on a record of the contest, present or frozen; None where it has to be calculated first.

    ``digest`` is the record's, where it is known already: of a large contest it takes half a second.
    """
    reports: Reports = current_app.extensions["reports"]
    return reports.of(session, contest_id, record, ranking, digest or firmness.digest_of(record))
