"""What many ask for at once is made once; nobody waits for another contest, holds a transaction, or misses an error."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from judging.extensions import db
from judging.models import Contest
from judging.models.engine import reading
from judging.models.units import UnitOfWork
from judging.web import standings
from judging.web.reports import Reports
from judging.web.single_flight import Shared
from judging.web.standings import Standings, compute_standing
from tests import factories
from tests.conftest import Store


class Numbers(Shared[str, int]):
    """Keeps everything."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, int] = {}

    def find(self, key: str) -> int | None:
        return self.kept.get(key)

    def keep(self, key: str, value: int) -> None:
        self.kept[key] = value


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    answers: list[Any] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            answers.append(act())
        except ValueError as error:
            answers.append(str(error))

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return answers


def waiting(shared: Shared[Any, Any], session: Session, key: str, begun: threading.Event) -> Callable[[], Any]:
    """Ask once the first has begun."""

    def ask() -> Any:
        begun.wait(10)
        return shared.get(session, key, lambda: pytest.fail("made a second time"))

    return ask


def slow(begun: threading.Event, go: threading.Event, value: int | None) -> Callable[[], int]:
    def make() -> int:
        begun.set()
        go.wait(10)
        if value is None:
            raise ValueError("cannot be made")
        return value

    return make


@pytest.mark.parametrize(("value", "expected"), [(7, 7), (None, "cannot be made")])
def test_it_is_made_once_and_an_error_reaches_all(value: int | None, expected: Any) -> None:
    shared, begun, go = Numbers(), threading.Event(), threading.Event()
    timer = threading.Timer(0.2, go.set)
    timer.start()
    first: Callable[[], Any] = lambda: shared.get(Session(), "a", slow(begun, go, value))  # noqa: E731
    answers = at_once([first, *(waiting(shared, Session(), "a", begun) for _ in range(4))])
    assert answers == [expected] * 5
    assert shared._under_way == {}


def test_after_an_error_it_is_tried_again() -> None:
    shared, set_event = Numbers(), threading.Event()
    set_event.set()
    with pytest.raises(ValueError, match="cannot"):
        shared.get(Session(), "a", slow(threading.Event(), set_event, None))
    assert shared.get(Session(), "a", lambda: 3) == 3


def test_nobody_waits_for_what_another_asked_for() -> None:
    shared, begun, go = Numbers(), threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: shared.get(Session(), "long", slow(begun, go, 1)))
    thread.start()
    begun.wait(10)
    assert shared.get(Session(), "short", lambda: 2) == 2
    go.set()
    thread.join()
    assert shared.kept == {"short": 2, "long": 1}


def test_who_waits_holds_no_transaction(app: Flask, store: Store) -> None:
    with store() as session:
        contest_id = factories.contest(session).id
    shared, begun, go, seen = Numbers(), threading.Event(), threading.Event(), []

    def ask() -> None:
        with app.app_context(), reading():
            session = db.session
            assert isinstance(session, UnitOfWork)
            session.get_one(Contest, contest_id)
            sessions.append(session)
            shared.get(session, "a", lambda: pytest.fail("made a second time"))

    sessions: list[Session] = []
    first = threading.Thread(target=lambda: shared.get(Session(), "a", slow(begun, go, 1)))
    first.start()
    begun.wait(10)
    second = threading.Thread(target=ask)
    second.start()
    for _ in range(500):
        if sessions and not sessions[0].in_transaction():
            seen.append(True)
            break
        second.join(0.01)
    go.set()
    first.join()
    second.join()
    assert seen == [True]


def ranked(session: Session, code: str, applications: int) -> Contest:
    contest = factories.contest(session, code=code)
    cluster = factories.cluster(session, contest)
    for _ in range(applications):
        factories.application(session, contest, cluster)
    session.flush()
    return contest


def test_a_cold_ranking_is_computed_once_however_many_ask(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store() as session:
        contest_id = ranked(session, "R-1", 2).id
    calls, gate, kept = [], threading.Event(), Standings()

    def counted(session: Session, contest: int) -> Any:
        calls.append(contest)
        gate.wait(0.3)
        return compute_standing(session, contest)

    def ask() -> Any:
        with app.app_context(), reading():
            return kept.of(db.session, db.session.get_one(Contest, contest_id))

    monkeypatch.setattr(standings, "compute_standing", counted)
    found = at_once([ask] * 6)
    assert (len(calls), len({id(one) for one in found}), len(found)) == (1, 1, 6)


def test_old_revisions_are_dropped_and_the_applications_kept_are_bounded(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "KEPT", 5)
    kept = Standings()
    with store() as session:
        small, middle, large = (ranked(session, f"R-{n}", n) for n in (2, 3, 9))
        kept.of(session, small)
        small.ranking_revision += 1
        kept.of(session, small)
        assert [(key[0], key[2]) for key in kept._kept] == [(small.id, 1 + small.ranking_revision - 1)]
        kept.of(session, middle)
        assert [key[0] for key in kept._kept] == [small.id, middle.id]
        kept.of(session, large)
        assert [key[0] for key in kept._kept] == [large.id]


def test_a_report_that_is_not_there_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = Reports()
    assert (reports.get(Session(), "d", lambda: None), reports._kept, reports._under_way) == (None, {}, {})
