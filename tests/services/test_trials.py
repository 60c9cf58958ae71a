"""Trials: made of a contest's settings, walked through by the product's own services, wiped without a trace."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from judging.adapters.preset import read_preset
from judging.domain import rehearsals
from judging.domain.access import Actor, By, Role
from judging.domain.distribution import DistributionRules
from judging.domain.errors import Refused, RuleViolation
from judging.domain.jobs import JobKind
from judging.domain.lifecycle import NotPossible
from judging.domain.rehearsals import Step, Until
from judging.domain.stages import Calendar, Stage, stage_at
from judging.jobs import Means
from judging.models import (
    Application,
    AssignmentRules,
    Cluster,
    Contest,
    Document,
    Expert,
    FormVersion,
    Job,
    JournalRecord,
    Letter,
    Review,
    Team,
    TeamMember,
)
from judging.queries.accounts import LetterFilter, contest_choices, letters_page
from judging.queries.assignment.plans import assignment_rules
from judging.queries.contests import calendar_of, public
from judging.services import letters
from judging.services.accounts import Invitation, ask_invitation
from judging.services.applications.clusters import ClusterData, save_cluster
from judging.services.archives import TrialCode, load_contest
from judging.services.contests import create_contest
from judging.services.experts import ExpertData, add_expert, invite_experts
from judging.services.forms.form_store import publish_form
from judging.services.rehearsals import acts, invention
from judging.services.seals import note_state
from judging.services.trials import NoTrial, create_trial, move_clock, move_to, wipe_trial
from tests import factories
from tests.conftest import Store
from tests.domain.records import golden
from tests.trials import (
    by,
    faults,
    faults_in,
    filled_with_every_kind,
    filled_with_few,
    real_draft,
    rehearsed,
    rows,
    rows_in,
    terms,
    trial_of,
)
from tests.working import work_next

pytestmark = pytest.mark.slow


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    filled_with_few(monkeypatch)


def test_a_rehearsal_walks_every_step_and_wiping_leaves_what_was_there_before(
    app: Flask, store: Store, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_kind == "sqlite":  # every kind once
        filled_with_every_kind(monkeypatch)
    else:
        filled_with_few(monkeypatch)
    applications, experts_asked = rehearsals.APPLICATIONS, rehearsals.EXPERTS
    source = real_draft(store)
    before = rows(store)
    trial = trial_of(store, source)
    assert rehearsed(app, trial) == list(Step)
    assert faults(store) == {}
    with store() as session:
        contest = session.get_one(Contest, trial)
        numbers = list(session.scalars(select(Letter.subject).where(Letter.contest_id == trial)))
        made = (contest.code, contest.title, contest.status, contest.applications_received)
        experts = len(session.scalars(select(Expert.id).where(Expert.contest_id == trial)).all())
        keys = set(session.scalars(select(Document.storage_key)))
        sent = session.scalars(select(Job.id).where(Job.kind == JobKind.LETTERS)).all()
        kinds = _kinds(session, trial)
    assert kinds == (EVERY_KIND if database_kind == "sqlite" else {"admitted": applications})
    title = "Проба: Конкурсный отбор совместных проектов участников промышленных кластеров"
    assert made == ("PROBA-REAL-1", title, "results_published", applications)
    assert (experts, len(keys), sent) == (experts_asked, 2, [])
    assert {subject[:8] for subject in numbers} == {"[Проба] "}
    with store() as session:
        counts = wipe_trial(session, trial, by=by())
    after = rows(store)
    assert after | {"jobs": 0} == before | {"jobs": 0}
    assert faults(store) == {}
    with store() as session:
        last = session.scalars(select(JournalRecord).order_by(JournalRecord.id.desc()).limit(1)).one()
        assert (last.event, last.contest_id, last.details) == ("trial.wiped", trial, {"code": "PROBA-REAL-1", **counts})
    assert {name: counts[name] for name in ("applications", "experts", "files", "teams")} == {
        "applications": applications, "experts": experts_asked, "files": 2, "teams": min(10, applications),
    }  # fmt: skip
    _files_go_when_nobody_names_them(app, store, keys)


EVERY_KIND = {"admitted": 10, "rejected": 1, "withdrawn": 1, "recused": 1, "additional": 2}


def _kinds(session: Session, trial: int) -> dict[str, int]:
    """How many applications of every kind a rehearsal has left; those that there are none of are not named."""
    statuses = session.scalars(select(Application.status).where(Application.contest_id == trial)).all()
    reviews = session.scalars(select(Review).where(Review.contest_id == trial)).all()
    counts = Counter(statuses) + Counter("recused" for one in reviews if one.status == "recused")
    return dict(counts + Counter("additional" for one in reviews if one.additional))


def test_the_forty_have_every_kind() -> None:
    """What is done to some of them is done to different ones, all of which are there."""
    places = [*acts.REJECTED, acts.WITHDRAWN, *acts.RECUSED, *invention.APART]
    assert sorted(set(places)) == sorted(places)
    assert max(places) < rehearsals.APPLICATIONS


def _files_go_when_nobody_names_them(app: Flask, store: Store, keys: set[str]) -> None:
    storage = app.extensions["storage"]
    later = _sweep_is_due(store)
    with app.app_context():
        assert work_next(JobKind.TRIAL_FILES, means=Means(storage=storage), clock=lambda: later)
        assert not work_next(JobKind.TRIAL_FILES, means=Means(storage=storage), clock=lambda: later)
    for key in keys:
        with pytest.raises(FileNotFoundError):
            storage.read(key)


def _sweep_is_due(store: Store) -> datetime:
    """The hours until the files go are over: by the database's clock and by the worker's."""
    with store() as session:
        session.execute(update(Job).where(Job.kind == JobKind.TRIAL_FILES).values(run_at=None))
    return datetime.now(UTC) + timedelta(hours=3)


def test_a_file_that_a_real_application_has_stays(app: Flask, store: Store, few: None) -> None:
    storage = app.extensions["storage"]
    trial = trial_of(store, real_draft(store))
    rehearsed(app, trial, Until.NEXT)
    with store() as session:
        key, sha256 = session.execute(select(Document.storage_key, Document.sha256).limit(1)).one()
        contest = factories.contest(session)
        application = factories.application(session, contest, factories.cluster(session, contest))
        factories.document(session, application, storage_key=key, sha256=sha256)
    with store() as session:
        wipe_trial(session, trial, by=by())
    later = _sweep_is_due(store)
    with app.app_context():
        assert work_next(JobKind.TRIAL_FILES, means=Means(storage=storage), clock=lambda: later)
    assert b"".join(storage.read(key)) != b""


def test_wherever_a_trial_stands_wiping_leaves_what_was_there_before(app: Flask, store: Store, few: None) -> None:
    source = real_draft(store)
    before = rows(store)
    trial = trial_of(store, source)
    for step in (None, *Step):
        if step is not None:
            assert rehearsed(app, trial, Until.NEXT) == [step]
        assert faults(store) == {}
        assert wiped_and_taken_back(store, trial) == before


def wiped_and_taken_back(store: Store, trial: int) -> dict[str, int]:
    """How many rows each table has once the trial is wiped, sound as they are; then the trial is where it was."""
    with store() as session:
        wipe_trial(session, trial, by=by())
        session.execute(delete(Job).where(Job.kind == JobKind.TRIAL_FILES))
        assert faults_in(session) == {}
        left = rows_in(session)
        session.rollback()
    return left


def test_a_trial_has_the_nominations_of_its_contest_and_the_rehearsal_fills_both(
    app: Flask, store: Store, few: None
) -> None:
    source = real_draft(store)
    with store() as session:
        contest = session.get_one(Contest, source)
        series = {"weights": {"E1": None}, "cap_per_application": "90000000.00", "budget": "200000000.00"}
        factories.nomination(session, contest, **series)
        factories.nomination(session, contest, "pilot", budget="100000000.00")
        note_state(session, contest, by=by())
    trial = trial_of(store, source)
    assert rehearsed(app, trial) == list(Step)
    assert faults(store) == {}
    with store() as session:
        chosen = [one.nomination and one.nomination.code for one in session.scalars(
            select(Application).where(Application.contest_id == trial).order_by(Application.number))]  # fmt: skip
        wipe_trial(session, trial, by=by())
    assert chosen == ["series", "pilot", "series"]


def test_a_trial_copies_the_settings_and_moves_dates_that_are_past(store: Store) -> None:
    source = real_draft(store)
    with store() as session:
        contest = session.get_one(Contest, source)
        session.add(
            AssignmentRules(
                contest_id=source, goal="fair", own_region_barred=False, other_region_at_least=0, seed=7, version=1,
                one_per_organisation=False, methodologists_at_least=0, min_load=1,
            )
        )  # fmt: skip
        publish_form(session, contest, by=by())
    now = factories.MOMENT + timedelta(days=400, hours=5)
    with store() as session:
        trial = create_trial(session, source, by=by(now))
        real = session.get_one(Contest, source)
        copied = ("rules", "document_slots", "indicators", "partner_roles", "budget", "summary", "timezone", "label")
        assert [getattr(trial, name) for name in copied] == [getattr(real, name) for name in copied]
        assert [row.definition for row in trial.criteria] == [row.definition for row in real.criteria]
        assert (trial.trial, trial.status, real.trial) == (True, "draft", False)
        shift = timedelta(days=402)
        assert calendar_of(trial) == Calendar(
            real.applications_open + shift, real.applications_close + shift, real.review_close + shift
        )
        form = select(FormVersion.document, FormVersion.number).order_by(FormVersion.contest_id)
        assert [row.number for row in session.execute(form)] == [1, 1]
        assert len({str(row.document) for row in session.execute(form)}) == 1
        assert assignment_rules(session, trial.id) == DistributionRules(min_load=1, seed=7, version=1)
        second = create_trial(session, source, by=by(now))
        assert (trial.code, second.code) == ("PROBA-REAL-1", "PROBA2-REAL-1")


def _made_of_a_trial(session, trial: int) -> None:
    create_trial(session, trial, by=by())


def _named_like_one(session, _trial: int) -> None:
    create_contest(session, "proba-2027", terms(), read_preset(), by=by())


def _team_of_people(session, trial: int) -> None:
    person = factories.user(session)
    team = factories.team(session, person)
    data = ClusterData("Настоящий кластер", "16", "Станкостроение")
    save_cluster(session, session.get_one(Contest, trial), team.id, data, version=None, by=_acting(person))


def _role(session, trial: int) -> None:
    wanted = Invitation(email="b@mail.ru", name="Б", role=Role.SECRETARY, contest_id=trial)
    ask_invitation(session, wanted, by=_acting(factories.user(session, "administrator")))


def _real_expert(session, trial: int) -> None:
    data = ExpertData(email="somebody@mail.ru", name="Некто Настоящий", region="16", topics=("28.41",), max_load=5)
    add_expert(session, session.get_one(Contest, trial), data, by=by())


def _invited(session, trial: int) -> None:
    data = ExpertData(email="x@example.org", name="Некто Вымышленный", region="16", topics=("28.41",), max_load=5)
    expert = add_expert(session, session.get_one(Contest, trial), data, by=by())
    invite_experts(session, [expert], by=by(), base_url="https://contest.example")


def _acting(person) -> By:
    return By(Actor(person.id, person.name), datetime.now(UTC))


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (_made_of_a_trial, NotPossible),
        (_named_like_one, Refused),
        (_team_of_people, NotPossible),
        (_role, Refused),
        (_real_expert, Refused),
        (_invited, RuleViolation),
    ],
)
def test_nobody_who_exists_gets_into_a_trial(store: Store, act: Callable, refusal: type[RuleViolation]) -> None:
    trial = trial_of(store, real_draft(store))
    before = rows(store)
    with pytest.raises(refusal), store() as session:
        act(session, trial)
    assert rows(store) == before


def test_an_archive_of_a_trial_is_not_loaded_as_a_real_contest(store: Store) -> None:
    record = golden()
    with pytest.raises(TrialCode), store() as session:
        load_contest(session, replace(record, contest=replace(record.contest, code="PROBA-REAL-1")), by=by())
    assert rows(store)["contests"] == 0


@pytest.mark.parametrize("act", [wipe_trial, lambda session, key, by: move_to(session, key, Stage.OVER, by=by)])
def test_a_real_contest_is_neither_wiped_nor_moved(store: Store, act: Callable) -> None:
    source = real_draft(store)
    before = rows(store)
    with pytest.raises(NoTrial), store() as session:
        act(session, source, by=by())
    assert rows(store) == before


def test_a_contest_that_was_only_marked_is_not_wiped(store: Store) -> None:
    """The column alone does not make a trial: the code, which everything in it bears, has to say so too."""
    source = real_draft(store)
    with store() as session:
        session.execute(update(Contest).values(trial=True))
    with pytest.raises(NoTrial), store() as session:
        wipe_trial(session, source, by=by())
    assert faults(store) == {"trial-marked": ["contest 1: REAL-1: is a trial, and its code says otherwise"]}


def test_the_clock_goes_to_any_stage_from_any_other(store: Store) -> None:
    trial, now = trial_of(store, real_draft(store)), datetime.now(UTC)
    for first, stage in product(Stage, Stage):
        now += timedelta(minutes=2)
        with store() as session:
            move_to(session, trial, first, by=by(now))
            contest = move_to(session, trial, stage, by=by(now + timedelta(minutes=1)))
            assert stage_at(calendar_of(contest), now + timedelta(minutes=1)) is stage
    assert faults(store) == {}


def test_the_clock_takes_no_dates_in_disorder(store: Store) -> None:
    trial, now = trial_of(store, real_draft(store)), datetime.now(UTC)
    with pytest.raises(Refused), store() as session:
        move_clock(session, trial, Calendar(now, now, now), version=1, by=by(now))


def test_no_list_of_the_whole_installation_has_a_trial(app: Flask, store: Store, few: None) -> None:
    trial = trial_of(store, real_draft(store))
    rehearsed(app, trial, Until.NEXT)
    with store() as session:
        assert [code for _, code in contest_choices(session) if "PROBA" in code] == []
        assert public(session) == ()
        assert letters_page(session, LetterFilter()).total == 0
        held = session.scalars(select(Letter).where(Letter.contest_id == trial).limit(1)).one()
        assert letters.unsent(session, held.id) is None
        letters.retry_letter(session, held.id, by=by())
        assert session.scalars(select(Job.id).where(Job.kind == JobKind.LETTERS)).all() == []


def test_a_team_that_somebody_is_in_is_never_wiped(app: Flask, store: Store, few: None) -> None:
    trial = trial_of(store, real_draft(store))
    rehearsed(app, trial, Until.NEXT)
    with store() as session:
        team = session.get_one(Team, session.scalars(select(Cluster.team_id).limit(1)).one())
        person = factories.user(session)
        team.members.append(TeamMember(user=person, joined_at=factories.MOMENT))
        name = team.name
    with store() as session:
        wipe_trial(session, trial, by=by())
    with store() as session:
        assert name in session.scalars(select(Team.name)).all()
