"""Rehearsals that something comes into: a killed worker, a rule that stops them, what the secretary did meanwhile."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from judging.adapters.forms import read_form
from judging.domain.jobs import JobKind
from judging.domain.lifecycle import Action, NotPossible
from judging.domain.rehearsals import STEP_LABELS, Step, Until
from judging.domain.stages import Stage
from judging.jobs import Means
from judging.models import (
    Application,
    Contest,
    Expert,
    Job,
)
from judging.queries.rehearsals import state_of
from judging.services.admission import Decision, decide_application
from judging.services.forms.form_store import FormChange, change_form
from judging.services.rehearsals.asking import ask_rehearsal
from tests.conftest import Store
from tests.pp41 import FILE
from tests.trials import by, faults, filled_with_few, real_draft, rehearsed, trial_of
from tests.working import work_next

pytestmark = pytest.mark.slow

DATABASES = ("sqlite",)
"""The steps are acts of services, which have tests of their own on every database."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    filled_with_few(monkeypatch)


class Killed(Exception):
    """The worker is gone."""


def test_a_rehearsal_that_was_interrupted_goes_on_from_there(app: Flask, store: Store, few: None) -> None:
    trial = trial_of(store, real_draft(store))
    told: list[tuple[int, int, str]] = []

    def watch(*how_far: object) -> None:
        told.append(how_far)
        if len(told) == 9:
            raise Killed

    with pytest.raises(Killed):
        rehearsed(app, trial, progress=watch)
    assert told[-1] == (2, 3, STEP_LABELS[Step.ACCEPTANCE])
    assert rehearsed(app, trial) == list(Step)
    with store() as session:
        numbers = session.scalars(select(Application.number).order_by(Application.id)).all()
        assert numbers == [f"PROBA-REAL-1-{count:04d}" for count in (1, 2, 3)]
    assert faults(store) == {}


def test_the_whole_form_of_the_decree_is_answered(app: Flask, store: Store, few: None) -> None:
    """A form of its own kinds of questions, tables whose sums are compared and files that some answers ask for."""
    source = real_draft(store)
    with store() as session:
        version = session.get_one(Contest, source).version
        change_form(session, source, FormChange(read_form(FILE.read_bytes()), version), by=by())
    trial = trial_of(store, source)
    assert rehearsed(app, trial) == list(Step)
    assert faults(store) == {}


def test_what_the_secretary_does_in_between_stands(app: Flask, store: Store, few: None) -> None:
    trial = trial_of(store, real_draft(store))
    rehearsed(app, trial, Until.NEXT)
    with store() as session:
        first = session.scalars(select(Application).order_by(Application.id).limit(1)).one()
        reason = {"reason": "Не хватает документа", "clause": "п. 1"}
        decide_application(session, first, Decision(Action.REJECT, version=first.version, **reason), by=by())
    assert rehearsed(app, trial) == list(Step)[1:]
    with store() as session:
        statuses = session.scalars(select(Application.status).order_by(Application.id)).all()
        assert statuses == ["rejected", "admitted", "admitted"]


def test_a_rehearsal_that_a_rule_stops_says_why_and_goes_on_when_it_can(app: Flask, store: Store, few: None) -> None:
    trial = trial_of(store, real_draft(store))
    for _ in range(2):
        rehearsed(app, trial, Until.NEXT)
    with store() as session:
        session.execute(update(Expert).values(max_load=0))
        ask_rehearsal(session, trial, Until.END, tasks_url="", by=by())
    message = "No distribution is possible with these experts. Add experts or change the rules."
    assert done_by_worker(app, store, trial) == {"steps": [], "stopped": [[message, {}]]}
    with store() as session:
        session.execute(update(Expert).values(max_load=10))
        ask_rehearsal(session, trial, Until.END, tasks_url="", by=by())
        with pytest.raises(NotPossible):
            ask_rehearsal(session, trial, Until.NEXT, tasks_url="", by=by())
    assert done_by_worker(app, store, trial) == {"steps": [step.value for step in list(Step)[2:]], "stopped": []}
    with pytest.raises(NotPossible), store() as session:
        ask_rehearsal(session, trial, Until.NEXT, tasks_url="", by=by())


def done_by_worker(app: Flask, store: Store, trial: int) -> object:
    """Let a worker do the rehearsal; return what came of it."""
    with app.app_context():
        assert work_next(JobKind.REHEARSAL, means=Means(storage=app.extensions["storage"]))
    with store() as session:
        return session.scalars(select(Job.result).where(Job.key == f"rehearsal:{trial}")).one()


def test_each_press_does_one_step_and_says_what_is_next(app: Flask, store: Store, few: None) -> None:
    trial = trial_of(store, real_draft(store))
    seen = [rehearsed(app, trial, Until.NEXT) for _ in range(3)]
    assert seen == [[Step.ACCEPTANCE], [Step.CHECK], [Step.ASSIGNMENT]]
    with store() as session:
        state = state_of(session, session.get_one(Contest, trial), datetime.now(UTC))
    assert (state.received, state.undecided, state.told, state.unfinished, state.stage) == (
        3, 0, 6, 6, Stage.REVIEW,
    )  # fmt: skip
