"""What runs beside the requests: the kinds of jobs, the states of one, why one failed, and when one is due again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from judging.domain.errors import N_


class JobKind(StrEnum):
    """Everything that is done beside the requests; ``judging/jobs/kinds.py`` says how."""

    PLANS = "plans"
    FIRMNESS = "firmness"
    LETTERS = "letters"
    EXPORTS = "exports"
    SWEEP = "sweep"
    FILES = "files"
    PREPARED = "prepared"
    REHEARSAL = "rehearsal"
    TRIAL_FILES = "trial_files"
    REMINDERS = "reminders"
    RENDITIONS = "renditions"
    ADDITIONAL = "additional"


class JobState(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (JobState.WAITING, JobState.RUNNING)
"""States of a job that is still to come to something."""


class JobCode(StrEnum):
    """Why a job is tried again or was given up, or (``UNWANTED``) is done without having been carried out."""

    BROKEN = "broken"
    INTERRUPTED = "interrupted"
    REFUSED = "refused"
    UNWANTED = "unwanted"


KIND_LABELS: Mapping[JobKind, str] = {
    JobKind.PLANS: N_("Plan of the assignment"),
    JobKind.FIRMNESS: N_("Firmness of a ranking"),
    JobKind.LETTERS: N_("Letter"),
    JobKind.EXPORTS: N_("File for download"),
    JobKind.SWEEP: N_("What has had its time is forgotten"),
    JobKind.FILES: N_("Replaced files are cleared"),
    JobKind.PREPARED: N_("Prepared downloads are cleared"),
    JobKind.REHEARSAL: N_("Rehearsal of a trial contest"),
    JobKind.REMINDERS: N_("Experts are reminded of their reviews"),
    JobKind.TRIAL_FILES: N_("Files of a wiped trial contest are cleared"),
    JobKind.RENDITIONS: N_("PDF of a document"),
    JobKind.ADDITIONAL: N_("Search for an additional expert"),
}
STATE_LABELS: Mapping[JobState, str] = {
    JobState.WAITING: N_("Waits"),
    JobState.RUNNING: N_("Is being done"),
    JobState.DONE: N_("Done"),
    JobState.FAILED: N_("Failed"),
}
CODE_WORDS: Mapping[JobCode, str] = {
    JobCode.BROKEN: N_("An error of the system, noted in the worker's log."),
    JobCode.INTERRUPTED: N_("Each attempt was interrupted: the worker stopped or its machine failed."),
    JobCode.REFUSED: N_("It was refused from outside."),
    JobCode.UNWANTED: N_("Nobody wanted it any longer."),
}


@dataclass(frozen=True)
class Every:
    """A calendar: an instant every ``period``, counted from midnight UTC and moved on by ``after``."""

    period: timedelta
    after: timedelta = timedelta(0)

    def latest(self, now: datetime) -> datetime:
        """Return the last of the instants that is not after ``now``."""
        start = datetime(1970, 1, 1, tzinfo=UTC) + self.after
        return start + (now - start) // self.period * self.period


def key_of(kind: JobKind, row_id: int) -> str:
    """Return the key of the job of one row: a plan, a report, a letter."""
    return f"{kind}:{row_id}"


def trial_files_key(contest_id: int, part: int) -> str:
    """Return the key of the job that clears a part of the files of a trial that was wiped."""
    return f"{JobKind.TRIAL_FILES}:{contest_id}:{part}"


def rendition_key(sha256: str) -> str:
    """Return the key of the job that makes the PDF of a document, by the hash of the document's bytes."""
    return f"{JobKind.RENDITIONS}:{sha256}"


def export_keys(contest_id: int) -> str:
    """Return how the keys of all files that are prepared of a contest begin."""
    return f"{JobKind.EXPORTS}:{contest_id}:"


def export_key(contest_id: int, user_id: int | None, entry: str) -> str:
    """Return the key of one file of each kind a person and contest: a new one takes the place of the last."""
    return f"{export_keys(contest_id)}{user_id}:{entry}"


def scheduled_key(kind: str, instant: datetime) -> str:
    """Return the key of the job that a calendar asks for at an instant: whoever asks, it is the same job."""
    return f"{kind}@{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def scheduled_instant(key: str) -> datetime | None:
    """Return the instant that a calendar's key names; None where it is not one."""
    try:
        return datetime.fromisoformat(key.partition("@")[2])
    except ValueError:
        return None
