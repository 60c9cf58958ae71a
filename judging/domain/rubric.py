"""The rubric: criteria, their kinds, and whether together they are well formed.

Every criterion yields a share ``s`` of its full score, 0 <= s <= 1; its points are ``weight * s``. Marks, weights and
indicator values are exact (:class:`decimal.Decimal`); nothing here is a float.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal


@dataclass(frozen=True)
class Scale:
    """The marks an expert may give: ``minimum``, ``minimum + step``, … ``maximum``."""

    minimum: Decimal
    maximum: Decimal
    step: Decimal


@dataclass(frozen=True)
class CommentRule:
    """A comment is compulsory for marks ``<= at_most`` and for marks ``>= at_least``; None switches a side off."""

    at_most: Decimal | None = None
    at_least: Decimal | None = None


@dataclass(frozen=True)
class Band:
    """From ``start`` (None: from minus infinity) up to the next band's start the score is ``score`` out of 10."""

    start: Decimal | None
    score: Decimal


@dataclass(frozen=True)
class ExpertCriterion:
    """Marked by experts on ``scale``; ``pass_mark`` is a floor on the application's aggregated mark."""

    kind: ClassVar[str] = "expert"
    code: str
    title: str
    weight: Decimal
    scale: Scale
    pass_mark: Decimal | None = None
    comment_required: CommentRule | None = None


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


@dataclass(frozen=True)
class RelativeCriterion:
    """Computed: relative to the best value among the admitted applications (or the contest's frozen base)."""

    kind: ClassVar[str] = "relative"
    code: str
    title: str
    weight: Decimal
    indicator: str
    best: Literal["max", "min"]


@dataclass(frozen=True)
class BandsCriterion:
    """Computed: half-open bands over the whole axis."""

    kind: ClassVar[str] = "bands"
    code: str
    title: str
    weight: Decimal
    indicator: str
    bands: tuple[Band, ...]


Criterion = ExpertCriterion | LinearCriterion | RelativeCriterion | BandsCriterion
ComputedCriterion = LinearCriterion | RelativeCriterion | BandsCriterion
