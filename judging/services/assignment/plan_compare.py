"""What has changed since a plan was made: what makes a ticked change impossible, and what is merely new."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.collation import sort_key
from judging.domain.distribution import Change, PlanKind
from judging.domain.errors import N_
from judging.domain.lifecycle import ApplicationStatus, ReviewStatus
from judging.domain.plan_explanation import Message, listed
from judging.models import Application, AssignmentPlan, Conflict, Contest, Expert, PlannedPair, Review
from judging.queries.assignment import places
from judging.queries.assignment.divergences import divergences
from judging.queries.assignment.plans import assignment_rules
from judging.queries.contests import rules_of
from judging.services.assignment.plan_input import rules_document

Document = Mapping[str, Any]
NOBODY: Mapping[str, str] = {}


def broken_pairs(
    session: Session, contest: Contest, plan: AssignmentPlan, pairs: Sequence[PlannedPair]
) -> tuple[Message, ...]:
    """Why the ticked changes ``pairs`` of a plan cannot be carried out as they are; empty where they can."""
    facts = _facts(session, plan)
    ticked = [facts[pair.id] for pair in pairs]
    return (
        *_broken_frame(session, contest, plan),
        *(Message(text, {"expert": row.name, "number": row.number}) for row in ticked for text in _faults(row)),
        *_overloads(session, contest.id, ticked),
        *_crowds(session, contest, plan, ticked),
    )


def differences(before: Document, after: Document, names: Mapping[str, str]) -> tuple[Message, ...]:
    """What is new in the input of a plan, in words; both are documents of ``situation.load_input``.

    ``names`` gives {e-mail: name} of the experts to be shown by name.
    """
    found = [Message(N_("The rules of the distribution have changed."))] if before["rules"] != after["rules"] else []
    found += _listed(_EXPERTS, _cards(before, "experts", "email"), _cards(after, "experts", "email"), names)
    found += _listed(_APPLICATIONS, _cards(before, "applications", "number"), _cards(after, "applications", "number"))
    for name, text in _PAIRS.items():
        changed = _pairs(before, name) ^ _pairs(after, name)
        if changed:
            named = ((names.get(email, email), number) for email, number in changed)
            pairs = sorted(named, key=lambda pair: (sort_key(pair[0]), sort_key(pair[1])))
            found.append(Message(text, {"pairs": listed([f"{name} – {number}" for name, number in pairs])}))
    if not found and before["affinity"] != after["affinity"]:
        found.append(Message(N_("The topics of experts or applications have changed.")))
    return tuple(found)


def _broken_frame(session: Session, contest: Contest, plan: AssignmentPlan) -> Iterator[Message]:
    """The rules of the distribution, and experts whose pairs went with their cards."""
    if plan.protocol and plan.protocol["input"]["rules"] != rules_document(assignment_rules(session, contest.id)):
        yield Message(N_("The rules of the distribution have changed."))
    added = select(func.count(PlannedPair.id)).where(PlannedPair.plan_id == plan.id, PlannedPair.change == Change.ADD)
    if plan.insights and session.scalar(added) != plan.insights["added"]:
        yield Message(N_("Experts of the plan have been struck off the contest's list."))


def _facts(session: Session, plan: AssignmentPlan) -> Mapping[int, Any]:
    """The pairs of a plan with their present state, by id: one select."""
    query = (
        select(PlannedPair.id, PlannedPair.expert_id, PlannedPair.application_id, PlannedPair.change,
               Expert.name, Expert.max_load, Application.number, Application.status.label("application_status"),
               Conflict.id.label("conflict_id"), Review.status.label("review_status"))
        .join(Expert, Expert.id == PlannedPair.expert_id)
        .join(Application, Application.id == PlannedPair.application_id)
        .outerjoin(Conflict, (Conflict.expert_id == PlannedPair.expert_id)
                   & (Conflict.application_id == PlannedPair.application_id))
        .outerjoin(Review, (Review.expert_id == PlannedPair.expert_id)
                   & (Review.application_id == PlannedPair.application_id))
        .where(PlannedPair.plan_id == plan.id)
    )  # fmt: skip
    return {row.id: row for row in session.execute(query)}


def _faults(row: Any) -> Iterator[str]:
    if row.change == Change.REMOVE:
        if row.review_status not in (None, ReviewStatus.PROPOSED):
            yield N_("%(expert)s has been told of application %(number)s meanwhile.")
        return
    if row.application_status != ApplicationStatus.ADMITTED:
        yield N_("Application %(number)s is no longer admitted (%(expert)s).")
    if row.conflict_id is not None:
        yield N_("%(expert)s has a conflict of interest with application %(number)s now.")
    if row.review_status is not None:
        yield N_("%(expert)s has a task on application %(number)s already, or has declined it.")


def _overloads(session: Session, contest_id: int, ticked: Sequence[Any]) -> Iterator[Message]:
    """Experts whom the ticked additions would bring over their limit."""
    added = Counter(row.expert_id for row in ticked if row.change == Change.ADD)
    freed = Counter(row.expert_id for row in ticked if _frees(row))
    for expert in places.experts(session, contest_id):
        after = expert.load + added[expert.id] - freed[expert.id]
        if added[expert.id] and after > expert.max_load:
            yield Message(
                N_("%(expert)s would have %(load)s tasks of %(limit)s."),
                {"expert": expert.name, "load": after, "limit": expert.max_load},
            )


def _crowds(session: Session, contest: Contest, plan: AssignmentPlan, ticked: Sequence[Any]) -> Iterator[Message]:
    """Applications that the ticked additions would give more experts than they want."""
    added = Counter(row.application_id for row in ticked if row.change == Change.ADD)
    numbers = {row.application_id: row.number for row in ticked}
    if plan.kind == PlanKind.ADDITIONAL:
        open_ones = {item.id for item in divergences(session, contest.id) if item.open}
        crowded = [key for key in added if key not in open_ones]
    else:
        freed = Counter(row.application_id for row in ticked if _frees(row) and row.conflict_id is None)
        wanted, filled = rules_of(contest).experts_per_application, _filled(session, contest.id)
        crowded = [key for key, count in added.items() if filled[key] + count - freed[key] > wanted]
    for key in crowded:
        yield Message(N_("Application %(number)s would have more experts than it wants."), {"number": numbers[key]})


def _frees(row: Any) -> bool:
    """Whether a removal frees room: its proposal is there and the application is admitted."""
    return bool(
        row.change == Change.REMOVE
        and row.review_status == ReviewStatus.PROPOSED
        and row.application_status == ApplicationStatus.ADMITTED
    )


def _filled(session: Session, contest_id: int) -> Counter[int]:
    filled = places.filled_places(contest_id)
    return Counter({row.application_id: row.places for row in session.execute(select(filled))})


_EXPERTS = (
    N_("New experts: %(names)s."),
    N_("Experts no longer there: %(names)s."),
    N_("Experts with other limits, tasks or data: %(names)s."),
)
_APPLICATIONS = (
    N_("New applications: %(names)s."),
    N_("Applications no longer there: %(names)s."),
    N_("Applications with other data or another number of experts: %(names)s."),
)
_PAIRS: Mapping[str, str] = {
    "conflicts": N_("Conflicts of interest that are new or gone: %(pairs)s."),
    "taken": N_("Tasks that are new, declined or gone: %(pairs)s."),
    "locked": N_("Assignments that experts have been told of, or that are gone: %(pairs)s."),
    "previous": N_("Proposals that are new or gone: %(pairs)s."),
}


def _listed(
    texts: Sequence[str], before: Document, after: Document, names: Mapping[str, str] = NOBODY
) -> Iterator[Message]:
    groups: Sequence[Iterable[str]] = (
        after.keys() - before.keys(),
        before.keys() - after.keys(),
        {key for key in before.keys() & after.keys() if before[key] != after[key]},
    )
    for text, keys in zip(texts, groups, strict=True):
        if keys:
            yield Message(text, {"names": listed(sorted((names.get(key, key) for key in keys), key=sort_key))})


def _cards(document: Document, name: str, key: str) -> Document:
    return {item[key]: item for item in document[name]}


def _pairs(document: Document, name: str) -> set[tuple[str, str]]:
    experts, applications = document["experts"], document["applications"]
    return {(experts[e]["email"], applications[a]["number"]) for e, a in document[name]}
