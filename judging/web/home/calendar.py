"""The stage of a contest, its line of steps and the time left, in words."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext

from judging.domain.lifecycle import ContestStatus
from judging.domain.stages import Calendar, Stage, stage_at
from judging.web.templating import moscow


class Phase(StrEnum):
    """The stages of the calendar, and what comes beside and after them."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    REVIEW = "review"
    DECISION = "decision"
    FINISHED = "finished"
    CANCELLED = "cancelled"


PHASES = {
    Stage.UPCOMING: Phase.UPCOMING,
    Stage.ACCEPTING: Phase.OPEN,
    Stage.REVIEW: Phase.REVIEW,
    Stage.OVER: Phase.DECISION,
}
OUTSIDE = {
    ContestStatus.DRAFT: Phase.DRAFT,
    ContestStatus.RANKING_FROZEN: Phase.DECISION,
    ContestStatus.APPROVED: Phase.DECISION,
    ContestStatus.RESULTS_PUBLISHED: Phase.FINISHED,
    ContestStatus.CANCELLED: Phase.CANCELLED,
}
"""Statuses that say more than the calendar does."""
TONES = {
    Phase.DRAFT: "neutral",
    Phase.UPCOMING: "info",
    Phase.OPEN: "success",
    Phase.REVIEW: "info",
    Phase.DECISION: "info",
    Phase.FINISHED: "neutral",
    Phase.CANCELLED: "danger",
}
LINE = (Phase.UPCOMING, Phase.OPEN, Phase.REVIEW, Phase.DECISION)


def stage_of(status: str, calendar: Calendar, now: datetime) -> Phase:
    """The phase a contest is in at ``now``."""
    return OUTSIDE.get(ContestStatus(status)) or PHASES[stage_at(calendar, now)]


def phase_text(phase: Phase) -> str:
    """The phase in words."""
    return {
        Phase.DRAFT: gettext("Draft"),
        Phase.UPCOMING: gettext("Announced"),
        Phase.OPEN: gettext("Accepting applications"),
        Phase.REVIEW: gettext("Under review"),
        Phase.DECISION: gettext("Results are being prepared"),
        Phase.FINISHED: gettext("Results published"),
        Phase.CANCELLED: gettext("Cancelled"),
    }[phase]


def stage_tag(row: Any, now: datetime) -> tuple[str, str]:
    """Words and tone of a listed contest's phase."""
    phase = stage_of(row.status, row.calendar, now)
    return phase_text(phase), TONES[phase]


def steps_of(status: str, calendar: Calendar, published_at: datetime | None, now: datetime) -> list[dict[str, Any]]:
    """The line of steps with their dates; the present one is marked."""
    phase = stage_of(status, calendar, now)
    if phase is Phase.CANCELLED:
        return []
    reached = len(LINE) if phase is Phase.FINISHED else LINE.index(phase) if phase in LINE else -1
    texts = (
        (gettext("Announcement"), moscow(published_at) or gettext("after publication")),
        (gettext("Acceptance of applications"), gettext("until %(date)s", date=moscow(calendar.applications_close))),
        (gettext("Review by experts"), gettext("until %(date)s", date=moscow(calendar.review_close))),
        (gettext("Results"), _results_note(phase)),
    )
    return [
        {"label": label, "date": date, "state": _state(place, reached)} for place, (label, date) in enumerate(texts)
    ]


def _results_note(phase: Phase) -> str:
    return phase_text(phase) if phase is Phase.FINISHED else gettext("after the ranking is approved")


def _state(place: int, reached: int) -> str:
    if place == reached:
        return "current"
    return "done" if place < reached else "ahead"
