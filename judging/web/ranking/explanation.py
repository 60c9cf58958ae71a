"""One application's total, line by line: every figure that a court would ask for, in words and numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from judging.domain.collation import sort_key
from judging.domain.conflicts import reason_message
from judging.domain.ranking import Placing
from judging.domain.record import Review, ReviewState
from judging.domain.rubric import (
    BandsCriterion,
    ComputedCriterion,
    ExpertCriterion,
    LinearCriterion,
    computed_criteria,
    expert_criteria,
)
from judging.domain.rules import AGGREGATE_LABELS, TIEBREAK_LABELS, tiebreak_of
from judging.domain.scoring import review_total, round_half_up
from judging.domain.shares import bases, computed_share
from judging.domain.spread import spread
from judging.web.ranking.standings import Line, Standing
from judging.web.templating import decimal, money, moscow_exact, translate

PLACES = 6
"""Decimals of the shares that are shown; the calculation itself is exact."""


@dataclass(frozen=True)
class Sheet:
    """One expert's review in the explanation; ``why_not`` is empty where it is counted."""

    expert: str
    review: Review
    counted: bool
    why_not: str


@dataclass(frozen=True)
class Explanation:
    """Everything the page of one application's total shows."""

    line: Line
    sheets: tuple[Sheet, ...]
    computed: tuple[Mapping[str, Any], ...]
    marked: tuple[Mapping[str, Any], ...]
    spreads: tuple[Mapping[str, Any], ...]
    ties: tuple[tuple[str, str], ...]
    neighbours: tuple[Line, ...]


def explain(standing: Standing, number: str) -> Explanation | None:
    """Explain the total of the application ``number``; None where it is not ranked."""
    line = standing.by_number.get(number)
    if line is None:
        return None
    sheets = tuple(_sheets(standing, line))
    return Explanation(
        line=line,
        sheets=sheets,
        computed=tuple(_computed(standing, line)),
        marked=tuple(_marked(standing, line, sheets)),
        spreads=tuple(_spreads(standing, sheets)),
        ties=tuple(_ties(standing, line)),
        neighbours=tuple(
            other for other in standing.lines if other is not line and other.placing.total == line.placing.total
        ),
    )


def _sheets(standing: Standing, line: Line) -> Iterator[Sheet]:
    names = {expert.email: expert.name for expert in standing.record.experts}
    conflicts = {(c.expert, c.application): c.reason for c in standing.record.conflicts}
    own = [r for r in standing.record.reviews if r.application == line.placing.number]
    for review in sorted(own, key=lambda r: (r.additional, sort_key(names[r.expert]), r.expert)):
        counted = review.expert in line.placing.counted
        reason = "" if counted else _why_not(review, conflicts.get((review.expert, review.application)))
        yield Sheet(names[review.expert], review, counted, reason)


def _why_not(review: Review, conflict: str | None) -> str:
    if review.state is ReviewState.ASSIGNED:
        return gettext("not handed in yet")
    if review.state is ReviewState.RECUSED:
        return gettext("the expert is recused")
    if conflict is not None:
        message, params = reason_message(conflict)
        return gettext("conflict of interest: %(reason)s", reason=translate(message, **params))
    return gettext("set aside by the rule for diverging reviews")


def _computed(standing: Standing, line: Line) -> Iterator[Mapping[str, Any]]:
    terms = standing.record.contest
    compared = bases(terms.criteria, standing.record.applications, terms.frozen_base)
    for criterion in computed_criteria(terms.criteria):
        value = line.application.indicators.get(criterion.indicator)
        base = compared.get(criterion.code)
        share = computed_share(criterion, value, base)
        yield {
            "criterion": criterion,
            "value": value,
            "formula": _formula(criterion, value, base),
            "share": shown(share),
            "points": line.placing.criteria[criterion.code],
        }


def _formula(criterion: ComputedCriterion, value: Decimal | None, base: Decimal | None) -> str:
    if value is None:
        return gettext("no value is given: 0")
    v = decimal(value)
    if isinstance(criterion, LinearCriterion):
        zero, full = decimal(criterion.zero_at), decimal(criterion.full_at)
        return f"({v} − {zero}) : ({full} − {zero})"
    if isinstance(criterion, BandsCriterion):
        return _band(criterion, value)
    if base is None:
        return gettext("there is nothing to compare with: 0")
    return f"{v} : {decimal(base)}" if criterion.best == "max" else f"{decimal(base)} : {v}"


def _band(criterion: BandsCriterion, value: Decimal) -> str:
    index = max(i for i, band in enumerate(criterion.bands) if band.start is None or band.start <= value)
    start = criterion.bands[index].start
    end = criterion.bands[index + 1].start if index + 1 < len(criterion.bands) else None
    left = "(−∞" if start is None else f"[{decimal(start)}"
    right = "+∞" if end is None else decimal(end)
    return f"{decimal(value)} ∈ {left}; {right}) → {decimal(criterion.bands[index].score)} : 10"


def _marked(standing: Standing, line: Line, sheets: tuple[Sheet, ...]) -> Iterator[Mapping[str, Any]]:
    rules = standing.record.contest.rules
    for criterion in expert_criteria(standing.record.contest.criteria):
        marks = [(s, s.review.scores.get(criterion.code)) for s in sheets if s.review.state is ReviewState.SUBMITTED]
        counted = [mark for sheet, mark in marks if sheet.counted and mark is not None]
        yield {
            "criterion": criterion,
            "marks": marks,
            "range": max(counted) - min(counted) if counted else None,
            "rule": translate(AGGREGATE_LABELS[rules.aggregate]),
            "mark": _aggregated(criterion, line.placing, standing),
            "points": line.placing.criteria[criterion.code],
        }


def _spreads(standing: Standing, sheets: tuple[Sheet, ...]) -> Iterator[Mapping[str, Any]]:
    criteria, counted = standing.record.contest.criteria, [sheet.review for sheet in sheets if sheet.counted]
    rows: list[tuple[str, str, Sequence[Fraction | Decimal]]] = [
        ("", "", [review_total(criteria, review) for review in counted])
    ]
    for item in expert_criteria(criteria):
        marks = [review.scores[item.code] for review in counted if item.code in review.scores]
        rows.append((item.code, item.title, marks))
    for code, title, values in rows:
        found = spread(values)
        if found is not None:
            figures = (found.mean, found.median, found.least, found.greatest, found.deviation)
            yield {"code": code, "title": title, "count": found.count, "figures": tuple(_cut(standing, figures))}


def _cut(standing: Standing, figures: Iterable[Fraction | Decimal | None]) -> Iterator[Decimal | None]:
    places = standing.record.contest.rules.rounding
    return (None if value is None else round_half_up(Fraction(value), places) for value in figures)


def _aggregated(criterion: ExpertCriterion, placing: Placing, standing: Standing) -> str:
    """The application's mark on the criterion's own scale, from the exact points."""
    score = standing.scores[placing.number]
    if criterion.code in score.unmarked:
        return ""
    share = score.points[criterion.code] / Fraction(criterion.weight)
    lowest, highest = Fraction(criterion.scale.minimum), Fraction(criterion.scale.maximum)
    return shown(lowest + share * (highest - lowest))


def _ties(standing: Standing, line: Line) -> Iterator[tuple[str, str]]:
    """The tie-breakers with this application's values, in their order."""
    for text in standing.record.contest.rules.tie_breakers:
        kind, code = tiebreak_of(text)
        label = translate(TIEBREAK_LABELS[kind]) + (f" {code}" if code else "")
        if code:
            value = decimal(line.placing.criteria[code])
        elif kind == "requested":
            value = money(line.application.requested)
        else:
            value = moscow_exact(line.application.submitted_at)
        yield label, value


def shown(value: Fraction) -> str:
    """A rational as a decimal of at most six places, without trailing zeros, «≈» where it is cut."""
    rounded = round_half_up(value, PLACES)
    text = decimal(rounded.normalize() if rounded else Decimal(0))
    return text if Fraction(rounded) == value else f"≈ {text}"
