"""The shape of criteria and rules in an archive.

Version 1 knows neither groups of criteria nor a weight of 0; what the system stores itself is read by version 2.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from judging.adapters.strict_json.fields import ArchiveObject, Code, Count, Enumerated, Money, Number, Title
from judging.domain.criterion_groups import LONGEST_GROUP
from judging.domain.errors import N_, Unfit
from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.nominations import Nomination
from judging.domain.rubric import (
    AnswerStyle,
    Band,
    BandsCriterion,
    BelowPass,
    CommentRule,
    Criterion,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
)
from judging.domain.rules import AdditionalRule, Aggregate, AgreedScore, BudgetMode, Divergence, Rules
from judging.domain.sheet_rules import Asked, Audience, SheetRules


def _above_zero(weight: Decimal) -> Decimal:
    if weight == 0:
        raise Unfit(N_("The weight must be greater than zero"))
    return weight


CountingWeight = Annotated[Number, AfterValidator(_above_zero)]
"""A weight of version 1, in which every criterion is in the total; less than 0 is the rubric's fault."""
GroupTitle = Annotated[str, Field(max_length=LONGEST_GROUP)]


class ScaleModel(ArchiveObject):
    """``scale`` of an expert criterion."""

    min: Number
    max: Number
    step: Number

    def value(self) -> Scale:
        """Return the scale."""
        return Scale(minimum=self.min, maximum=self.max, step=self.step)


class CommentRuleModel(ArchiveObject):
    """``comment_required`` of an expert criterion."""

    at_most: Number | None = None
    at_least: Number | None = None

    def value(self) -> CommentRule:
        """Return the rule."""
        return CommentRule(at_most=self.at_most, at_least=self.at_least)


class CommentRuleModel2(CommentRuleModel):
    """``comment_required`` of version 2: also how long a compulsory comment is at least."""

    shortest: Count = 0

    def value(self) -> CommentRule:
        """Return the rule."""
        return replace(super().value(), shortest=self.shortest)


class BandModel(ArchiveObject):
    """One of the ``bands``."""

    start: Number | None = Field(alias="from")
    score: Number

    def value(self) -> Band:
        """Return the band."""
        return Band(start=self.start, score=self.score)


class ExpertCriterionModel(ArchiveObject):
    """A criterion of kind ``expert``."""

    kind: Literal["expert"]
    code: Code
    title: Title
    weight: CountingWeight
    scale: ScaleModel
    pass_mark: Number | None = Field(default=None, alias="pass")
    comment_required: CommentRuleModel | None = None

    def value(self) -> ExpertCriterion:
        """Return the criterion."""
        return ExpertCriterion(
            code=self.code,
            title=self.title,
            weight=self.weight,
            scale=self.scale.value(),
            pass_mark=self.pass_mark,
            comment_required=self.comment_required.value() if self.comment_required else None,
        )


class LinearCriterionModel(ArchiveObject):
    """A criterion of kind ``linear``."""

    kind: Literal["linear"]
    code: Code
    title: Title
    weight: CountingWeight
    indicator: Code
    zero_at: Number
    full_at: Number

    def value(self) -> LinearCriterion:
        """Return the criterion."""
        return LinearCriterion(self.code, self.title, self.weight, self.indicator, self.zero_at, self.full_at)


class RelativeCriterionModel(ArchiveObject):
    """A criterion of kind ``relative``."""

    kind: Literal["relative"]
    code: Code
    title: Title
    weight: CountingWeight
    indicator: Code
    best: Literal["max", "min"]

    def value(self) -> RelativeCriterion:
        """Return the criterion."""
        return RelativeCriterion(self.code, self.title, self.weight, self.indicator, self.best)


class BandsCriterionModel(ArchiveObject):
    """A criterion of kind ``bands``."""

    kind: Literal["bands"]
    code: Code
    title: Title
    weight: CountingWeight
    indicator: Code
    bands: list[BandModel]

    def value(self) -> BandsCriterion:
        """Return the criterion."""
        bands = tuple(band.value() for band in self.bands)
        return BandsCriterion(self.code, self.title, self.weight, self.indicator, bands)


class Addition2(ArchiveObject):
    """What version 2 has of every criterion: a weight that may be 0, and the group."""

    weight: Number
    group: GroupTitle = ""
    group_en: GroupTitle = ""

    def grouped(self, criterion: Criterion) -> Criterion:
        """Return the criterion in its group."""
        return replace(criterion, group=self.group, group_en=self.group_en)


class ExpertCriterionModel2(Addition2, ExpertCriterionModel):
    """A criterion of kind ``expert``, version 2: also how it is answered, and what follows below its passing mark."""

    comment_required: CommentRuleModel2 | None = None
    answers: Annotated[AnswerStyle, Enumerated] = AnswerStyle.MARKS
    required: bool = True
    may_abstain: bool = False
    below_pass: Annotated[BelowPass, Enumerated] = BelowPass.REJECT

    def value(self) -> Any:
        """Return the criterion."""
        criterion = replace(
            super().value(),
            answers=self.answers,
            required=self.required,
            may_abstain=self.may_abstain,
            below_pass=self.below_pass,
        )
        return self.grouped(criterion)


class LinearCriterionModel2(Addition2, LinearCriterionModel):
    """A criterion of kind ``linear``, version 2."""

    def value(self) -> Any:
        """Return the criterion."""
        return self.grouped(super().value())


class RelativeCriterionModel2(Addition2, RelativeCriterionModel):
    """A criterion of kind ``relative``, version 2."""

    def value(self) -> Any:
        """Return the criterion."""
        return self.grouped(super().value())


class BandsCriterionModel2(Addition2, BandsCriterionModel):
    """A criterion of kind ``bands``, version 2."""

    def value(self) -> Any:
        """Return the criterion."""
        return self.grouped(super().value())


CriterionModel = Annotated[
    ExpertCriterionModel | LinearCriterionModel | RelativeCriterionModel | BandsCriterionModel,
    Field(discriminator="kind"),
]
CriterionModel2 = Annotated[
    ExpertCriterionModel2 | LinearCriterionModel2 | RelativeCriterionModel2 | BandsCriterionModel2,
    Field(discriminator="kind"),
]


class DivergenceModel(ArchiveObject):
    """``divergence`` of the rules; a test that is not given is switched off."""

    total_share: Number | None = None
    criterion_range: Number | None = None

    def value(self) -> Divergence:
        """Return the rule."""
        return Divergence(total_share=self.total_share, criterion_range=self.criterion_range)


class RulesModel(ArchiveObject):
    """``rules`` of the contest."""

    experts_per_application: Count
    aggregate: Annotated[Aggregate, Enumerated]
    divergence: DivergenceModel | None
    additional_review: Annotated[AdditionalRule, Enumerated]
    pass_total: Number | None
    rounding: Count
    tie_breakers: list[str]
    budget_mode: Annotated[BudgetMode, Enumerated]
    max_winners: Count | None = None
    cap_per_application: Money | None = None

    def value(self) -> Rules:
        """Return the rules."""
        return Rules(
            experts_per_application=self.experts_per_application,
            aggregate=self.aggregate,
            divergence=self.divergence.value() if self.divergence else Divergence(),
            additional_review=self.additional_review,
            pass_total=self.pass_total,
            rounding=self.rounding,
            tie_breakers=tuple(self.tie_breakers),
            budget_mode=self.budget_mode,
            max_winners=self.max_winners,
            cap_per_application=self.cap_per_application,
        )


class RulesModel2(RulesModel):
    """``rules`` of version 2: also what follows below the passing total, and whether an agreed score counts."""

    below_pass: Annotated[BelowPass, Enumerated] = BelowPass.REJECT
    agreed_score: Annotated[AgreedScore, Enumerated] = AgreedScore.NONE

    def value(self) -> Rules:
        """Return the rules."""
        return replace(super().value(), below_pass=self.below_pass, agreed_score=self.agreed_score)


class SheetModel(ArchiveObject):
    """``sheet`` of the contest, of version 2: what a score sheet asks beside its marks."""

    recommendation: Annotated[Asked, Enumerated] = Asked.REQUIRED
    confidence: Annotated[Asked, Enumerated] = Asked.NO
    scope: bool = False
    audiences: list[Annotated[Audience, Enumerated]] = Field(default_factory=list)
    groups: bool = False

    def value(self) -> SheetRules:
        """Return the rules of the sheet."""
        return SheetRules(
            recommendation=self.recommendation,
            confidence=self.confidence,
            scope=self.scope,
            audiences=tuple(self.audiences),
            groups=self.groups,
        )


class NominationModel(ArchiveObject):
    """One of the ``nominations`` of version 2; weight null: the criterion is not judged, 0: it is outside the total."""

    code: Code
    title: Title
    title_en: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    weights: dict[str, Number | None]
    pass_total: Number | None
    budget: Money | None
    max_winners: Count | None
    cap_per_application: Money | None

    def value(self) -> Nomination:
        """Return the nomination."""
        return Nomination(
            code=self.code,
            title=self.title,
            title_en=self.title_en,
            weights=self.weights,
            pass_total=self.pass_total,
            budget=self.budget,
            max_winners=self.max_winners,
            cap=self.cap_per_application,
        )


CRITERION: TypeAdapter[Any] = TypeAdapter(CriterionModel2)
CRITERIA: Mapping[int, TypeAdapter[Any]] = {1: TypeAdapter(CriterionModel), 2: CRITERION}
RULES = TypeAdapter(RulesModel2)
RULES_OF: Mapping[int, TypeAdapter[Any]] = {1: TypeAdapter(RulesModel), 2: RULES}
SHEET = TypeAdapter(SheetModel)
NOMINATION = TypeAdapter(NominationModel)
