"""The shape of criteria and rules in an archive."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from judging.adapters.archive.fields import ArchiveObject, Code, Count, Enumerated, Money, Number, Title
from judging.domain.fields.bounds import LONGEST_TITLE
from judging.domain.nominations import Nomination
from judging.domain.rubric import (
    Band,
    BandsCriterion,
    CommentRule,
    ExpertCriterion,
    LinearCriterion,
    RelativeCriterion,
    Scale,
)
from judging.domain.rules import AdditionalRule, Aggregate, BudgetMode, Divergence, Rules


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
    weight: Number
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
    weight: Number
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
    weight: Number
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
    weight: Number
    indicator: Code
    bands: list[BandModel]

    def value(self) -> BandsCriterion:
        """Return the criterion."""
        bands = tuple(band.value() for band in self.bands)
        return BandsCriterion(self.code, self.title, self.weight, self.indicator, bands)


CriterionModel = Annotated[
    ExpertCriterionModel | LinearCriterionModel | RelativeCriterionModel | BandsCriterionModel,
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


class NominationModel(ArchiveObject):
    """One of the ``nominations`` of version 2; a weight of null: the criterion is not judged."""

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


CRITERION: TypeAdapter[Any] = TypeAdapter(CriterionModel)
RULES = TypeAdapter(RulesModel)
NOMINATION = TypeAdapter(NominationModel)
