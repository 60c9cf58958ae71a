"""What a ranking on the command line is made from: the frozen ranking where there is one, else the present state."""

from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE
from judging.domain.errors import RuleViolation
from judging.domain.lifecycle import STATUS_LABELS, ApplicationStatus, Subject
from judging.exports import RankingExport
from judging.exports.making import make_export, with_reports
from judging.extensions import db
from judging.models import Contest
from judging.models.engine import reads_only
from judging.queries import rankings
from judging.queries.contests import by_code
from judging.queries.firmness import ready_reports

LANGUAGE = "ru"
"""The language of the papers, whatever the terminal's is."""


def contest_of(code: str) -> Contest:
    """Find a contest; what follows is read in the same transaction, which takes no write lock."""
    reads_only.set(True)
    try:
        return by_code(db.session, code)
    except NoResultFound:
        raise RuleViolation("There is no contest with the code %(code)s.", code=code) from None


def export_of(session: Session, contest: Contest, now: datetime) -> RankingExport:
    """Return the facts of an export of the contest's ranking."""
    with force_locale(LANGUAGE):
        return make_export(
            session,
            contest,
            made_at=now,
            made_by=CONSOLE.name,
            word=lambda status: gettext(STATUS_LABELS[Subject.APPLICATION][ApplicationStatus(status)]),
            live=lambda: rankings.compute_ranking(session, contest.id),
            snapshot=rankings.present_snapshot(session, contest.id),
        )


def with_firmness(session: Session, contest: Contest, export: RankingExport) -> RankingExport:
    """Add the report on the very record of the export, where it is there without waiting."""
    return with_reports(export, ready_reports(session, contest.id, export.record, export.ranking))
