"""What a page offers: the acts that the object's status, its contest and the person's rights allow.

It is decided here for all pages, by the tables that the services go by (``domain/lifecycle/``, ``domain/gates.py``,
``domain/access.py``), so that what is shown works and what would be refused is not shown. Templates ask by name:
``{% if acts.withdraw %}``.
"""

from collections.abc import Mapping

from judging.domain.access import Permission, Scope
from judging.domain.gates import Act, gate, is_open
from judging.domain.lifecycle import (
    Action,
    ApplicationStatus,
    ContestStatus,
    PlanStatus,
    ReviewStatus,
    Status,
    Subject,
    actions,
)
from judging.domain.lifecycle.application import OUT
from judging.extensions import db
from judging.models import Application, AssignmentPlan, Contest, Review
from judging.models.submissions import TEAM
from judging.queries.drafts import is_empty
from judging.queries.extensions import time_to_change, time_to_submit
from judging.queries.submissions import pending_return
from judging.web.access import allowed
from judging.web.clock import arrived

IN_CONTEST: Mapping[Act, Permission] = {
    Act.EDIT_RULES: Permission.EDIT_CONTEST,
    Act.MOVE_DATES: Permission.EDIT_CONTEST,
    Act.PLAN_MILESTONES: Permission.EDIT_CONTEST,
    Act.SET_SOFT_DEADLINE: Permission.EDIT_CONTEST,
    Act.DECIDE: Permission.ADMIT_APPLICATION,
    Act.DECIDE_BY_PANEL: Permission.DECIDE_BY_PANEL,
    Act.CHANGE_AGREEMENTS: Permission.EDIT_CONTEST,
    Act.CHANGE_PUBLIC_PAGE: Permission.EDIT_CONTEST,
    Act.CHANGE_VISIBILITY: Permission.EDIT_CONTEST,
    Act.FORCE_AGREEMENTS: Permission.EDIT_CONTEST,
    Act.CHANGE_EXPERTS: Permission.MANAGE_EXPERTS,
    Act.CHANGE_CONFLICTS: Permission.MANAGE_CONFLICTS,
    Act.ASSIGN: Permission.ASSIGN,
    Act.NAME_LEAD: Permission.NAME_LEAD,
    Act.AGREE_ON_SCORE: Permission.RETURN_REVIEW,
    Act.SET_DISCUSSION: Permission.EDIT_CONTEST,
}
"""What the staff do in a contest as a whole, with the permission that it takes."""
EDIT = "edit"
"""To fill in a draft application, which leads to no other status."""
CORRECT, GIVE_BACK, END_RETURN, MARK = "correct", "give_back", "end_return", "mark"
"""To correct an application that was given back and submit it again; to give one back, to end that; to mark points."""
CHANGE, GIVE_UP_CHANGES = "change", "give_up_changes"
"""To open a submitted application for changes before the close, and to give such changes up."""
KNOWN = frozenset({EDIT, CORRECT, GIVE_BACK, END_RETURN, MARK, CHANGE, GIVE_UP_CHANGES, *Act, *Action})


class Acts(frozenset[str]):
    """The names of what is offered; a name that no act has is a mistake in the template and fails."""

    def __getattr__(self, name: str) -> bool:
        """Whether the act of this name is offered."""
        if name not in KNOWN:
            raise AttributeError(name)
        return name in self


def acts_in(contest: Contest) -> Acts:
    """What this person can do in a contest now: by its gates, and to the contest itself."""
    scope = Scope(contest_id=contest.id)
    open_here = {act for act, needed in IN_CONTEST.items() if is_open(act, contest.status) and allowed(needed, scope)}
    return Acts(open_here | _moves(Subject.CONTEST, ContestStatus(contest.status), contest, scope))


def acts_on_application(application: Application, scope: Scope) -> Acts:
    """What this person can do with an application now, apart from dates and from what is still to be filled in."""
    contest, status = application.contest, ApplicationStatus(application.status)
    returned = None if application.submitted_at is None else pending_return(db.session, application.id)
    moves = _possible(application, _moves(Subject.APPLICATION, status, contest, scope))
    if returned is not None:
        moves &= {Action.WITHDRAW, Action.UNDO_WITHDRAWAL}
    fills_in = is_open(Act.APPLY, contest.status) and allowed(Permission.EDIT_APPLICATION, scope)
    decides = is_open(Act.DECIDE, contest.status) and allowed(Permission.ADMIT_APPLICATION, scope)
    corrects = fills_in and status.awaits_check and returned is not None and arrived() < returned.until
    others = {
        EDIT: fills_in and status.is_draft,
        CORRECT: corrects,
        GIVE_BACK: decides and status.awaits_check and returned is None,
        END_RETURN: decides and returned is not None and (returned.kind != TEAM or arrived() >= returned.until),
        CHANGE: fills_in and status.awaits_check and returned is None and _may_change(application),
        GIVE_UP_CHANGES: corrects and returned is not None and returned.kind == TEAM,
        MARK: decides and application.submitted_at is not None and status not in OUT,
    }
    return Acts(moves | {act for act, offered in others.items() if offered})


def _possible(application: Application, moves: set[str]) -> set[str]:
    """Those of the moves that the application's past and its time allow as well."""
    back = Action.UNDO_WITHDRAWAL if application.number is not None else Action.TAKE_UP
    kept = moves - ({Action.UNDO_WITHDRAWAL, Action.TAKE_UP} - {back})
    if back in kept and not time_to_submit(db.session, application, arrived()).window.is_open(arrived()):
        kept = kept - {back}
    if Action.REMOVE in kept and not is_empty(db.session, application):
        kept = kept - {Action.REMOVE}
    return kept


def _may_change(application: Application) -> bool:
    """Whether its team has time to change it."""
    opens, now = application.contest.applications_open, arrived()
    return opens <= now < time_to_change(db.session, application, now)


def acts_on_review(review: Review, scope: Scope) -> Acts:
    """What this person can do with a review now; only those of admitted applications are worked on."""
    application, status = review.application, ReviewStatus(review.status)
    found = _moves(Subject.REVIEW, status, application.contest, scope)
    if not ApplicationStatus(application.status).is_admitted:
        found -= {Action.ACCEPT, Action.SUBMIT, Action.RETURN, Action.SET_ASIDE, Action.COUNT_AGAIN}
    aside = {Action.RETURN, Action.SET_ASIDE} if review.set_aside_at is not None else {Action.COUNT_AGAIN}
    return Acts(found - aside)


def acts_on_plan(plan: AssignmentPlan | None, contest: Contest) -> Acts:
    """What this person can do with the open draft of the distribution now; nothing where there is none."""
    if plan is None:
        return Acts()
    return Acts(_moves(Subject.PLAN, PlanStatus(plan.status), contest, Scope(contest_id=contest.id)))


def _moves(subject: Subject, status: Status, contest: Contest, scope: Scope) -> set[str]:
    """The actions of the lifecycle's table that lead on, that the contest lets pass and that the person may take."""
    found = set()
    for row in actions(subject, status):
        act = gate(subject, status, row.action)
        if (act is None or is_open(act, contest.status)) and allowed(Permission(row.permission), scope):
            found.add(row.action.value)
    return found
