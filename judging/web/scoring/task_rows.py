"""The rows of the expert's list of tasks: a kind of task is rendered once, each task of it fills the holes."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from markupsafe import Markup, escape

from judging.queries.scoring import TASK_STATE_LABELS, QueueLine, TaskState
from judging.web.patterns import Pattern, joined, pattern
from judging.web.scoring.blueprint import blueprint
from judging.web.templating import moscow_short

PLACES = {TaskState.TO_DECLARE: "scoring.declaration", TaskState.SUBMITTED: "scoring.receipt"}
SHEET = "scoring.sheet"
ANY_REVIEW = 10**17
"""A number of a review in place of which the real one is put; no review has it."""
HOLES = ("reason", "submitted", "marked", "criteria", "before", "review", "after")


@blueprint.app_template_global()
def task_address(task: QueueLine) -> str:
    """Where a task is worked on: its declaration, its sheet, or its receipt."""
    return url_for(PLACES.get(task.state, SHEET), review_id=task.review_id)


@blueprint.app_template_global()
def task_rows(tasks: Sequence[QueueLine], now: datetime) -> Markup:
    """The rows of these tasks."""
    return joined(_rows(tasks, now))


def _rows(tasks: Sequence[QueueLine], now: datetime) -> Iterator[str]:
    patterns: dict[tuple[object, ...], Pattern] = {}
    addresses = {state: _around(PLACES.get(state, SHEET)) for state in TaskState}
    for task in tasks:
        there = (bool(task.number), bool(task.title), bool(task.cluster), task.marked > 0)
        kind = (
            task.state, task.overdue(now), task.additional, task.counts, task.set_aside is None, task.later, there,
        )  # fmt: skip
        found = patterns.get(kind)
        if found is None:
            found = patterns[kind] = _kind(task, now)
        before, after = addresses[task.state]
        yield found.filled({
            "number": escape(task.number), "title": escape(task.title), "cluster": escape(task.cluster),
            "reason": escape(task.reason), "submitted": moscow_short(task.submitted_at), "marked": task.marked,
            "criteria": task.criteria, "before": before, "review": task.review_id, "after": after,
        })  # fmt: skip


def _kind(task: QueueLine, now: datetime) -> Pattern:
    """How tasks like this one are shown; what is empty is part of the kind."""
    said = {"number": task.number, "title": task.title, "cluster": task.cluster}
    holes = {*HOLES, *said} - {name for name, value in said.items() if not value}
    return pattern(
        "scoring/_task.html", sorted(holes), **dict.fromkeys({*said} - holes, ""),
        state=task.state, label=TASK_STATE_LABELS[task.state], overdue=task.overdue(now), additional=task.additional,
        counts=task.counts, aside=task.set_aside is not None, later=task.later, begun=task.marked > 0,
    )  # fmt: skip


def _around(endpoint: str) -> tuple[Markup, Markup]:
    """What stands before and after the number of a review in an address."""
    before, after = url_for(endpoint, review_id=ANY_REVIEW).split(str(ANY_REVIEW))
    return escape(before), escape(after)
