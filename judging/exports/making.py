"""The facts of an export, put together in one way for pages, commands and jobs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.firmness import Report
from judging.domain.ranking import Ranking
from judging.domain.record import ContestRecord
from judging.exports.facts import Ineligible, RankingExport, moscow
from judging.models import Contest, RankingSnapshot
from judging.queries import rankings, stages


def make_export(
    session: Session,
    contest: Contest,
    *,
    made_at: datetime,
    made_by: str,
    word: Callable[[str], str],
    live: Callable[[], tuple[ContestRecord, Ranking]],
    snapshot: RankingSnapshot | None = None,
    filter_text: str = "",
) -> RankingExport:
    """Return the facts of an export: of ``snapshot`` as it is stored, else of what ``live`` gives.

    ``made_at`` is an aware instant; ``word`` gives a status of an application in the words of the document;
    ``filter_text`` tells what the reader had filtered by.
    """
    record, ranking = live() if snapshot is None else rankings.stored_ranking(snapshot)
    return RankingExport(
        record=record,
        ranking=ranking,
        made_at=made_at,
        made_by=made_by,
        contest_status=contest.status,
        snapshot_number=None if snapshot is None else snapshot.number,
        snapshot_sha256=None if snapshot is None else snapshot.sha256,
        filter=filter_text[:300],
        previous_totals=stages.previous_totals(session, contest),
        ineligible=tuple(_ineligible(row, word) for row in rankings.outside(session, contest.id)),
    )


def _ineligible(row: rankings.Outside, word: Callable[[str], str]) -> Ineligible:
    return Ineligible(
        number=row.number,
        title=row.title,
        status=word(row.status),
        reason=row.reason or "",
        clause=row.clause or "",
        date=moscow(row.decided_at).date() if row.decided_at else None,
    )


def with_reports(export: RankingExport, found: Mapping[str, Report | None]) -> RankingExport:
    """Add reports on firmness by the code of their nomination; "" is that of a contest without nominations."""
    if not export.record.contest.nominations:
        return replace(export, firmness=found.get(""))
    return replace(export, reports={code: report for code, report in found.items() if report is not None})


def reported(export: RankingExport) -> bool:
    """Whether the report on firmness is there, of each nomination where there are some."""
    return all(part.firmness is not None for part in export.parts)
