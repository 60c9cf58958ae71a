"""The arithmetic of the contest archive once more, as slowly and plainly as its description, to compare with."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from itertools import combinations
from statistics import mean, median

from judging.domain.record import ContestRecord
from judging.domain.rubric import Criterion, ExpertCriterion

FACTS = ("total", "criteria", "counted", "agreed", "diverged", "needs", "passed")
"""What :func:`score` says, by names that scores and places have too."""


def rounded(value: Fraction, decimals: int) -> Decimal:
    wide = Context(prec=400)
    exact = wide.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=wide)


def scores(record: ContestRecord) -> dict[str, dict]:
    """Return what :func:`score` does of every admitted application by number."""
    admitted = [item for item in record.applications if item.status == "admitted"]
    return {item.number: score(record, item, admitted) for item in admitted}


def score(record, application, admitted):
    rules = record.contest.rules
    mine = counting(record, application)
    regular = [item for item in mine if not item.additional]
    additional = [item for item in mine if item.additional]
    experts = [item for item in record.contest.criteria if item.kind == "expert"]
    diverged = len(regular) >= 2 and has_diverged(rules, experts, regular)
    counted = choose(rules, experts, mine, additional) if diverged and additional else mine
    agreed = agreed_of(record, application)
    judged = counted if agreed is None else [agreed]
    points, missed = {}, set()
    for item in record.contest.criteria:
        if item.kind == "expert":
            found = [share(item, review.scores[item.code]) for review in judged if item.code in review.scores]
            aggregate = combine(rules.aggregate, found) if found else Fraction(0)
            points[item.code] = Fraction(item.weight) * aggregate
            span = Fraction(item.scale.maximum) - Fraction(item.scale.minimum)
            mark = Fraction(item.scale.minimum) + aggregate * span
            if item.pass_mark is not None and not (found and mark >= Fraction(item.pass_mark)):
                missed.add(item.below_pass)
        else:
            points[item.code] = Fraction(item.weight) * computed(record, item, application, admitted)
    total = rounded(sum(points.values(), Fraction(0)), rules.rounding)
    if rules.pass_total is not None and total < rules.pass_total:
        missed.add(rules.below_pass)
    nobody = any(
        item.required and counted and all(item.code in review.abstained for review in counted) for item in experts
    )
    needs = None
    if len(regular) < rules.experts_per_application or (nobody and agreed is None):
        needs = "reviews"
    elif diverged and not additional and agreed is None:
        needs = "additional_review"
    elif missed == {"panel"} and application.panel is None:
        needs = "panel"
    let = application.panel is not None and application.panel.verdict == "pass"
    return {
        "total": total,
        "criteria": {code: rounded(value, rules.rounding) for code, value in points.items()},
        "counted": tuple(item.expert for item in counted) if agreed is None else (),
        "agreed": None if agreed is None else agreed.expert,
        "diverged": diverged,
        "needs": needs,
        "passed": not missed or (missed == {"panel"} and let),
    }


def agreed_of(record, application):
    if record.contest.rules.agreed_score != "counts":
        return None
    barred = {(item.expert, item.application) for item in record.conflicts}
    own = [item for item in record.agreed if item.application == application.number]
    return next((item for item in own if (item.expert, item.application) not in barred), None)


def counting(record, application):
    barred = {(item.expert, item.application) for item in record.conflicts}
    mine = [
        item
        for item in record.reviews
        if item.application == application.number
        and item.state == "submitted"
        and (item.expert, item.application) not in barred
        and item.in_scope is not False
        and item.set_aside is None
    ]
    return sorted(mine, key=lambda item: (item.additional, item.submitted_at, item.expert))


def share(criterion: ExpertCriterion, mark: Decimal) -> Fraction:
    low, high = Fraction(criterion.scale.minimum), Fraction(criterion.scale.maximum)
    return (Fraction(mark) - low) / (high - low)


def weighted(experts, review) -> Fraction | None:
    whole = sum(Fraction(item.weight) for item in experts)
    judged = sum(Fraction(item.weight) for item in experts if item.code not in review.abstained)
    given = sum(
        (
            Fraction(item.weight) * share(item, review.scores[item.code])
            for item in experts
            if item.code in review.scores
        ),
        Fraction(0),
    )
    if judged == whole:
        return given
    return given / judged * whole if judged else None


def has_diverged(rules, experts, regular) -> bool:
    totals = [total for item in regular if (total := weighted(experts, item)) is not None]
    limit = rules.divergence.total_share
    weight = sum((Fraction(item.weight) for item in experts), Fraction(0))
    if limit is not None and len(totals) > 1 and max(totals) - min(totals) > Fraction(limit) * weight:
        return True
    allowed = rules.divergence.criterion_range
    return allowed is not None and any(
        abs(Fraction(one.scores[item.code]) - Fraction(other.scores[item.code])) >= Fraction(allowed)
        for item in experts
        for one, other in combinations([row for row in regular if item.code in row.scores], 2)
    )


def choose(rules, experts, mine, additional):
    if rules.additional_review == "additional_is_final":
        return additional[-1:]
    if rules.additional_review == "closest_pair":

        def order(pair):
            one, other = (weighted(experts, item) for item in pair)
            if one is None or other is None:
                return Fraction(10**9), Fraction(0), sorted(item.expert for item in pair)
            return abs(one - other), -(one + other), sorted(item.expert for item in pair)

        return min(combinations(mine, 2), key=order)
    return mine


def combine(aggregate, found) -> Fraction:
    if aggregate == "median":
        return Fraction(median(found))
    if aggregate == "trimmed_mean" and len(found) >= 5:
        return mean(sorted(found)[1:-1])
    return mean(found)


def computed(record, criterion: Criterion, application, admitted) -> Fraction:
    value = application.indicators.get(criterion.indicator)
    if value is None:
        return Fraction(0)
    v = Fraction(value)
    if criterion.kind == "linear":
        low, high = Fraction(criterion.zero_at), Fraction(criterion.full_at)
        return clip((v - low) / (high - low))
    if criterion.kind == "bands":
        return Fraction([band.score for band in criterion.bands if band.start is None or band.start <= value][-1]) / 10
    values = [
        Fraction(item.indicators[criterion.indicator]) for item in admitted if criterion.indicator in item.indicators
    ]
    base = (record.contest.frozen_base or {}).get(criterion.code)
    if criterion.best == "max":
        best = Fraction(base) if base is not None else max(values, default=None)
        return Fraction(0) if best is None or best <= 0 else clip(v / best)
    best = Fraction(base) if base is not None else min((item for item in values if item > 0), default=None)
    return Fraction(0) if best is None or v <= 0 else clip(best / v)


def clip(value: Fraction) -> Fraction:
    return max(Fraction(0), min(Fraction(1), value))
