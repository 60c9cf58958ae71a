"""What is counted over a whole contest, kept in memory until it can be another number.

Loads, places and progress of 20,000 applications take a second to count; showing a page of fifty must not. They follow
from the statuses of reviews and from what moves the ranking, so that they are right as long as the contest's
``ranking_revision`` and its reviews by status are what they were: a status that changes at one revision changes those
numbers, for then experts only accept their tasks, and each time one more is accepted.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import current_app

from judging.extensions import db
from judging.models import Contest
from judging.queries import boards
from judging.web.single_flight import Shared

T = TypeVar("T")
KEPT = 24
Key = tuple[str, int, datetime, int, tuple[tuple[str, int], ...]]
"""What is counted; the contest, when it was made, its revision, its reviews by status."""


class Tallies(Shared[Key, Any]):
    """The kept counts of one process: of each kind and contest the newest, least recently used out first."""

    def keep(self, key: Key, value: Any) -> None:
        """Keep it in place of what was counted before, and the last :data:`KEPT`."""
        for other in [one for one in self._kept if one[:2] == key[:2]]:
            del self._kept[other]
        self._kept[key] = value
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


class Tally:
    """What has been or is now counted over one contest, as it is in this transaction."""

    def __init__(self, contest: Contest) -> None:
        statuses = boards.statuses(db.session, contest.id)
        self._state = (contest.id, contest.created_at, contest.ranking_revision, statuses)

    def get(self, kind: str, count: Callable[[], T]) -> T:
        """Return what was counted before at this state, or what ``count`` counts now."""
        tallies: Tallies = current_app.extensions["tallies"]
        return cast(T, tallies.get(db.session, (kind, *self._state), count))
