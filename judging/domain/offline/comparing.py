"""What a file that came back would do to the sheets: every place that it fills is in exactly one of four states."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from judging.domain.errors import N_, Fault
from judging.domain.offline.places import Place, Written, fingerprint


class State(StrEnum):
    """What a place of the file is against the stored sheet.

    ``new``: it differs, and nobody has changed the place on the site since the file was made. ``changed``: it differs,
    and the site has changed since. ``invalid``: it cannot be taken at all.
    """

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    INVALID = "invalid"


class Keep(StrEnum):
    """Which of two versions stays where the site has changed since the file was made."""

    ONLINE = "online"
    FILE = "file"


CHANGED_ON_BOTH = N_("changed both in the file and on the site after the file was downloaded")
CHANGED_ONLINE = N_("changed on the site after the file was downloaded; in the file it is as it was downloaded")
CLEARED = N_("empty in the file: what is stored will be cleared")


@dataclass(frozen=True)
class Filled:
    """What the file has in a place: the cell («Заявка 7!E9»), its text, and why it cannot be taken."""

    cell: str
    text: str = ""
    fault: Fault | None = None


@dataclass(frozen=True)
class Given:
    """One sheet of the file beside the stored one.

    ``base`` has the fingerprints of every place as the file was made. ``closed`` says why the sheet can take nothing.
    """

    review_id: int
    version: int
    number: str
    base: Mapping[Place, str]
    stored: Written
    filled: Mapping[Place, Filled]
    closed: Fault | None = None


@dataclass(frozen=True)
class Row:
    """A place that the file fills, or has cleared. ``untouched``: in the file it is as it was downloaded."""

    review_id: int
    number: str
    place: Place
    state: State
    cell: str
    why: Fault | None = None
    stored: str = ""
    text: str = ""
    untouched: bool = False

    @property
    def in_conflict(self) -> bool:
        """Whether somebody has to choose: the place was changed both in the file and on the site."""
        return self.state is State.CHANGED and not self.untouched


@dataclass(frozen=True)
class Compared:
    """A whole file beside what is stored."""

    given: tuple[Given, ...] = ()
    rows: tuple[Row, ...] = field(default=())

    def count(self, state: State) -> int:
        """Return how many rows are in a state."""
        return sum(row.state is state for row in self.rows)

    @property
    def invalid(self) -> bool:
        """Whether something keeps the file from being taken."""
        return any(row.state is State.INVALID for row in self.rows)

    @property
    def conflicts(self) -> bool:
        """Whether somebody has to choose between two versions."""
        return any(row.in_conflict for row in self.rows)


def compare(given: Iterable[Given]) -> Compared:
    """Compare every sheet of a file with the stored one."""
    sheets = tuple(given)
    return Compared(sheets, tuple(row for sheet in sheets for row in compare_sheet(sheet)))


def compare_sheet(given: Given) -> Iterator[Row]:
    """Yield a row for every place of a sheet that the file fills or has cleared, in the order of the file."""
    for place, filled in given.filled.items():
        row = _row(given, place, filled)
        if row is not None:
            yield row


def _row(given: Given, place: Place, filled: Filled) -> Row | None:
    stored, base = given.stored.get(place, ""), given.base.get(place, "")
    untouched = filled.fault is None and fingerprint(filled.text) == base

    def found(state: State, why: Fault | None = None) -> Row:
        return Row(
            given.review_id, given.number, place, state, filled.cell, why, stored, filled.text, untouched=untouched
        )

    if filled.fault is not None:
        return found(State.INVALID, filled.fault)
    if filled.text == stored:
        return found(State.SAME) if stored else None
    if untouched:
        return found(State.CHANGED, Fault("", CHANGED_ONLINE)) if filled.text else None
    if given.closed is not None:
        return found(State.INVALID, given.closed)
    if fingerprint(stored) != base:
        return found(State.CHANGED, Fault("", CHANGED_ON_BOTH))
    return found(State.NEW, None if filled.text else Fault("", CLEARED))


def changes(rows: Iterable[Row], choice: Callable[[Row], Keep]) -> dict[int, dict[Place, str]]:
    """Return what is to be written, by the id of the review: what is new, and what was chosen of the file."""
    wanted: dict[int, dict[Place, str]] = {}
    for row in rows:
        if row.state is State.NEW or (row.state is State.CHANGED and choice(row) is Keep.FILE):
            wanted.setdefault(row.review_id, {})[row.place] = row.text
    return wanted
