"""Nominations: the parts of one contest that are judged, placed and paid for apart.

Dates, experts, scales, aggregation, tie rules and the mode of the budget are the contest's; a nomination has weights of
its own, a pass mark, a budget, a number of winners and a limit per application. :mod:`judging.domain.parts` splits a
contest into them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from judging.domain.errors import N_, Fault
from judging.domain.rubric import (
    BelowPass,
    Criterion,
    ExpertCriterion,
    counting_criteria,
    in_total,
    maximum_total,
)
from judging.domain.rules import Rules, Tiebreak, tiebreak_of


@dataclass(frozen=True)
class Nomination:
    """A part of a contest. Money (``budget``, ``cap`` per application) in kopecks; None is no limit.

    ``weights`` by criterion code, None: the criterion is not judged here, 0: it is judged outside the total; one that
    is not named keeps its weight.
    """

    code: str
    title: str
    title_en: str = ""
    weights: Mapping[str, Decimal | None] = field(default_factory=dict)
    pass_total: Decimal | None = None
    budget: int | None = None
    max_winners: int | None = None
    cap: int | None = None


def judged_criteria(criteria: Sequence[Criterion], nomination: Nomination | None) -> tuple[Criterion, ...]:
    """Return what is judged in a nomination with its weights, in the rubric's order; None: no nominations."""
    if nomination is None:
        return tuple(criteria)
    weights = {item.code: nomination.weights.get(item.code, item.weight) for item in criteria}
    return tuple(_weighed(item, weight) for item in criteria if (weight := weights[item.code]) is not None)


def _weighed(criterion: Criterion, weight: Decimal) -> Criterion:
    """Return a criterion with its weight in a nomination; outside the total it decides nothing and has no floor."""
    weighed = replace(criterion, weight=weight)
    if isinstance(weighed, ExpertCriterion) and not in_total(weighed):
        return replace(weighed, pass_mark=None, below_pass=BelowPass.REJECT)
    return weighed


def is_judged(code: str, nomination: Nomination | None) -> bool:
    """Say whether the criterion ``code`` of the rubric is judged in a nomination; None: no nominations."""
    return nomination is None or nomination.weights.get(code, Decimal(1)) is not None


def rules_in(rules: Rules, nomination: Nomination, criteria: Sequence[Criterion]) -> Rules:
    """Return the contest's rules as they are in a nomination that judges ``criteria``.

    A tie breaker by a criterion that is not judged, or is judged outside the total, has nothing to say.
    """
    codes = {item.code for item in counting_criteria(criteria)}
    parts = ((text, tiebreak_of(text)) for text in rules.tie_breakers)
    return replace(
        rules,
        pass_total=nomination.pass_total,
        max_winners=nomination.max_winners,
        cap_per_application=nomination.cap,
        tie_breakers=tuple(text for text, (kind, code) in parts if kind is not Tiebreak.CRITERION or code in codes),
    )


def nomination_of(nominations: Sequence[Nomination], code: str | None) -> Nomination | None:
    """Return the nomination of this code; None where there is none."""
    return next((item for item in nominations if item.code == code), None)


def nominations_faults(nominations: Sequence[Nomination], criteria: Sequence[Criterion]) -> tuple[Fault, ...]:
    """Name everything that is wrong with nominations beside a rubric; paths are the archive's keys.

    What only stands in the way of a publication is named by :func:`nominations_launch_faults`.
    """
    faults: list[Fault] = []
    for index, item in enumerate(nominations):
        own = (*repeat_faults(item, nominations[:index]), *nomination_faults(item, criteria))
        faults += _below(index, own)
    return tuple(faults)


def repeat_faults(nomination: Nomination, others: Sequence[Nomination]) -> Iterator[Fault]:
    """Name what a nomination shares with others: results, tables and choices tell them apart by title."""
    if any(other.code == nomination.code for other in others):
        yield Fault("code", N_("The code %(code)s is used twice"), {"code": nomination.code})
    if any(other.title == nomination.title for other in others):
        yield Fault("title", N_("Another nomination has this title"))


def nomination_faults(nomination: Nomination, criteria: Sequence[Criterion]) -> tuple[Fault, ...]:
    """Name everything that is wrong with one nomination; paths start at it."""
    return tuple(_faults(nomination, criteria))


def nominations_launch_faults(
    nominations: Sequence[Nomination], criteria: Sequence[Criterion], budget: int | None
) -> tuple[Fault, ...]:
    """Name what keeps a contest with well-formed nominations from being published; ``budget``: of the contest."""
    faults: list[Fault] = []
    for index, item in enumerate(nominations):
        faults += _below(index, _launch_faults(item, criteria, budget))
    budgets = [item.budget for item in nominations]
    given = sum(one for one in budgets if one is not None)
    if nominations and budget is not None and given > budget:
        faults.append(Fault("budget", N_("The budgets of the nominations together are more than the contest's budget")))
    return tuple(faults)


def _below(index: int, faults: Sequence[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield Fault(f"nominations[{index}].{fault.path}", fault.message, fault.params)


def _faults(nomination: Nomination, criteria: Sequence[Criterion]) -> Iterator[Fault]:
    if not nomination.code.strip():
        yield Fault("code", N_("The code is empty"))
    if not nomination.title.strip():
        yield Fault("title", N_("The title is empty"))
    yield from _weight_faults(nomination, criteria)
    yield from _money_faults(nomination)


def _weight_faults(nomination: Nomination, criteria: Sequence[Criterion]) -> Iterator[Fault]:
    codes = {item.code for item in criteria}
    for code, weight in nomination.weights.items():
        if code not in codes:
            yield Fault(f"weights.{code}", N_("There is no criterion with the code %(code)s"), {"code": code})
        elif weight is not None and not (weight.is_finite() and weight >= 0):
            yield Fault(f"weights.{code}", N_("The weight may not be negative"))
    if codes and not any(is_judged(code, nomination) for code in codes):
        yield Fault("weights", N_("The nomination judges no criterion"))
    elif codes and not counting_criteria(judged_criteria(criteria, nomination)):
        yield Fault("weights", N_("No criterion of the nomination counts in the total: give one a weight above zero"))


def _money_faults(nomination: Nomination) -> Iterator[Fault]:
    total = nomination.pass_total
    if total is not None and not (total.is_finite() and total >= 0):
        yield Fault("pass_total", N_("The passing total may not be negative"))
    bounds = (
        ("budget", nomination.budget, N_("The budget may not be negative")),
        ("max_winners", nomination.max_winners, N_("The number of winners may not be negative")),
        ("cap_per_application", nomination.cap, N_("The limit per application may not be negative")),
    )
    yield from (Fault(path, message) for path, value, message in bounds if value is not None and value < 0)


def _launch_faults(nomination: Nomination, criteria: Sequence[Criterion], budget: int | None) -> tuple[Fault, ...]:
    named = {"nomination": nomination.title}
    faults: list[Fault] = []
    most = maximum_total(judged_criteria(criteria, nomination))
    if nomination.pass_total is not None and nomination.pass_total > most:
        message = N_("Nomination “%(nomination)s”: the passing total is above the greatest total of %(most)s")
        faults.append(Fault("pass_total", message, {**named, "most": f"{most:f}"}))
    if nomination.budget is None:
        if budget is not None:
            message = N_("Nomination “%(nomination)s” has no budget, and the contest has one")
            faults.append(Fault("budget", message, named))
    elif nomination.cap is not None and nomination.cap > nomination.budget:
        message = N_("Nomination “%(nomination)s”: the limit per application is above its budget")
        faults.append(Fault("cap_per_application", message, named))
    return tuple(faults)
