"""The rules of a contest beside its rubric: how reviews become a total, a place and money."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from judging.domain.errors import N_


class Aggregate(StrEnum):
    """How the shares of the counted reviews of one criterion become one share."""

    MEAN = "mean"
    MEDIAN = "median"
    TRIMMED_MEAN = "trimmed_mean"


class AdditionalRule(StrEnum):
    """Which reviews count where an application has diverged and has an additional review."""

    MEAN_ALL = "mean_all"
    CLOSEST_PAIR = "closest_pair"
    ADDITIONAL_IS_FINAL = "additional_is_final"


class BudgetMode(StrEnum):
    """How money goes down the ranked list."""

    STRICT = "strict"
    SKIP = "skip"
    PARTIAL = "partial"
    PROPORTIONAL = "proportional"


@dataclass(frozen=True)
class Divergence:
    """When reviews differ so much that an additional one is needed; None switches a test off.

    ``total_share`` is a share of the sum of the expert weights, ``criterion_range`` a difference of marks.
    """

    total_share: Decimal | None = None
    criterion_range: Decimal | None = None


@dataclass(frozen=True)
class Rules:
    """Rules frozen when the contest is published. Money (``cap_per_application``) is in kopecks."""

    experts_per_application: int
    aggregate: Aggregate
    divergence: Divergence
    additional_review: AdditionalRule
    pass_total: Decimal | None
    rounding: int
    tie_breakers: tuple[str, ...]
    budget_mode: BudgetMode
    max_winners: int | None = None
    cap_per_application: int | None = None


AGGREGATE_LABELS = {
    Aggregate.MEAN: N_("Mean"),
    Aggregate.MEDIAN: N_("Median"),
    Aggregate.TRIMMED_MEAN: N_("Trimmed mean"),
}
