"""One panel through the engine: places, probabilities, strictness, residuals and the value of one more review.

Engine and numpy are loaded when they are first needed, here and in the modules beside this one: the engine brings a
solver along.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from judging.domain.firmness import (
    ENOUGH_SCORES,
    FEWEST_EXPERTS,
    FEWEST_PROJECTS,
    HALF_WIDTH,
    LEVEL,
    Caution,
    Cell,
    Expert,
    Panel,
    Refusal,
    Variances,
    figure,
    grade_of,
)
from judging.domain.rubric import BelowPass
from judging.domain.rules import BudgetMode, Rules
from judging.domain.scoring import least_enough
from judging.queries.firmness.comparing import beside_others
from judging.queries.firmness.marks import Marks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from judging.engines.calibration import Calibration, Informative, Ranks

MODES: Mapping[BudgetMode, Literal["strict", "skip", "partial", "proportional"]] = {
    BudgetMode.STRICT: "strict",
    BudgetMode.SKIP: "skip",
    BudgetMode.PARTIAL: "partial",
    BudgetMode.PROPORTIONAL: "proportional",
}


@dataclass(frozen=True)
class Stakes:
    """What the contest says of its applications: by number, in points and kopecks.

    ``computed``: points of the computed criteria; ``wanted``: what it may get, 0 for one that a floor or
    the panel bars; ``awards``: who is above the line, and with how much.
    """

    rules: Rules
    budget: int | None
    computed: Mapping[str, float]
    wanted: Mapping[str, int]
    awards: Mapping[str, int]


@dataclass(frozen=True)
class Judged:
    """A panel with the numbers of its projects, and what is known of them: fields of ``Project`` by number."""

    panel: Panel
    numbers: tuple[str, ...]
    projects: Mapping[str, Mapping[str, Any]]
    experts: tuple[Expert, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, eq=False)
class _Figures:
    """What the engine found of one panel; ``fixed`` only where random effects are not to be trusted alone."""

    calibration: "Calibration"
    fixed: "Calibration | None"
    ranks: "Ranks"
    informative: "Informative"
    values: "NDArray[np.float64]"

    @property
    def of_experts(self) -> "Calibration":
        """What is said of strictness, of what was expected and of the parts of the variance.

        Random effects that take strictness for quality would say that the experts are alike, beside an alarm that
        they are not.
        """
        return self.fixed or self.calibration


def judge_panel(number: int, marks: Marks, stakes: Stakes, names: Mapping[str, str]) -> Judged:
    """Return everything about the panel ``number``; where its data do not carry it, the reason alone."""
    refusal = refusal_of(marks)
    if refusal is not None:
        panel = _panel(number, marks, stakes, refusal, None)
        return Judged(panel, marks.numbers, {}, _compared(marks, _silent(number, marks, names, refusal)), ())
    found = _figures(marks, stakes)
    panel = _panel(number, marks, stakes, None, found)
    return Judged(
        panel=panel,
        numbers=marks.numbers,
        projects=dict(_projects(marks, stakes, panel, found)),
        experts=_compared(marks, _experts(number, marks, names, found.of_experts)),
        cells=tuple(_cells(marks, found.of_experts)),
    )


def refusal_of(marks: Marks) -> Refusal | None:
    """Return why nothing can be said of the places of a panel; None where it can."""
    tests = {
        Refusal.ONE_PROJECT: len(marks.numbers) == 1,
        Refusal.FEW_EXPERTS: len(marks.experts) < FEWEST_EXPERTS,
        Refusal.FEW_PROJECTS: len(marks.numbers) < FEWEST_PROJECTS,
        Refusal.IDENTICAL_SCORES: marks.identical,
        Refusal.NO_RESIDUAL: len(marks.rows) < len(marks.numbers) + len(marks.experts),
    }
    return next((refusal for refusal, holds in tests.items() if holds), None)


def _figures(marks: Marks, stakes: Stakes) -> _Figures:
    import numpy as np

    from judging.engines.calibration import calibrate, informative, next_expert, ranks

    given, winners = (marks.rater, marks.item, marks.score), _winners(marks, stakes)
    offset = np.array([stakes.computed[number] for number in marks.numbers])
    barred = np.array([not stakes.wanted[number] for number in marks.numbers])
    told = informative(*given)
    return _Figures(
        calibration=calibrate(*given, expert_noise=True),
        fixed=calibrate(*given, effects="fixed") if told.alarm else None,
        ranks=ranks(*given, winners, LEVEL, offset=offset, barred=barred, **_purse(marks, stakes)),
        informative=told,
        values=np.asarray(next_expert(*given, winners, offset=offset, barred=barred)),
    )


def _purse(marks: Marks, stakes: Stakes) -> dict[str, Any]:
    """Return the budget of the panel: all of it less what others get, who are taken as they are.

    Where all get the same share nobody's award bars another: there the whole budget stays.
    """
    import numpy as np

    if stakes.budget is None:
        return {}
    own = set(marks.numbers)
    others = [award for number, award in stakes.awards.items() if number not in own]
    shared = stakes.rules.budget_mode is BudgetMode.PROPORTIONAL
    most, threshold = stakes.rules.max_winners, _threshold(stakes.rules)
    return {
        "cost": np.array([stakes.wanted[number] for number in marks.numbers], np.float64),
        "budget": float(stakes.budget if shared else stakes.budget - sum(others)),
        "mode": MODES[stakes.rules.budget_mode],
        "threshold": None if threshold is None else float(threshold),
        "most": None if most is None else most - len(others),
    }


def _threshold(rules: Rules) -> Fraction | None:
    """Return the total below which nobody is funded; None where there is none, or the panel decides below it."""
    return least_enough(rules.pass_total, rules.rounding) if rules.below_pass is BelowPass.REJECT else None


def _winners(marks: Marks, stakes: Stakes) -> int:
    return sum(number in stakes.awards for number in marks.numbers)


def _panel(number: int, marks: Marks, stakes: Stakes, refusal: Refusal | None, found: _Figures | None) -> Panel:
    limits = () if found is None else found.calibration.limits
    alarm = found is not None and found.informative.alarm
    cautions = {Caution(limit.value) for limit in limits if limit.value in set(Caution)}
    if alarm:  # then a variance of 0 is what it brings about, and no finding
        cautions = {Caution.INFORMATIVE_ASSIGNMENT}
    return Panel(
        number=number,
        projects=len(marks.numbers),
        experts=len(marks.experts),
        scores=len(marks.rows),
        winners=_winners(marks, stakes),
        refusal=refusal,
        no_line=_no_line(marks, stakes),
        variances=None if found is None else _variances(found.of_experts),
        informative=None if found is None else figure(found.informative.correlation),
        alarm=alarm,
        cautions=tuple(caution for caution in Caution if caution in cautions),
    )


def _no_line(marks: Marks, stakes: Stakes) -> Refusal | None:
    winners = _winners(marks, stakes)
    if winners == 0:
        return Refusal.NO_WINNERS
    return Refusal.ALL_WINNERS if winners == sum(stakes.wanted[number] > 0 for number in marks.numbers) else None


def _variances(calibration: "Calibration") -> Variances:
    parts = calibration.variances
    return Variances(*(figure(parts[name]) or 0.0 for name in ("item", "rater", "residual")))


def _projects(marks: Marks, stakes: Stakes, panel: Panel, found: _Figures) -> Iterator[tuple[str, dict[str, Any]]]:
    calibration, places = found.calibration, found.ranks
    for code, number in enumerate(marks.numbers):
        computed = stakes.computed[number]
        above = None if panel.no_line else figure(places.p_top[code])
        yield (
            number,
            {
                "corrected": figure(computed + calibration.quality[code]),
                "corrected_se": figure(calibration.quality_se[code]),
                "corrected_fixed": None if found.fixed is None else figure(computed + found.fixed.quality[code]),
                "lo": int(places.lo[code]),
                "hi": int(places.hi[code]),
                "p_line": above,
                "p_funded": None if places.p_funded is None else figure(places.p_funded[code]),
                "grade": grade_of(above),
                "next_value": None if panel.no_line else figure(found.values[code]),
            },
        )


def _experts(number: int, marks: Marks, names: Mapping[str, str], calibration: "Calibration") -> Iterator[Expert]:
    from judging.engines.calibration import expert_misfit

    misfit = expert_misfit(marks.rater, marks.item, marks.score)
    for code, email in enumerate(marks.experts):
        scores = int(misfit.scores[code])
        if scores < ENOUGH_SCORES:
            yield Expert(email, names[email], number, scores, enough=False, refusal=Refusal.FEW_SCORES)
            continue
        severity, half = calibration.severity[code], HALF_WIDTH * calibration.severity_se[code]
        yield Expert(
            email=email,
            name=names[email],
            panel=number,
            scores=scores,
            enough=True,
            severity=figure(severity),
            lo=figure(severity - half),
            hi=figure(severity + half),
            noise=figure(calibration.noise[code]),
            misfit=figure(misfit.index[code]),
            flagged=bool(misfit.flagged[code]),
        )


def _compared(marks: Marks, experts: Iterable[Expert]) -> tuple[Expert, ...]:
    """Give each expert the plain comparison with the others, which every panel carries."""
    beside = beside_others(marks)
    return tuple(
        replace(item, own_mean=figure(beside[item.email].own), others_mean=figure(beside[item.email].others))
        for item in experts
    )


def _silent(number: int, marks: Marks, names: Mapping[str, str], refusal: Refusal) -> Iterator[Expert]:
    import numpy as np

    for email, scores in zip(marks.experts, np.bincount(marks.rater).tolist(), strict=True):
        yield Expert(email, names[email], number, scores, scores >= ENOUGH_SCORES, refusal)


def _cells(marks: Marks, calibration: "Calibration") -> Iterator[Cell]:
    for row, rater, expected in zip(marks.rows, marks.rater, calibration.expected, strict=True):
        residual, noise = row.value - expected, calibration.noise[rater]
        yield Cell(
            expert=row.expert,
            number=row.number,
            score=figure(row.value) or 0.0,
            expected=figure(expected) or 0.0,
            residual=figure(residual) or 0.0,
            standardised=figure(residual / noise) if noise > 0 else None,
        )
