"""Whether a contest may be published: everything that has to be whole before its rules freeze.

Beside the rubric, the rules and the dates themselves this looks at what binds them together: a computed criterion needs
an indicator that applications are asked for, and the words of a scale's levels must cover it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from judging.domain.errors import N_, Fault
from judging.domain.rubric import Criterion, Scale, computed_criteria, is_on_scale, marks
from judging.domain.rubric_faults import rubric_faults
from judging.domain.rules import Rules, rules_faults
from judging.domain.stages import Calendar, calendar_faults, deadline_passed


@dataclass(frozen=True)
class WordedLevel:
    """What marks from ``first`` to ``last``, both included, mean in words."""

    first: Decimal
    last: Decimal
    text: str


def launch_faults(
    criteria: Sequence[Criterion], rules: Rules, calendar: Calendar, indicators: Collection[str], now: datetime
) -> tuple[Fault, ...]:
    """Name everything that stands in the way of publication at ``now``; empty where nothing does.

    ``indicators`` are the codes that applications are asked for. Paths are the archive's keys.
    """
    return (
        *calendar_faults(calendar),
        *_late_faults(calendar, now),
        *rubric_faults(criteria),
        *rules_faults(rules, criteria),
        *_indicator_faults(criteria, indicators),
    )


def level_faults(scale: Scale, levels: Sequence[WordedLevel]) -> tuple[Fault, ...]:
    """Name what is wrong with the words of a well-formed ``scale``'s levels. No levels at all are allowed.

    Every mark must have exactly one level; paths are ``levels[index].from``, ``….to`` and ``….text``.
    """
    return tuple(_level_faults(scale, levels)) if levels else ()


def _late_faults(calendar: Calendar, now: datetime) -> Iterator[Fault]:
    if deadline_passed(calendar.applications_close, now):
        yield Fault("applications_close", N_("The time for applications is over already: move the date"))


def _indicator_faults(criteria: Sequence[Criterion], indicators: Collection[str]) -> Iterator[Fault]:
    message = N_("The criterion %(code)s uses the indicator %(indicator)s, which applications are not asked for")
    for item in computed_criteria(criteria):
        if item.indicator not in indicators:
            yield Fault(f"criteria[{criteria.index(item)}].indicator", message, _names(item.code, item.indicator))


def _names(code: str, indicator: str) -> dict[str, object]:
    return {"code": code, "indicator": indicator}


def _level_faults(scale: Scale, levels: Sequence[WordedLevel]) -> Iterator[Fault]:
    for index, level in enumerate(levels):
        yield from _single_level_faults(scale, index, level)
    for mark in marks(scale):
        owners = [index for index, level in enumerate(levels) if level.first <= mark <= level.last]
        if not owners:
            yield Fault("levels", N_("The mark %(mark)s has no level in words"), {"mark": mark})
        elif len(owners) > 1:
            yield Fault(f"levels[{owners[1]}].from", N_("The mark %(mark)s has two levels in words"), {"mark": mark})


def _single_level_faults(scale: Scale, index: int, level: WordedLevel) -> Iterator[Fault]:
    if level.last < level.first:
        yield Fault(f"levels[{index}].to", N_("The level ends below its beginning"))
    for name, mark in (("from", level.first), ("to", level.last)):
        if not is_on_scale(scale, mark):
            yield Fault(f"levels[{index}].{name}", N_("The mark %(mark)s is outside the scale"), {"mark": mark})
    if not level.text.strip():
        yield Fault(f"levels[{index}].text", N_("The level has no words"))
