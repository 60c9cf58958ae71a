"""The arithmetic of the contest as spreadsheet formulas. Source: the contest-archive format.

A spreadsheet computes in binary. An exact half such as 2,345 may come out a hair lower and be rounded down; before
every rounding :attr:`Precision.nudge` is added, far less than any printed digit and far more than the error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from judging.domain.rubric import (
    FULL_BAND_SCORE,
    BandsCriterion,
    ComputedCriterion,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    maximum_total,
)
from judging.domain.rules import Aggregate, Tiebreak, tiebreak_of
from judging.exports.facts import NOTHING
from judging.exports.workbook.layout import CRITERIA, Layout, Slice, quoted

SIGNIFICANT = 15
"""Decimal digits that survive in a binary number of double precision."""
A_NUMBER = '">-1E+300"'


@dataclass(frozen=True)
class Precision:
    """To how many decimals figures are kept: ``points`` unrounded, ``decimals`` as printed."""

    points: int
    decimals: int

    @property
    def nudge(self) -> str:
        """What lifts an exact half over its binary error."""
        return f"5E-{self.points - 1}"

    def rounded(self, expression: str) -> str:
        """Write ``expression`` rounded half up as the contest does."""
        return f"ROUND({expression}+{self.nudge},{self.decimals})"


def precision(criteria: Sequence[Criterion], decimals: int) -> Precision:
    """Return the precision for totals up to the sum of the weights."""
    whole = max(3, (maximum_total(criteria) * 2).adjusted() + 1)
    return Precision(max(SIGNIFICANT - whole, decimals + 2), decimals)


def number(value: Decimal) -> str:
    """Write a constant."""
    return f"{value:f}"


class Points:
    """Formulas of points: share times weight, for every kind of criterion and every aggregate."""

    def __init__(self, layout: Layout, aggregate: Aggregate, exact: Precision) -> None:
        self._layout, self._exact = layout, exact
        self._mean_of = AGGREGATES[aggregate]
        self.array = aggregate is not Aggregate.MEAN

    def expert(self, criterion: ExpertCriterion, application: str, own: str) -> str:
        """Write an expert criterion's points of one application; ``own`` is the cell of its number."""
        if not self._layout.has_marks(application):
            return "0"
        rows = self._layout.marks_of(application, criterion.code, own)
        cell = {name: self._layout.criterion(name, criterion.code) for name in "DEF"}
        points = f"{cell['D']}*({self._mean_of(rows)}-{cell['E']})/({cell['F']}-{cell['E']})"
        return f"IF({counted(rows)}=0,0,ROUND({points},{self._exact.points}))"

    def floor(self, criterion: ExpertCriterion, application: str, own: str) -> str:
        """Write whether the aggregated mark reaches the criterion's floor."""
        if not self._layout.has_marks(application):
            return "FALSE"
        rows = self._layout.marks_of(application, criterion.code, own)
        reached = f"ROUND({self._mean_of(rows)},9)>=ROUND({self._layout.criterion('H', criterion.code)},9)"
        return f"IF({counted(rows)}=0,FALSE,{reached})"

    def outside(self, criterion: Criterion, application: str, own: str) -> str:
        """Write the mark of a criterion outside the total: on its own scale, of a computed one out of 10."""
        if not isinstance(criterion, ExpertCriterion):
            rows = self._layout.value_of(application, criterion.code, own)
            share = self._share(criterion, value(rows))
            return f"IF({present(rows)}=0,0,ROUND({number(FULL_BAND_SCORE)}*{share},{self._exact.points}))"
        if not self._layout.has_marks(application):
            return quoted(NOTHING)
        rows = self._layout.marks_of(application, criterion.code, own)
        return f"IF({counted(rows)}=0,{quoted(NOTHING)},ROUND({self._mean_of(rows)},{self._exact.points}))"

    def computed(self, criterion: ComputedCriterion, application: str, own: str) -> str:
        """Write a computed criterion's points of one application."""
        rows = self._layout.value_of(application, criterion.code, own)
        share = self._share(criterion, value(rows))
        points = f"ROUND({self._layout.criterion('D', criterion.code)}*{share},{self._exact.points})"
        return f"IF({present(rows)}=0,0,{points})"

    def _share(self, criterion: ComputedCriterion, v: str) -> str:
        cell = self._layout.criterion
        match criterion:
            case LinearCriterion(code=code):
                zero, full = cell("J", code), cell("K", code)
                return f"MAX(0,MIN(1,({v}-{zero})/({full}-{zero})))"
            case RelativeCriterion(code=code, best="max"):
                return f"IF({cell('L', code)}>0,MAX(0,MIN(1,{v}/{cell('L', code)})),0)"
            case RelativeCriterion(code=code):
                return f"IF({v}>0,MAX(0,MIN(1,{cell('L', code)}/{v})),0)"
            case BandsCriterion(code=code):
                bands = self._layout.bands(code)
                return f"LOOKUP({v},{bands.column('B')},{bands.column('C')})/10"


def counted(rows: Slice) -> str:
    """Count the marks of counted reviews."""
    return f'COUNTIFS({rows.span.column("H")},"да",{rows.span.column("D")},{A_NUMBER}{rows.conditions()})'


def mean(rows: Slice) -> str:
    """Write the mean of the counted marks; a missing mark is no number and stays out."""
    return f'AVERAGEIFS({rows.span.column("D")},{rows.span.column("H")},"да"{rows.conditions()})'


def median(rows: Slice) -> str:
    """Write the median of the counted marks; an array formula."""
    return f"MEDIAN({_numbers(rows)})"


def trimmed_mean(rows: Slice) -> str:
    """Write the mean without one smallest and one greatest of five or more marks; an array formula."""
    total = f'SUMIFS({rows.span.column("D")},{rows.span.column("H")},"да"{rows.conditions()})'
    marks = _numbers(rows)
    trimmed = f"({total}-MAX({marks})-MIN({marks}))/({counted(rows)}-2)"
    return f"IF({counted(rows)}>=5,{trimmed},{mean(rows)})"


def _numbers(rows: Slice) -> str:
    marks = rows.span.column("D")
    return f'IF(({rows.span.column("H")}="да")*ISNUMBER({marks}){rows.product()},{marks})'


AGGREGATES: Mapping[Aggregate, Callable[[Slice], str]] = {
    Aggregate.MEAN: mean,
    Aggregate.MEDIAN: median,
    Aggregate.TRIMMED_MEAN: trimmed_mean,
}


def value(rows: Slice) -> str:
    """Write the indicator's value."""
    if rows.keys:
        conditions = rows.conditions().removeprefix(",")
        return f"SUMIFS({rows.span.column('D')},{conditions})"
    return f"'{rows.span.sheet}'!$D${rows.span.first}"


def present(rows: Slice) -> str:
    """Count the values of the indicator: 0 or 1."""
    return f"COUNTIFS({rows.span.column('D')},{A_NUMBER}{rows.conditions()})"


def best_value(layout: Layout, criterion: RelativeCriterion, row: int) -> str:
    """Write the best value among the ranked applications, 0 where there is none; an array formula."""
    values, code = layout.all_values.column("D"), f"'{layout.sheet(CRITERIA)}'!$A${row}"
    ours = f"({layout.all_values.column('B')}={code})*ISNUMBER({values})"
    if criterion.best == "max":
        return f"MAX(IF({ours},{values}))"
    return f"MIN(IF({ours},IF({values}>0,{values})))"


def place(layout: Layout, exact: Precision, tie_breakers: Sequence[str], row: int, own_row: str) -> str:
    """Write the place of the application in ``row``: by rounded total, then the tie breakers in turn.

    ``own_row`` is the application's row within the sheet of points.
    """
    totals = layout.ranked.column("M").partition("!")[2]
    ahead = f'1+COUNTIF({totals},">"&M{row})'
    if not tie_breakers:
        return ahead
    better = ""
    for text in reversed(tie_breakers):
        ours, theirs, sign = _tie_operands(layout, exact, text, row, own_row)
        equal = f"+({theirs}={ours})*({better})" if better else ""
        better = f"({theirs}{sign}{ours}){equal}"
    return f"{ahead}+IF(COUNTIF({totals},M{row})=1,0,SUMPRODUCT(({totals}=M{row})*({better})))"


def _tie_operands(layout: Layout, exact: Precision, text: str, row: int, own_row: str) -> tuple[str, str, str]:
    """Return the application's own value, the column of all, and the sign that puts one ahead."""
    kind, code = tiebreak_of(text)
    if kind is Tiebreak.CRITERION:
        column = layout.points.column(layout.points_column(code or ""))
        return exact.rounded(f"INDEX({column},{own_row})"), exact.rounded(column), ">"
    letter = "J" if kind is Tiebreak.REQUESTED else "C"
    return f"{letter}{row}", layout.ranked.column(letter).partition("!")[2], "<"
