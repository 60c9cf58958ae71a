"""A rehearsal of a trial: step by step, each act in a short transaction of its own, by the clock that all go by.

The instants are those at which the acts are done. What moves is the trial: its dates are moved so that the window that
a step needs is open now (``services/trials.py``). So no rule asks whether a contest is a trial.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from judging.adapters.storage import Storage
from judging.domain.access import By
from judging.domain.distribution import PlanKind
from judging.domain.errors import N_, Refused, RuleViolation
from judging.domain.lifecycle import Action
from judging.domain.rehearsals import APPLICATIONS, EXPERTS, STEP_LABELS, State, Step, Until, next_step
from judging.domain.stages import Stage
from judging.jobs.documents import GRACE
from judging.jobs.kind import Clock, Done, JobTask, Sessions, Unwanted, Watch
from judging.models import Contest
from judging.queries import rehearsals as queries
from judging.queries.uploads import named_keys
from judging.services import rankings, trials
from judging.services.assignment import plan_work
from judging.services.assignment.plan_compute import compute
from judging.services.rehearsals import acts, invention

T = TypeVar("T")
MOST_PLANS = 6
"""How often a step asks for another plan: after a recusal, and where reviews have diverged."""


class NoPlan(RuleViolation):
    """The experts there are cannot be given to all applications."""


@dataclass
class Rehearsal:
    """The walk through one trial."""

    contest_id: int
    sessions: Sessions
    storage: Storage
    clock: Clock
    tasks_url: str
    progress: Watch = lambda _done, _of, _words="": None
    steps: list[Step] = field(default_factory=list)

    def walk(self, until: Until) -> list[Step]:
        """Do the next step, or all that are left; return what was done. Raises ``RuleViolation`` where one cannot be.

        ``NoTrial`` for a real contest.
        """
        self._write(lambda session, _by: trials.hold_trial(session, self.contest_id))
        while (step := next_step(self.state())) is not None:
            self._told(0, 1, step)
            self._do(step)
            self.steps.append(step)
            if until is Until.NEXT:
                break
        return self.steps

    def state(self) -> State:
        """How far the trial is now."""
        with self.sessions() as session:
            contest = session.get(Contest, self.contest_id)
            if contest is None:
                raise Unwanted
            return queries.state_of(session, contest, self.clock())

    def _do(self, step: Step) -> None:
        by_step: dict[Step, Callable[[], None]] = {
            Step.ACCEPTANCE: self._accept, Step.CHECK: self._check, Step.ASSIGNMENT: self._assign,
            Step.REVIEW: self._review, Step.FREEZE: self._freeze, Step.APPROVAL: self._approve,
            Step.RESULTS: self._publish,
        }  # fmt: skip
        by_step[step]()

    def _accept(self) -> None:
        with self.sessions() as session:
            files = acts.stored_files(session.get_one(Contest, self.contest_id), self.storage)
        self._act(acts.publish)
        self._move_to(Stage.ACCEPTING)
        self._repeat(Step.ACCEPTANCE, EXPERTS, lambda: self._act(acts.next_expert))
        enter = partial(acts.next_application, files=files)
        self._repeat(Step.ACCEPTANCE, APPLICATIONS, lambda: self._act(enter))

    def _check(self) -> None:
        if self.state().stage is Stage.ACCEPTING:
            self._move_to(Stage.REVIEW)
        self._repeat(Step.CHECK, APPLICATIONS // acts.DECIDED_AT_ONCE, lambda: self._act(acts.decide_next))

    def _assign(self) -> None:
        self._reopen()
        self._act(acts.enter_conflicts)
        self._distribute(PlanKind.REGULAR)

    def _review(self) -> None:
        self._reopen()
        for _ in range(MOST_PLANS):
            self._repeat(Step.REVIEW, self.state().unfinished, self._next_review)
            kind = self._wanted()
            if kind is None:
                break
            self._distribute(kind)
        self._repeat(Step.REVIEW, self.state().unfinished, self._next_review)
        self._move_to(Stage.OVER)

    def _next_review(self) -> bool:
        return self._act(acts.next_review)

    def _wanted(self) -> PlanKind | None:
        """Which plan is wanted: a regular one where experts lack, an additional one where reviews have diverged."""
        with self.sessions() as session:
            contest = session.get_one(Contest, self.contest_id)
            if queries.understaffed(session, contest):
                return PlanKind.REGULAR
            return PlanKind.ADDITIONAL if queries.open_divergences(session, contest.id) else None

    def _distribute(self, kind: PlanKind) -> None:
        """Have a plan made, apply it and tell the experts; worked out here, between two transactions."""
        plan_id = self._act(partial(acts.ask_plan, kind=kind))
        with self.sessions() as session:
            asked = plan_work.load_task(session, plan_id)
        if asked is not None:
            computed = compute(asked.situation, asked.question, contest=asked.contest, now=self.clock())
            self._write(lambda session, by: plan_work.store_result(session, plan_id, computed, by=by))
            if computed.action is Action.FIND_IMPOSSIBLE:
                raise NoPlan(N_("No distribution is possible with these experts. Add experts or change the rules."))
        if not self._act(partial(acts.apply_and_tell, tasks_url=self.tasks_url)):
            raise NoPlan(N_("No distribution is possible with these experts. Add experts or change the rules."))

    def _freeze(self) -> None:
        with self.sessions() as session:
            computed = rankings.prepare_snapshot(session, self.contest_id)

        def freeze(session: Session, by: By) -> None:
            contest = trials.hold_trial(session, self.contest_id)
            rankings.freeze_ranking(session, contest, computed, version=contest.version, by=by)

        self._write(freeze)

    def _approve(self) -> None:
        def approve(session: Session, by: By) -> None:
            contest = trials.hold_trial(session, self.contest_id)
            words = invention.words()["approval"]
            rankings.approve_ranking(session, contest, version=contest.version, words=words, by=by)

        self._write(approve)

    def _publish(self) -> None:
        def publish(session: Session, by: By) -> None:
            contest = trials.hold_trial(session, self.contest_id)
            rankings.publish_results(session, contest, version=contest.version, by=by)

        self._write(publish)

    def _reopen(self) -> None:
        """Where the time for reviews is over, though some are wanted, it comes again."""
        if self.state().stage is Stage.OVER:
            self._move_to(Stage.REVIEW)

    def _move_to(self, stage: Stage) -> None:
        self._write(lambda session, by: trials.move_to(session, self.contest_id, stage, by=by))

    def _repeat(self, step: Step, about: int, act: Callable[[], bool]) -> None:
        """Do an act until it says that nothing is left."""
        done = 0
        while act():
            done += 1
            self._told(done, max(about, done), step)

    def _told(self, done: int, of: int, step: Step) -> None:
        self.progress(done, of, STEP_LABELS[step])

    def _act(self, act: Callable[..., T]) -> T:
        return self._write(lambda session, by: act(session, self.contest_id, by=by))

    def _write(self, act: Callable[[Session, By], T]) -> T:
        with self.sessions() as session, session.begin():
            return act(session, By(acts.REHEARSER, self.clock()))


def work(task: JobTask) -> Done:
    """Walk a trial as a job. What a rule forbids ends it with the rule's words; what was done before stands."""
    if task.means.storage is None:
        raise Unwanted
    rehearsal = Rehearsal(
        contest_id=task.args["contest"], sessions=task.sessions, storage=task.means.storage, clock=task.clock,
        tasks_url=task.args.get("tasks_url", ""), progress=task.progress,
    )  # fmt: skip
    stopped: list[Any] = []
    try:
        rehearsal.walk(Until(task.args["until"]))
    except RuleViolation as refusal:
        told = refusal.faults if isinstance(refusal, Refused) else [refusal]
        stopped = [[one.message, {name: str(value) for name, value in one.params.items()}] for one in told]
    return Done(result={"steps": [step.value for step in rehearsal.steps], "stopped": stopped})


def sweep(task: JobTask) -> Done:
    """Clear the files of a trial that was wiped, as far as nothing names the same bytes."""
    storage, keys = task.means.storage, task.args["keys"]
    if storage is None:
        raise Unwanted
    with task.reading() as session:
        named = named_keys(session, keys)
    removed = [key for key in keys if key not in named and storage.remove(key, unless_since=task.clock() - GRACE)]
    return Done(result={"removed": len(removed)})
