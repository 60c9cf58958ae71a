"""What a kind of job is: how its work is done, how often it is tried, and what it does where it comes to nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from judging.adapters.arriving import Arriving
from judging.adapters.mail import Transport
from judging.adapters.storage import Storage
from judging.domain.access import By
from judging.domain.errors import N_, RuleViolation
from judging.domain.jobs import Every, JobCode
from judging.models.engine import reading
from judging.services.queue import KindTerms

Clock = Callable[[], datetime]
Sessions = Callable[[], AbstractContextManager[Session]]


def utc_now() -> datetime:
    """The clock of the jobs."""
    return datetime.now(UTC)


class Unwanted(Exception):
    """Nobody wants the work any longer: the job is done without having been carried out."""


class Refused(Exception):
    """Somebody outside did not take what was to be done; for good, or (``permanent`` False) for now."""

    def __init__(self, words: str, *, permanent: bool) -> None:
        super().__init__(words)
        self.permanent = permanent


class NotRepeatable(RuleViolation):
    """The job cannot be tried again: what it was for is gone, or something newer has its place."""

    def __init__(self) -> None:
        super().__init__(N_("This cannot be tried again: what it was for is gone or has been asked for anew."))


@dataclass(frozen=True)
class Means:
    """What the work may use beside the database; ``transport`` is None where no mail server is set up.

    ``public_url`` is what links of letters begin with. ``office`` is the program that makes PDFs of documents; None
    where there is none.
    """

    storage: Storage | None = None
    transport: Transport | None = None
    arriving: Arriving | None = None
    keep_replaced: timedelta = timedelta(days=30)
    public_url: str = ""
    office: Path | None = None


def has_storage(means: Means) -> bool:
    """Whether the store of documents is at hand."""
    return means.storage is not None


@dataclass(frozen=True)
class Mishap:
    """An attempt that failed: of the job's ``attempt`` attempts the last one, where it is ``final``."""

    args: Mapping[str, Any]
    code: JobCode
    words: str
    attempt: int
    final: bool


@dataclass(frozen=True)
class Done:
    """What came of the work: ``store`` writes it, in the short transaction that ends the job."""

    store: Callable[[Session, datetime], None] = lambda _session, _now: None
    result: Mapping[str, Any] | None = None


class Watch(Protocol):
    """Told how far the work is."""

    def __call__(self, done: int, of: int, words: str = "") -> None:
        """Between two steps; raises where the work is to be given up."""


@dataclass(frozen=True)
class JobTask:
    """One job as its work sees it, ``token`` being of this attempt; ``progress`` is to be called between steps."""

    id: int
    token: str
    args: Mapping[str, Any]
    attempt: int
    sessions: Sessions
    clock: Clock
    means: Means
    progress: Watch

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a short transaction that only reads."""
        with reading(), self.sessions() as session:
            yield session


def _no_mishap(_session: Session, _mishap: Mishap, _now: datetime) -> None:
    """Nothing but the job itself has to know of it."""


def _no_revival(_session: Session, _args: Mapping[str, Any], _by: By) -> bool:
    """Nothing but the job itself has to be set back. False: the journal does not know of it yet."""
    return False


@dataclass(frozen=True)
class Kind:
    """One entry of the registry.

    ``work`` reads and computes outside any transaction of its own and returns what is to be stored; ``pauses`` come
    after the first, second, … failure (the last one after all further ones; none: at once). ``noted`` is called in the
    transaction that puts a job off or gives it up; ``revived`` in the one in which an administrator has a failed job
    tried again: it raises :class:`NotRepeatable` where it cannot be, and returns whether it has recorded that.
    ``ready`` is called once before a watch begins; ``possible`` says whether the means are there.
    """

    name: str
    work: Callable[[JobTask], Done]
    tries: int = 3
    pauses: tuple[timedelta, ...] = ()
    at_once: int | None = None
    priority: int = 0
    calendar: Every | None = None
    noted: Callable[[Session, Mishap, datetime], None] = _no_mishap
    revived: Callable[[Session, Mapping[str, Any], By], bool] = _no_revival
    ready: Callable[[], object] = field(default=lambda: None)
    possible: Callable[[Means], bool] = field(default=lambda _means: True)

    @property
    def terms(self) -> KindTerms:
        """What the queue has to know of it."""
        return KindTerms(self.tries, self.at_once, self.priority)

    def pause(self, attempt: int) -> timedelta:
        """How long after this attempt has failed the next one is due."""
        if not self.pauses:
            return timedelta(0)
        return self.pauses[min(attempt, len(self.pauses)) - 1]
