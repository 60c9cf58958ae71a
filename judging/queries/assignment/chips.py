"""What both sides of the assignment board share: its filter, and tasks as chips of a row."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import Action, ReviewStatus, Subject, is_possible
from judging.models import Application, Expert, Review
from judging.queries.assignment.places import in_conflict

OFFERED = 15
"""How many candidates a row of the board offers; the page of the application or the expert offers all."""


@dataclass(frozen=True)
class BoardFilter:
    """What a board shows; ``sort`` is a key of its table of orders, with a minus for the other direction."""

    text: str = ""
    state: str = ""
    region: str = ""
    sort: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.text or self.state or self.region)


@dataclass(frozen=True)
class Chip:
    """A task as a row shows it: with its expert in the applications' view, its application in the experts' one."""

    id: int
    expert_id: int
    expert: str
    application_id: int
    number: str
    title: str
    status: ReviewStatus
    additional: bool
    version: int
    has_draft: bool
    barred: bool
    set_aside: bool = False

    @property
    def removable(self) -> bool:
        """Whether it can be taken off its expert."""
        return is_possible(Subject.REVIEW, self.status, Action.REMOVE)

    @property
    def leaves_at_once(self) -> bool:
        """Whether it can be taken off without asking why: the expert is not at work on it."""
        return self.removable and not self.status.is_accepted and not self.has_draft


def tasks_where(session: Session, *conditions: ColumnElement[bool]) -> list[Chip]:
    """The tasks under these conditions, by number of the application, then by expert."""
    query = (
        select(
            Review.id, Review.expert_id, Expert.name.label("expert"), Review.application_id, Application.number,
            Application.title, Review.status, Review.additional, Review.version, has_draft().label("has_draft"),
            in_conflict().label("barred"), Review.set_aside_at.is_not(None).label("set_aside"),
        )
        .join(Expert, Expert.id == Review.expert_id)
        .join(Application, Application.id == Review.application_id)
        .where(*conditions)
        .order_by(Application.sort_number, Review.additional, Expert.sort_name, Review.id)
    )  # fmt: skip
    return [_chip(row) for row in session.execute(query)]


def has_draft() -> ColumnElement[bool]:
    """Whether anything is on the sheet: its texts, which are long, stay where they are."""
    written = [func.coalesce(cast(column, Text), "{}") != "{}" for column in (Review.scores, Review.comments)]
    return or_(*written, func.coalesce(Review.recommendation, "") != "")


def _chip(row: Any) -> Chip:
    return Chip(**{**row._mapping, "status": ReviewStatus(row.status), "has_draft": bool(row.has_draft)})


def grouped(chips: Iterable[Chip], key: str) -> defaultdict[int, list[Chip]]:
    """The chips by application (``key`` application_id) or by expert (expert_id)."""
    groups: defaultdict[int, list[Chip]] = defaultdict(list)
    for chip in chips:
        groups[getattr(chip, key)].append(chip)
    return groups
