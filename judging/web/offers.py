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
from judging.queries.submissions import pending_return
from judging.web.access import allowed
from judging.web.clock import arrived

IN_CONTEST: Mapping[Act, Permission] = {
    Act.EDIT_RULES: Permission.EDIT_CONTEST,
    Act.MOVE_DATES: Permission.EDIT_CONTEST,
    Act.PLAN_MILESTONES: Permission.EDIT_CONTEST,
    Act.SET_SOFT_DEADLINE: Permission.EDIT_CONTEST,
    Act.DECIDE: Permission.ADMIT_APPLICATION,
    Act.CHANGE_AGREEMENTS: Permission.EDIT_CONTEST,
    Act.FORCE_AGREEMENTS: Permission.EDIT_CONTEST,
    Act.CHANGE_EXPERTS: Permission.MANAGE_EXPERTS,
    Act.CHANGE_CONFLICTS: Permission.MANAGE_CONFLICTS,
    Act.ASSIGN: Permission.ASSIGN,
}
"""What the staff do in a contest as a whole, with the permission that it takes."""
EDIT = "edit"
"""To fill in a draft application, which leads to no other status."""
CORRECT, GIVE_BACK, END_RETURN, MARK = "correct", "give_back", "end_return", "mark"
"""To correct an application that was given back and submit it again; to give one back, to end that; to mark points."""
KNOWN = frozenset({EDIT, CORRECT, GIVE_BACK, END_RETURN, MARK, *Act, *Action})


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
    moves = _moves(Subject.APPLICATION, status, contest, scope)
    if returned is not None:
        moves &= {Action.WITHDRAW}
    fills_in = is_open(Act.APPLY, contest.status) and allowed(Permission.EDIT_APPLICATION, scope)
    decides = is_open(Act.DECIDE, contest.status) and allowed(Permission.ADMIT_APPLICATION, scope)
    others = {
        EDIT: fills_in and status.is_draft,
        CORRECT: fills_in and status.awaits_check and returned is not None and arrived() < returned.until,
        GIVE_BACK: decides and status.awaits_check and returned is None,
        END_RETURN: decides and returned is not None,
        MARK: decides and application.submitted_at is not None and status not in OUT,
    }
    return Acts(moves | {act for act, offered in others.items() if offered})


def acts_on_review(review: Review, scope: Scope) -> Acts:
    """What this person can do with a review now; only those of admitted applications are worked on."""
    application, status = review.application, ReviewStatus(review.status)
    found = _moves(Subject.REVIEW, status, application.contest, scope)
    admitted = ApplicationStatus(application.status).is_admitted
    return Acts(found if admitted else found - {Action.ACCEPT, Action.SUBMIT, Action.RETURN})


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
