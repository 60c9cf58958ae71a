"""What the winners hang on: the official ranking with one thing changed at a time, in the official exact arithmetic.

Scenarios, each compared with the ranking as it is:

- the weight of one criterion is a tenth greater or smaller, and all other weights are rescaled by one factor so that
  their sum stays (left out where there is nothing to rescale: a single criterion, or one that takes the whole sum);
- one expert's reviews do not count. What is left is judged anew: whether it diverges, which reviews count, thresholds.
  An application that nobody else has marked keeps its score, since nothing is left to judge it by, and so does one
  whose agreed score counts in the place of reviews;
- the mean of the marks in place of their median, and the reverse.

*Needs are waived* throughout: an application is ranked on what is there even where a review is missing or an additional
one is called for, before and after the change alike; the panel's decision stays as it is, and where there is none the
application does not pass. Once a contest needs nothing, «before» is the official ranking.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple, cast

from judging.domain.countable import agreed_scores
from judging.domain.firmness import Contested, Scenario, ScenarioKind, Sensitivity
from judging.domain.funding import Claim, claim, walk
from judging.domain.ranking import Key, Ranking, sort_key
from judging.domain.record import Application, ContestRecord, ContestTerms, Decision, Review
from judging.domain.rubric import Criterion, counting_criteria
from judging.domain.rules import Aggregate, tiebreak_of
from judging.domain.scoring import (
    Score,
    countable_reviews,
    floors_missed,
    reaches,
    round_half_up,
    score_applications,
)
from judging.domain.shares import ZERO, bases
from judging.domain.thresholds import passes, worst

STEP = 10
"""Per cent by which a weight is changed."""

Watch = Callable[[int, int], None]
"""Told how many scenarios are done, and of how many."""


class _Entry(NamedTuple):
    """An application in the order of the ranking: entries sort as the ranking does."""

    key: Key
    number: str
    passed: bool


class _Reweighing(NamedTuple):
    """The weight of the criterion ``code`` multiplied by ``own``, all the others by ``rest``."""

    code: str
    own: Fraction
    rest: Fraction


Entries = dict[str, _Entry]
_Case = tuple[Scenario, Callable[[], Entries]]


def provisional_awards(terms: ContestTerms, applications: Iterable[Application], ranking: Ranking) -> Mapping[str, int]:
    """Return the awards, in kopecks by number, with needs waived: the official ones where nothing is needed."""
    claims = _claims(terms, applications)
    return walk([claims[row.number] for row in ranking.rows if row.passed], terms.budget, terms.rules)


def sensitivity(record: ContestRecord, scores: Sequence[Score], watch: Watch | None = None) -> Sensitivity:
    """Return every scenario of a contest; ``scores`` are those of ``score_applications``."""
    base = _Base(record, scores)
    cases = [*base.weights(), *base.experts(), *base.aggregates()]
    scenarios = []
    for done, (scenario, changed) in enumerate(cases, start=1):
        scenarios.append(base.compared(scenario, changed()))
        if watch is not None:
            watch(done, len(cases))
    crossings = Counter(number for item in scenarios for number in (*item.up, *item.down))
    winners = frozenset(base.winners)
    return Sensitivity(
        scenarios=tuple(scenarios),
        steadfast=tuple(number for number in base.winners if number not in crossings),
        contested=tuple(
            Contested(entry.number, entry.number in winners, crossings[entry.number])
            for entry in base.entries
            if entry.number in crossings
        ),
    )


def _claims(terms: ContestTerms, applications: Iterable[Application]) -> Mapping[str, Claim]:
    cap = terms.rules.cap_per_application
    return {item.number: claim(item.number, item.requested, cap) for item in applications}


class _Base:
    """The ranking as it is, with everything that a scenario starts from."""

    def __init__(self, record: ContestRecord, scores: Sequence[Score]) -> None:
        admitted = [item for item in record.applications if item.status is Decision.ADMITTED]
        terms = record.contest
        compared = bases(terms.criteria, admitted, terms.frozen_base)
        self._terms = replace(terms, frozen_base=compared)  # so that some of the applications can be scored alone
        self._known = {item.number: item for item in admitted}
        self._claims = _claims(terms, admitted)
        grouped = countable_reviews(record.reviews, record.conflicts)
        self._reviews = {number: grouped[number] for number in self._known}
        self._scores = {score.application: score for score in scores}
        self._key = sort_key(terms.rules)
        self._agreed = agreed_scores(terms, record.agreed, record.conflicts)
        self._missed = {score.application: floors_missed(terms.criteria, score) for score in scores}
        self._breakers = [code for _, code in map(tiebreak_of, terms.rules.tie_breakers) if code is not None]
        self.entries = sorted(map(self._entry, scores))
        self.winners = self._winners({})

    def compared(self, scenario: Scenario, changed: Entries) -> Scenario:
        """Return the scenario with who crosses the line, in the official order."""
        before, after = set(self.winners), set(self._winners(changed))
        crossing = [entry.number for entry in self.entries if (entry.number in before) != (entry.number in after)]
        return replace(
            scenario,
            up=tuple(number for number in crossing if number in after),
            down=tuple(number for number in crossing if number in before),
        )

    def weights(self) -> Iterator[_Case]:
        """Every criterion of the total with a greater and a smaller weight."""
        for item in counting_criteria(self._terms.criteria):
            for change in (STEP, -STEP):
                reweighing = _reweighing(self._terms.criteria, item, change)
                if reweighing is not None:
                    scenario = Scenario(ScenarioKind.WEIGHT, item.code, change)
                    yield scenario, partial(self._with_weights, reweighing)

    def experts(self) -> Iterator[_Case]:
        """Every expert who has reviews that may count, without them; by e-mail."""
        seen = defaultdict(list)
        for number, reviews in self._reviews.items():
            for review in reviews:
                seen[review.expert].append(number)
        for email, numbers in sorted(seen.items()):
            left = [number for number in numbers if len(self._reviews[number]) > 1]
            scenario = Scenario(ScenarioKind.WITHOUT_EXPERT, email, alone=len(numbers) - len(left))
            yield scenario, partial(self._without, email, left)

    def aggregates(self) -> Iterator[_Case]:
        """The other of mean and median; both where the contest has neither."""
        rules = self._terms.rules
        for other in (Aggregate.MEAN, Aggregate.MEDIAN):
            if other is not rules.aggregate:
                terms = replace(self._terms, rules=replace(rules, aggregate=other))
                yield Scenario(ScenarioKind.AGGREGATE, other.value), partial(self._rescored, terms, self._known)

    def _winners(self, changed: Entries) -> tuple[str, ...]:
        entries = self.entries
        if changed:
            entries = [entry for entry in entries if entry.number not in changed]
            entries = sorted((*entries, *changed.values()))
        claims = [self._claims[entry.number] for entry in entries if entry.passed]
        return tuple(walk(claims, self._terms.budget, self._terms.rules))

    def _entry(self, score: Score) -> _Entry:
        key = self._key(self._known[score.application], score.rounded.total, score.rounded.criteria)
        return _Entry(key, score.application, score.passed)

    def _without(self, email: str, numbers: Iterable[str]) -> Entries:
        return self._rescored(self._terms, numbers, lambda review: review.expert != email)

    def _rescored(
        self, terms: ContestTerms, numbers: Iterable[str], counts: Callable[[Review], bool] | None = None
    ) -> Entries:
        """Score some of the applications anew, from those of their reviews that may still count."""
        chosen = [self._known[number] for number in numbers]
        reviews = [review for item in chosen for review in self._reviews[item.number] if not counts or counts(review)]
        agreed = [self._agreed[item.number] for item in chosen if item.number in self._agreed]
        scores = score_applications(terms, chosen, reviews, (), agreed)
        return {score.application: self._entry(score) for score in scores}

    def _with_weights(self, change: _Reweighing) -> Entries:
        """Weigh points anew; only where an additional review may change what counts, the whole score."""
        doubtful = [number for number, reviews in self._reviews.items() if any(review.additional for review in reviews)]
        entries = self._rescored(
            replace(self._terms, criteria=tuple(_weighed(item, change) for item in self._terms.criteria)), doubtful
        )
        for number, score in self._scores.items():
            if number not in entries:
                entries[number] = self._reweighed(score, change)
        return entries

    def _reweighed(self, score: Score, change: _Reweighing) -> _Entry:
        code, own, rest = change
        rules, points = self._terms.rules, score.points
        total = round_half_up(score.total * rest + points[code] * (own - rest), rules.rounding)
        telling = {
            each: round_half_up(points[each] * (own if each == code else rest), rules.rounding)
            for each in self._breakers
        }
        application, missed = self._known[score.application], self._missed[score.application]
        below = worst(missed if reaches(total, rules.pass_total) else missed | {rules.below_pass})
        return _Entry(self._key(application, total, telling), score.application, passes(below, application.panel))


def _reweighing(criteria: Sequence[Criterion], changed: Criterion, change: int) -> _Reweighing | None:
    """Return by what every weight is multiplied; None where the others could not make up for it."""
    own = Fraction(changed.weight)
    others = sum((Fraction(item.weight) for item in criteria), ZERO) - own
    left = others - own * change / 100
    if others <= 0 or left <= 0:
        return None
    return _Reweighing(changed.code, 1 + Fraction(change, 100), left / others)


def _weighed(item: Criterion, change: _Reweighing) -> Criterion:
    """Return the criterion with another weight, exact though no decimal may hold it: scoring takes any exact number."""
    factor = change.own if item.code == change.code else change.rest
    return replace(item, weight=cast(Any, Fraction(item.weight) * factor))
