"""A whole contest as plain values: what an archive holds and what a ranking is computed from.

Money is an integer of kopecks; instants are timezone-aware; ИНН and ОГРН are text; marks, weights, shares and
indicator values are :class:`decimal.Decimal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from judging.domain.errors import N_
from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.milestones import Code, Plan
from judging.domain.nominations import Nomination
from judging.domain.rubric import Criterion
from judging.domain.rules import Rules
from judging.domain.sheet_rules import Confidence, SheetRules


class Decision(StrEnum):
    """What an archive knows of an application's fate before the ranking."""

    ADMITTED = "admitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ReviewState(StrEnum):
    """What an archive knows of a review."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    RECUSED = "recused"

    @property
    def is_submitted(self) -> bool:
        """Whether it was handed in."""
        return self is ReviewState.SUBMITTED


class Recommendation(StrEnum):
    """The expert's verdict beside the marks."""

    SUPPORT = "support"
    SUPPORT_WITH_CONDITIONS = "support_with_conditions"
    DO_NOT_SUPPORT = "do_not_support"


DECISION_LABELS: Mapping[Decision, str] = {
    Decision.ADMITTED: N_("Admitted"),
    Decision.REJECTED: N_("Rejected"),
    Decision.WITHDRAWN: N_("Withdrawn"),
}

REVIEW_STATE_LABELS: Mapping[ReviewState, str] = {
    ReviewState.ASSIGNED: N_("Assigned"),
    ReviewState.SUBMITTED: N_("Review submitted"),
    ReviewState.RECUSED: N_("Recused"),
}

RECOMMENDATION_LABELS: Mapping[Recommendation, str] = {
    Recommendation.SUPPORT: N_("Support"),
    Recommendation.SUPPORT_WITH_CONDITIONS: N_("Support with conditions"),
    Recommendation.DO_NOT_SUPPORT: N_("Do not support"),
}

_DECISIONS: Mapping[ApplicationStatus, Decision | None] = {
    ApplicationStatus.DRAFT: None,
    ApplicationStatus.SUBMITTED: None,
    ApplicationStatus.ADMITTED: Decision.ADMITTED,
    ApplicationStatus.REJECTED: Decision.REJECTED,
    ApplicationStatus.WITHDRAWN: Decision.WITHDRAWN,
}

_REVIEW_STATES: Mapping[ReviewStatus, ReviewState | None] = {
    ReviewStatus.PROPOSED: None,
    ReviewStatus.ASSIGNED: ReviewState.ASSIGNED,
    ReviewStatus.ACCEPTED: ReviewState.ASSIGNED,
    ReviewStatus.SUBMITTED: ReviewState.SUBMITTED,
    ReviewStatus.RECUSED: ReviewState.RECUSED,
    ReviewStatus.DECLINED: None,
}


def decision_of(status: ApplicationStatus) -> Decision | None:
    """Return what an archive says of a stored application; None where an archive does not hold it."""
    return _DECISIONS[status]


def review_state_of(status: ReviewStatus) -> ReviewState | None:
    """Return what an archive says of a stored review; None where an archive does not hold it."""
    return _REVIEW_STATES[status]


def application_status_of(decision: Decision) -> ApplicationStatus:
    """Return the status under which an application of an archive is stored."""
    return ApplicationStatus(decision.value)


def review_status_of(state: ReviewState) -> ReviewStatus:
    """Return the status under which a review of an archive is stored; an assigned one has to be accepted anew."""
    return ReviewStatus(state.value)


@dataclass(frozen=True)
class Organisation:
    """A legal entity; ``region`` is the two-digit code of the subject of the Federation."""

    inn: str
    ogrn: str
    name: str
    region: str


@dataclass(frozen=True)
class Cluster:
    """An industrial cluster; ``managing_organisation`` and ``members`` are ИНН."""

    code: str
    name: str
    region: str
    industry: str
    managing_organisation: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Partner:
    """A participant of a joint project beside its initiator; ``role`` is a free word such as ``supplier``."""

    inn: str
    role: str


@dataclass(frozen=True)
class Submission:
    """What was submitted, as it was submitted: the document of the receipt, and the hash of its canonical JSON."""

    sha256: str
    document: Mapping[str, Any]


class PanelVerdict(StrEnum):
    """What the panel decided of an application that missed a threshold which leads to the panel."""

    PASS = "pass"  # noqa: S105 -- a word of the archive
    REJECT = "reject"


@dataclass(frozen=True)
class PanelDecision:
    """The panel's decision on an application below such a threshold, and its reason."""

    verdict: PanelVerdict
    reason: str


@dataclass(frozen=True)
class Application:
    """A joint project as submitted; ``requested`` and ``total_cost`` in kopecks, ``topics`` are ОКВЭД2 codes.

    ``nomination`` is the code of the part of the contest that it is in; None in a contest without nominations.
    ``submissions``, the first one first, are in the record of a whole contest alone: no ranking needs them.
    """

    number: str
    title: str
    cluster: str
    initiator: str
    partners: tuple[Partner, ...]
    submitted_at: datetime
    status: Decision
    requested: int
    total_cost: int
    topics: tuple[str, ...]
    indicators: Mapping[str, Decimal]
    nomination: str | None = None
    submissions: tuple[Submission, ...] = ()
    panel: PanelDecision | None = None


@dataclass(frozen=True)
class Expert:
    """An expert of the contest; ``organisation`` is the employer's ИНН, ``max_load`` a number of applications."""

    email: str
    name: str
    organisation: str | None
    region: str
    topics: tuple[str, ...]
    max_load: int


@dataclass(frozen=True)
class Conflict:
    """A pair that may not meet: ``expert`` by e-mail, ``application`` by number."""

    expert: str
    application: str
    reason: str


@dataclass(frozen=True)
class Review:
    """One expert's review of one application; ``scores`` and ``comments`` by criterion code.

    ``abstained`` are the criteria that the expert cannot judge; none of them has a mark. ``in_scope`` False: the expert
    says that the project is outside the scope of the contest, for ``scope_reason``. ``set_aside``: why staff took the
    review out of the count. ``to_applicant``: comments that the applicant reads, by the places of ``comments``. What
    an expert noted for himself alone is in no record.
    """

    expert: str
    application: str
    state: ReviewState
    submitted_at: datetime | None
    scores: Mapping[str, Decimal]
    comments: Mapping[str, str] = field(default_factory=dict)
    recommendation: Recommendation | None = None
    additional: bool = False
    reason: str | None = None
    abstained: frozenset[str] = frozenset()
    confidence: Confidence | None = None
    in_scope: bool | None = None
    scope_reason: str = ""
    to_applicant: Mapping[str, str] = field(default_factory=dict)
    set_aside: str | None = None


@dataclass(frozen=True)
class AgreedReview:
    """The score that a lead expert put down for an application after the discussion, with its rationale.

    ``scores`` by criterion code, on the criteria's own scales. The experts' own reviews stay as they are.
    """

    expert: str
    application: str
    submitted_at: datetime
    scores: Mapping[str, Decimal]
    rationale: str


@dataclass(frozen=True)
class FormVersion:
    """A version of the form of applications: its ``document``, and when it was published, if it was."""

    number: int
    revision: int
    created_at: datetime
    published_at: datetime | None
    note: str
    document: Mapping[str, Any]


@dataclass(frozen=True)
class PlannedMilestone:
    """A milestone beside the contest's own dates; ``came_at`` where a person said by hand that it came, and why."""

    code: Code
    plan: Plan
    came_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class ContestTerms:
    """The contest itself; ``budget`` in kopecks (None: no limit), ``timezone`` an IANA name.

    With ``nominations`` the contest is ranked by them alone (:mod:`judging.domain.parts`). ``forms``, the last one in
    force, and ``milestones`` are in the record of a whole contest alone: no ranking needs them.
    """

    code: str
    title: str
    timezone: str
    applications_open: datetime
    applications_close: datetime
    review_close: datetime
    budget: int | None
    criteria: tuple[Criterion, ...]
    rules: Rules
    frozen_base: Mapping[str, Decimal] | None = None
    nominations: tuple[Nomination, ...] = ()
    forms: tuple[FormVersion, ...] = ()
    milestones: tuple[PlannedMilestone, ...] = ()
    sheet: SheetRules = field(default_factory=SheetRules)


@dataclass(frozen=True)
class ContestRecord:
    """Everything of one contest."""

    contest: ContestTerms
    organisations: tuple[Organisation, ...]
    clusters: tuple[Cluster, ...]
    applications: tuple[Application, ...]
    experts: tuple[Expert, ...]
    conflicts: tuple[Conflict, ...]
    reviews: tuple[Review, ...]
    agreed: tuple[AgreedReview, ...] = ()


def is_handed_in(review: Review) -> bool:
    """Say whether the sheet has left its expert's hands, so that others may read it.

    It has once it is submitted, and still has where its expert is recused afterwards: the recusal takes the review's
    weight away, not the fact that it was made. A sheet in work is its expert's alone, and so is one that was given up
    unfinished. A review returned for correction is in work again: what had been handed in is kept as a version.
    """
    if review.state is ReviewState.RECUSED:
        return review.submitted_at is not None
    return review.state is ReviewState.SUBMITTED


def without_drafts(record: ContestRecord) -> ContestRecord:
    """Return the record as it may leave the system: every sheet that is not handed in is empty.

    Who has which task, its state and the reasons given stay; no ranking depends on what is left out.
    """
    return replace(record, reviews=tuple(map(_as_others_see, record.reviews)))


def _as_others_see(review: Review) -> Review:
    if is_handed_in(review):
        return review
    return replace(
        review,
        scores={},
        comments={},
        recommendation=None,
        abstained=frozenset(),
        confidence=None,
        in_scope=None,
        scope_reason="",
        to_applicant={},
    )
