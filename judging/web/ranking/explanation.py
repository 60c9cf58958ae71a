"""The words and written figures of one application's total (:mod:`judging.domain.explanation`), for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext

from judging.domain.collation import sort_key
from judging.domain.conflicts import reason_message
from judging.domain.errors import N_
from judging.domain.explanation import (
    BandLine,
    ComputedLine,
    MarkedLine,
    MissedLine,
    NotCounted,
    Part,
    SpreadLine,
    TieLine,
)
from judging.domain.explanation import explain as explained
from judging.domain.record import AgreedReview, Review
from judging.domain.rubric import Criterion, LinearCriterion, RelativeCriterion, maximum_total
from judging.domain.rules import AGGREGATE_LABELS, TIEBREAK_LABELS, Tiebreak
from judging.domain.scoring import round_half_up
from judging.web.criterion_headings import Headed, headed
from judging.web.standings import Line, Standing
from judging.web.templating import decimal, money, moscow_exact, translate

PLACES = 6
"""Decimals of the shares that are shown; the calculation itself is exact."""
NOT_COUNTED: Mapping[NotCounted, str] = {
    NotCounted.NOT_SUBMITTED: N_("not handed in yet"),
    NotCounted.RECUSED: N_("the expert is recused"),
    NotCounted.CONFLICT: N_("conflict of interest: %(reason)s"),
    NotCounted.SET_ASIDE: N_("set aside by the rule for diverging reviews"),
    NotCounted.NOT_RANKED: N_("the application is not ranked"),
    NotCounted.STAFF_SET_ASIDE: N_("set aside by the staff: %(reason)s"),
    NotCounted.OUT_OF_SCOPE: N_("the expert finds the project out of scope: %(reason)s"),
    NotCounted.AGREED: N_("the agreed score counts in the place of the reviews"),
}


@dataclass(frozen=True)
class ExplainedSheet:
    """One expert's review in the explanation; ``why_not`` is empty where it is counted."""

    expert: str
    review: Review
    counted: bool
    why_not: str


@dataclass(frozen=True)
class ExplainedTotal:
    """Everything the page of one application's total shows."""

    line: Line
    sheets: tuple[ExplainedSheet, ...]
    computed: tuple[Headed[Mapping[str, Any]], ...]
    marked: tuple[Headed[Mapping[str, Any]], ...]
    groups: tuple[Mapping[str, Any], ...]
    maximum: Decimal
    exact: str
    spreads: tuple[Mapping[str, Any], ...]
    ties: tuple[tuple[str, str], ...]
    neighbours: tuple[Line, ...]
    missed: tuple[MissedLine, ...] = ()
    agreed: AgreedReview | None = None
    lead: str = ""
    """Who put the agreed score down."""


def explain(standing: Standing, number: str) -> ExplainedTotal | None:
    """Explain the total of the application ``number``; None where it is not ranked."""
    line = standing.by_number.get(number)
    if line is None:
        return None
    found = explained(standing.record, line.application, line.placing, standing.scores[number])
    rules, sheets = standing.record.contest.rules, _sheets(standing, found.parts)
    return ExplainedTotal(
        line=line,
        sheets=tuple(sheets.values()),
        computed=_headed(_computed(item) for item in found.computed),
        marked=_headed(_marked(item, sheets, translate(AGGREGATE_LABELS[rules.aggregate])) for item in found.marked),
        groups=tuple({"group": item.group, "points": shown(item.points)} for item in found.groups),
        maximum=maximum_total(standing.record.contest.criteria),
        exact=shown(standing.scores[number].total),
        spreads=tuple(_spread(item, rules.rounding) for item in found.spreads),
        ties=tuple(_tie(item) for item in found.ties),
        neighbours=tuple(
            other for other in standing.lines if other is not line and other.placing.total == line.placing.total
        ),
        missed=found.missed,
        agreed=found.agreed,
        lead=_lead(standing, found.agreed),
    )


def missed_of(standing: Standing, number: str) -> tuple[MissedLine, ...]:
    """Return the thresholds that a ranked application misses; ``standing`` is that of its nomination."""
    line = standing.by_number[number]
    return explained(standing.record, line.application, line.placing, standing.scores[number]).missed


def _lead(standing: Standing, agreed: AgreedReview | None) -> str:
    names = {expert.email: expert.name for expert in standing.record.experts}
    return "" if agreed is None else names.get(agreed.expert, agreed.expert)


def _headed(rows: Iterable[Mapping[str, Any]]) -> tuple[Headed[Mapping[str, Any]], ...]:
    """The lines of criteria under the headings of their groups."""
    return tuple(headed(tuple(rows), _criterion))


def _criterion(row: Mapping[str, Any]) -> Criterion:
    criterion: Criterion = row["criterion"]
    return criterion


def _sheets(standing: Standing, parts: tuple[Part, ...]) -> dict[str, ExplainedSheet]:
    """The reviews by their expert's e-mail, in the order in which they are shown."""
    names = {expert.email: expert.name for expert in standing.record.experts}

    def place(part: Part) -> tuple[Any, ...]:
        return part.review.additional, sort_key(names[part.review.expert]), part.review.expert

    return {
        part.review.expert: ExplainedSheet(names[part.review.expert], part.review, part.counted, _why_not(part))
        for part in sorted(parts, key=place)
    }


def _why_not(part: Part) -> str:
    if part.why_not is None:
        return ""
    own = {NotCounted.STAFF_SET_ASIDE: part.review.set_aside, NotCounted.OUT_OF_SCOPE: part.review.scope_reason}
    if part.why_not in own:
        return translate(NOT_COUNTED[part.why_not], reason=own[part.why_not] or "–")
    message, params = reason_message(part.conflict)
    return translate(NOT_COUNTED[part.why_not], reason=translate(message, **params))


def _computed(item: ComputedLine) -> Mapping[str, Any]:
    return {
        "criterion": item.criterion,
        "value": item.value,
        "formula": _formula(item),
        "share": shown(item.share),
        "points": item.points,
    }


def _formula(item: ComputedLine) -> str:
    criterion, base = item.criterion, item.base
    if item.value is None:
        return gettext("no value is given: 0")
    v = decimal(item.value)
    if isinstance(criterion, LinearCriterion):
        zero, full = decimal(criterion.zero_at), decimal(criterion.full_at)
        return f"({v} − {zero}) : ({full} − {zero})"
    if isinstance(criterion, RelativeCriterion):
        if base is None:
            return gettext("there is nothing to compare with: 0")
        return f"{v} : {decimal(base)}" if criterion.best == "max" else f"{decimal(base)} : {v}"
    return f"{v} ∈ {_band(item.band)}" if item.band else v


def _band(band: BandLine) -> str:
    left = "(−∞" if band.start is None else f"[{decimal(band.start)}"
    right = "+∞" if band.end is None else decimal(band.end)
    return f"{left}; {right}) → {decimal(band.score)} : 10"


def _marked(item: MarkedLine, sheets: Mapping[str, ExplainedSheet], rule: str) -> Mapping[str, Any]:
    marks = {part.review.expert: mark for part, mark in item.marks}
    return {
        "criterion": item.criterion,
        "marks": [(sheet, marks[expert]) for expert, sheet in sheets.items() if expert in marks],
        "rule": rule,
        "mark": "" if item.mark is None else shown(item.mark),
        "points": item.points,
        "agreed": item.agreed,
        "abstained": frozenset(
            part.review.expert for part, _ in item.marks if item.criterion.code in part.review.abstained
        ),
    }


def _spread(item: SpreadLine, places: int) -> Mapping[str, Any]:
    spread = item.spread
    return {
        "code": item.criterion.code if item.criterion else "",
        "title": item.criterion.title if item.criterion else "",
        "count": spread.count,
        "figures": tuple(
            None if value is None else round_half_up(Fraction(value), places)
            for value in (spread.mean, spread.median, spread.least, spread.greatest, spread.deviation)
        ),
    }


def _tie(item: TieLine) -> tuple[str, str]:
    kind, code, value = item
    label = translate(TIEBREAK_LABELS[kind]) + (f" {code}" if code else "")
    if isinstance(value, datetime):
        return label, moscow_exact(value)
    return label, money(int(value)) if kind is Tiebreak.REQUESTED else decimal(Decimal(value))


def shown(value: Fraction) -> str:
    """A rational as a decimal of at most six places, without trailing zeros, «≈» where it is cut."""
    rounded = round_half_up(value, PLACES)
    text = decimal(rounded.normalize() if rounded else Decimal(0))
    return text if Fraction(rounded) == value else f"≈ {text}"
