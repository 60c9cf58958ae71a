"""An application after its submission: the line of stages, what comes next and when, and what came of it.

It says nothing of other teams beyond what the published results say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext

from judging.domain.lifecycle import ApplicationStatus, ContestStatus
from judging.domain.lifecycle.application import CHECKED, OUT
from judging.domain.lifecycle.contest import RANKED
from judging.domain.milestones import Code
from judging.domain.ranking import Outcome
from judging.extensions import db
from judging.models import Application
from judging.queries import contests, milestones
from judging.queries.extensions import time_to_submit
from judging.web.home.results import ResultRow, result_rows
from judging.web.templating import moscow, moscow_exact, moscow_short

TONES: Mapping[Outcome, str] = {
    Outcome.WINNER: "success", Outcome.RESERVE: "info", Outcome.BELOW_THRESHOLD: "info", Outcome.INCOMPLETE: "warning",
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """Where an application is by an instant. ``dates``: the milestones of its contest that have one."""

    application: Application
    now: datetime
    closes: datetime
    dates: Mapping[Code, datetime]

    @property
    def status(self) -> ApplicationStatus:
        """The status of the application."""
        return ApplicationStatus(self.application.status)

    @property
    def contest(self) -> ContestStatus:
        """The status of its contest."""
        return ContestStatus(self.application.contest.status)

    @property
    def reviewed(self) -> bool:
        """Whether no review is awaited any more."""
        return self.contest in RANKED or self.now >= self.application.contest.review_close


def way_of(application: Application, now: datetime) -> Way:
    """Read where a submitted application is."""
    comes = milestones.resolved(db.session, application.contest)
    dates = {code: one.at for code, one in comes.items()}
    return Way(application, now, time_to_submit(db.session, application, now).window.ends, dates)


def stage_steps(way: Way) -> list[dict[str, Any]]:
    """Received, formal check, review, commission, results: what an applicant may know, with dates."""
    application, status = way.application, way.status
    checked, published = status in CHECKED, way.contest.has_results
    received = {"label": gettext("Received"), "state": "done", "date": moscow_exact(application.submitted_at)}
    if status in OUT:
        return [received, _ending(application)]
    check = {"label": gettext("Formal check"), "state": "done" if checked else "current"}
    check |= _by(way, Code.FORMAL_CHECK) if not checked else {"date": moscow_short(application.decided_at)}
    check |= {"note": gettext("Admitted")} if checked else {}
    until = gettext("until %(date)s", date=moscow_short(application.contest.review_close))
    review = "ahead" if not checked else "done" if way.reviewed else "current"
    meets = "done" if published else "current" if checked and way.reviewed else "ahead"
    commission = {"label": gettext("Commission"), "state": meets}
    if Code.MEETING in way.dates:
        commission["date"] = moscow_short(way.dates[Code.MEETING])
    return [
        received,
        check,
        {"label": gettext("Expert review"), "state": review, "date": until},
        commission,
        {
            "label": gettext("Outcome of the contest"),
            "state": "done" if published else "ahead",
            **_by(way, Code.RESULTS),
        },
    ]


def _by(way: Way, code: Code) -> dict[str, str]:
    return {"date": gettext("until %(date)s", date=moscow_short(way.dates[code]))} if code in way.dates else {}


def _ending(application: Application) -> dict[str, Any]:
    rejected = ApplicationStatus(application.status).is_rejected
    return {
        "label": gettext("Rejected at the formal check") if rejected else gettext("Withdrawn"),
        "state": "current",
        "date": moscow_short(application.decided_at),
    }


def comes_next(way: Way) -> str:
    """What comes next and when, in a sentence or two; nothing where the way is over."""
    if way.status in OUT or way.contest.has_results:
        return ""
    if way.contest.is_cancelled:
        return gettext("The contest is cancelled: nothing comes next.")
    if way.status.awaits_check:
        return _before_check(way)
    if not way.reviewed:
        closes = moscow(way.application.contest.review_close)
        return gettext(
            "The application is admitted. Experts assess it until %(until)s; you need not do anything.", until=closes
        )
    words = gettext("The experts have finished. The commission sums up the contest; you need not do anything.")
    return f"{words} {_results_words(way)}"


def _before_check(way: Way) -> str:
    check = gettext("The organiser checks the application by its form and will write to you about the result.")
    if Code.FORMAL_CHECK in way.dates and way.now < way.dates[Code.FORMAL_CHECK]:
        until = moscow(way.dates[Code.FORMAL_CHECK])
        check = gettext(
            "The organiser checks the application by its form until %(until)s and will write to you about the result.",
            until=until,
        )
    if way.now < way.closes:
        received = gettext("The application is received; whether it is admitted will be decided by the formal check.")
        return f"{received} {check}"
    return check


def _results_words(way: Way) -> str:
    if Code.RESULTS in way.dates and way.now < way.dates[Code.RESULTS]:
        return gettext("The results will be published until %(until)s.", until=moscow(way.dates[Code.RESULTS]))
    return gettext("We will write to you when the results are published.")


@dataclass(frozen=True)
class OwnOutcome:
    """What the published results say of one's own application, and what follows."""

    row: ResultRow
    tone: str
    next: str


def own_outcome(way: Way) -> OwnOutcome | None:
    """Return what came of an application by the published results; None before them, or where it is not in them."""
    application = way.application
    if not way.contest.has_results:
        return None
    snapshot = contests.published_snapshot(db.session, application.contest_id)
    rows = [] if snapshot is None else result_rows(snapshot)
    row = next((one for one in rows if one.number == application.number), None)
    return None if row is None else OwnOutcome(row, TONES[row.outcome], _follows(way, row))


def _follows(way: Way, row: ResultRow) -> str:
    if row.outcome is Outcome.WINNER:
        words = gettext("Next comes the agreement on the subsidy: the organiser will write to you about it.")
        if Code.NOTIFICATION in way.dates:
            words = gettext(
                "Next comes the agreement on the subsidy: the organiser will write to you about it until %(until)s.",
                until=moscow(way.dates[Code.NOTIFICATION]),
            )
        return words
    if row.outcome is Outcome.RESERVE:
        return gettext("If a winner steps back, the next on the reserve list gets the support; you will be written to.")
    return gettext("The project is not supported in this contest. It can be submitted to the next one.")
