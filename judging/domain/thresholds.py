"""Thresholds with a consequence: what follows where a floor or the passing total is not reached.

A missed threshold puts the application out, or leads it to the panel. One that puts it out is stronger: what it bars
the panel cannot let pass. The panel's one decision is about every threshold that leads to it.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil

from judging.domain.record import PanelDecision, PanelVerdict
from judging.domain.rubric import BelowPass, ExpertCriterion
from judging.domain.shares import mark_share

Floors = Mapping[str, tuple[Fraction, BelowPass]]
"""The least points of each criterion that has a floor, and what follows below it, by code."""


def floors_of(experts: Iterable[ExpertCriterion]) -> Floors:
    """Return the floors of the criteria that have one."""
    floors = ((item, item.pass_mark) for item in experts)
    return {
        item.code: (mark_share(item, mark) * Fraction(item.weight), item.below_pass)
        for item, mark in floors
        if mark is not None
    }


def missed_floors(floors: Floors, marked: Mapping[str, Fraction]) -> frozenset[BelowPass]:
    """Return what follows from the floors that ``marked`` points do not reach; what has no mark reaches none."""
    return frozenset(
        follows for code, (floor, follows) in floors.items() if not (code in marked and marked[code] >= floor)
    )


def worst(missed: Collection[BelowPass]) -> BelowPass | None:
    """Return the consequence that holds of several; None where no threshold is missed."""
    if BelowPass.REJECT in missed:
        return BelowPass.REJECT
    return BelowPass.PANEL if missed else None


def passes(below: BelowPass | None, panel: PanelDecision | None) -> bool:
    """Say whether an application with this consequence passes, after the panel's word where it has one."""
    if below is BelowPass.PANEL:
        return panel is not None and panel.verdict is PanelVerdict.PASS
    return below is None


def reaches(total: Decimal, pass_total: Decimal | None) -> bool:
    """Say whether a rounded total is enough; None asks for nothing."""
    return pass_total is None or total >= pass_total


def least_enough(pass_total: Decimal | None, decimals: int) -> Fraction | None:
    """Return the least exact total that :func:`reaches` once it is rounded; None where every total does."""
    if pass_total is None or pass_total <= 0:
        return None
    units = ceil(Fraction(pass_total) * 10**decimals)
    return Fraction(2 * units - 1, 2 * 10**decimals)
