"""What follows by itself where the reviews of an application diverge: the additional expert is looked for.

The last regular review asks for a job in its own transaction. The job reads, has the engine of the assignment choose
under the rules of the distribution (conflicts, refusals, limits, regions; blind to every mark), and stores one answer
for each divergence: a proposal to the secretary, a task, or that nobody is free.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.distribution import AdditionalCall as Calls
from judging.domain.distribution import PlanKind
from judging.domain.errors import N_, RuleViolation
from judging.domain.events import Event
from judging.domain.gates import Act, is_open
from judging.domain.jobs import JobKind
from judging.domain.lifecycle import NotPossible, ReasonMissing, ReviewStatus
from judging.domain.lifecycle.review import OPEN
from judging.domain.stages import NotOpen
from judging.models import AdditionalCall, Application, Contest, Expert, Review
from judging.queries.assignment import places
from judging.queries.assignment.divergences import Divergence, calls_of, divergences
from judging.queries.assignment.plans import assignment_rules
from judging.queries.contests import rules_of
from judging.services import letters
from judging.services.assignment.experts_notify import notify_assignments
from judging.services.assignment.plan_input import Situation, load_input
from judging.services.assignment.plan_protocol import Question, solve_question
from judging.services.assignment.review_assign import (
    PairBarred,
    PairTaken,
    ReasonNeeded,
    Reassignment,
    add_additional_review,
    reassign_review,
    remove_review,
)
from judging.services.audit import record
from judging.services.concurrency import check_version
from judging.services.holding import hold
from judging.services.letters_to_staff import tell_secretaries
from judging.services.queue import ask

PROPOSED = letters.Wording(
    N_("Reviews diverge: confirm the additional expert"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” the reviews of application %(number)s differ more than the rules allow.\n"
        "The system proposes an additional expert. Please confirm the choice, take somebody else or dismiss it:\n"
        "%(link)s\n"
    ),
)
NOBODY = letters.Wording(
    N_("Reviews diverge, and no additional expert is free"),
    N_(
        "Hello, %(name)s!\n\n"
        "In the contest “%(contest)s” the reviews of application %(number)s differ more than the rules allow, and "
        "there is no expert who could take the additional review: all are in conflict, have declined it, are on the "
        "application already or have as many tasks as their limit.\n"
        "Invite somebody, raise a limit or choose by hand:\n"
        "%(link)s\n"
    ),
)
GONE = N_("This proposal is no longer there: look at the list of divergences again.")
NOBODY_FREE = N_("No expert is free: conflicts, refusals, limits and the rules of the distribution leave nobody.")


class TakenMeanwhile(RuleViolation):
    """The expert who was found cannot take the task any more: the search is to be made anew."""


@dataclass(frozen=True)
class Search:
    """A divergence to be answered, and everything that the engine needs for it."""

    application_id: int
    mark: str
    situation: Situation
    question: Question


@dataclass(frozen=True)
class Found:
    """Who was found for a divergence: the number of a card, None where nobody is free."""

    application_id: int
    mark: str
    expert_id: int | None


@dataclass(frozen=True)
class Choice:
    """The proposal that the secretary looked at, in its version, and the expert who is to have the task."""

    review: Review
    version: int
    expert: Expert
    reason: str = ""


@dataclass(frozen=True)
class Dismissal:
    """The proposal that the secretary does not want, in the version looked at, and why."""

    review: Review
    version: int
    reason: str


def additional_prefix(contest_id: int) -> str:
    """How the keys of the searches of a contest begin."""
    return f"{JobKind.ADDITIONAL}:{contest_id}:"


def ask_where_last(session: Session, review: Review, *, number: int, by: By, base_url: str) -> None:
    """Have the divergence looked at, where this submitted review is the last regular one of its application.

    ``number`` is that of the version handed in: the same submission asks once, whatever is replayed.
    """
    tests = review.application.contest.rules.get("divergence") or {}
    if review.additional or not any(value is not None for value in tests.values()):
        return
    if _unfinished(session, review.application_id):
        return
    ask(
        session,
        JobKind.ADDITIONAL,
        {"application": review.application_id, "base_url": base_url},
        key=f"{additional_prefix(review.contest_id)}{review.application_id}:{review.id}-{number}",
        by=by,
    )


def load_search(session: Session, application_id: int) -> Search | None:
    """Read what the search needs; None where nothing is to be answered (any more)."""
    application = session.get(Application, application_id)
    if application is None or not is_open(Act.ASSIGN, application.contest.status):
        return None
    found = _unanswered(session, application.contest, application_id)
    if found is None:
        return None
    rules = assignment_rules(session, application.contest_id)
    situation = load_input(session, application.contest, PlanKind.ADDITIONAL, only=application_id)
    return Search(application_id, found.mark, situation, Question(situation.document, rules.goal, rules.seed))


def look_for(asked: Search) -> Found:
    """Have the engine choose; no database, no clock."""
    plan = solve_question(asked.question).plan
    standing = {tuple(pair) for pair in asked.situation.document["locked"]}
    pairs = [] if plan is None else [(int(expert), int(place)) for expert, place in plan.pairs.tolist()]
    chosen = [asked.situation.experts[expert] for expert, place in pairs if (expert, place) not in standing]
    return Found(asked.application_id, asked.mark, chosen[0] if chosen else None)


def answer_divergence(session: Session, found: Found, *, by: By, base_url: str) -> bool:
    """Store the one answer to a divergence; False, and nothing stored, where it is no more or was answered.

    Raises :class:`TakenMeanwhile` where the expert got another task or a conflict since.
    """
    application = session.get_one(Application, found.application_id)
    contest = hold(session, application.contest_id)
    if not is_open(Act.ASSIGN, contest.status):
        return False
    open_one = _unanswered(session, contest, application.id)
    if open_one is None or open_one.mark != found.mark:
        return False
    call = AdditionalCall(
        contest_id=contest.id, application_id=application.id, mark=found.mark, outcome="nobody", made_at=by.now
    )
    if found.expert_id is None:
        call.reason = NOBODY_FREE
        _not_found(session, contest, application, by=by)
    else:
        call.expert_id = found.expert_id
        call.outcome = _called(session, contest, application, found.expert_id, by=by, base_url=base_url)
    session.add(call)
    if call.outcome != "assigned":
        _tell(session, PROPOSED if call.expert_id else NOBODY, application, found.mark, by=by, base_url=base_url)
    session.flush()
    return True


def confirm_additional(
    session: Session, contest: Contest, application: Application, choice: Choice, *, by: By, tasks_url: str
) -> Review:
    """Make a task of the proposed additional review, for the expert proposed or another one; the expert is told.

    Raises what the removal, the proposal and the telling raise: ``Stale``, ``GateClosed``, ``PairBarred``,
    ``ReasonNeeded``, ``NotOpen`` …
    """
    hold(session, contest.id, Act.ASSIGN)
    found = _proposed(session, contest, application, choice.review)
    review = choice.review
    if choice.expert.id != review.expert_id:
        change = Reassignment(choice.expert, choice.version, choice.reason)
        review = reassign_review(session, contest, review, change, by=by, tasks_url=tasks_url)
        session.flush()
    else:
        check_version(review, choice.version)
    notify_assignments(session, contest, [review.id], by=by, tasks_url=tasks_url)
    _decide(session, application, found.mark, "assigned", review.expert_id, "", by=by)
    return review


def dismiss_additional(
    session: Session, contest: Contest, application: Application, unwanted: Dismissal, *, by: By
) -> None:
    """Drop the proposal for a reason; the system makes none again for this divergence. Raises ``ReasonMissing``."""
    hold(session, contest.id, Act.ASSIGN)
    review, reason = unwanted.review, unwanted.reason.strip()
    if not reason:
        raise ReasonMissing(N_("Give the reason."))
    found, expert_id = _proposed(session, contest, application, review), review.expert_id
    remove_review(session, contest, review, version=unwanted.version, by=by, reason=reason)
    _decide(session, application, found.mark, "dismissed", expert_id, reason, by=by)


def _unanswered(session: Session, contest: Contest, application_id: int) -> Divergence | None:
    """The divergence of an application whose regular reviews are all there, if nobody has answered it."""
    if _unfinished(session, application_id):
        return None
    if _regular(session, application_id) < rules_of(contest).experts_per_application:
        return None
    found = next(iter(divergences(session, contest.id, application_id)), None)
    if found is None or not found.open or (application_id, found.mark) in calls_of(session, contest.id):
        return None
    return found


def _unfinished(session: Session, application_id: int) -> int:
    """How many regular reviews are still to come."""
    return _count(session, application_id, Review.status.in_(OPEN))


def _regular(session: Session, application_id: int) -> int:
    """How many regular reviews count: neither set aside nor out of scope."""
    counts = and_(Review.status == ReviewStatus.SUBMITTED, Review.set_aside_at.is_(None), Review.in_scope.is_not(False))
    return _count(session, application_id, counts)


def _count(session: Session, application_id: int, condition: Any) -> int:
    query = select(func.count(Review.id)).where(
        Review.application_id == application_id, Review.additional.is_(False), condition, ~places.in_conflict()
    )
    return session.scalar(query) or 0


def _called(
    session: Session, contest: Contest, application: Application, expert_id: int, *, by: By, base_url: str
) -> str:
    """Propose the expert and, where the contest has it so, give them the task; return what was done."""
    expert = session.get(Expert, expert_id)
    if expert is None:
        raise TakenMeanwhile(N_("The expert was taken meanwhile."))
    try:
        review = add_additional_review(session, contest, expert=expert, application=application, by=by)
    except (PairBarred, PairTaken, ReasonNeeded) as refusal:
        raise TakenMeanwhile(N_("The expert was taken meanwhile.")) from refusal
    session.flush()
    if assignment_rules(session, contest.id).additional is Calls.ASSIGN:
        try:
            notify_assignments(session, contest, [review.id], by=by, tasks_url=f"{base_url}/reviews")
        except (NotPossible, NotOpen):
            return "proposed"  # the time for reviews is over, or no letter reaches them: the secretary decides
        return "assigned"
    return "proposed"


def _not_found(session: Session, contest: Contest, application: Application, *, by: By) -> None:
    record(
        session, Event.ADDITIONAL_NOT_FOUND, by=by, subject=application, label=f"№ {application.number}",
        contest_id=contest.id, details={},
    )  # fmt: skip


def _tell(
    session: Session, text: letters.Wording, application: Application, mark: str, *, by: By, base_url: str
) -> None:
    path = f"/staff/contests/{application.contest.code}/progress/divergences/{application.id}"
    said = {"number": application.number, "link": base_url + path}
    key = f"additional:{application.id}:{mark[:16]}"
    tell_secretaries(session, application.contest, text, lambda _person: said, key=key, now=by.now)


def _proposed(session: Session, contest: Contest, application: Application, review: Review) -> Divergence:
    """The divergence that the proposal answers; raises ``NotPossible`` where it is another one by now."""
    found = next(iter(divergences(session, contest.id, application.id)), None)
    if found is None or found.proposal is None or found.proposal.id != review.id:
        raise NotPossible(GONE)
    return found


def _decide(
    session: Session, application: Application, mark: str, outcome: str, expert_id: int, reason: str, *, by: By
) -> None:
    query = select(AdditionalCall).where(AdditionalCall.application_id == application.id, AdditionalCall.mark == mark)
    call = session.scalar(query)
    if call is None:
        call = AdditionalCall(
            contest_id=application.contest_id, application_id=application.id, mark=mark, made_at=by.now
        )
        session.add(call)
    call.outcome, call.expert_id, call.reason = outcome, expert_id, reason
    call.decided_at, call.decided_by_id = by.now, by.actor.user_id
    session.flush()
