"""What a report on firmness says in words: why something is not said, cautions, sides of the line, scenarios."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_


class Refusal(StrEnum):
    """Why something is not said."""

    NO_PROJECTS = "no_projects"
    NO_REVIEWS = "no_reviews"
    ONE_PROJECT = "one_project"
    FEW_PROJECTS = "few_projects"
    FEW_EXPERTS = "few_experts"
    ONE_SCORE_EACH = "one_score_each"
    FEW_COMPARED = "few_compared"
    IDENTICAL_SCORES = "identical_scores"
    NO_RESIDUAL = "no_residual"
    FEW_SCORES = "few_scores"
    NO_WINNERS = "no_winners"
    ALL_WINNERS = "all_winners"


class Caution(StrEnum):
    """What has to be said beside the figures of a panel."""

    ITEM_VARIANCE_ZERO = "item_variance_zero"
    RATER_VARIANCE_ZERO = "rater_variance_zero"
    INFORMATIVE_ASSIGNMENT = "informative_assignment"


class Grade(StrEnum):
    """On which side of the line a project is."""

    ABOVE = "above"
    GREY = "grey"
    BELOW = "below"


class ScenarioKind(StrEnum):
    """What is different in a scenario."""

    WEIGHT = "weight"
    WITHOUT_EXPERT = "without_expert"
    AGGREGATE = "aggregate"


REFUSAL_LABELS: Mapping[Refusal, str] = {
    Refusal.NO_PROJECTS: N_("Not enough data: no application is admitted."),
    Refusal.NO_REVIEWS: N_("Not enough data: there is no review that counts."),
    Refusal.ONE_PROJECT: N_("Not enough data: there is a single project, which has nothing to be compared with."),
    Refusal.FEW_PROJECTS: N_("Not enough data: fewer than five projects are linked by common experts."),
    Refusal.FEW_EXPERTS: N_("Not enough data: all the reviews are of one expert."),
    Refusal.ONE_SCORE_EACH: N_("Not enough data: no project has two marks to be compared."),
    Refusal.FEW_COMPARED: N_("Not enough data: fewer than five projects have two marks to be compared."),
    Refusal.IDENTICAL_SCORES: N_("Not enough data: all the scores are the same."),
    Refusal.NO_RESIDUAL: N_(
        "Not enough data: common reviews are too few to tell strictness, quality and chance apart."
    ),
    Refusal.FEW_SCORES: N_("Not enough data: the expert has fewer than eight reviews that count."),
    Refusal.NO_WINNERS: N_("There is no line: nobody wins."),
    Refusal.ALL_WINNERS: N_("There is no line: everybody who may win does."),
}

CAUTION_LABELS: Mapping[Caution, str] = {
    Caution.ITEM_VARIANCE_ZERO: N_("The scores do not tell the projects apart: the differences are those of chance."),
    Caution.RATER_VARIANCE_ZERO: N_("The experts are equally strict, as far as the scores tell."),
    Caution.INFORMATIVE_ASSIGNMENT: N_(
        "Strict experts seem to have had the stronger projects: the correction is too weak here, look at both figures."
    ),
}

GRADE_LABELS: Mapping[Grade, str] = {
    Grade.ABOVE: N_("Surely above the line"),
    Grade.GREY: N_("Grey zone"),
    Grade.BELOW: N_("Surely below the line"),
}

SCENARIO_LABELS: Mapping[ScenarioKind, str] = {
    ScenarioKind.WEIGHT: N_("Another weight of a criterion"),
    ScenarioKind.WITHOUT_EXPERT: N_("Without one expert"),
    ScenarioKind.AGGREGATE: N_("Another way of averaging"),
}
