"""The rubric: criteria, their kinds, and whether together they are well formed.

Every criterion yields a share ``s`` of its full score, 0 <= s <= 1; its points are ``weight * s``. Marks, weights and
indicator values are exact (:class:`decimal.Decimal`); nothing here is a float.

A criterion of weight 0 is *outside the total*: it is marked or computed and shown, and decides nothing. Criteria may
belong to a group, which is a heading and decides nothing either (:mod:`judging.domain.criterion_groups`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
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

FULL_BAND_SCORE = Decimal(10)


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


def rubric_faults(criteria: Sequence[Criterion]) -> tuple[Fault, ...]:
    """Name everything that is wrong with a rubric; empty where it is well formed.

    Paths use the keys of the contest archive (``criteria[3].bands[1].from``). Weights may sum to anything.
    """
    if not criteria:
        return (Fault("criteria", N_("The rubric has no criteria")),)
    faults = [*_repeated_codes(criteria), *group_faults(criteria)]
    for index, criterion in enumerate(criteria):
        faults += (_moved(fault, f"criteria[{index}].") for fault in criterion_faults(criterion))
    if not any(map(in_total, criteria)):
        faults.append(Fault("criteria", N_("No criterion counts in the total: give one a weight above zero")))
    return tuple(faults)


def criterion_faults(criterion: Criterion) -> tuple[Fault, ...]:
    """Name everything that is wrong with one criterion; paths start at the criterion."""
    faults = list(_common_faults(criterion))
    endless = [Fault(path, N_("Not a finite number")) for path, value in _numbers(criterion) if not value.is_finite()]
    if endless:
        return (*faults, *endless)
    if criterion.weight < 0:
        faults.append(Fault("weight", N_("The weight may not be negative")))
    return (*faults, *_kind_faults(criterion))


def group_faults(criteria: Sequence[Criterion]) -> Iterator[Fault]:
    """Name the criteria that stand apart from others of their group: a heading stands above its criteria once."""
    left: set[str] = set()
    before = ""
    for index, criterion in enumerate(criteria):
        if criterion.group != before:
            left.add(before)
        if criterion.group and criterion.group in left:
            message = N_("The criteria of the group “%(group)s” do not stand together: move this one to the others")
            yield Fault(f"criteria[{index}].group", message, {"group": criterion.group})
        before = criterion.group


def base_faults(criteria: Sequence[Criterion], frozen_base: Mapping[str, Decimal] | None) -> tuple[Fault, ...]:
    """Name the entries of a frozen base that belong to no relative criterion."""
    known = {item.code for item in criteria if isinstance(item, RelativeCriterion)}
    message = N_("There is no relative criterion with this code")
    return tuple(Fault(f"frozen_base.{code}", message) for code in frozen_base or () if code not in known)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _moved(fault: Fault, prefix: str) -> Fault:
    return Fault(prefix + fault.path, fault.message, fault.params)


def _repeated_codes(criteria: Sequence[Criterion]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, criterion in enumerate(criteria):
        if criterion.code in seen:
            yield Fault(f"criteria[{index}].code", N_("The code %(code)s is used twice"), {"code": criterion.code})
        seen.add(criterion.code)


def _common_faults(criterion: Criterion) -> Iterator[Fault]:
    if not criterion.code.strip():
        yield Fault("code", N_("The code is empty"))
    if not criterion.title.strip():
        yield Fault("title", N_("The title is empty"))
    if not isinstance(criterion, ExpertCriterion) and not criterion.indicator.strip():
        yield Fault("indicator", N_("The indicator is empty"))
    if criterion.group_en and not criterion.group:
        yield Fault("group", N_("The group has an English title alone: give the Russian one too"))


def _numbers(criterion: Criterion) -> Iterator[tuple[str, Decimal]]:
    """Yield every number of ``criterion`` with its path."""
    yield "weight", criterion.weight
    match criterion:
        case ExpertCriterion():
            yield from _expert_numbers(criterion)
        case LinearCriterion():
            yield from (("zero_at", criterion.zero_at), ("full_at", criterion.full_at))
        case BandsCriterion():
            yield from _band_numbers(criterion)


def _expert_numbers(criterion: ExpertCriterion) -> Iterator[tuple[str, Decimal]]:
    scale = criterion.scale
    yield from (("scale.min", scale.minimum), ("scale.max", scale.maximum), ("scale.step", scale.step))
    yield from _marks_named(criterion)


def _marks_named(criterion: ExpertCriterion) -> Iterator[tuple[str, Decimal]]:
    """Yield the marks that the criterion itself names: its floor and the bounds of its comment rule."""
    rule = criterion.comment_required or CommentRule()
    named = {
        "pass": criterion.pass_mark,
        "comment_required.at_most": rule.at_most,
        "comment_required.at_least": rule.at_least,
    }
    yield from ((path, mark) for path, mark in named.items() if mark is not None)


def _band_numbers(criterion: BandsCriterion) -> Iterator[tuple[str, Decimal]]:
    for index, band in enumerate(criterion.bands):
        yield f"bands[{index}].score", band.score
        if band.start is not None:
            yield f"bands[{index}].from", band.start


def _kind_faults(criterion: Criterion) -> Iterator[Fault]:
    match criterion:
        case ExpertCriterion():
            yield from _scale_faults(criterion.scale)
            yield from _named_mark_faults(criterion)
        case LinearCriterion():
            if criterion.zero_at == criterion.full_at:
                yield Fault("full_at", N_("The value for the full score equals the value for zero"))
        case RelativeCriterion():
            if criterion.best not in BEST_LABELS:
                yield Fault("best", N_("The best value must be max or min"))
        case BandsCriterion():
            yield from _band_faults(criterion.bands)


def _scale_faults(scale: Scale) -> Iterator[Fault]:
    if scale.minimum >= scale.maximum:
        yield Fault("scale.max", N_("The greatest mark must be greater than the smallest"))
    if scale.step <= 0:
        yield Fault("scale.step", N_("The step must be greater than zero"))
    elif ((Fraction(scale.maximum) - Fraction(scale.minimum)) / Fraction(scale.step)).denominator != 1:
        yield Fault("scale.step", N_("The step does not divide the scale"))


def _named_mark_faults(criterion: ExpertCriterion) -> Iterator[Fault]:
    for path, mark in _marks_named(criterion):
        if not criterion.scale.minimum <= mark <= criterion.scale.maximum:
            yield Fault(path, N_("The mark %(mark)s is outside the scale"), {"mark": mark})
    if criterion.pass_mark is not None and not in_total(criterion):
        yield Fault("pass", N_("A criterion outside the total decides nothing: it has no passing mark"))


def _band_faults(bands: tuple[Band, ...]) -> Iterator[Fault]:
    if not bands:
        yield Fault("bands", N_("There are no bands"))
        return
    if bands[0].start is not None:
        yield Fault("bands[0].from", N_("The first band must have no start: values below it would have no score"))
    for index, (band, following) in enumerate(pairwise(bands), start=1):
        yield from _order_faults(index, band, following)
    for index, band in enumerate(bands):
        if not 0 <= band.score <= FULL_BAND_SCORE:
            yield Fault(f"bands[{index}].score", N_("The score must be between 0 and 10"))


def _order_faults(index: int, band: Band, following: Band) -> Iterator[Fault]:
    if following.start is None:
        yield Fault(f"bands[{index}].from", N_("Only the first band may have no start"))
    elif band.start is not None and following.start <= band.start:
        yield Fault(f"bands[{index}].from", N_("The band must start above the one before it"))
