"""The condition of an installation: whether database, disk and worker do what they are there for. Writes nothing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from judging.adapters.disk import Disk, disks_of
from judging.adapters.heartbeat import last_beat
from judging.queries import health

SILENCE = timedelta(minutes=3)
"""After how long without a sign of life a worker that has nothing in hand is taken to be gone."""


@dataclass(frozen=True)
class Places:
    """Where an installation keeps what it keeps: its folders, and what must stay free on their disks, in bytes."""

    instance: Path
    folders: Sequence[Path]
    reserve: int


@dataclass(frozen=True)
class Condition:
    """What works; ``fault`` is what the database said, ``beat`` the worker's last sign of life."""

    database: bool
    disk: bool
    worker: bool
    disks: Sequence[Disk]
    beat: datetime | None
    fault: str = ""

    @property
    def failing(self) -> list[str]:
        """The parts that do not work."""
        parts = {"database": self.database, "disk": self.disk, "worker": self.worker}
        return [name for name, works in parts.items() if not works]


def condition_of(
    sessions: Callable[[], AbstractContextManager[Session]],
    places: Places,
    *,
    in_place: bool,
    log_waits: bool,
    now: datetime,
) -> Condition:
    """Look at everything. ``in_place``: the database's file is the one in use; ``log_waits``: of downloads."""
    disks, beat = disks_of(places.folders), last_beat(places.instance)
    fault, works = "", False
    try:
        with sessions() as session:
            works = health.answers(session)
            alive = _is_alive(session, beat, now)
    except (SQLAlchemyError, OSError) as error:
        fault, alive = str(error), beat is None or now - beat <= SILENCE
    roomy = all(disk.takes(places.reserve) for disk in disks) and not log_waits
    return Condition(works and in_place, roomy, alive, disks, beat, fault)


def _is_alive(session: Session, beat: datetime | None, now: datetime) -> bool:
    if (beat is not None and now - beat <= SILENCE) or health.in_hand(session, now):
        return True
    return beat is None and not health.waits_too_long(session, now)
