"""Checks of times: applications and reviews were handed in while the dates in force at that moment allowed it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.arrival import SLACK
from judging.models import Application, Contest, Review, ReviewVersion, ScheduleChange
from judging.queries.invariants.checks import Offence


@dataclass
class Dates:
    """A contest's dates now, and how each was moved: (when, what it was before), in that order."""

    now: Mapping[str, datetime]
    moves: defaultdict[str, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))

    def at(self, name: str, instant: datetime) -> frozenset[datetime]:
        """Return the values of a date that were in force at ``instant`` or came into force while it was carried out.

        What arrived before a date was moved may have been carried out after it, at most :data:`SLACK` later.
        """
        values = [before for moved_at, before in self.moves[name] if moved_at >= instant][:1]
        later = [before for moved_at, before in self.moves[name] if moved_at > instant + SLACK][:1]
        return frozenset((*(values or [self.now[name]]), *(later or [self.now[name]])))

    def holds(self, opening: str, closing: str, instant: datetime) -> bool:
        """Whether the window from one date to another was open at ``instant``."""
        return min(self.at(opening, instant)) <= instant < max(self.at(closing, instant))


def late_submissions(session: Session) -> Iterator[Offence]:
    """Yield numbered applications without a time of submission, and those submitted here outside the window.

    An application that was submitted in this system has a receipt; one that came with an archive has none.
    """
    dates = _dates(session)
    rows = session.execute(
        select(Application.id, Application.contest_id, Application.submitted_at, Application.receipt_sha256)
        .where(Application.number.is_not(None))
        .order_by(Application.id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        if row.submitted_at is None:
            yield Offence("application", row.id, "no time of submission")
        elif row.receipt_sha256 and not dates[row.contest_id].holds(
            "applications_open", "applications_close", row.submitted_at
        ):
            yield Offence("application", row.id, row.submitted_at.isoformat())


def late_reviews(session: Session) -> Iterator[Offence]:
    """Yield score sheets that an expert handed in here while reviews were not accepted."""
    dates = _dates(session)
    rows = session.execute(
        select(ReviewVersion.id, ReviewVersion.review_id, ReviewVersion.made_at, Review.contest_id)
        .join(Review, Review.id == ReviewVersion.review_id)
        .where(ReviewVersion.made_by_id.is_not(None))
        .order_by(ReviewVersion.id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        if not dates[row.contest_id].holds("applications_open", "review_close", row.made_at):
            yield Offence("review", row.review_id, f"handed in at {row.made_at.isoformat()}")


def _dates(session: Session) -> Mapping[int, Dates]:
    contests = session.execute(
        select(Contest.id, Contest.applications_open, Contest.applications_close, Contest.review_close)
    ).mappings()
    found = {row["id"]: Dates({name: row[name] for name in row if name != "id"}) for row in contests}
    moves = select(
        ScheduleChange.contest_id, ScheduleChange.field, ScheduleChange.changed_at, ScheduleChange.before
    ).order_by(ScheduleChange.changed_at, ScheduleChange.id)
    for move in session.execute(moves):
        found[move.contest_id].moves[move.field].append((move.changed_at, move.before))
    return found
