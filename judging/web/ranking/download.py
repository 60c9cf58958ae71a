"""What a download is made from: the live ranking, or a frozen one."""

from dataclasses import replace

from flask import abort

from judging.exports import Ineligible, RankingExport
from judging.exports.facts import moscow
from judging.extensions import db
from judging.models import Contest
from judging.queries import rankings as queries
from judging.web.access import current_actor
from judging.web.clock import now
from judging.web.ranking.standings import standing_of
from judging.web.reports import report_of
from judging.web.templating import label


def export_of(contest: Contest, snapshot: str, filter_text: str) -> RankingExport:
    """The facts of an export: of the snapshot with this number, else of the present ranking; 404 if there is none."""
    if snapshot:
        return _frozen_export(contest, snapshot, filter_text)
    standing = standing_of(db.session, contest)
    return RankingExport(
        record=standing.record,
        ranking=standing.ranking,
        made_at=now(),
        made_by=current_actor().name,
        contest_status=contest.status,
        filter=filter_text[:300],
        ineligible=_ineligible(contest),
    )


def with_firmness(contest: Contest, export: RankingExport) -> RankingExport:
    """Add the report on the very record of the export, where it is there without waiting."""
    return replace(export, firmness=report_of(db.session, contest.id, export.record, export.ranking))


def _frozen_export(contest: Contest, number: str, filter_text: str) -> RankingExport:
    stored = queries.snapshot(db.session, contest.id, int(number)) if number.isdecimal() and len(number) < 10 else None
    if stored is None:
        abort(404)
    record, ranking = queries.stored_ranking(stored)
    return RankingExport(
        record=record,
        ranking=ranking,
        made_at=now(),
        made_by=current_actor().name,
        contest_status=contest.status,
        snapshot_number=stored.number,
        snapshot_sha256=stored.sha256,
        filter=filter_text[:300],
        ineligible=_ineligible(contest),
    )


def _ineligible(contest: Contest) -> tuple[Ineligible, ...]:
    return tuple(
        Ineligible(
            number=row.number,
            title=row.title,
            status=label(row.status, "application"),
            reason=row.reason or "",
            clause=row.clause or "",
            date=moscow(row.decided_at).date() if row.decided_at else None,
        )
        for row in queries.outside(db.session, contest.id)
    )
