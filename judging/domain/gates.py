"""Gates: what a contest's status still allows.

One table: for each act the statuses in which it is refused, with the sentence that says why; where there is no entry
the act is allowed. Every service asks it about the contest that it holds (``services/holding.py``), and pages ask it
before they offer a button. The calendar is another matter (``stages.py``).
"""

from collections.abc import Mapping
from enum import StrEnum

from judging.domain.errors import N_
from judging.domain.lifecycle import Action, ContestStatus, NotPossible, Status, Subject

_DRAFT, _PUBLISHED, _FROZEN = ContestStatus.DRAFT, ContestStatus.PUBLISHED, ContestStatus.RANKING_FROZEN
_CANCELLED = ContestStatus.CANCELLED


class Act(StrEnum):
    """What somebody wants to do in a contest."""

    EDIT_RULES = "edit_rules"
    MOVE_DATES = "move_dates"
    PLAN_MILESTONES = "plan_milestones"
    SET_SOFT_DEADLINE = "set_soft_deadline"
    APPLY = "apply"
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    DECIDE_BY_PANEL = "decide_by_panel"
    CHANGE_AGREEMENTS = "change_agreements"
    CHANGE_PUBLIC_PAGE = "change_public_page"
    CHANGE_VISIBILITY = "change_visibility"
    FORCE_AGREEMENTS = "force_agreements"
    CHANGE_EXPERTS = "change_experts"
    CHANGE_CONFLICTS = "change_conflicts"
    ASSIGN = "assign"
    REVIEW = "review"
    NAME_LEAD = "name_lead"
    AGREE_ON_SCORE = "agree_on_score"
    DISCUSS = "discuss"
    SET_DISCUSSION = "set_discussion"


class GateClosed(NotPossible):
    """The contest's status does not allow the ``act`` (any more)."""

    def __init__(self, act: Act, status: ContestStatus) -> None:
        super().__init__(CLOSED[act][status])
        self.act = act


def _but(message: str, *, open_in: tuple[ContestStatus, ...] = (_PUBLISHED,), **other: str) -> dict[ContestStatus, str]:
    """The same sentence for every status but those of ``open_in``; ``other`` sentences by the name of the status."""
    said = {status: message for status in ContestStatus if status not in open_in}
    return said | {ContestStatus[name.upper()]: text for name, text in other.items()}


_SETTLED = _but(
    N_("The ranking is approved: what it was computed from can no longer be changed."),
    open_in=(_DRAFT, _PUBLISHED),
    cancelled=N_("The contest is cancelled: nothing in it can be changed any more."),
    ranking_frozen=N_("The ranking is frozen. To change anything here, unfreeze it first."),
)
_NO_AGREED_SCORE = _but(
    N_("The ranking is frozen: the agreed score can no longer be changed."),
    draft=N_("The contest is not published yet."),
    cancelled=N_("The contest is cancelled: nothing in it can be changed any more."),
)
CLOSED: Mapping[Act, Mapping[ContestStatus, str]] = {
    Act.EDIT_RULES: _but(N_("The contest is published, so its rules can no longer be changed."), open_in=(_DRAFT,)),
    Act.MOVE_DATES: _but(N_("Dates can be moved while the contest is published and its ranking is not frozen.")),
    Act.PLAN_MILESTONES: {_CANCELLED: N_("The contest is cancelled: nothing in it can be changed any more.")},
    Act.SET_SOFT_DEADLINE: _but(
        N_("Announced deadlines are set while the ranking is not frozen."), open_in=(_DRAFT, _PUBLISHED)
    ),
    Act.APPLY: _but(N_("This contest takes no applications any more.")),
    Act.WITHDRAW: _but(N_("The ranking has been made up: applications are not withdrawn any more.")),
    Act.DECIDE: _but(N_("The ranking is frozen: decisions on applications can no longer be changed.")),
    Act.DECIDE_BY_PANEL: _but(N_("The ranking is frozen: decisions of the panel can no longer be changed.")),
    Act.CHANGE_AGREEMENTS: _but(
        N_("The ranking is made up: what experts agree to no longer changes."),
        open_in=(_DRAFT, _PUBLISHED),
        cancelled=N_("The contest is cancelled: nothing in it can be changed any more."),
    ),
    Act.CHANGE_PUBLIC_PAGE: {_CANCELLED: N_("The contest is cancelled: nothing in it can be changed any more.")},
    Act.CHANGE_VISIBILITY: _but(
        N_("The ranking is made up: who sees marks no longer changes."),
        open_in=(_DRAFT, _PUBLISHED),
        cancelled=N_("The contest is cancelled: nothing in it can be changed any more."),
    ),
    Act.FORCE_AGREEMENTS: _but(
        N_("The ranking is made up: what experts agree to no longer changes."),
        draft=N_("The agreements come into force when the contest is published."),
        cancelled=N_("The contest is cancelled: nothing in it can be changed any more."),
    ),
    Act.CHANGE_EXPERTS: _SETTLED,
    Act.CHANGE_CONFLICTS: _SETTLED,
    Act.ASSIGN: _but(N_("Assignments can be changed only while the contest goes on and its ranking is not frozen.")),
    Act.NAME_LEAD: _NO_AGREED_SCORE,
    Act.AGREE_ON_SCORE: _NO_AGREED_SCORE,
    Act.DISCUSS: _but(
        N_("The ranking is approved: the discussion is over and can only be read."),
        open_in=(_PUBLISHED, _FROZEN),
        draft=N_("The contest is not published yet."),
        cancelled=N_("The contest is cancelled: nothing in it can be changed any more."),
    ),
    Act.SET_DISCUSSION: _but(
        N_("The ranking is approved: the discussion is over and can only be read."),
        open_in=(_DRAFT, _PUBLISHED, _FROZEN),
        cancelled=N_("The contest is cancelled: nothing in it can be changed any more."),
    ),
    Act.REVIEW: _but(
        N_("The ranking is frozen: reviews can no longer be changed."),
        draft=N_("The contest is not published yet."),
        cancelled=N_("The contest is cancelled: reviews are no longer accepted."),
    ),
}

GATES: Mapping[tuple[Subject, Action], Act] = {
    (Subject.APPLICATION, Action.SUBMIT): Act.APPLY,
    (Subject.APPLICATION, Action.ADMIT): Act.DECIDE,
    (Subject.APPLICATION, Action.REJECT): Act.DECIDE,
    (Subject.APPLICATION, Action.REINSTATE): Act.DECIDE,
    (Subject.APPLICATION, Action.WITHDRAW): Act.WITHDRAW,
    (Subject.APPLICATION, Action.UNDO_WITHDRAWAL): Act.APPLY,
    (Subject.APPLICATION, Action.TAKE_UP): Act.APPLY,
    (Subject.REVIEW, Action.ACCEPT): Act.REVIEW,
    (Subject.REVIEW, Action.SUBMIT): Act.REVIEW,
    (Subject.REVIEW, Action.RETURN): Act.REVIEW,
    (Subject.REVIEW, Action.SET_ASIDE): Act.REVIEW,
    (Subject.REVIEW, Action.COUNT_AGAIN): Act.REVIEW,
    (Subject.REVIEW, Action.RECUSE): Act.CHANGE_CONFLICTS,
    (Subject.REVIEW, Action.DECLINE): Act.REVIEW,
    (Subject.REVIEW, Action.ASK_AGAIN): Act.ASSIGN,
    (Subject.REVIEW, Action.BAR): Act.CHANGE_CONFLICTS,
    (Subject.REVIEW, Action.ASSIGN): Act.ASSIGN,
    (Subject.REVIEW, Action.REMOVE): Act.ASSIGN,
    (Subject.PLAN, Action.APPLY): Act.ASSIGN,
    (Subject.PLAN, Action.DISCARD): Act.ASSIGN,
}
"""The act in the contest that an action of a person on something of it is; what is not here asks no gate."""


def gate(subject: Subject, status: Status, action: Action) -> Act | None:
    """Return the gate that an action from ``status`` goes through; None where it is possible in any contest."""
    return GATES.get((subject, action))


def closed(act: Act, status: str) -> GateClosed | None:
    """Return why the act is refused in a contest of this status; None where it is allowed."""
    state = ContestStatus(status)
    return GateClosed(act, state) if state in CLOSED[act] else None


def is_open(act: Act, status: str) -> bool:
    """Whether the act is allowed in a contest of this status."""
    return ContestStatus(status) not in CLOSED[act]


def require(act: Act, status: str) -> None:
    """Raise :class:`GateClosed` where the act is refused in a contest of this status."""
    refusal = closed(act, status)
    if refusal is not None:
        raise refusal
