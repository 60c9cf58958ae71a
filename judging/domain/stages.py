"""The contest calendar: half-open windows over its dates, and what is open at an instant.

Every window includes its first instant and excludes its last: an application is accepted if and only if
``applications_open <= now < applications_close`` by the clock of the server, so «until 18:00:00» means that
17:59:59.999 is in time and 18:00:00 is late. Instants are timezone-aware; comparing with a naive one raises TypeError.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from judging.domain.errors import N_, Fault, RuleViolation


@dataclass(frozen=True)
class Calendar:
    """The dates of a contest."""

    applications_open: datetime
    applications_close: datetime
    review_close: datetime


class Stage(StrEnum):
    """Where a contest is in its calendar."""

    UPCOMING = "upcoming"
    ACCEPTING = "accepting"
    REVIEW = "review"
    OVER = "over"


STAGE_LABELS: Mapping[Stage, str] = {
    Stage.UPCOMING: N_("Not yet open"),
    Stage.ACCEPTING: N_("Accepting applications"),
    Stage.REVIEW: N_("Under review"),
    Stage.OVER: N_("Review closed"),
}


class NotOpen(RuleViolation):
    """The window for the act has not come or has passed."""


def stage_at(calendar: Calendar, now: datetime) -> Stage:
    """Return the one stage that ``now`` falls into."""
    if now < calendar.applications_open:
        return Stage.UPCOMING
    if now < calendar.applications_close:
        return Stage.ACCEPTING
    return Stage.REVIEW if now < calendar.review_close else Stage.OVER


def deadline_of(calendar: Calendar, stage: Stage) -> datetime | None:
    """Return the instant at which ``stage`` ends; None for the last one."""
    ends = {
        Stage.UPCOMING: calendar.applications_open,
        Stage.ACCEPTING: calendar.applications_close,
        Stage.REVIEW: calendar.review_close,
    }
    return ends.get(stage)


def deadline_passed(deadline: datetime, now: datetime) -> bool:
    """Say whether ``now`` is too late: the instant of the deadline itself already is."""
    return now >= deadline


def time_left(deadline: datetime, now: datetime) -> timedelta:
    """Return how long it is to ``deadline``; zero once it has passed."""
    return max(deadline - now, timedelta(0))


def may_submit(calendar: Calendar, now: datetime) -> bool:
    """Say whether applications are accepted at ``now``."""
    return stage_at(calendar, now) is Stage.ACCEPTING


def may_review(calendar: Calendar, now: datetime) -> bool:
    """Say whether reviews are accepted at ``now``: an admitted application need not wait for the others."""
    return stage_at(calendar, now) in (Stage.ACCEPTING, Stage.REVIEW)


def require_accepting(calendar: Calendar, now: datetime) -> None:
    """Raise :class:`NotOpen` unless applications are accepted at ``now``."""
    if stage_at(calendar, now) is Stage.UPCOMING:
        raise NotOpen(N_("Applications are not accepted yet."))
    if not may_submit(calendar, now):
        raise NotOpen(N_("The time for applications is over."))


def require_reviewing(calendar: Calendar, now: datetime) -> None:
    """Raise :class:`NotOpen` unless reviews are accepted at ``now``."""
    if stage_at(calendar, now) is Stage.UPCOMING:
        raise NotOpen(N_("Reviews are not accepted yet."))
    if not may_review(calendar, now):
        raise NotOpen(N_("The time for reviews is over."))


def calendar_faults(calendar: Calendar) -> tuple[Fault, ...]:
    """Name everything that is wrong with the dates; paths are the archive's keys."""
    return tuple(_calendar_faults(calendar))


def _calendar_faults(calendar: Calendar) -> Iterator[Fault]:
    if calendar.applications_close <= calendar.applications_open:
        yield Fault("applications_close", N_("Acceptance must end after it begins"))
    if calendar.review_close <= calendar.applications_close:
        yield Fault("review_close", N_("The review must end after the acceptance of applications"))
