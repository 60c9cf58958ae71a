"""Who sees whose marks and names, and when: the setting of a contest, decided for one review or application at a time.

Marks mean everything that a sheet says: marks, comments to the commission, the recommendation, the confidence, and
every figure that is computed of them. How far the experts are is no secret of theirs: staff see it at any time.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from judging.domain.errors import N_


class Opens(StrEnum):
    """When the marks of an application open to somebody; each later one is stricter than those before it."""

    HANDED_IN = "handed_in"
    OWN = "own"
    ALL = "all"
    CLOSED = "closed"
    NEVER = "never"


STRICTNESS: Mapping[Opens, int] = {opens: place for place, opens in enumerate(Opens)}
FOR_EXPERTS = (Opens.NEVER, Opens.OWN, Opens.ALL, Opens.CLOSED)
"""What may be chosen for the other experts of an application."""
FOR_STAFF = (Opens.HANDED_IN, Opens.ALL, Opens.CLOSED)
"""What may be chosen for staff and for the commission; «never» would leave nobody to freeze the ranking."""
LOOK_LASTS = timedelta(hours=1)
"""For how long a look before the time opens what it was asked for."""

EXPERT_LABELS: Mapping[Opens, str] = {
    Opens.NEVER: N_("Never"),
    Opens.OWN: N_("After the expert's own review is submitted"),
    Opens.ALL: N_("After all reviews of the application are submitted"),
    Opens.CLOSED: N_("After the reviews close"),
}
STAFF_LABELS: Mapping[Opens, str] = {
    Opens.HANDED_IN: N_("Each review as soon as it is submitted"),
    Opens.ALL: N_("After all reviews of the application are submitted"),
    Opens.CLOSED: N_("After the reviews close"),
}


@dataclass(frozen=True)
class Visibility:
    """The setting. A contest that says nothing has these values: what held before there was a setting.

    ``experts``: when an expert sees the reviews of the others on the same application; ``names``: whether with their
    names. ``staff``: when the secretary and the observers see marks, ``chair``: when the chair and the commission do.
    ``applicant_marks``: whether a team reads the marks, too, beside the comments that are addressed to it.
    """

    experts: Opens = Opens.NEVER
    names: bool = False
    staff: Opens = Opens.HANDED_IN
    chair: Opens = Opens.HANDED_IN
    applicant_marks: bool = False


PLAIN = Visibility()
STRICT = Visibility(staff=Opens.CLOSED, chair=Opens.CLOSED)
"""What a new contest begins with: until the reviews close staff see how far they are, not what they say."""


@dataclass(frozen=True)
class Moment:
    """What the setting goes by, of one application: whether all its reviews are submitted, whether reviews closed."""

    all_submitted: bool
    closed: bool


def opens_to_staff(opens: Opens, moment: Moment) -> bool:
    """Say whether a review that is handed in is open to somebody of the staff or the commission."""
    return {
        Opens.HANDED_IN: True,
        Opens.OWN: False,
        Opens.ALL: moment.all_submitted or moment.closed,
        Opens.CLOSED: moment.closed,
        Opens.NEVER: False,
    }[opens]


def opens_to_expert(opens: Opens, moment: Moment, *, own_submitted: bool) -> bool:
    """Say whether a review that is handed in is open to another expert of the application.

    Whatever is chosen, nobody who has still to judge sees how others judged: one's own review comes first.
    """
    return (
        own_submitted
        and {
            Opens.HANDED_IN: False,
            Opens.OWN: True,
            Opens.ALL: moment.all_submitted or moment.closed,
            Opens.CLOSED: moment.closed,
            Opens.NEVER: False,
        }[opens]
    )


def is_stricter(wanted: Visibility, present: Visibility) -> bool:
    """Say whether nobody sees anything by ``wanted`` that they would not see by ``present``."""
    later = all(
        STRICTNESS[getattr(wanted, name)] >= STRICTNESS[getattr(present, name)]
        for name in ("experts", "staff", "chair")
    )
    return later and wanted.names <= present.names and wanted.applicant_marks <= present.applicant_marks


def visibility_document(visibility: Visibility) -> dict[str, Any]:
    """Return the setting as a contest keeps it: what is as it was before there was a setting is left out."""
    values = {field.name: getattr(visibility, field.name) for field in fields(visibility)}
    return {
        name: value.value if isinstance(value, Opens) else value
        for name, value in values.items()
        if value != getattr(PLAIN, name)
    }


def visibility_of(document: Mapping[str, Any]) -> Visibility:
    """Return the setting that a stored document holds."""
    return Visibility(
        experts=Opens(document.get("experts", PLAIN.experts)),
        names=bool(document.get("names")),
        staff=Opens(document.get("staff", PLAIN.staff)),
        chair=Opens(document.get("chair", PLAIN.chair)),
        applicant_marks=bool(document.get("applicant_marks")),
    )


@dataclass(frozen=True)
class Task:
    """A task on an application, as far as its label depends on it; ``batch`` orders tasks by when they were given."""

    id: int
    additional: bool
    batch: Any


def label_numbers(key: str, tasks: Iterable[Task]) -> Mapping[int, int]:
    """Return the number of each task's expert in «Expert 1», «Expert 2», by the task.

    The regular reviews come first, then those that were given later. Within one batch the order is that of a keyed
    hash: it tells nothing of names, addresses or who was the first to submit, and it is the same in every document.
    """
    ordered = sorted(tasks, key=lambda task: (task.additional, task.batch, _hash(key, task.id)))
    return {task.id: place for place, task in enumerate(ordered, 1)}


def _hash(key: str, task_id: int) -> bytes:
    return hmac.digest(key.encode(), str(task_id).encode(), "sha256")


@dataclass(frozen=True)
class Sight:
    """What somebody may see of the marks of a contest: everything, or those of the ``applications``, by id.

    ``opens``: what the setting says for this person.
    """

    everything: bool
    opens: Opens = Opens.HANDED_IN
    applications: frozenset[int] = frozenset()

    def shows(self, application_id: int | None) -> bool:
        """Say whether the marks of the application are open; None: those of the contest as a whole."""
        return self.everything or (application_id is not None and application_id in self.applications)


OPEN = Sight(everything=True)
"""Everything is open: to the console, and where the setting hides nothing from staff."""
