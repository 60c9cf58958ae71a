"""A report as its job works it out: stored once in place of its predecessors, given up in words, tried again."""

import time
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from judging import jobs
from judging.domain.access import CONSOLE, By
from judging.domain.firmness import Report
from judging.domain.jobs import JobKind
from judging.models import Contest, FirmnessReport, Job, JournalRecord
from judging.queries import firmness as queries
from judging.queries.invariants.replaying import false_statuses
from judging.queries.records import contest_record
from judging.services import firmness
from judging.services.archives import load_contest
from judging.services.firmness import BROKEN, INTERRUPTED, KEPT, request_report
from judging.services.queue import SYSTEM, renew
from tests import factories, nominations
from tests.conftest import Store
from tests.factories import MOMENT
from tests.recording import queries as counted
from tests.working import abandon, impatient, interrupted, settle, taken, work_next, worker_of

LATER = MOMENT + timedelta(minutes=3)
BY = By(CONSOLE, MOMENT)


def small_contest(session: Session) -> Contest:
    """Five applications, each with the reviews of the same two experts."""
    contest = factories.contest(session)
    cluster = factories.cluster(session, contest)
    experts = [factories.expert(session, contest) for _ in range(2)]
    for _ in range(5):
        application = factories.application(session, contest, cluster)
        for expert in experts:
            factories.review(session, expert, application, "submitted")
    return contest


@pytest.fixture
def report_id(store: Store) -> int:
    """A report that waits."""
    with store() as session:
        report = request_report(session, small_contest(session), by=BY)
        session.flush()
        return report.id


def calculated(store: Store, report_id: int) -> Report:
    with store() as session:
        (part,) = firmness.load_task(session, report_id)
        return queries.compute_report(part.record)


def stored(store: Store, report_id: int, now=MOMENT) -> bool:
    report = calculated(store, report_id)
    with store() as session:
        return firmness.store_reports(session, report_id, {None: report}, by=By(SYSTEM, now))


def state(store: Store, report_id: int) -> tuple[str, str, int, bool]:
    """Status, the job's state and attempts, and whether there is a document."""
    with store() as session:
        row = session.get_one(FirmnessReport, report_id)
        job = session.scalars(select(Job).where(Job.key == f"firmness:{report_id}")).one()
        return row.status, job.state, job.attempt, row.document is not None


def events(store: Store) -> list[str]:
    with store() as session:
        rows = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    return [event for event in rows if event.startswith("firmness.")]


def test_a_report_is_asked_for_worked_out_and_found_by_its_digest(app: Flask, store: Store, report_id: int) -> None:
    told: list[tuple[int, int]] = []
    with app.app_context():
        assert work_next(JobKind.FIRMNESS, clock=lambda: MOMENT, watch=lambda done, of: told.append((done, of)))
        assert not work_next(JobKind.FIRMNESS, clock=lambda: MOMENT)
    assert told[-1] == (100, 100)
    assert told == sorted(set(told))
    assert state(store, report_id) == ("ready", "done", 1, True)
    assert events(store) == ["firmness.requested", "firmness.made"]
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        digest = queries.present_digest(session, contest.id)
        kept = queries.stored_report(session, contest.id, digest)
        assert kept == queries.newest_report(session, contest.id)
        assert (kept.id, kept.made_at, kept.requested_by) == (report_id, MOMENT, "console")
        assert kept.report == queries.compute_report(contest_record(session, contest.id))
        assert queries.stored_report(session, contest.id, "0" * 64) is None
        calculation = queries.latest_calculation(session, contest.id)
        assert (calculation.status, calculation.job.done, calculation.job.of) == ("ready", 100, 100)
        assert not calculation.open


def test_the_journal_tells_who_asked_and_what_came_of_it(app: Flask, store: Store, report_id: int) -> None:
    with app.app_context():
        work_next(JobKind.FIRMNESS, clock=lambda: LATER)
    with store() as session:
        digest = session.get_one(FirmnessReport, report_id).digest
        records = session.scalars(
            select(JournalRecord).where(JournalRecord.event.startswith("firmness.")).order_by(JournalRecord.id)
        ).all()
        told = [(row.actor_name, row.at, row.subject_id, row.details) for row in records]
        revision = session.scalars(select(Contest.ranking_revision)).one()
    assert told == [
        ("console", MOMENT, report_id, {}),
        ("system", LATER, report_id, {"sha256": digest, "applications": 5, "experts": 2}),
    ]
    assert revision == 0


def test_who_asks_twice_gets_the_report_that_waits(store: Store, report_id: int) -> None:
    assert taken(store, JobKind.FIRMNESS, now=MOMENT) is not None
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        assert request_report(session, contest, by=BY).id == report_id
        calculation = queries.latest_calculation(session, contest.id)
        assert calculation.open
    assert events(store) == ["firmness.requested"]


def test_two_who_ask_at_once_queue_one_report(store: Store) -> None:
    with store() as session:
        contest_id = small_contest(session).id
    start, found = Barrier(2), []

    def ask() -> None:
        start.wait()
        with store() as session:
            found.append(request_report(session, session.get_one(Contest, contest_id), by=BY))
            session.flush()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store() as session:
        assert session.scalar(select(func.count(FirmnessReport.id))) == 1
    assert len(found) == 2
    assert events(store) == ["firmness.requested"]


def test_a_report_is_taken_by_one_worker_alone(app: Flask, store: Store, report_id: int) -> None:
    assert taken(store, JobKind.FIRMNESS, now=MOMENT) is not None
    with app.app_context():
        assert not work_next(JobKind.FIRMNESS, clock=lambda: MOMENT)
    assert state(store, report_id) == ("queued", "running", 1, False)


def test_a_report_whose_worker_died_is_taken_up_again_and_stored_once(app: Flask, store: Store, report_id: int) -> None:
    assert taken(store, JobKind.FIRMNESS, now=MOMENT) is not None
    slow = calculated(store, report_id)
    abandon(store)
    with app.app_context():
        assert settle(worker_of(JobKind.FIRMNESS, clock=lambda: MOMENT, pace=impatient()))
    with store() as session:
        assert not firmness.store_reports(session, report_id, {None: slow}, by=By(SYSTEM, MOMENT))
    assert state(store, report_id) == ("ready", "done", 2, True)
    assert events(store) == ["firmness.requested", "firmness.made"]


def test_a_calculation_under_way_tells_how_far_it_is(store: Store, report_id: int) -> None:
    claim = taken(store, JobKind.FIRMNESS, now=MOMENT)
    assert claim is not None
    with store() as session:
        assert renew(session, claim, lease=timedelta(minutes=2), now=MOMENT, progress=(55, 100, ""))
    with store() as session:
        calculation = queries.latest_calculation(session, session.scalars(select(Contest.id)).one())
    job = calculation.job
    assert (calculation.id, calculation.open, job.running, job.done, job.of) == (report_id, True, True, 55, 100)


def test_a_report_interrupted_three_times_is_given_up(app: Flask, store: Store, report_id: int) -> None:
    interrupted(store, JobKind.FIRMNESS, report_id)
    with app.app_context():
        assert not settle(worker_of(JobKind.FIRMNESS, clock=lambda: MOMENT, pace=impatient()))
    assert state(store, report_id) == ("failed", "failed", 3, False)
    with store() as session:
        assert queries.latest_calculation(session, session.scalars(select(Contest.id)).one()).error == INTERRUPTED
    assert events(store) == ["firmness.requested", "firmness.failed"]


def test_a_report_that_breaks_the_system_is_tried_three_times(app: Flask, store: Store, report_id: int) -> None:
    def breaks(done: int, of: int) -> None:
        raise RuntimeError("an error of the system")

    with app.app_context():
        worked = [work_next(JobKind.FIRMNESS, clock=lambda: MOMENT, watch=breaks) for _ in range(4)]
    assert worked == [True, True, True, False]
    assert state(store, report_id) == ("failed", "failed", 3, False)
    with store() as session:
        assert session.get_one(FirmnessReport, report_id).error == BROKEN


def test_a_contest_that_cannot_be_read_gives_its_report_up_too(app: Flask, store: Store, report_id: int) -> None:
    with store() as session:
        session.execute(update(Contest).values(rules={}))
    with app.app_context():
        assert [work_next(JobKind.FIRMNESS, clock=lambda: MOMENT) for _ in range(4)] == [True, True, True, False]
    assert state(store, report_id) == ("failed", "failed", 3, False)


def test_an_administrator_has_a_failed_report_tried_again(app: Flask, store: Store, report_id: int) -> None:
    interrupted(store, JobKind.FIRMNESS, report_id)
    with app.app_context():
        settle(worker_of(JobKind.FIRMNESS, clock=lambda: MOMENT, pace=impatient()))
        with store() as session:
            jobs.retry_job(session, session.scalars(select(Job.id)).one(), by=BY)
        assert work_next(JobKind.FIRMNESS, clock=lambda: MOMENT)
    assert state(store, report_id) == ("ready", "done", 1, True)
    assert events(store) == ["firmness.requested", "firmness.failed", "firmness.retried", "firmness.made"]


def test_a_failed_report_is_not_tried_again_beside_a_newer_one(app: Flask, store: Store, report_id: int) -> None:
    interrupted(store, JobKind.FIRMNESS, report_id)
    with app.app_context():
        settle(worker_of(JobKind.FIRMNESS, clock=lambda: MOMENT, pace=impatient()))
    with store() as session:
        request_report(session, session.scalars(select(Contest)).one(), by=BY)
    with store() as session, pytest.raises(jobs.NotRepeatable):
        jobs.retry_job(session, session.scalars(select(Job.id).order_by(Job.id)).first(), by=BY)


def test_a_worker_that_loses_its_job_amid_the_work_stores_nothing(app: Flask, store: Store, report_id: int) -> None:
    def stolen(done: int, of: int) -> None:
        with store() as session:
            session.execute(update(Job).values(token="another"))

    with app.app_context():
        assert work_next(JobKind.FIRMNESS, clock=lambda: MOMENT, watch=stolen)
    assert state(store, report_id) == ("queued", "running", 1, False)


def test_the_oldest_report_comes_first(app: Flask, store: Store, report_id: int) -> None:
    with store() as session:
        other = request_report(session, small_contest(session), by=BY)
        session.flush()
        other_id = other.id
    with app.app_context():
        assert work_next(JobKind.FIRMNESS, clock=lambda: MOMENT)
    assert (state(store, report_id)[0], state(store, other_id)[0]) == ("ready", "queued")


@pytest.fixture
def changes(app: Flask, store: Store) -> Iterator:
    """``made(budget)`` gives the one contest another budget, asks for a report and works it out."""

    def made(budget: int) -> int:
        with store() as session:
            contest = session.scalars(select(Contest)).one()
            contest.budget = budget
            report = request_report(session, contest, by=BY)
            session.flush()
            report_id = report.id
        with app.app_context():
            assert work_next(JobKind.FIRMNESS, clock=lambda: MOMENT)
        return report_id

    with store() as session:
        small_contest(session)
    return made


def kept(store: Store) -> list[int]:
    with store() as session:
        return list(session.scalars(select(FirmnessReport.id).order_by(FirmnessReport.id)))


def test_a_report_of_the_same_data_replaces_the_one_before(store: Store, changes) -> None:
    first, second = changes(100), changes(100)
    assert first != second
    assert kept(store) == [second]


def test_the_newest_few_reports_of_a_contest_are_kept(store: Store, changes) -> None:
    made = [changes(budget) for budget in range(KEPT + 2)]
    assert kept(store) == made[-KEPT:]


def test_a_report_in_time_takes_the_place_of_a_failure(store: Store, changes) -> None:
    failed = changes(1)
    with store() as session:
        session.execute(update(FirmnessReport).values(status="failed"))
    second = changes(2)
    assert failed not in kept(store)
    assert kept(store) == [second]


def test_another_contests_reports_stay(store: Store, changes) -> None:
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        other = factories.contest(session)
        made = {"contest_id": other.id, "digest": "0" * 64, "requested_by": "console", "requested_at": MOMENT}
        session.add(FirmnessReport(**made, status="ready", document={}))
        session.add(FirmnessReport(**made | {"digest": None}, status="failed"))
        session.flush()
        report = request_report(session, contest, by=BY)
        session.flush()
        report_id = report.id
    assert stored(store, report_id)
    assert kept(store) == [report_id - 2, report_id - 1, report_id]


def test_marks_that_change_make_another_digest(store: Store, changes) -> None:
    changes(100)
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        before = queries.present_digest(session, contest.id)
        assert queries.newest_report(session, contest.id).report.digest == before
        contest.budget = 200
        session.flush()
        after = queries.present_digest(session, contest.id)
        assert after != before
        assert queries.stored_report(session, contest.id, after) is None
        assert queries.newest_report(session, contest.id).report.digest == before


def test_reading_a_report_takes_the_same_statements_whatever_the_contest_holds(session: Session) -> None:
    def counts() -> tuple[int, ...]:
        contest = small_contest(session)
        row = request_report(session, contest, by=BY)
        report = queries.compute_report(contest_record(session, contest.id))
        assert firmness.store_reports(session, row.id, {None: report}, by=By(SYSTEM, MOMENT))
        session.flush()
        session.expire_all()
        contest_id = contest.id
        return tuple(
            counted(read)
            for read in (
                lambda: queries.latest_calculation(session, contest_id),
                lambda: queries.newest_report(session, contest_id),
                lambda: queries.stored_report(session, contest_id, report.digest),
                lambda: queries.present_digest(session, contest_id),
            )
        )

    first = counts()
    assert first[:3] == (2, 1, 1)
    for _ in range(2):
        assert counts() == first


@pytest.mark.slow
def test_a_contest_that_is_loaded_anew_keeps_no_report_of_what_it_was(app: Flask, store: Store, changes) -> None:
    changes(100)
    with store() as session:
        contest = session.scalars(select(Contest)).one()
        request_report(session, contest, by=BY)
        record = contest_record(session, contest.id)

    def replaced(done: int, of: int) -> None:
        with store() as session:
            load_contest(session, record, by=BY, replace=True)

    with app.app_context():
        assert work_next(JobKind.FIRMNESS, clock=lambda: MOMENT, watch=replaced)
        assert not work_next(JobKind.FIRMNESS, clock=lambda: LATER)
    assert kept(store) == []
    assert events(store).count("firmness.made") == 1


def test_a_report_in_store_waits_for_the_contest_before_its_own_row(store: Store, report_id: int) -> None:
    """Whoever empties a contest holds it and then deletes the reports: the other way round both would wait for ever."""
    report = calculated(store, report_id)
    found: list[bool] = []

    def storing() -> None:
        with store() as session:
            found.append(firmness.store_reports(session, report_id, {None: report}, by=By(SYSTEM, MOMENT)))

    worker = Thread(target=storing)
    with store() as session:
        session.execute(select(Contest.id).with_for_update())
        session.execute(update(Contest).values(budget=7))
        worker.start()
        time.sleep(0.3)
        session.execute(delete(FirmnessReport))
    worker.join()
    assert found == [False]


def test_a_contest_with_nominations_gets_a_report_on_each(store: Store) -> None:
    with store() as session:
        contest = load_contest(session, nominations.record(), by=BY)
        report_id = request_report(session, contest, by=BY).id
    with store() as session:
        parts = firmness.load_task(session, report_id)
        reports = {part.code: queries.compute_report(part.record) for part in parts}
    assert {code: sorted(item.number for item in report.projects) for code, report in reports.items()} == {
        "series": ["001", "002", "003"], "pilot": ["004", "005"],
    }  # fmt: skip
    with store() as session:
        assert firmness.store_reports(session, report_id, reports, by=By(SYSTEM, MOMENT))
    with store() as session:
        rows = session.scalars(select(FirmnessReport).order_by(FirmnessReport.id)).all()
        assert [(row.status, row.nomination, row.digest) for row in rows] == [
            ("ready", code, report.digest) for code, report in reports.items()
        ]
        contest_id = rows[0].contest_id
        for code, report in reports.items():
            kept = queries.stored_report(session, contest_id, report.digest)
            assert kept is not None
            assert kept.report == report
            assert queries.newest_report(session, contest_id, code) == kept
        assert queries.newest_report(session, contest_id) is None
        assert [str(offence) for offence in false_statuses(session) if offence.subject == "report"] == []
