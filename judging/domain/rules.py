"""The rules of a contest beside its rubric: how reviews become a total, a place and money."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from judging.domain.errors import N_, Fault
from judging.domain.rubric import BelowPass, Criterion, in_total


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


class AgreedScore(StrEnum):
    """Whether a lead expert puts down an agreed score: never, beside the reviews, or in their place."""

    NONE = "none"
    BESIDE = "beside"
    COUNTS = "counts"


class Tiebreak(StrEnum):
    """What orders applications of equal total; ``criterion`` is written ``criterion:CODE``."""

    CRITERION = "criterion"
    REQUESTED = "requested"
    SUBMITTED_AT = "submitted_at"


@dataclass(frozen=True)
class Divergence:
    """When reviews differ so much that an additional one is needed; None switches a test off.

    ``total_share`` is a share of the sum of the expert weights, ``criterion_range`` a difference of marks.
    """

    total_share: Decimal | None = None
    criterion_range: Decimal | None = None


@dataclass(frozen=True)
class Rules:
    """Rules frozen when the contest is published. Money (``cap_per_application``) is in kopecks.

    ``below_pass``: what follows where ``pass_total`` is not reached.
    """

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
    below_pass: BelowPass = BelowPass.REJECT
    agreed_score: AgreedScore = AgreedScore.NONE


AGGREGATE_LABELS: Mapping[Aggregate, str] = {
    Aggregate.MEAN: N_("Mean"),
    Aggregate.MEDIAN: N_("Median"),
    Aggregate.TRIMMED_MEAN: N_("Trimmed mean"),
}

ADDITIONAL_RULE_LABELS: Mapping[AdditionalRule, str] = {
    AdditionalRule.MEAN_ALL: N_("All reviews count"),
    AdditionalRule.CLOSEST_PAIR: N_("The two nearest reviews count"),
    AdditionalRule.ADDITIONAL_IS_FINAL: N_("The additional review alone counts"),
}

BUDGET_MODE_LABELS: Mapping[BudgetMode, str] = {
    BudgetMode.STRICT: N_("Stop at the first that does not fit"),
    BudgetMode.SKIP: N_("Pass over those that do not fit"),
    BudgetMode.PARTIAL: N_("Give the first that does not fit what is left"),
    BudgetMode.PROPORTIONAL: N_("Give all the same share of what they want"),
}

AGREED_LABELS: Mapping[AgreedScore, str] = {
    AgreedScore.NONE: N_("There is none"),
    AgreedScore.BESIDE: N_("It stands beside the reviews and changes nothing"),
    AgreedScore.COUNTS: N_("It counts in the place of the reviews"),
}

TIEBREAK_LABELS: Mapping[Tiebreak, str] = {
    Tiebreak.CRITERION: N_("More points for the criterion"),
    Tiebreak.REQUESTED: N_("The smaller requested sum"),
    Tiebreak.SUBMITTED_AT: N_("Submitted earlier"),
}

GREATEST_ROUNDING = 6


def tiebreak_of(text: str) -> tuple[Tiebreak, str | None]:
    """Split a tie breaker as written in the rules into its kind and, for ``criterion:CODE``, the code.

    Raises ValueError for a word that is no tie breaker.
    """
    word, colon, code = text.partition(":")
    kind = Tiebreak(word)
    if (kind is Tiebreak.CRITERION) != bool(colon):
        raise ValueError(text)
    return kind, code if colon else None


def rules_faults(rules: Rules, criteria: Sequence[Criterion]) -> tuple[Fault, ...]:
    """Name everything that is wrong with ``rules`` beside ``criteria``; paths are ``rules.…`` with archive keys."""
    found = (*_number_faults(rules), *_divergence_faults(rules.divergence), *_tiebreak_faults(rules, criteria))
    return tuple(Fault(f"rules.{fault.path}", fault.message, fault.params) for fault in found)


def _number_faults(rules: Rules) -> Iterator[Fault]:
    if rules.experts_per_application < 1:
        yield Fault("experts_per_application", N_("At least one expert is needed per application"))
    if not 0 <= rules.rounding <= GREATEST_ROUNDING:
        yield Fault("rounding", N_("The number of decimals must be between 0 and 6"))
    if rules.pass_total is not None and not (rules.pass_total.is_finite() and rules.pass_total >= 0):
        yield Fault("pass_total", N_("The passing total may not be negative"))
    if rules.max_winners is not None and rules.max_winners < 0:
        yield Fault("max_winners", N_("The number of winners may not be negative"))
    if rules.cap_per_application is not None and rules.cap_per_application < 0:
        yield Fault("cap_per_application", N_("The limit per application may not be negative"))


def _divergence_faults(divergence: Divergence) -> Iterator[Fault]:
    share, span = divergence.total_share, divergence.criterion_range
    if share is not None and not (share.is_finite() and 0 <= share <= 1):
        yield Fault("divergence.total_share", N_("The share must be between 0 and 1"))
    if span is not None and not (span.is_finite() and span >= 0):
        yield Fault("divergence.criterion_range", N_("The difference of marks may not be negative"))


def _tiebreak_faults(rules: Rules, criteria: Sequence[Criterion]) -> Iterator[Fault]:
    known = {criterion.code: criterion for criterion in criteria}
    for index, text in enumerate(rules.tie_breakers):
        path = f"tie_breakers[{index}]"
        try:
            kind, code = tiebreak_of(text)
        except ValueError:
            yield Fault(path, N_("There is no such tie breaker: %(word)s"), {"word": text})
            continue
        if kind is not Tiebreak.CRITERION or code is None:
            continue
        if code not in known:
            yield Fault(path, N_("There is no criterion with the code %(code)s"), {"code": code})
        elif not in_total(known[code]):
            message = N_("The criterion %(code)s is outside the total: it decides nothing, equal totals neither")
            yield Fault(path, message, {"code": code})
