"""Whether a rubric is well formed: everything that is wrong with criteria, with its place.

Paths use the keys of the contest archive (``criteria[3].bands[1].from``).
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from judging.domain.errors import N_, Fault
from judging.domain.rubric import (
    BEST_LABELS,
    CHECKS,
    FULL_BAND_SCORE,
    LONGEST_COMPULSORY,
    Band,
    BandsCriterion,
    BelowPass,
    CommentRule,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
    in_total,
)


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
            yield from _sheet_faults(criterion)
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


def _sheet_faults(criterion: ExpertCriterion) -> Iterator[Fault]:
    """Name what does not fit together of what the sheet asks of a criterion."""
    scale = CHECKS.get(criterion.answers)
    if scale is not None and criterion.scale != scale:
        message = N_("These answers need the scale from 0 to %(maximum)s with the step 1")
        yield Fault("answers", message, {"maximum": scale.maximum})
    if criterion.pass_mark is None:
        if criterion.below_pass is not BelowPass.REJECT:
            yield Fault("below_pass", N_("There is no passing mark: nothing leads to the panel"))
    elif not criterion.required:
        yield Fault("required", N_("A criterion with a passing mark must be marked"))
    rule = criterion.comment_required
    if rule is not None:
        yield from _comment_rule_faults(rule)


def _comment_rule_faults(rule: CommentRule) -> Iterator[Fault]:
    if not 0 <= rule.shortest <= LONGEST_COMPULSORY:
        message = N_("The least length of a comment must be between 0 and %(most)s characters")
        yield Fault("comment_required.shortest", message, {"most": LONGEST_COMPULSORY})
    elif rule.shortest and rule.at_most is None and rule.at_least is None:
        message = N_("Say for which marks a comment is compulsory: without that there is no least length")
        yield Fault("comment_required.shortest", message)


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
