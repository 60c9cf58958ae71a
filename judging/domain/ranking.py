"""From scored applications to places: order, tie-breaks, shared places, outcomes.

Source of the arithmetic: the contest-archive format, «From reviews to a total» and «From totals to places and money».
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

from judging.domain.errors import N_
from judging.domain.funding import claim, walk
from judging.domain.parts import split
from judging.domain.record import AgreedReview, Application, Conflict, ContestRecord, ContestTerms, Review
from judging.domain.rules import Rules, Tiebreak, tiebreak_of
from judging.domain.scoring import Needs as Needs
from judging.domain.scoring import Score, score_applications

KOPECKS_IN_ROUBLE = 100
NO_POINTS = Decimal(0)
"""Of what is outside the total, which decides nothing; the rules name no such tie breaker, those of a draft may."""
Key = tuple[Decimal | int | datetime, ...]
"""What orders applications; equal keys share a place."""


class Outcome(StrEnum):
    """What the ranking proposes for an application."""

    WINNER = "winner"
    RESERVE = "reserve"
    BELOW_THRESHOLD = "below_threshold"
    INCOMPLETE = "incomplete"


NEEDS_LABELS: Mapping[Needs, str] = {
    Needs.REVIEWS: N_("Reviews are missing"),
    Needs.ADDITIONAL_REVIEW: N_("An additional review is needed"),
    Needs.PANEL: N_("Awaits the panel's decision"),
}

OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.WINNER: N_("Winner"),
    Outcome.RESERVE: N_("Reserve list"),
    Outcome.BELOW_THRESHOLD: N_("Below the threshold"),
    Outcome.INCOMPLETE: N_("Review not complete"),
}


@dataclass(frozen=True)
class Placing:
    """A row of the ranking. Totals and points are rounded to the contest's decimals; ``amount`` is in kopecks.

    ``criteria`` are the points of what is in the total, by code; ``outside`` the marks of what is not: on the
    criterion's own scale, of a computed one out of 10; without what has no mark.
    ``nomination`` is the code of the part in which the place is; None in a contest without nominations.
    ``agreed``: whose agreed score counts in the place of all reviews, by e-mail. ``awaits_panel``: a threshold that
    leads to the panel is missed, and the panel has not decided, whatever else is needed.
    """

    place: int
    tied: bool
    number: str
    total: Decimal
    computed: Decimal
    expert: Decimal
    passed: bool
    diverged: bool
    needs: Needs | None
    outcome: Outcome
    amount: int
    criteria: Mapping[str, Decimal]
    counted: tuple[str, ...]
    nomination: str | None = None
    outside: Mapping[str, Decimal] = field(default_factory=dict)
    agreed: str | None = None
    awaits_panel: bool = False


@dataclass(frozen=True)
class Ranking:
    """The ranking of one contest: a row per admitted application, in order; nomination after nomination."""

    contest: str
    rows: tuple[Placing, ...]

    def within(self, nomination: str | None) -> "Ranking":
        """Return the ranking of one nomination; None: of a contest without nominations, all of it."""
        return Ranking(self.contest, tuple(row for row in self.rows if row.nomination == nomination))


@dataclass(frozen=True)
class _Entry:
    """An application with its score and the key that orders it; equal keys share a place."""

    application: Application
    score: Score
    key: Key


def rank(record: ContestRecord) -> Ranking:
    """Rank a whole contest, each nomination by itself; a pure function of the record, whatever its lists' order."""
    rows: list[Placing] = []
    for part in split(record):
        own = part.record
        found = rank_contest(own.contest, own.applications, own.reviews, own.conflicts, own.agreed).rows
        rows += found if part.nomination is None else (replace(row, nomination=part.code) for row in found)
    return Ranking(record.contest.code, tuple(rows))


def rank_contest(
    terms: ContestTerms,
    applications: Sequence[Application],
    reviews: Iterable[Review],
    conflicts: Iterable[Conflict],
    agreed: Iterable[AgreedReview] = (),
) -> Ranking:
    """Rank the admitted applications of a contest without nominations, or of one of its parts."""
    return rank_scores(terms, applications, score_applications(terms, applications, reviews, conflicts, agreed))


def rank_scores(terms: ContestTerms, applications: Sequence[Application], scored: Iterable[Score]) -> Ranking:
    """Rank applications whose scores are known; those without one are left out."""
    scores = {score.application: score for score in scored}
    key = sort_key(terms.rules)
    entries = [
        _Entry(item, score, key(item, score.rounded.total, score.rounded.criteria))
        for item in applications
        if (score := scores.get(item.number)) is not None
    ]
    entries.sort(key=lambda entry: (entry.key, entry.application.number))
    awards = _awards(terms, entries)
    return Ranking(
        contest=terms.code,
        rows=tuple(_placing(entry, place, tied, awards) for entry, place, tied in _places(entries)),
    )


def ranking_document(ranking: Ranking, rounding: int) -> dict[str, Any]:
    """Return the ranking as the JSON document of the contest-archive format: numbers are strings in plain notation."""
    return {"contest": ranking.contest, "rows": [_row_document(row, rounding) for row in ranking.rows]}


def sort_key(rules: Rules) -> Callable[[Application, Decimal, Mapping[str, Decimal]], Key]:
    """Return the function of an application, its total and its points by criterion code that gives its key.

    Total and points are rounded. The greater total comes first, then the tie breakers decide in turn.
    """
    breakers = [tiebreak_of(text) for text in rules.tie_breakers]

    def key(application: Application, total: Decimal, points: Mapping[str, Decimal]) -> Key:
        rest = (_tie_value(kind, code, application, points) for kind, code in breakers)
        return (total.copy_negate(), *rest)

    return key


def _tie_value(
    kind: Tiebreak, code: str | None, application: Application, points: Mapping[str, Decimal]
) -> Decimal | int | datetime:
    match kind:
        case Tiebreak.CRITERION:
            return points.get(code or "", NO_POINTS).copy_negate()
        case Tiebreak.REQUESTED:
            return application.requested
        case Tiebreak.SUBMITTED_AT:
            return application.submitted_at


def _places(entries: Sequence[_Entry]) -> Iterable[tuple[_Entry, int, bool]]:
    """Yield each entry with its place (1, 2, 2, 4) and whether the place is shared."""
    before = 0
    for _, group in groupby(entries, key=lambda entry: entry.key):
        sharing = list(group)
        yield from ((entry, before + 1, len(sharing) > 1) for entry in sharing)
        before += len(sharing)


def _awards(terms: ContestTerms, entries: Iterable[_Entry]) -> Mapping[str, int]:
    cap = terms.rules.cap_per_application
    claims = [
        claim(entry.application.number, entry.application.requested, cap)
        for entry in entries
        if entry.score.passed and entry.score.needs is None
    ]
    return walk(claims, terms.budget, terms.rules)


def _placing(entry: _Entry, place: int, tied: bool, awards: Mapping[str, int]) -> Placing:
    score, number = entry.score, entry.application.number
    return Placing(
        place=place,
        tied=tied,
        number=number,
        total=score.rounded.total,
        computed=score.rounded.computed,
        expert=score.rounded.expert,
        passed=score.passed,
        diverged=score.diverged,
        needs=score.needs,
        outcome=_outcome(score, number in awards),
        amount=awards.get(number, 0),
        criteria=score.rounded.criteria,
        counted=score.counted,
        outside=score.rounded.outside,
        agreed=score.agreed,
        awaits_panel=score.awaits_panel,
    )


def _outcome(score: Score, awarded: bool) -> Outcome:
    if score.needs is not None:
        return Outcome.INCOMPLETE
    if not score.passed:
        return Outcome.BELOW_THRESHOLD
    return Outcome.WINNER if awarded else Outcome.RESERVE


def _row_document(row: Placing, rounding: int) -> dict[str, Any]:
    return {
        **({} if row.nomination is None else {"nomination": row.nomination}),
        "place": row.place,
        "tied": row.tied,
        "number": row.number,
        "total": f"{row.total:.{rounding}f}",
        "computed": f"{row.computed:.{rounding}f}",
        "expert": f"{row.expert:.{rounding}f}",
        "passed": row.passed,
        "diverged": row.diverged,
        "needs": None if row.needs is None else row.needs.value,
        "outcome": row.outcome.value,
        "amount": f"{row.amount // KOPECKS_IN_ROUBLE}.{row.amount % KOPECKS_IN_ROUBLE:02d}",
        "criteria": {code: f"{points:.{rounding}f}" for code, points in row.criteria.items()},
        **({"outside": {code: f"{mark:.{rounding}f}" for code, mark in row.outside.items()}} if row.outside else {}),
        "counted": list(row.counted),
        **({} if row.agreed is None else {"agreed": row.agreed}),
    }
