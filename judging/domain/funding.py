"""The walk down the budget. Source: the contest-archive format, «From totals to places and money».

All money is in kopecks. An award is always above zero: who gets nothing is no winner.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from judging.domain.rules import BudgetMode, Rules


@dataclass(frozen=True)
class Claim:
    """What one application wants: the requested sum, not more than the cap."""

    number: str
    wanted: int


def claim(number: str, requested: int, cap: int | None) -> Claim:
    """Return the claim of an application under the contest's cap per application (None: no cap)."""
    return Claim(number, requested if cap is None else min(requested, cap))


def walk(claims: Sequence[Claim], budget: int | None, rules: Rules) -> Mapping[str, int]:
    """Give money down ``claims``, which are those that passed and need nothing, in the ranking's order.

    Returns the awards by application number. ``budget`` None is no limit.
    """
    eligible = [item for item in claims if item.wanted > 0]
    if budget is None:
        return {item.number: item.wanted for item in eligible[: rules.max_winners]}
    return MODES[rules.budget_mode](eligible, budget, rules.max_winners)


def _strict(claims: Sequence[Claim], budget: int, winners: int | None) -> dict[str, int]:
    awards: dict[str, int] = {}
    for item in claims[:winners]:
        if item.wanted > budget:
            break
        awards[item.number] = item.wanted
        budget -= item.wanted
    return awards


def _skip(claims: Sequence[Claim], budget: int, winners: int | None) -> dict[str, int]:
    awards: dict[str, int] = {}
    for item in claims:
        if len(awards) == winners:
            break
        if item.wanted <= budget:
            awards[item.number] = item.wanted
            budget -= item.wanted
    return awards


def _partial(claims: Sequence[Claim], budget: int, winners: int | None) -> dict[str, int]:
    awards: dict[str, int] = {}
    for item in claims[:winners]:
        if budget <= 0:
            break
        awards[item.number] = min(item.wanted, budget)
        budget -= awards[item.number]
    return awards


def _proportional(claims: Sequence[Claim], budget: int, winners: int | None) -> dict[str, int]:
    chosen = claims[:winners]
    wanted = sum(item.wanted for item in chosen)
    share = min(Fraction(1), Fraction(budget, wanted)) if wanted else Fraction(0)
    awards = {item.number: item.wanted * share.numerator // share.denominator for item in chosen}
    return {number: amount for number, amount in awards.items() if amount > 0}


MODES: Mapping[BudgetMode, Callable[[Sequence[Claim], int, int | None], dict[str, int]]] = {
    BudgetMode.STRICT: _strict,
    BudgetMode.SKIP: _skip,
    BudgetMode.PARTIAL: _partial,
    BudgetMode.PROPORTIONAL: _proportional,
}
