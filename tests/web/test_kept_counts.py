"""What is kept of a whole contest is what would be counted anew, after every act that can change it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from judging.domain.access import CONSOLE, By
from judging.domain.lifecycle import Action
from judging.extensions import db
from judging.models import Contest, Expert, Review
from judging.models.engine import writing
from judging.queries import boards
from judging.queries.assignment import experts, places, progress
from judging.queries.assignment.divergences import divergences
from judging.services import assignment
from judging.services.admission import Decision, decide_application
from judging.services.conflicts import enter_conflict, lift_conflict
from judging.services.scoring import SheetDraft, declare_no_conflict, recuse, return_review, save_draft, submit_review
from judging.web.kept_counts import Tally
from tests import factories, histories
from tests.queries.test_verification_histories import ACTS, carry_out

AT = factories.MOMENT + timedelta(days=11)
DONE = By(CONSOLE, AT)


def short_by_topics(contest: Contest) -> dict[Any, Any]:
    found = experts.short_by_topics(db.session, contest.id, 2)
    return {topics: [tuple(row) for row in rows] for topics, rows in found.items()}


COUNTS: dict[str, Callable[[Contest], Any]] = {
    "reviewing": lambda contest: boards.reviewing(db.session, contest.id, 2),
    "overview": lambda contest: places.overview(db.session, contest.id, 2),
    "short": short_by_topics,
    "progress": lambda contest: progress.totals(db.session, contest.id),
    "divergences": lambda contest: divergences(db.session, contest.id),
}


def counted(contest: Contest) -> dict[str, Any]:
    return {kind: count(contest) for kind, count in COUNTS.items()}


def kept(contest: Contest) -> dict[str, Any]:
    tally = Tally(contest)
    return {kind: tally.get(kind, lambda count=count: count(contest)) for kind, count in COUNTS.items()}


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """What the pages show of it: whether an invitation was accepted, and drafts, they read anew or not at all."""
    loads = tuple(replace(one, joined=False) for one in found["overview"].loads)
    rows = [
        replace(row, additional=tuple(replace(one, version=0, has_draft=False) for one in row.additional))
        for row in found["divergences"]
    ]
    return {**found, "overview": replace(found["overview"], loads=loads), "divergences": rows}


class Contests:
    """A contest with two applications and three experts; acts by the services, each looked at before and after."""

    def __init__(self) -> None:
        self.contest = factories.contest(db.session)
        self.first = factories.application(db.session, self.contest)
        self.second = factories.application(db.session, self.contest, status="submitted")
        self.experts = [factories.expert(db.session, self.contest) for _ in range(3)]

    def act(self, act: Callable[[], Any]) -> Any:
        kept(self.contest)  # what the act makes untrue
        with writing():
            result = act()
            db.session.commit()
        db.session.refresh(self.contest)
        assert kept(self.contest) == counted(self.contest)
        return result

    def proposed(self, expert: Expert) -> Review:
        return self.act(
            lambda: assignment.propose_review(
                db.session, self.contest, expert=expert, application=self.first, reason="нужен третий", by=DONE
            )
        )


@pytest.fixture
def contests(app: Flask) -> Any:
    with app.test_request_context("/"), writing():
        made = Contests()
        db.session.commit()
        yield made


def test_every_act_of_the_review_is_counted_at_once(contests: Contests) -> None:
    act, (one, two, three) = contests.act, contests.experts
    tasks = [contests.proposed(expert) for expert in (one, two, three)]
    act(
        lambda: assignment.notify_assignments(
            db.session, contests.contest, tasks_url="http://localhost/reviews", by=DONE
        )
    )
    for task in tasks[:2]:
        act(lambda task=task: declare_no_conflict(db.session, task, by=DONE))
    act(lambda: recuse(db.session, tasks[2], reason="other", words="работал там", by=DONE))
    marks = {f"E{n}": Decimal(7) for n in range(1, 7)}
    act(lambda: save_draft(db.session, tasks[0], SheetDraft(marks, {}, "support", tasks[0].version), by=DONE))
    act(lambda: submit_review(db.session, tasks[0], version=tasks[0].version, by=DONE))
    act(lambda: return_review(db.session, tasks[0], reason="проверьте", version=tasks[0].version, by=DONE))


def test_decisions_and_conflicts_are_counted_at_once(contests: Contests) -> None:
    act, (one, two, _) = contests.act, contests.experts
    admitted = Decision(Action.ADMIT, contests.second.version)
    act(lambda: decide_application(db.session, contests.second, admitted, by=DONE))
    contests.proposed(one)
    conflict = act(
        lambda: enter_conflict(
            db.session, expert=one, application=contests.first, reason="работает у участника проекта", by=DONE
        )
    )
    act(lambda: lift_conflict(db.session, conflict, reason="ошибка", by=DONE))
    other = contests.proposed(two)
    act(lambda: assignment.remove_review(db.session, contests.contest, other, version=other.version, by=DONE))


def test_whatever_people_do_is_counted_at_once(app: Flask, database_kind: str) -> None:
    """Every act of whole histories, on PostgreSQL once; one that is refused leaves everything as it was."""
    with app.test_request_context("/"), writing():
        history = histories.judged(db.session)
        for place in (1, 2, 3) if database_kind == "sqlite" else (1,):
            for number, act in enumerate(ACTS):
                carry_out(history, act, place)
                db.session.expire_all()
                found = kept(history.contest), counted(history.contest)
                assert (number, shown(found[0])) == (number, shown(found[1]))
        db.session.rollback()


def test_a_state_that_was_counted_is_not_counted_again(contests: Contests) -> None:
    asked: list[str] = []

    def count(kind: str) -> str:
        asked.append(kind)
        return kind

    for _ in range(2):
        tally = Tally(contests.contest)
        assert [tally.get(kind, lambda kind=kind: count(kind)) for kind in ("a", "b")] == ["a", "b"]
    assert asked == ["a", "b"]
