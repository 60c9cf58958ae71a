"""The facts about rows that always hold: a small world holds them, and every check finds what was planted.

What the records say of the rows is in test_verification.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from judging.adapters.archive import read_archive
from judging.adapters.storage import Storage
from judging.domain.access import CONSOLE, By
from judging.domain.canonical import digest, snapshot_hash
from judging.domain.distribution import input_digest
from judging.domain.events import Event
from judging.domain.jobs import JobKind, key_of
from judging.models import (
    AgreementVersion,
    Application,
    ApplicationSection,
    AssignmentPlan,
    Contest,
    Criterion,
    FirmnessReport,
    FormVersion,
    Job,
    JournalRecord,
    PlannedApplication,
    PlannedPair,
    RankingSnapshot,
    Review,
    ReviewVersion,
    ScheduleChange,
    SheetEdit,
    Submission,
    SubmissionReturn,
)
from judging.queries.firmness import compute_report
from judging.queries.forms import form_of
from judging.queries.invariants import FACTS, lost_files
from judging.services import firmness, letters
from judging.services.applications.receipts import keep_submission, receipt_of
from judging.services.archives import load_contest
from judging.services.audit import record
from judging.services.forms.form_store import FormChange, change_form
from judging.services.queue import SYSTEM, ask, cancel
from judging.services.rankings import freeze_ranking, prepare_snapshot
from judging.services.scoring.review_submit import keep_version
from tests import factories
from tests.conftest import filled, taken_back
from tests.factories import MOMENT

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"
Found = dict[str, list[str]]


def found(session: Session) -> Found:
    """Every check that does not hold, with its offences."""
    session.flush()
    session.expire_all()
    results = {invariant.code: [str(offence) for offence in invariant.find(session)] for invariant in FACTS}
    return {code: offences for code, offences in results.items() if offences}


def application(session: Session, contest: Contest, number: str) -> Application:
    """An application as its submission leaves it: with a receipt, and a record of it."""
    item = factories.application(session, contest, number=number)
    document = receipt_of(item, number=number, submitted_at=MOMENT)
    sha256 = item.receipt_sha256 = digest(document)
    keep_submission(session, item.id, document, sha256=sha256, at=MOMENT, by_id=None)
    record(session, Event.APPLICATION_SUBMITTED, by=By(CONSOLE, MOMENT), subject=item, details={"sha256": sha256})
    return item


def applied_plan(session: Session, item: Review) -> AssignmentPlan:
    """The plan that the task ``item`` came from, as its application leaves it."""
    document = {"experts": [{"email": item.expert.email}]}
    sha256 = input_digest(document, goal="fair", seed=0, partial=False, keep=False)
    plan = AssignmentPlan(
        contest_id=item.contest_id, kind="regular", status="applied", goal="fair", seed=0, partial=False, keep=False,
        requested_by="console", requested_at=MOMENT, closed_at=MOMENT, protocol={"input": document},
        input_digest=sha256,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    pair = {"plan_id": plan.id, "application_id": item.application_id}
    session.add(PlannedApplication(**pair, demand=1, standing=0, filled=1, score=0, passed_over=[]))
    session.add(PlannedPair(**pair, expert_id=item.expert_id, change="add", affinity=0, parts=[], reasons={}))
    details = {"sha256": sha256}
    record(session, Event.PLAN_APPLIED, by=By(CONSOLE, MOMENT), subject=plan, details=details)
    return plan


def made_report(session: Session, contest: Contest) -> None:
    """A report on the contest's ranking, as a worker leaves it."""
    row = firmness.request_report(session, contest, by=By(CONSOLE, MOMENT))
    (part,) = firmness.load_task(session, row.id)
    assert firmness.store_reports(session, row.id, {None: compute_report(part.record)}, by=By(SYSTEM, MOMENT))
    cancel(session, key_of(JobKind.FIRMNESS, row.id), now=MOMENT)


@pytest.fixture(scope="module")
def site(database_kind: str) -> Iterator[Flask]:
    with filled(database_kind, populate) as app:
        yield app


@pytest.fixture
def world(site: Flask) -> Iterator[Session]:
    with taken_back(site) as session:
        yield session


def populate(session: Session) -> None:
    """Make three contests: from an archive; frozen; and open, with an application, a draft sheet and one handed in.

    The draft sheet came from a plan that was applied; on the frozen ranking there is a report.
    """
    load_contest(session, read_archive(GOLDEN.read_bytes()), by=By(CONSOLE, MOMENT))
    for code, kinds in (("FROZEN", ("submitted", "submitted")), ("OPEN", ("submitted", "accepted"))):
        contest = factories.contest(session, code=code, applications_received=7)
        item = application(session, contest, f"{code}-0007")
        for kind in kinds:
            sheet = factories.review(session, factories.expert(session, contest), item, kind)
            if kind == "submitted":
                keep_version(session, sheet, made_at=MOMENT, made_by_id=None)
        if code == "FROZEN":
            computed = prepare_snapshot(session, contest.id)
            freeze_ranking(session, contest, computed, version=contest.version, by=By(CONSOLE, MOMENT))
            made_report(session, contest)
    applied_plan(session, review(session, "accepted"))


def opened(session: Session) -> Contest:
    return session.scalars(select(Contest).where(Contest.code == "OPEN")).one()


def own(session: Session) -> Application:
    return session.scalars(select(Application).where(Application.contest_id == opened(session).id)).one()


def review(session: Session, status: str) -> Review:
    return session.scalars(select(Review).where(Review.contest_id == opened(session).id, Review.status == status)).one()


def stored(session: Session) -> RankingSnapshot:
    return session.scalars(select(RankingSnapshot)).one()


def without_constraints(session: Session, table: str) -> None:
    """Put a copy of the table, without its constraints, before it until the transaction is rolled back."""
    session.flush()
    session.execute(text(f"CREATE TEMPORARY TABLE {table} AS SELECT * FROM {table}"))


def unknown_status(session: Session) -> Found:
    key = opened(session).id
    without_constraints(session, "contests")
    session.execute(update(Contest).where(Contest.id == key).values(status="lost", version=9))
    return {"status-known": [f"contest {key}: lost"]}


def unknown_rule(session: Session) -> Found:
    item = opened(session)
    item.rules = {**item.rules, "tie_breakers": ["luck"]}
    return {
        "rules-fit": [f"contest {item.id}: rules.tie_breakers[0]: There is no such tie breaker: luck"],
    }


def unreadable_base(session: Session) -> Found:
    item = opened(session)
    item.frozen_base = {"C1": "ten"}
    return {"rules-fit": [f"contest {item.id}: frozen_base.C1: not a decimal"]}


def weightless_criterion(session: Session) -> Found:
    query = select(Criterion).where(Criterion.contest_id == opened(session).id).order_by(Criterion.position)
    item = session.scalars(query).first()
    assert item is not None
    item.definition = {**item.definition, "weight": "-1"}
    message = "criteria[0].weight: The weight may not be negative"
    return {"rubric-fit": [f"contest {item.contest_id}: {message}"]}


def unfit_nomination(session: Session) -> Found:
    item = own(session).contest
    factories.nomination(session, item, weights={"C1": "-1"})
    unread = factories.nomination(session, item, "unread", budget=5)
    keys = session.scalars(
        select(Application.id)
        .where(Application.contest_id == item.id, Application.number.is_not(None))
        .order_by(Application.id)
    ).all()
    numbers = {key: session.get_one(Application, key).number for key in keys}
    return {
        "nominations-fit": [
            f"nomination {unread.id}: budget: not a decimal: numbers are written as text, in quotes",
            f"contest {item.id}: nominations[0].weights.C1: The weight may not be negative",
        ],
        "nomination-chosen": [f"application {key}: {numbers[key]}: in no nomination" for key in keys],
    }


def agreement_rewritten(session: Session) -> Found:
    item = own(session).contest
    kept, rewritten = factories.agreement(session, item, "kept"), factories.agreement(session, item, "rewritten")
    expert = factories.expert(session, item)
    acceptance = factories.acceptance(session, expert, kept, sha256="0" * 64)
    version = select(AgreementVersion).where(AgreementVersion.agreement_id == rewritten.id)
    session.scalars(version).one().text = "Иначе."
    kept.text = "Иначе."
    return {
        "agreement-hash": [
            f"agreement {rewritten.id}: version 1 does not give its hash",
            f"agreement {kept.id}: its text is not that of version 1",
            f"acceptance {acceptance.id}: its hash is of no such version",
        ]
    }


def counter_behind(session: Session) -> Found:
    item = opened(session)
    item.applications_received = 6
    return {"number-counter": [f"contest {item.id}: 6 < 7"]}


def number_twice(session: Session) -> Found:
    first = own(session)
    second = application(session, opened(session), "OPEN-0006")
    without_constraints(session, "applications")
    session.execute(update(Application).where(Application.id == second.id).values(number=first.number, version=9))
    return {"number-unique": [f"application {key}: OPEN-0007" for key in (first.id, second.id)]}


def too_late(session: Session) -> Found:
    item = own(session)
    item.submitted_at = item.contest.applications_close
    return {"submitted-in-time": [f"application {item.id}: {item.submitted_at.isoformat()}"]}


def forged_receipt(session: Session) -> Found:
    item = own(session)
    item.receipt_sha256 = "b" * 64
    true = submission(session).sha256
    kept = f"application {item.id}: OPEN-0007: the receipt is {'b' * 64}, by the records it is {true}"
    return {
        "submission-recorded": [f"application {item.id}: another receipt than the journal's"],
        "submission-last": [kept],
    }


def submission(session: Session) -> Submission:
    return session.scalars(select(Submission).where(Submission.application_id == own(session).id)).one()


def changed_submission(session: Session) -> Found:
    item = submission(session)
    item.document = {**item.document, "number": "OPEN-0008"}
    told = f"submission {item.id}: the hash is {item.sha256}, by the records it is {digest(item.document)}"
    return {"submission-hash": [told]}


def moved_submission(session: Session) -> Found:
    item = submission(session)
    item.at = MOMENT + timedelta(seconds=1)
    told = f"the instant is {item.at.isoformat()}, by the records it is {MOMENT.isoformat()}"
    return {"submission-hash": [f"submission {item.id}: {told}"]}


def last_form(session: Session) -> FormVersion:
    return session.scalars(select(FormVersion).order_by(FormVersion.id.desc()).limit(1)).one()


def changed_form(session: Session) -> Found:
    put_form(session)
    item = last_form(session)
    item.document = {**item.document, "checklist": []}
    hashes = f"the hash is {item.sha256}, by the records it is {digest(item.document)}"
    told = f"formversion {item.id}: {item.number}.{item.revision}: {hashes}"
    return {"form-hash": [told]}


def unusable_form(session: Session) -> Found:
    put_form(session)
    item = last_form(session)
    item.document = {**item.document, "checks": [{"code": "x", "at": "title", "rule": "5", "message": "М"}]}
    item.sha256 = digest(item.document)
    told = "checks[0].rule: Here a yes or no is expected, not a number (character 1)"
    return {"form-hash": [f"formversion {item.id}: {item.number}.{item.revision}: {told}"]}


def answered_otherwise(session: Session) -> Found:
    item = own(session)
    session.add(ApplicationSection(application_id=item.id, code="finance", saved_at=MOMENT, answers={}))
    item.loans = 0
    told = f"application {item.id}: {item.number}: loans is 0, by the records it is 10000000000"
    return {"answers-projected": [told]}


def put_form(session: Session) -> None:
    contest = opened(session)
    change = FormChange(form_of(contest), contest.version, "")
    renamed = replace(
        change.form, sections=(replace(change.form.sections[0], lead="Начало"), *change.form.sections[1:])
    )
    change_form(session, contest.id, replace(change, form=renamed, reason="Слова"), by=By(CONSOLE, MOMENT))
    session.flush()


def gap_of_submissions(session: Session) -> Found:
    submission(session).number = 3
    return {"submission-last": [f"application {own(session).id}: OPEN-0007: of 3 submissions 1 are kept"]}


def open_twice(session: Session) -> Found:
    item = own(session)
    for kind in ("staff", "team"):
        session.add(
            SubmissionReturn(
                application_id=item.id, submission=1, sections=[], remarks={}, until=MOMENT, at=MOMENT, kind=kind
            )
        )
    item.status = "admitted"
    told = f"application {item.id}: OPEN-0007: open for changes"
    return {"changes-open": [f"{told}, and admitted", f"{told} 2 times"]}


def lost_submission(session: Session) -> Found:
    session.delete(submission(session))
    return {"submission-kept": [f"application {own(session).id}: OPEN-0007: what was submitted is not kept"]}


def no_record(session: Session) -> Found:
    item = own(session)
    session.execute(delete(JournalRecord).where(JournalRecord.subject_id == item.id))
    return {"submission-recorded": [f"application {item.id}: no record of the submission"]}


def wrong_indicator(session: Session) -> Found:
    item = own(session)
    item.indicators = {**item.indicators, "jobs": "1e3"}
    return {"indicators-read": [f"application {item.id}: jobs"]}


def no_time(session: Session) -> Found:
    item = review(session, "submitted")
    without_constraints(session, "reviews")
    session.execute(update(Review).where(Review.id == item.id).values(submitted_at=None, version=9))
    return {"review-dated": [f"review {item.id}"], "sheet-as-handed-in": [f"review {item.id}: submitted_at"]}


def history_of_another_sheet(session: Session) -> Found:
    item = review(session, "accepted")
    session.add(SheetEdit(review_id=item.id, at=MOMENT, changes={"comment-E1": [0, "", "Есть"]}))
    return {"sheet-history": [f"review {item.id}: comment-E1"]}


def mark_beyond_scale(session: Session) -> Found:
    item = review(session, "accepted")
    code = factories.PRESET["criteria"][-1]["code"]
    item.scores = {code: "11", "X1": "5"}
    return {"marks-on-scale": [f"review {item.id}: {code} 11, X1 5"]}


def a_submission_that_was_not_made(session: Session) -> Found:
    item = review(session, "accepted")
    item.application_version = 3
    return {"review-version": [f"review {item.id}"]}


def no_declaration(session: Session) -> Found:
    item = review(session, "accepted")
    item.declared_at = None
    return {"review-declared": [f"review {item.id}"]}


def meeting_in_conflict(session: Session) -> Found:
    item = review(session, "accepted")
    factories.conflict(session, item.expert, item.application)
    return {"review-unconflicted": [f"review {item.id}: accepted"]}


def changed_version(session: Session) -> Found:
    kept = session.scalars(
        select(ReviewVersion).where(ReviewVersion.review_id == review(session, "submitted").id)
    ).one()
    kept.sheet = {**kept.sheet, "title": "Другой проект"}
    return {"version-hash": [f"version {kept.id}: {kept.sha256}"]}


def changed_mark(session: Session) -> Found:
    item = review(session, "submitted")
    item.scores = dict.fromkeys(item.scores, "8")
    return {"sheet-as-handed-in": [f"review {item.id}: scores"]}


def no_version(session: Session) -> Found:
    item = review(session, "submitted")
    session.execute(delete(ReviewVersion).where(ReviewVersion.review_id == item.id))
    return {"sheet-as-handed-in": [f"review {item.id}: no version was kept"]}


def expert_in_the_team(session: Session) -> Found:
    item = review(session, "accepted")
    item.expert.user = item.expert.user or factories.user(session)
    item.application.team = factories.team(session, item.expert.user)
    told = f"review {item.id}: {item.application.number}: {item.expert.name} is in its team"
    return {"review-own-team": [told]}


def nobody_leads(session: Session) -> Found:
    team = factories.team(session, factories.user(session))
    team.members[0].role = "head"
    return {"team-led": [f"team {team.id}: {team.name}: nobody leads it"]}


def too_much_work(session: Session) -> Found:
    item = review(session, "accepted").expert
    item.max_load = 0
    return {"expert-load": [f"expert {item.id}: 1 > 0"]}


def plan(session: Session) -> AssignmentPlan:
    return session.scalars(select(AssignmentPlan)).one()


def stranger_in_a_plan(session: Session) -> Found:
    key, pair = plan(session).id, session.scalars(select(PlannedPair)).one()
    elsewhere = session.scalars(select(Application).where(Application.contest_id != plan(session).contest_id)).first()
    assert elsewhere is not None
    pair.application_id = elsewhere.id
    session.add(
        PlannedApplication(plan_id=key, application_id=elsewhere.id, demand=1, standing=0, filled=1, score=0,
                           passed_over=[])
    )  # fmt: skip
    factories.review(session, pair.expert, elsewhere, "recused")
    return {"plan-within-contest": [f"planned pair {pair.id}", f"plan {key}: application {elsewhere.id}"]}


def changed_plan(session: Session) -> Found:
    item = plan(session)
    item.seed = 1
    return {"plan-hash": [f"plan {item.id}: {item.input_digest}"]}


def unrecorded_plan(session: Session) -> Found:
    session.execute(delete(JournalRecord).where(JournalRecord.event == "plan.applied"))
    return {"plan-recorded": [f"plan {plan(session).id}: no record"]}


def lost_pair(session: Session) -> Found:
    session.delete(review(session, "accepted"))
    return {"plan-carried-out": [f"planned pair {session.scalars(select(PlannedPair.id)).one()}"]}


def changed_snapshot(session: Session) -> Found:
    item = stored(session)
    item.record = {**item.record, "contest": {**item.record["contest"], "title": "Другой конкурс"}}
    return {"snapshot-hash": [f"snapshot {item.id}: {item.sha256}"]}


def rewritten_ranking(session: Session) -> Found:
    """Somebody who knows how the hash is made, and changed it in the journal too."""
    item = stored(session)
    item.ranking = {**item.ranking, "rows": []}
    item.sha256 = snapshot_hash(item.record, item.ranking)
    frozen = session.scalars(select(JournalRecord).where(JournalRecord.event == "ranking.frozen")).one()
    frozen.details = {**frozen.details, "sha256": item.sha256}
    return {"snapshot-ranking": [f"snapshot {item.id}"]}


def unrecorded_snapshot(session: Session) -> Found:
    session.execute(delete(JournalRecord).where(JournalRecord.event == "ranking.frozen"))
    return {"snapshot-recorded": [f"snapshot {stored(session).id}: no record of the freezing"]}


def approved_by_nobody(session: Session) -> Found:
    item = session.get_one(Contest, stored(session).contest_id)
    item.status = "approved"
    return {"frozen-has-snapshot": [f"contest {item.id}: approved: snapshot 1 is not approved"]}


def no_snapshot(session: Session) -> Found:
    item = opened(session)
    item.status = "ranking_frozen"
    return {"frozen-has-snapshot": [f"contest {item.id}: ranking_frozen: no snapshot in force"]}


def report(session: Session) -> FirmnessReport:
    return session.scalars(select(FirmnessReport)).one()


def report_of_something_else(session: Session) -> Found:
    item = report(session)
    item.document = {**(item.document or {}), "digest": "f" * 64}
    return {"firmness-report": [f"report {item.id}: {'f' * 64}"]}


def unreadable_report(session: Session) -> Found:
    item = report(session)
    item.document = {**(item.document or {}), "refusal": "no_mood"}
    return {"firmness-report": [f"report {item.id}: ValueError: 'no_mood' is not a valid Refusal"]}


def swept_secretly(session: Session) -> Found:
    item = factories.document(session, own(session), removed_at=MOMENT, swept_at=MOMENT)
    return {"sweep-recorded": [f"document {item.id}: cleared without a record"]}


def unknown_job(session: Session) -> Found:
    job_id = ask(session, "coffee", {}, by=By(SYSTEM, MOMENT))
    return {"job-kind": [f"job {job_id}: coffee"]}


def job_lost(session: Session) -> Found:
    row = firmness.request_report(session, own(session).contest, by=By(CONSOLE, MOMENT))
    letter_id = letters.queue(session, key="k", recipient="a@example.org", subject="s", body="b", now=MOMENT)
    letters.queue(session, key="l", recipient="b@example.org", subject="s", body="b", now=MOMENT)
    session.execute(delete(Job).where(Job.key.in_((f"firmness:{row.id}", f"letters:{letter_id}"))))
    said = "waits for a job that is not there"
    return {"job-there": [f"report {row.id}: {said}", f"letter {letter_id}: {said}"]}


def hidden_as_a_trial(session: Session) -> Found:
    contest = factories.contest(session, trial=True)
    return {"trial-marked": [f"contest {contest.id}: {contest.code}: is a trial, and its code says otherwise"]}


def somebody_in_a_trial(session: Session) -> Found:
    trial = factories.contest(session, code="PROBA-1", trial=True)
    person = factories.user(session)
    factories.cluster(session, trial, team := factories.team(session, person))
    expert = factories.expert(session, trial, person)
    stranger = factories.expert(session, trial, email="somebody@mail.ru", user=None)
    chair = factories.user(session, "chair", trial)
    return {
        "trial-invented": [
            f"expert {expert.id}: {expert.email} is of a trial and is somebody",
            f"expert {stranger.id}: somebody@mail.ru is of a trial and is somebody",
            f"user {person.id}: is in the team {team.id}, which works in a trial",
            f"grant {chair.grants[0].id}: the role chair is given in a trial",
        ]
    }


def stage_before_itself(session: Session) -> Found:
    first = factories.contest(session, status="draft", published_at=None)
    second = factories.contest(session, status="draft", published_at=None, previous_id=first.id)
    first.previous_id = second.id
    elsewhere = own(session)
    draft = factories.application(
        session, second, factories.cluster(session, second, factories.team(session)), status="draft",
        previous_id=elsewhere.id,
    )  # fmt: skip
    return {
        "stages-linked": [
            f"contest {first.id}: comes before itself",
            f"contest {second.id}: comes before itself",
            f"application {draft.id}: was carried over from a contest that is not the stage before",
            f"application {draft.id}: was carried over from another team",
        ]
    }


def led_by_nobody(session: Session) -> Found:
    team = factories.team(session, factories.user(session))
    team.members[0].role = "member"
    return {"team-led": [f"team {team.id}: {team.name}: nobody leads it"]}


PLANTS = (
    led_by_nobody,
    stage_before_itself,
    hidden_as_a_trial, somebody_in_a_trial,
    unknown_job, job_lost, changed_submission, moved_submission, gap_of_submissions, lost_submission,
    open_twice,
    changed_form, unusable_form, answered_otherwise,
    unknown_status, unknown_rule, unreadable_base, weightless_criterion, counter_behind, number_twice, too_late,
    agreement_rewritten,
    unfit_nomination, forged_receipt, no_record, wrong_indicator, no_time, mark_beyond_scale, no_declaration,
    history_of_another_sheet, a_submission_that_was_not_made, meeting_in_conflict, changed_version, changed_mark,
    no_version, too_much_work,
    expert_in_the_team, nobody_leads, changed_snapshot, rewritten_ranking,
    unrecorded_snapshot, approved_by_nobody, no_snapshot, stranger_in_a_plan, changed_plan, unrecorded_plan, lost_pair,
    report_of_something_else, unreadable_report, swept_secretly,
)  # fmt: skip


def test_a_world_made_by_the_services_holds(world: Session) -> None:
    assert found(world) == {}


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_check_finds_what_was_planted(world: Session, plant: Callable[[Session], Found]) -> None:
    expected = plant(world)
    assert found(world) == expected


def test_there_is_a_plant_for_every_check(world: Session) -> None:
    codes = set()
    for plant in PLANTS:
        with world.begin_nested() as nested:
            codes |= set(plant(world))
            nested.rollback()
        world.expire_all()
    assert codes == {invariant.code for invariant in FACTS}


def removed_by_hand(session: Session, item: Review) -> None:
    details = {"expert": item.expert.email}
    record(
        session, Event.ASSIGNMENT_REMOVED, by=By(CONSOLE, MOMENT), subject=item.application, details=details,
        contest_id=item.contest_id,
    )  # fmt: skip


def all_proposals_removed(session: Session, item: Review) -> None:
    record(
        session, Event.ASSIGNMENT_REMOVED, by=By(CONSOLE, MOMENT), subject=opened(session), details={"removed": 1},
        contest_id=item.contest_id,
    )  # fmt: skip


def removed_by_a_later_plan(session: Session, item: Review) -> None:
    later = applied_plan(session, item)
    session.scalars(select(PlannedPair).where(PlannedPair.plan_id == later.id)).one().change = "remove"


@pytest.mark.parametrize("remove", [removed_by_hand, all_proposals_removed, removed_by_a_later_plan])
def test_a_planned_task_may_be_taken_off_on_record(world: Session, remove: Callable[[Session, Review], None]) -> None:
    item = review(world, "accepted")
    remove(world, item)
    world.delete(item)
    assert found(world) == {}


def test_what_an_archive_brought_is_not_held_against_it(world: Session) -> None:
    """A pair in conflict may come assigned, a submission may lie outside of the window, a sheet has no version."""
    golden = world.scalars(select(Contest).where(Contest.code == "GOLDEN-1")).one()
    item = world.scalars(select(Application).where(Application.contest_id == golden.id)).first()
    assert item is not None
    item.submitted_at = golden.applications_close + timedelta(days=1)
    expert = factories.expert(world, golden)
    factories.review(world, expert, item, "assigned")
    factories.conflict(world, expert, item)
    assert found(world) == {}


def test_an_application_of_a_window_that_was_moved_later_is_in_time(world: Session) -> None:
    """The window was moved away from an instant that lay inside it."""
    contest, item = opened(world), own(world)
    before = contest.applications_open
    contest.applications_open = item.submitted_at + timedelta(hours=1)
    assert list(found(world)) == ["submitted-in-time"]
    world.add(
        ScheduleChange(
            contest_id=contest.id, field="applications_open", before=before, after=contest.applications_open,
            reason="Перенос", changed_at=MOMENT,
        )
    )  # fmt: skip
    assert found(world) == {}


def test_a_draft_contest_may_have_an_unfinished_rubric(world: Session) -> None:
    draft = factories.contest(world, status="draft", published_at=None)
    draft.criteria.clear()
    draft.rules = {**draft.rules, "tie_breakers": ["luck"]}
    assert found(world) == {}


def test_lost_and_changed_files_are_found(world: Session) -> None:
    storage = Storage.from_url("memory:///")
    kept = storage.put(BytesIO(b"passport"))
    facts = {"storage_key": kept.key, "size": kept.size, "sha256": kept.sha256}
    item = own(world)
    factories.document(world, item, **facts)
    assert list(lost_files(storage).find(world)) == []
    changed = factories.document(world, item, **{**facts, "sha256": "0" * 64}, removed_at=MOMENT)
    lost = factories.document(world, item, **{**facts, "storage_key": "sha256/00/none"})
    assert [str(offence) for offence in lost_files(storage).find(world)] == [
        f"document {changed.id}: 8 bytes, {kept.sha256}",
        f"document {lost.id}: no such file",
    ]


def test_the_hash_is_of_the_canonical_form() -> None:
    assert digest({"b": 1, "a": "ё"}) == sha256('{"a":"ё","b":1}'.encode()).hexdigest()
