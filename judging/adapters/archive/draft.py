"""An archive read as far as it could be."""

from collections.abc import Sequence
from dataclasses import dataclass

from judging.adapters.archive.schema import Head
from judging.adapters.strict_json.pieces import Pieces
from judging.domain.nominations import Nomination
from judging.domain.record import (
    AgreedReview,
    Application,
    Cluster,
    Conflict,
    Expert,
    FormVersion,
    Organisation,
    PlannedMilestone,
    Review,
    Submission,
)
from judging.domain.rubric import Criterion
from judging.domain.rules import Rules
from judging.domain.sheet_rules import SheetRules


@dataclass(frozen=True)
class Draft:
    """Every piece of one archive."""

    head: Head | None
    criteria: Pieces[Criterion]
    rules: Rules | None
    sheet: SheetRules | None
    nominations: Pieces[Nomination]
    organisations: Pieces[Organisation]
    clusters: Pieces[Cluster]
    forms: Pieces[FormVersion]
    milestones: Pieces[PlannedMilestone]
    applications: Pieces[Application]
    submissions: Sequence[Pieces[Submission]]
    """Of every application, in their order."""
    experts: Pieces[Expert]
    conflicts: Pieces[Conflict]
    reviews: Pieces[Review]
    agreed: Pieces[AgreedReview]
