"""The statuses of a contest, and every way from one to another."""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.lifecycle.table import Action, Subject, Transition


class ContestStatus(StrEnum):
    """Where a contest is. Whether it accepts or reviews right now follows from its dates: see ``stages``."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RANKING_FROZEN = "ranking_frozen"
    APPROVED = "approved"
    RESULTS_PUBLISHED = "results_published"
    CANCELLED = "cancelled"

    @property
    def is_draft(self) -> bool:
        """Whether it is being prepared: its rules can still be changed, and nobody but its staff knows of it."""
        return self is ContestStatus.DRAFT

    @property
    def goes_on(self) -> bool:
        """Whether it is published and its ranking is not made up yet."""
        return self is ContestStatus.PUBLISHED

    @property
    def is_frozen(self) -> bool:
        """Whether its ranking is made up and waits for the chair."""
        return self is ContestStatus.RANKING_FROZEN

    @property
    def has_results(self) -> bool:
        """Whether its results are open to everybody."""
        return self is ContestStatus.RESULTS_PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self is ContestStatus.CANCELLED


LABELS: Mapping[StrEnum, str] = {
    ContestStatus.DRAFT: N_("Draft contest"),
    ContestStatus.PUBLISHED: N_("Published"),
    ContestStatus.RANKING_FROZEN: N_("Ranking frozen"),
    ContestStatus.APPROVED: N_("Ranking approved"),
    ContestStatus.RESULTS_PUBLISHED: N_("Results published"),
    ContestStatus.CANCELLED: N_("Contest cancelled"),
}

_S = ContestStatus

PUBLIC = tuple(status for status in _S if status is not _S.DRAFT)
"""Those that everybody may know of."""
RANKED = (_S.RANKING_FROZEN, _S.APPROVED, _S.RESULTS_PUBLISHED)
"""Those with a snapshot of the ranking in force."""
SIGNED = (_S.APPROVED, _S.RESULTS_PUBLISHED)
"""Those whose snapshot the chair has approved."""
UNDECIDED = (_S.PUBLISHED, _S.RANKING_FROZEN)
"""Those whose ranking can still change: a frozen one after it is opened again."""
FINISHED = (_S.RESULTS_PUBLISHED, _S.CANCELLED)
"""Those in which nothing happens any more."""

# A table is read by rows, so its shape is kept by hand.
# fmt: off
ROWS: tuple[Transition, ...] = (
    Transition(
        Subject.CONTEST, Action.PUBLISH, (_S.DRAFT,), _S.PUBLISHED,
        N_("Publish the contest"), N_("Only a draft contest can be published."), "publish_contest",
    ),
    Transition(
        Subject.CONTEST, Action.FREEZE_RANKING, (_S.PUBLISHED,), _S.RANKING_FROZEN,
        N_("Freeze the ranking"), N_("Only the ranking of a published contest can be frozen."), "freeze_ranking",
    ),
    Transition(
        Subject.CONTEST, Action.UNFREEZE_RANKING, (_S.RANKING_FROZEN,), _S.PUBLISHED,
        N_("Unfreeze the ranking"), N_("Only a frozen ranking that is not yet approved can be unfrozen."),
        "freeze_ranking", needs_reason=True,
    ),
    Transition(
        Subject.CONTEST, Action.APPROVE_RANKING, (_S.RANKING_FROZEN,), _S.APPROVED,
        N_("Approve the ranking"), N_("Only a frozen ranking can be approved."), "approve_ranking",
    ),
    Transition(
        Subject.CONTEST, Action.PUBLISH_RESULTS, (_S.APPROVED,), _S.RESULTS_PUBLISHED,
        N_("Publish the results"), N_("Results can be published only after the ranking is approved."),
        "publish_results",
    ),
    Transition(
        Subject.CONTEST, Action.CANCEL, (_S.DRAFT, _S.PUBLISHED, _S.RANKING_FROZEN), _S.CANCELLED,
        N_("Cancel the contest"), N_("A contest can be cancelled only before its ranking is approved."),
        "cancel_contest", needs_reason=True,
    ),
)
# fmt: on
