"""The rubric: criteria, their kinds, and whether together they are well formed.

Every criterion yields a share ``s`` of its full score, 0 <= s <= 1; its points are ``weight * s``. Marks, weights and
indicator values are exact (:class:`decimal.Decimal`); nothing here is a float.

A criterion of weight 0 is *outside the total*: it is marked or computed and shown, and decides nothing. Criteria may
belong to a group, which is a heading and decides nothing either (:mod:`judging.domain.criterion_groups`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Literal

from judging.domain.errors import N_, Fault


class AnswerStyle(StrEnum):
    """How the marks of a scale are shown: as numbers, or as the answers of a check (0 and 1; 0, 1 and 2)."""

    MARKS = "marks"
    YES_NO = "yes_no"
    TRAFFIC_LIGHT = "traffic_light"


class BelowPass(StrEnum):
    """What follows where a passing mark or total is not reached: the application is out, or the panel decides."""

    REJECT = "reject"
    PANEL = "panel"


@dataclass(frozen=True)
class Scale:
    """The marks an expert may give: ``minimum``, ``minimum + step``, … ``maximum``."""

    minimum: Decimal
    maximum: Decimal
    step: Decimal


@dataclass(frozen=True)
class CommentRule:
    """A comment is compulsory for marks ``<= at_most`` and for marks ``>= at_least``; None switches a side off.

    ``shortest``: the characters that a compulsory comment has at least.
    """

    at_most: Decimal | None = None
    at_least: Decimal | None = None
    shortest: int = 0


@dataclass(frozen=True)
class Band:
    """From ``start`` (None: from minus infinity) up to the next band's start the score is ``score`` out of 10."""

    start: Decimal | None
    score: Decimal


@dataclass(frozen=True)
class ExpertCriterion:
    """Marked by experts on ``scale``; ``pass_mark`` is a floor on the application's aggregated mark.

    ``required``: a review cannot be submitted without a mark (or, where ``may_abstain``, the statement that the expert
    cannot judge it). ``below_pass``: what follows where ``pass_mark`` is not reached.
    """

    kind: ClassVar[str] = "expert"
    code: str
    title: str
    weight: Decimal
    scale: Scale
    pass_mark: Decimal | None = None
    comment_required: CommentRule | None = None
    group: str = ""
    group_en: str = ""
    answers: AnswerStyle = AnswerStyle.MARKS
    required: bool = True
    may_abstain: bool = False
    below_pass: BelowPass = BelowPass.REJECT


@dataclass(frozen=True)
class LinearCriterion:
    """Computed: 0 at ``zero_at``, full at ``full_at``, linear between, clipped; ``zero_at`` may be the greater."""

    kind: ClassVar[str] = "linear"
    code: str
    title: str
    weight: Decimal
    indicator: str
    zero_at: Decimal
    full_at: Decimal
    group: str = ""
    group_en: str = ""


@dataclass(frozen=True)
class RelativeCriterion:
    """Computed: relative to the best value among the admitted applications (or the contest's frozen base)."""

    kind: ClassVar[str] = "relative"
    code: str
    title: str
    weight: Decimal
    indicator: str
    best: Literal["max", "min"]
    group: str = ""
    group_en: str = ""


@dataclass(frozen=True)
class BandsCriterion:
    """Computed: half-open bands over the whole axis."""

    kind: ClassVar[str] = "bands"
    code: str
    title: str
    weight: Decimal
    indicator: str
    bands: tuple[Band, ...]
    group: str = ""
    group_en: str = ""


Criterion = ExpertCriterion | LinearCriterion | RelativeCriterion | BandsCriterion
ComputedCriterion = LinearCriterion | RelativeCriterion | BandsCriterion

KINDS: Mapping[str, type[ExpertCriterion] | type[LinearCriterion] | type[RelativeCriterion] | type[BandsCriterion]] = {
    ExpertCriterion.kind: ExpertCriterion,
    LinearCriterion.kind: LinearCriterion,
    RelativeCriterion.kind: RelativeCriterion,
    BandsCriterion.kind: BandsCriterion,
}

KIND_LABELS: Mapping[str, str] = {
    ExpertCriterion.kind: N_("Marked by experts"),
    LinearCriterion.kind: N_("Linear between two values"),
    RelativeCriterion.kind: N_("Relative to the best value"),
    BandsCriterion.kind: N_("Bands of values"),
}

BEST_LABELS: Mapping[str, str] = {
    "max": N_("The greatest value is the best"),
    "min": N_("The smallest value is the best"),
}

ANSWER_LABELS: Mapping[AnswerStyle, str] = {
    AnswerStyle.MARKS: N_("Marks on a scale"),
    AnswerStyle.YES_NO: N_("Yes or no"),
    AnswerStyle.TRAFFIC_LIGHT: N_("Traffic light: red, yellow, green"),
}

BELOW_LABELS: Mapping[BelowPass, str] = {
    BelowPass.REJECT: N_("The application is out"),
    BelowPass.PANEL: N_("The panel decides"),
}

FULL_BAND_SCORE = Decimal(10)
CHECKS: Mapping[AnswerStyle, Scale] = {
    AnswerStyle.YES_NO: Scale(Decimal(0), Decimal(1), Decimal(1)),
    AnswerStyle.TRAFFIC_LIGHT: Scale(Decimal(0), Decimal(2), Decimal(1)),
}
"""The only scale on which the answers of a check mean what they say."""
LONGEST_COMPULSORY = 1000
"""A rule may ask for so many characters of a compulsory comment, and for no more."""


def expert_criteria(criteria: Sequence[Criterion]) -> tuple[ExpertCriterion, ...]:
    """Return those that experts mark, in the rubric's order."""
    return tuple(item for item in criteria if isinstance(item, ExpertCriterion))


def computed_criteria(criteria: Sequence[Criterion]) -> tuple[ComputedCriterion, ...]:
    """Return those that are computed from indicators, in the rubric's order."""
    return tuple(item for item in criteria if not isinstance(item, ExpertCriterion))


def in_total(criterion: Criterion) -> bool:
    """Say whether a criterion has a part in the total."""
    return criterion.weight != 0


def counting_criteria(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """Return those that have a part in the total, in the rubric's order."""
    return tuple(item for item in criteria if in_total(item))


def maximum_total(criteria: Sequence[Criterion]) -> Decimal:
    """Return the greatest total that can be reached: the sum of the weights, whatever it is."""
    return sum((item.weight for item in criteria), Decimal(0))


def marks(scale: Scale) -> tuple[Decimal, ...]:
    """Return every mark of a well-formed ``scale``, ascending and exact."""
    exponent = min(0, *(_exponent(number) for number in (scale.minimum, scale.maximum, scale.step)))
    first, last, step = (int(number.scaleb(-exponent)) for number in (scale.minimum, scale.maximum, scale.step))
    return tuple(Decimal(f"{units}E{exponent}") for units in range(first, last + 1, step))


def is_on_scale(scale: Scale, mark: Decimal) -> bool:
    """Say whether ``mark`` is one of the marks of ``scale``."""
    if not mark.is_finite() or not scale.minimum <= mark <= scale.maximum:
        return False
    return ((Fraction(mark) - Fraction(scale.minimum)) / Fraction(scale.step)).denominator == 1


def mark_fault(criterion: ExpertCriterion, mark: Decimal) -> Fault | None:
    """Return what is wrong with ``mark``, None where it is on the criterion's scale. The path is the code."""
    scale = criterion.scale
    if is_on_scale(scale, mark):
        return None
    message = N_("The mark %(mark)s is not on the scale from %(minimum)s to %(maximum)s with the step %(step)s")
    values = {"mark": mark, "minimum": scale.minimum, "maximum": scale.maximum, "step": scale.step}
    return Fault(criterion.code, message, values)


def comment_needed(criterion: ExpertCriterion, mark: Decimal | None) -> bool:
    """Say whether ``mark`` must come with a comment. No mark needs none."""
    rule = criterion.comment_required
    if rule is None or mark is None:
        return False
    low = rule.at_most is not None and mark <= rule.at_most
    high = rule.at_least is not None and mark >= rule.at_least
    return low or high


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
