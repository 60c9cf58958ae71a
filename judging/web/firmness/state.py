"""The state of the report on firmness: present, outdated, being calculated, failed, or never asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from judging.domain.firmness import Report
from judging.domain.lifecycle import FirmnessStatus
from judging.extensions import db
from judging.models import Contest
from judging.queries import firmness
from judging.queries.experts import ids_of_emails
from judging.queries.firmness import Calculation
from judging.web.firmness.names import Names
from judging.web.firmness.words import percent
from judging.web.nominations import shown_part
from judging.web.reports import report_of
from judging.web.standings import Standing, standing_of


@dataclass(frozen=True)
class State:
    """What there is to show of a contest.

    ``report`` may be of earlier marks: ``outdated``. ``small``: it is worked out while the page waits, so there
    is never a ``calculation``. ``reviews``: how many count. ``made_at`` where a worker made it.
    """

    report: Report | None
    outdated: bool
    calculation: Calculation | None
    small: bool
    reviews: int
    made_at: datetime | None

    @property
    def running(self) -> bool:
        """Whether a calculation waits or is under way."""
        return self.calculation is not None and self.calculation.open

    @property
    def failed(self) -> bool:
        """Whether the last calculation came to nothing."""
        return self.calculation is not None and self.calculation.status is FirmnessStatus.FAILED


def is_small(standing: Standing) -> bool:
    """Whether the report of this ranking is worked out while the request waits."""
    return firmness.is_small(standing.ranking)


def is_wanting(contest: Contest, standing: Standing) -> bool:
    """Whether a worker has to calculate a report of this ranking: it is large, and none is kept of one of its parts."""
    return any(
        not is_small(part) and firmness.stored_report(db.session, contest.id, part.digest) is None
        for part in standing.parts
    )


def state_of(contest: Contest) -> State:
    """Find the report of the contest as it is now, else the newest one, and the calculation that was asked for last.

    Of a contest with nominations it is about the one that is shown.
    """
    standing = shown_part(standing_of(db.session, contest))
    small = is_small(standing)
    report = report_of(db.session, contest.id, standing.record, standing.ranking, digest=standing.digest)
    code = None if standing.nomination is None else standing.nomination.code
    kept = firmness.newest_report(db.session, contest.id, code) if report is None else None
    made_at = None if kept is None else kept.made_at
    if report is not None and not small:
        made_at = firmness.made_at(db.session, contest.id, report.digest)
    return State(
        report=report if kept is None else kept.report,
        outdated=kept is not None,
        calculation=None if small else firmness.latest_calculation(db.session, contest.id),
        small=small,
        reviews=firmness.counted_reviews(standing.ranking),
        made_at=made_at,
    )


def names_of(contest: Contest) -> Names:
    """What the report's numbers, e-mails and codes are called."""
    standing = shown_part(standing_of(db.session, contest))
    lines = standing.by_number
    return Names(
        titles={number: line.application.title for number, line in lines.items()},
        applications={number: line.application_id for number, line in lines.items()},
        experts={expert.email: expert.name for expert in standing.record.experts},
        expert_ids=ids_of_emails(db.session, contest.id),
        criteria={item.code: item.title for item in standing.record.contest.criteria},
    )


def progress_of(calculation: Calculation) -> Mapping[str, Any]:
    """How far a calculation is, for the page and for ``poll.js``."""
    job = calculation.job
    share = job.done / job.of if job.of else None
    return {
        "text": _text(calculation),
        "figure": percent(share) if share else "",
        "done": job.done,
        "of": job.of,
        "over": not calculation.open,
    }


def _text(calculation: Calculation) -> str:
    if calculation.open and calculation.job.running:
        return gettext("The firmness of the ranking is being calculated.")
    if calculation.open:
        return gettext("The calculation waits its turn.")
    return gettext("The calculation is over.")
