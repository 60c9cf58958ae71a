"""The computed ranking of a contest, kept in memory until something that moves it happens.

Ranking 5,000 applications takes a second or two; showing a page of it must not. The contest's ``ranking_revision``
grows with every journalled event that can move a ranking (domain/events.py), so a kept standing is right as long as
its revision is the contest's. Each process keeps the last of a few contests.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import current_app
from sqlalchemy.orm import Session

from judging.domain.collation import search_key, sort_key
from judging.domain.nominations import Nomination
from judging.domain.parts import Part, split
from judging.domain.ranking import Outcome, Placing, Ranking
from judging.domain.record import Application, ContestRecord
from judging.domain.scoring import Score, score_record
from judging.models import Contest
from judging.queries.firmness import digest_of
from judging.queries.rankings import application_ids, compute_ranking
from judging.web.single_flight import Shared

KEPT = 20_000
"""Applications in all kept standings together; one of a larger contest is kept alone."""


@dataclass(frozen=True)
class Line:
    """One application of the ranking with what the page shows and searches; ``left`` is the money left after it."""

    placing: Placing
    application: Application
    application_id: int
    cluster: str
    region: str
    initiator: str
    left: int | None

    @cached_property
    def search_text(self) -> str:
        """What the page's search looks through."""
        item = self.application
        return search_key(f"{item.number} {item.title} {self.cluster} {self.initiator} {item.initiator}")

    @cached_property
    def sort_number(self) -> str:
        """What the number is sorted by."""
        return sort_key(self.placing.number)

    @cached_property
    def sort_title(self) -> str:
        """What the title is sorted by."""
        return sort_key(self.application.title)


@dataclass(frozen=True)
class Standing:
    """A ranking with its record and lines, as computed at one revision.

    Of a contest with nominations each of its ``parts`` is a standing by itself, with its ``nomination``; what is shown
    of places, money and totals is a part's.
    """

    record: ContestRecord
    ranking: Ranking
    lines: tuple[Line, ...]
    nomination: Nomination | None = None

    @cached_property
    def parts(self) -> tuple["Standing", ...]:
        """The standings of the nominations in their order; of a contest without any, the standing itself."""
        if not self.record.contest.nominations:
            return (self,)
        lines = self.by_number
        return tuple(self._part(part, lines) for part in split(self.record))

    def _part(self, part: Part, lines: Mapping[str, Line]) -> "Standing":
        ranking = self.ranking.within(part.code)
        return Standing(part.record, ranking, tuple(lines[row.number] for row in ranking.rows), part.nomination)

    @cached_property
    def by_number(self) -> Mapping[str, Line]:
        """The lines by registration number."""
        return {line.placing.number: line for line in self.lines}

    @cached_property
    def scores(self) -> Mapping[str, Score]:
        """The exact scores by registration number."""
        if self.record.contest.nominations:
            return {number: score for part in self.parts for number, score in part.scores.items()}
        return {score.application: score for score in score_record(self.record)}

    @cached_property
    def digest(self) -> str:
        """What the report on the firmness of this ranking is named by."""
        return digest_of(self.record)

    @cached_property
    def awarded(self) -> int:
        """Kopecks given to the winners in all."""
        return sum(row.amount for row in self.ranking.rows)

    @cached_property
    def requested(self) -> int:
        """Kopecks that all ask for together."""
        return sum(line.application.requested for line in self.lines)

    @cached_property
    def regions(self) -> frozenset[str]:
        """The regions of the clusters."""
        return frozenset(line.region for line in self.lines)

    @cached_property
    def border(self) -> Line | None:
        """The last line that gets money, where somebody after it does not."""
        paid = next((line for line in reversed(self.lines) if line.placing.amount), None)
        return paid if paid is not None and paid is not self.lines[-1] else None

    @cached_property
    def _outcomes(self) -> Counter[Outcome]:
        return Counter(row.outcome for row in self.ranking.rows)

    def count(self, outcome: Outcome) -> int:
        """How many applications have this outcome."""
        return self._outcomes[outcome]


Key = tuple[int, datetime, int]
"""The contest, when it was made (an archive may replace it), and the revision of its ranking."""


class Standings(Shared[Key, Standing]):
    """The kept standings of one process: of each contest the newest, least recently used out first."""

    def of(self, session: Session, contest: Contest) -> Standing:
        """Return the contest's standing, computed anew where its revision has moved on; once, however many ask."""
        contest_id = contest.id
        key = (contest_id, contest.created_at, contest.ranking_revision)
        return self.get(session, key, lambda: compute_standing(session, contest_id))

    def keep(self, key: Key, value: Standing) -> None:
        """Keep it in place of the contest's older ones, and no more applications in all than :data:`KEPT`."""
        if any(other[:2] == key[:2] and other[2] > key[2] for other in self._kept):
            return
        for other in [one for one in self._kept if one[0] == key[0]]:
            del self._kept[other]
        self._kept[key] = value
        while len(self._kept) > 1 and sum(len(one.lines) for one in self._kept.values()) > KEPT:
            self._kept.popitem(last=False)


def standing_of(session: Session, contest: Contest) -> Standing:
    """The contest's standing from this process's store."""
    standings: Standings = current_app.extensions["standings"]
    return standings.of(session, contest)


def compute_standing(session: Session, contest_id: int) -> Standing:
    """Read, rank and line up one contest."""
    record, ranking = compute_ranking(session, contest_id)
    return line_up(record, ranking, application_ids(session, contest_id))


def line_up(record: ContestRecord, ranking: Ranking, ids: Mapping[str, int]) -> Standing:
    """Join the ranking's rows with what is known of their applications."""
    known = {item.number: item for item in record.applications}
    clusters = {item.code: item for item in record.clusters}
    legal = {item.inn: item.name for item in record.organisations}
    budgets: dict[str | None, int | None] = {item.code: item.budget for item in record.contest.nominations}
    left, lines, home = record.contest.budget, [], None
    for row in ranking.rows:
        if row.nomination != home:
            home, left = row.nomination, budgets[row.nomination]
        item = known[row.number]
        cluster = clusters[item.cluster]
        left = None if left is None else left - row.amount
        lines.append(Line(row, item, ids.get(row.number, 0), cluster.name, cluster.region, legal[item.initiator], left))
    return Standing(record, ranking, tuple(lines))
