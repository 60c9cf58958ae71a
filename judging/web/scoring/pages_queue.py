"""The expert's home: everything they have to judge, by deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from flask import render_template

from judging.domain.access import DESK, Permission
from judging.domain.stages import may_review
from judging.extensions import db
from judging.queries import agreed_scores, agreements, discussions, extensions
from judging.queries import scoring as queries
from judging.queries.scoring import QueueLine, TaskState
from judging.web.access import current_actor, requires
from judging.web.clock import arrived
from judging.web.scoring.blueprint import blueprint


@dataclass(frozen=True)
class ContestTasks:
    """The tasks of one contest; a recused one is nobody's work, so progress leaves it out."""

    code: str
    title: str
    deadline: datetime
    accepting: bool
    tasks: tuple[QueueLine, ...]

    @cached_property
    def own(self) -> tuple[QueueLine, ...]:
        """The tasks that are the expert's to do or done."""
        return tuple(task for task in self.tasks if task.state is not TaskState.RECUSED)

    @cached_property
    def recused(self) -> tuple[QueueLine, ...]:
        """The tasks that a conflict took away."""
        return tuple(task for task in self.tasks if task.state is TaskState.RECUSED)

    @cached_property
    def open(self) -> bool:
        """Whether anything is left to do."""
        return any(task.open for task in self.tasks)

    @cached_property
    def fillable(self) -> bool:
        """Whether a sheet is open to be filled."""
        return any(task.state in (TaskState.IN_WORK, TaskState.RETURNED) for task in self.tasks)

    @cached_property
    def wanted(self) -> int:
        """How many tasks progress is measured by."""
        return sum(task.wanted for task in self.tasks)

    @cached_property
    def submitted(self) -> int:
        """How many are submitted; nothing else counts as done."""
        return sum(task.state is TaskState.SUBMITTED for task in self.tasks)


@blueprint.get("/reviews")
@requires(Permission.SEE_QUEUE, DESK)
def queue() -> str:
    """The actor's own tasks of all contests, the nearest deadline first; contests with nothing left to do come last."""
    moment = arrived()
    agreed = agreements.asked_contests(db.session, current_actor().expert_ids)
    awaited = {code for code, waits in agreed.items() if waits}
    tasks = [
        task._replace(title="", cluster="") if task.contest_code in awaited else task
        for task in queries.own_tasks(db.session, current_actor().expert_ids)
    ]
    contests = by_contest(tasks, moment)
    return render_template(
        "scoring/queue.html",
        going_on=[contest for contest in contests if contest.open],
        finished=[contest for contest in reversed(contests) if not contest.open],
        following=queries.following([task for task in tasks if not task.overdue(moment)]),
        moment=moment,
        awaited=awaited,
        agreed=agreed.keys() - awaited,
        discussions=discussions.of_cards(db.session, current_actor().expert_ids, current_actor().user_id),
        led=agreed_scores.led_by(db.session, current_actor().expert_ids),
        granted=extensions.of_cards(db.session, current_actor().expert_ids),
        submitted=sum(contest.submitted for contest in contests if contest.open),
        wanted=sum(contest.wanted for contest in contests if contest.open),
    )


def by_contest(tasks: Sequence[QueueLine], moment: datetime) -> list[ContestTasks]:
    """Group the tasks, which come in the order of deadlines."""
    grouped = groupby(tasks, key=lambda task: (task.contest_code, task.contest_title, task.calendar))
    return [
        ContestTasks(code, title, calendar.review_close, may_review(calendar, moment), tuple(group))
        for (code, title, calendar), group in grouped
    ]
