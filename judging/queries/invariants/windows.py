"""Checks of times: applications and reviews were handed in while the dates in force at that moment allowed it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.arrival import SLACK
from judging.models import Application, Contest, Extension, Review, ReviewVersion, ScheduleChange
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

    def holds(self, opening: str, closing: str, instant: datetime, extended: datetime | None = None) -> bool:
        """Whether the window from one date to another, or to the end of an extension, was open at ``instant``."""
        closes = max(self.at(closing, instant))
        return min(self.at(opening, instant)) <= instant < max(closes, extended or closes)


@dataclass(frozen=True)
class Extensions:
    """More time for one: by application and by expert."""

    of_application: Mapping[int, Sequence[Extension]]
    of_expert: Mapping[int, Sequence[Extension]]

    @classmethod
    def all(cls, session: Session) -> "Extensions":
        """Read every extension."""
        applications, experts = defaultdict(list), defaultdict(list)
        for row in session.scalars(select(Extension).order_by(Extension.id)):
            if row.application_id is not None:
                applications[row.application_id].append(row)
            if row.expert_id is not None:
                experts[row.expert_id].append(row)
        return cls(applications, experts)


def in_force(extensions: Sequence[Extension], instant: datetime) -> datetime | None:
    """Return until when the extensions last that were granted and not taken back at ``instant``, or nearly then."""
    ends = [
        one.until
        for one in extensions
        if one.granted_at <= instant + SLACK and (one.revoked_at is None or one.revoked_at > instant)
    ]
    return max(ends, default=None)


def late_submissions(session: Session) -> Iterator[Offence]:
    """Yield numbered applications without a time of submission, and those submitted here outside the window.

    An application that was submitted in this system has a receipt; one that came with an archive has none.
    """
    dates, extensions = _dates(session), Extensions.all(session).of_application
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
            "applications_open",
            "applications_close",
            row.submitted_at,
            in_force(extensions.get(row.id, ()), row.submitted_at),
        ):
            yield Offence("application", row.id, row.submitted_at.isoformat())


def late_reviews(session: Session) -> Iterator[Offence]:
    """Yield score sheets that an expert handed in here while reviews were not accepted."""
    dates, extensions = _dates(session), Extensions.all(session).of_expert
    rows = session.execute(
        select(ReviewVersion.id, ReviewVersion.review_id, ReviewVersion.made_at, Review.contest_id, Review.expert_id)
        .join(Review, Review.id == ReviewVersion.review_id)
        .where(ReviewVersion.made_by_id.is_not(None))
        .order_by(ReviewVersion.id)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        extended = in_force(extensions.get(row.expert_id, ()), row.made_at)
        if not dates[row.contest_id].holds("applications_open", "review_close", row.made_at, extended):
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
