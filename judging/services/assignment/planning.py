"""The automatic plan: fills what is missing, keeps work begun, says what could not be filled and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from judging.domain.access import Actor
from judging.domain.lifecycle import INITIAL, ReviewStatus, Subject
from judging.domain.staffing import Shortage, why_short
from judging.engines.assignment_old import solve
from judging.models import Application, Contest, Review
from judging.queries.assignment import places
from judging.queries.boards import OCCUPIED
from judging.queries.conflicts import Pair, barred_pairs
from judging.queries.contests import rules_of
from judging.services.assignment.doors import hold
from judging.services.audit import Event, record

CHUNK = 500


@dataclass(frozen=True)
class Unfilled:
    """An application that stays short of ``missing`` experts, and why."""

    application_id: int
    number: str
    missing: int
    reason: Shortage


@dataclass(frozen=True)
class Outcome:
    """What the plan changed: proposals ``added``, ``removed`` and ``kept``; ``unfilled`` by number."""

    added: int
    removed: int
    kept: int
    affinity: int
    unfilled: tuple[Unfilled, ...]

    @property
    def missing(self) -> int:
        """How many places stay empty."""
        return sum(item.missing for item in self.unfilled)


@dataclass(frozen=True)
class _Project:
    id: int
    number: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class _Situation:
    """The contest as arrays: rows are experts, columns are projects.

    ``closed`` pairs can get no task: they are in conflict, or have a task already that is no regular proposal.
    """

    experts: Sequence[places.ExpertLoad]
    projects: Sequence[_Project]
    demand: NDArray[np.int64]
    room: NDArray[np.int64]
    affinity: NDArray[np.float64]
    closed: NDArray[np.bool_]
    proposals: Mapping[Pair, int]


def plan_assignment(session: Session, contest: Contest, *, actor: Actor, now: datetime) -> Outcome:
    """Replace the contest's regular proposals by the plan with the greatest total match.

    Everything that an expert has been told of stands, additional reviews too; only admitted applications get experts.
    Raises :class:`AssignmentClosed`.
    """
    hold(session, contest)
    situation = _situation(session, contest)
    plan = solve(situation.affinity, situation.closed, situation.demand, situation.room)
    wanted = {(situation.experts[e].id, situation.projects[p].id) for e, p in plan.pairs}
    stale = [review_id for pair, review_id in situation.proposals.items() if pair not in wanted]
    stale += _orphans(session, contest.id)
    new = sorted(wanted - situation.proposals.keys(), key=lambda pair: (pair[1], pair[0]))
    _delete(session, stale)
    _propose(session, contest.id, new, now)
    outcome = Outcome(
        added=len(new),
        removed=len(stale),
        kept=len(wanted) - len(new),
        affinity=int(plan.total),
        unfilled=tuple(_unfilled(situation, plan.pairs, plan.short)),
    )
    _journal(session, contest, outcome, actor=actor, now=now)
    return outcome


def _situation(session: Session, contest: Contest) -> _Situation:
    experts = sorted(places.experts(session, contest.id), key=lambda expert: expert.id)
    projects = _projects(session, contest.id)
    tasks = places.tasks(session, contest.id)
    barred = barred_pairs(session, contest.id)
    proposals = {
        (task.expert_id, task.application_id): task.id
        for task in tasks
        if _replaceable(task) and _pair(task) not in barred
    }
    standing = [task for task in tasks if _pair(task) not in proposals]
    return _Situation(
        experts=experts,
        projects=projects,
        demand=_demand(projects, standing, barred, rules_of(contest).experts_per_application),
        room=_room(experts, standing),
        affinity=_affinity(experts, projects),
        closed=_closed(experts, projects, barred | {_pair(task) for task in standing}),
        proposals=proposals,
    )


def _projects(session: Session, contest_id: int) -> list[_Project]:
    query = select(Application.id, Application.number, Application.topics).where(places.admitted(contest_id))
    rows = session.execute(query.order_by(Application.id))
    return [_Project(row.id, row.number, tuple(row.topics)) for row in rows]


def _replaceable(task: places.Task) -> bool:
    return task.status is ReviewStatus.PROPOSED and not task.additional


def _pair(task: places.Task) -> Pair:
    return task.expert_id, task.application_id


def _demand(
    projects: Sequence[_Project], standing: Iterable[places.Task], barred: frozenset[Pair], wanted: int
) -> NDArray[np.int64]:
    filled = Counter(
        task.application_id
        for task in standing
        if task.status in OCCUPIED and not task.additional and _pair(task) not in barred
    )
    return np.array([max(0, wanted - filled[project.id]) for project in projects], dtype=np.int64)


def _room(experts: Sequence[places.ExpertLoad], standing: Iterable[places.Task]) -> NDArray[np.int64]:
    load = Counter(task.expert_id for task in standing if task.status in OCCUPIED)
    return np.array([max(0, expert.max_load - load[expert.id]) for expert in experts], dtype=np.int64)


def _affinity(experts: Sequence[places.ExpertLoad], projects: Sequence[_Project]) -> NDArray[np.float64]:
    rows = [[expert.affinity(project.topics).value for project in projects] for expert in experts]
    return np.array(rows, dtype=np.float64).reshape(len(experts), len(projects))


def _closed(
    experts: Sequence[places.ExpertLoad], projects: Sequence[_Project], pairs: Iterable[Pair]
) -> NDArray[np.bool_]:
    row = {expert.id: index for index, expert in enumerate(experts)}
    column = {project.id: index for index, project in enumerate(projects)}
    closed = np.zeros((len(experts), len(projects)), dtype=np.bool_)
    for expert_id, application_id in pairs:
        if application_id in column:
            closed[row[expert_id], column[application_id]] = True
    return closed


def _unfilled(situation: _Situation, pairs: Sequence[Pair], short: Mapping[int, int]) -> Iterable[Unfilled]:
    """Name the short projects; ``pairs`` and ``short`` count experts and projects by their place in the arrays."""
    open_pairs = ~situation.closed
    used = np.bincount([expert for expert, _ in pairs], minlength=len(situation.experts))
    free = open_pairs & (situation.room > used)[:, None]
    for pair in pairs:
        open_pairs[pair] = free[pair] = False
    for place, missing in sorted(short.items(), key=lambda item: situation.projects[item[0]].number):
        project = situation.projects[place]
        eligible, room = int(open_pairs[:, place].sum()), int(free[:, place].sum())
        reason = why_short(missing, eligible=eligible, free=room)
        if reason:
            yield Unfilled(project.id, project.number, missing, reason)


def _orphans(session: Session, contest_id: int) -> list[int]:
    """Proposals that nothing can come of: the application is no longer admitted, or the pair is in conflict."""
    admitted = select(Application.id).where(places.admitted(contest_id))
    query = select(Review.id).where(Review.contest_id == contest_id, Review.status == ReviewStatus.PROPOSED)
    return list(session.scalars(query.where(Review.application_id.not_in(admitted) | places.in_conflict())))


def _delete(session: Session, review_ids: Sequence[int]) -> None:
    for start in range(0, len(review_ids), CHUNK):
        session.execute(delete(Review).where(Review.id.in_(review_ids[start : start + CHUNK])))


def _propose(session: Session, contest_id: int, pairs: Sequence[Pair], now: datetime) -> None:
    rows = [
        {
            "contest_id": contest_id,
            "expert_id": expert_id,
            "application_id": application_id,
            "status": INITIAL[Subject.REVIEW].value,
            "created_at": now,
        }
        for expert_id, application_id in pairs
    ]
    if rows:
        session.execute(insert(Review), rows)


def _journal(session: Session, contest: Contest, outcome: Outcome, *, actor: Actor, now: datetime) -> None:
    record(
        session,
        Event.ASSIGNMENT_PROPOSED,
        actor=actor,
        now=now,
        subject=contest,
        label=contest.title,
        contest_id=contest.id,
        details={
            "added": outcome.added,
            "removed": outcome.removed,
            "kept": outcome.kept,
            "affinity": outcome.affinity,
            "missing": outcome.missing,
            "unfilled": {item.number: [item.missing, item.reason.value] for item in outcome.unfilled},
        },
    )
