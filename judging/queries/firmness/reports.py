"""From the record of a contest to the report on the firmness of its ranking. The official figures are the ranking's."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from judging.domain.collation import sort_key
from judging.domain.firmness import LEAST_VALUE, Expert, NextReview, Project, Refusal, Report
from judging.domain.funding import claim
from judging.domain.ranking import Placing, Ranking, rank_scores
from judging.domain.record import ContestRecord, Review
from judging.domain.rubric import BelowPass, maximum_total
from judging.domain.rules import Rules
from judging.domain.scoring import Score, floors_missed, score_record
from judging.domain.sensitivity import provisional_awards, sensitivity
from judging.domain.thresholds import passes, worst
from judging.queries.firmness.agreements import agreements
from judging.queries.firmness.digests import digest_of
from judging.queries.firmness.marks import Marks, counted_of, lay_out, panels_of, totals
from judging.queries.firmness.panels import Judged, Stakes, judge_panel

PROPOSED = 10
"""So many projects are proposed for one more review."""
WHOLE, READ, JUDGED, AGREED = 100, 5, 55, 60
"""Per cent of the work that are behind after each part."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Official:
    """The ranking and what it was made from."""

    scores: Sequence[Score]
    ranking: Ranking
    awards: Mapping[str, int]
    reviews: tuple[Review, ...]


def compute_report(record: ContestRecord, progress: Progress | None = None) -> Report:
    """Return the report; the same one for the same record, whatever the order of its lists.

    ``progress(done, of)`` is called between the parts of the work; what it raises ends it.
    """
    steps = _Steps(progress)
    official = _official(record)
    steps.reach(READ)
    marks = lay_out(totals(record.contest.criteria, official.reviews))
    refusal = _refusal(official.ranking, marks)
    if refusal is not None:
        return _report(record, official, refusal=refusal)
    judged = _judged(record, official, marks, steps)
    agreed = tuple(agreements(record.contest.criteria, official.reviews))
    steps.reach(AGREED)
    projects = _projects(official, marks, judged)
    return _report(
        record,
        official,
        panels=tuple(item.panel for item in judged),
        projects=projects,
        experts=tuple(sorted(chain.from_iterable(item.experts for item in judged), key=_by_name)),
        cells=tuple(chain.from_iterable(item.cells for item in judged)),
        agreement=agreed,
        sensitivity=sensitivity(record, official.scores, lambda done, of: steps.part(AGREED, WHOLE, done, of)),
        next_reviews=_next_reviews(projects),
    )


class _Steps:
    """Tells how much is done, in whole per cent, no number twice."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._told = progress, 0

    def reach(self, percent: int) -> None:
        if self._progress is not None and percent > self._told:
            self._told = percent
            self._progress(percent, WHOLE)

    def part(self, start: int, end: int, done: int, of: int) -> None:
        self.reach(start + (end - start) * done // of)


def _official(record: ContestRecord) -> _Official:
    terms = record.contest
    scores = score_record(record)
    ranking = rank_scores(terms, record.applications, scores)
    awards = provisional_awards(terms, record.applications, ranking)
    return _Official(scores, ranking, awards, counted_of(record, scores))


def _refusal(ranking: Ranking, marks: Marks) -> Refusal | None:
    if not ranking.rows:
        return Refusal.NO_PROJECTS
    return None if marks.rows else Refusal.NO_REVIEWS


def _report(record: ContestRecord, official: _Official, **parts: Any) -> Report:
    from judging.engines.calibration import ENGINE_VERSION

    return Report(
        contest=record.contest.code,
        digest=digest_of(record),
        engine=ENGINE_VERSION,
        provisional=any(row.needs is not None for row in official.ranking.rows),
        maximum=maximum_total(record.contest.criteria),
        line=len(official.awards),
        budget=record.contest.budget,
        **parts,
    )


def _judged(record: ContestRecord, official: _Official, marks: Marks, steps: _Steps) -> list[Judged]:
    known = {item.email: item.name for item in record.experts}
    names = {email: known.get(email, email) for email in marks.experts}
    stakes, panels, judged = _stakes(record, official), panels_of(marks), []
    for number, panel in enumerate(panels, start=1):
        judged.append(judge_panel(number, panel, stakes, names))
        steps.part(READ, JUDGED, number, len(panels))
    return judged


def _stakes(record: ContestRecord, official: _Official) -> Stakes:
    terms = record.contest
    requested = {item.number: item.requested for item in record.applications}
    panel = {item.number: item.panel for item in record.applications}
    cap = terms.rules.cap_per_application
    return Stakes(
        rules=terms.rules,
        budget=terms.budget,
        computed={score.application: float(score.computed) for score in official.scores},
        wanted={
            score.application: claim(score.application, requested[score.application], cap).wanted
            if passes(_below(terms.rules, floors_missed(terms.criteria, score), score), panel[score.application])
            else 0
            for score in official.scores
        },
        awards=official.awards,
    )


def _below(rules: Rules, missed: frozenset[BelowPass], score: Score) -> BelowPass | None:
    """Return what bars a project whatever its total will be; where the panel decides of totals, what bars it now."""
    return score.below if rules.below_pass is BelowPass.PANEL else worst(missed)


def _projects(official: _Official, marks: Marks, judged: Iterable[Judged]) -> tuple[Project, ...]:
    panels = {number: item.panel.number for item in judged for number in item.numbers}
    known = {number: fields for item in judged for number, fields in item.projects.items()}
    reviews = Counter(row.number for row in marks.rows)
    places = _panel_places(official.ranking.rows, panels)
    return tuple(
        Project(
            number=row.number,
            place=row.place,
            total=row.total,
            outcome=row.outcome,
            winner=row.number in official.awards,
            reviews=reviews[row.number],
            panel=panels.get(row.number),
            panel_place=places.get(row.number),
            **known.get(row.number, {}),
        )
        for row in official.ranking.rows
    )


def _panel_places(rows: Iterable[Placing], panels: Mapping[str, int]) -> Mapping[str, int]:
    """Return the places among those of the own panel; who shares a place officially shares it here."""
    seen: Counter[int] = Counter()
    last: dict[int, tuple[int, int]] = {}
    places = {}
    for row in rows:
        panel = panels.get(row.number)
        if panel is None:
            continue
        seen[panel] += 1
        official, own = last.get(panel, (0, 0))
        places[row.number] = own if official == row.place else seen[panel]
        last[panel] = (row.place, places[row.number])
    return places


def _by_name(expert: Expert) -> tuple[str, str]:
    return sort_key(expert.name), expert.email


def _next_reviews(projects: Iterable[Project]) -> tuple[NextReview, ...]:
    """Return the projects for which one more review is worth most, best first."""
    worth = [(item, item.next_value) for item in projects if item.next_value and item.next_value >= LEAST_VALUE]
    worth.sort(key=lambda pair: (-pair[1], pair[0].place, sort_key(pair[0].number)))
    return tuple(NextReview(item.number, value, item.reviews, item.p_line) for item, value in worth[:PROPOSED])
