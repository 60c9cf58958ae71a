"""The expert's home: everything they have to judge, by deadline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import groupby

from flask import render_template

from judging.domain.access import DESK, Permission
from judging.domain.distribution import QueueOrder
from judging.domain.errors import N_
from judging.domain.queue_order import FIXED
from judging.domain.stages import may_review
from judging.extensions import db
from judging.queries import agreed_scores, agreements, discussions, extensions, invitations, turns
from judging.queries import scoring as queries
from judging.queries.scoring import QueueLine, TaskState
from judging.web.access import current_actor, requires
from judging.web.clock import arrived
from judging.web.forms import Form
from judging.web.scoring.blueprint import blueprint

ORDERS = {
    QueueOrder.FIXED: N_("You go through the applications by number. What you put off comes at the end."),
    QueueOrder.FAIR: N_(
        "You go through the applications in the fair order: those with the fewest reviews first, by lot among equals, "
        "each nomination together. What you put off comes at the end."
    ),
}
ELSEWHERE = (TaskState.RECUSED, TaskState.DECLINED, TaskState.TO_DECLARE)
"""States of tasks that are not in the table of a contest."""


@dataclass(frozen=True)
class ContestTasks:
    """The tasks of one contest; a recused or refused one is nobody's work, so progress leaves it out."""

    code: str
    title: str
    deadline: datetime
    accepting: bool
    tasks: tuple[QueueLine, ...]
    order: QueueOrder = QueueOrder.FIXED
    overdue: int = 0

    @cached_property
    def own(self) -> tuple[QueueLine, ...]:
        """The tasks that are the expert's to do or done; those that wait for a declaration stand above all others."""
        return tuple(task for task in self.tasks if task.state not in ELSEWHERE)

    @cached_property
    def recused(self) -> tuple[QueueLine, ...]:
        """The tasks that a conflict took away."""
        return tuple(task for task in self.tasks if task.state is TaskState.RECUSED)

    @cached_property
    def declined(self) -> tuple[QueueLine, ...]:
        """The tasks that the expert refused."""
        return tuple(task for task in self.tasks if task.state is TaskState.DECLINED)

    @cached_property
    def drafts(self) -> int:
        """How many sheets are begun or to be begun: those that can be looked at side by side."""
        return sum(task.state in (TaskState.IN_WORK, TaskState.RETURNED) for task in self.tasks)

    @cached_property
    def declared(self) -> int:
        """How many applications are open to the expert."""
        return self.drafts + sum(task.state is TaskState.SUBMITTED and task.counts for task in self.tasks)

    @cached_property
    def open(self) -> bool:
        """Whether anything is left to do."""
        return any(task.open for task in self.tasks)

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
    """The actor's own tasks of all contests, the nearest deadline first; contests with nothing left to do come last.

    New tasks stand above everything else: they are to be accepted or refused.
    """
    moment = arrived()
    agreed = agreements.asked_contests(db.session, current_actor().expert_ids)
    awaited = {code for code, waits in agreed.items() if waits}
    tasks = [
        task._replace(title="", cluster="") if task.contest_code in awaited else task
        for task in queries.own_tasks(db.session, current_actor().expert_ids)
    ]
    line = turns.queue_of(db.session, tasks)
    contests = by_contest(tasks, moment, line)
    due = replace(line, tasks=[task for task in tasks if not task.overdue(moment)])
    return render_template(
        "scoring/queue.html",
        going_on=[contest for contest in contests if contest.open],
        finished=[contest for contest in reversed(contests) if not contest.open],
        news=[task for task in line.in_turn if task.state is TaskState.TO_DECLARE],
        following=due.following(),
        overdue=sum(contest.overdue for contest in contests),
        orders=ORDERS,
        moment=moment,
        invitations=invitations.open_to(db.session, current_actor().user_id, moment),
        press=Form(formdata=None),
        awaited=awaited,
        agreed=agreed.keys() - awaited,
        discussions=discussions.of_cards(db.session, current_actor().expert_ids, current_actor().user_id),
        led=agreed_scores.led_by(db.session, current_actor().expert_ids),
        granted=extensions.of_cards(db.session, current_actor().expert_ids),
        submitted=sum(contest.submitted for contest in contests if contest.open),
        wanted=sum(contest.wanted for contest in contests if contest.open),
    )


def by_contest(tasks: Sequence[QueueLine], moment: datetime, line: turns.Queue) -> list[ContestTasks]:
    """Group the tasks, which come in the order of deadlines: in each contest what is to be done first, in its turn."""
    turn = {task.review_id: place for place, task in enumerate(line.in_turn)}
    grouped = groupby(tasks, key=lambda task: (task.contest_code, task.contest_title, task.calendar))
    found = []
    for (code, title, calendar), group in grouped:
        own = tuple(sorted(group, key=lambda task: turn.get(task.review_id, len(turn))))
        order, late = line.rules.get(code, FIXED).order, sum(task.overdue(moment) for task in own)
        accepting = may_review(calendar, moment)
        found.append(ContestTasks(code, title, calendar.review_close, accepting, own, order, late))
    return found
