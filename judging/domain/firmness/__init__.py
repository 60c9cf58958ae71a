"""The firmness of a ranking: what the marks say about how sure its places are. Advice, never official.

Totals are the official ones and stay decimals; statistics are floats in points of the contest's scale, rounded to
:data:`DIGITS` digits, and None wherever the data do not carry them. A :class:`Report` is made by
``queries.firmness`` and is kept as the JSON document of :func:`to_document`.

A *panel* is a set of projects and experts linked by reviews: places of different panels cannot be compared by the
marks, so every panel has its own line, below as many of its projects as are winners.
"""

from judging.domain.firmness.documents import from_document, to_document
from judging.domain.firmness.report import (
    DIGITS,
    ENOUGH_SCORES,
    FEWEST_COMPARED,
    FEWEST_EXPERTS,
    FEWEST_PROJECTS,
    HALF_WIDTH,
    HARDLY,
    LEAST_VALUE,
    LEVEL,
    SURELY,
    Cell,
    Contested,
    CriterionAgreement,
    Expert,
    NextReview,
    Panel,
    Project,
    Report,
    Scenario,
    Sensitivity,
    Variances,
    figure,
    grade_of,
    percent_digits,
    printed,
)
from judging.domain.firmness.words import (
    CAUTION_LABELS,
    GRADE_LABELS,
    REFUSAL_LABELS,
    SCENARIO_LABELS,
    Caution,
    Grade,
    Refusal,
    ScenarioKind,
)

__all__ = [
    "CAUTION_LABELS", "DIGITS", "ENOUGH_SCORES", "FEWEST_COMPARED", "FEWEST_EXPERTS", "FEWEST_PROJECTS", "GRADE_LABELS",
    "HALF_WIDTH", "HARDLY", "LEAST_VALUE", "LEVEL", "REFUSAL_LABELS", "SCENARIO_LABELS", "SURELY", "Caution", "Cell",
    "Contested", "CriterionAgreement", "Expert", "Grade", "NextReview", "Panel", "Project", "Refusal", "Report",
    "Scenario", "ScenarioKind", "Sensitivity", "Variances", "figure", "from_document", "grade_of", "percent_digits",
    "printed", "to_document",
]  # fmt: skip
