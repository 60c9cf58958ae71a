"""What a download is made from: the live ranking, or a frozen one."""

from flask import abort

from judging.domain.ranking import Ranking
from judging.domain.record import ContestRecord
from judging.exports import RankingExport
from judging.exports.making import make_export, with_reports
from judging.extensions import db
from judging.models import Contest, RankingSnapshot
from judging.queries import rankings as queries
from judging.web.access import current_actor
from judging.web.clock import now
from judging.web.reports import report_of
from judging.web.standings import standing_of
from judging.web.templating import label


def export_of(contest: Contest, snapshot: str, filter_text: str) -> RankingExport:
    """The facts of an export: of the snapshot with this number, else of the present ranking; 404 if there is none."""

    def live() -> tuple[ContestRecord, Ranking]:
        standing = standing_of(db.session, contest)
        return standing.record, standing.ranking

    return make_export(
        db.session,
        contest,
        made_at=now(),
        made_by=current_actor().name,
        word=lambda status: label(status, "application"),
        live=live,
        snapshot=_stored(contest, snapshot) if snapshot else None,
        filter_text=filter_text,
    )


def with_firmness(contest: Contest, export: RankingExport) -> RankingExport:
    """Add the report on the very record of the export, or on each nomination's, where it is there without waiting."""
    found = {
        part.nomination.code if part.nomination else "": report_of(db.session, contest.id, part.record, part.ranking)
        for part in export.parts
    }
    return with_reports(export, found)


def _stored(contest: Contest, number: str) -> RankingSnapshot:
    legible = number.isdecimal() and len(number) < 10
    return (queries.snapshot(db.session, contest.id, int(number)) if legible else None) or abort(404)
