"""A whole contest goes into the database with its form, its milestones and what was submitted, and comes out again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from judging.adapters.archive import dumps, read_archive
from judging.domain.access import CONSOLE, By
from judging.domain.conflicts import close_barred
from judging.domain.milestones import Code
from judging.models import (
    Application,
    ApplicationSection,
    Contest,
    Document,
    FormVersion,
    JournalRecord,
    Milestone,
    Submission,
)
from judging.queries import milestones
from judging.queries.forms import form_in_force
from judging.queries.invariants import INVARIANTS
from judging.queries.provenance import provenance
from judging.queries.records import contest_record, contest_record_with_drafts
from judging.queries.submissions import last_submitted, submissions_of, submitted, submitted_files, unkept_files
from judging.queries.whole_records import whole_contest_record
from judging.services.admission import admit_applications
from judging.services.archives import load_contest
from tests import factories, nominations, returned
from tests.strategies import whole_records
from tests.submitted import FILES, whole_contest

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
BY = By(CONSOLE, NOW)


@pytest.fixture
def contest(session: Session) -> Contest:
    """The whole contest, loaded."""
    return load_contest(session, read_archive(dumps(whole_contest()).encode()), by=BY)


def offences(session: Session) -> set[tuple[str, str]]:
    """Everything that verification finds."""
    session.flush()
    return {(check.code, offence.found) for check in INVARIANTS for offence in check.find(session)}


def by_number(session: Session, contest: Contest) -> Iterator[Application]:
    return iter(session.scalars(select(Application).filter_by(contest_id=contest.id).order_by(Application.number)))


def test_the_whole_contest_comes_out_as_it_went_in(session: Session, contest: Contest) -> None:
    assert whole_contest_record(session, contest.id) == whole_contest()
    assert dumps(whole_contest_record(session, contest.id)) == dumps(whole_contest())
    assert offences(session) == set()


def test_it_takes_the_place_of_another_and_leaves_it_to_another(session: Session, contest: Contest) -> None:
    again = load_contest(session, whole_contest(), by=BY, replace=True)
    assert whole_contest_record(session, again.id) == whole_contest()
    assert offences(session) == set()
    load_contest(session, nominations.record(), by=BY, replace=True)
    assert whole_contest_record(session, contest.id) == nominations.record()
    for model in (FormVersion, Milestone, Submission, ApplicationSection):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert offences(session) == set()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=5, deadline=None
)
@given(record=whole_records())
def test_any_whole_contest_comes_out_as_it_went_in(session: Session, record) -> None:
    with session.begin_nested() as inner:
        contest = load_contest(session, record, by=BY)
        assert whole_contest_record(session, contest.id) == close_barred(record)[0]
        inner.rollback()


def test_rankings_read_nothing_of_it(session: Session, contest: Contest) -> None:
    bare = contest_record_with_drafts(session, contest.id)
    assert (bare.contest.forms, bare.contest.milestones) == ((), ())
    assert {item.submissions for item in bare.applications} == {()}
    assert contest_record(session, contest.id).contest == bare.contest


def test_each_application_answers_as_it_did(session: Session, contest: Contest) -> None:
    one, two, three, four, five = by_number(session, contest)
    last = last_submitted(session, one)
    assert (last.number, last.form.number, last.form.revision) == (2, 1, 1)
    assert last.answers["own_funds"] == 40_00
    assert [line.number for line in submissions_of(session, one.id)] == [1, 2]
    assert submitted(session, one, 1).answers["jobs"] == 7
    sections = {
        row.code: row.answers for row in session.scalars(select(ApplicationSection).filter_by(application_id=one.id))
    }
    answers = whole_contest().applications[0].submissions[-1].document["answers"]
    assert {code: answer for section in sections.values() for code, answer in section.items()} == answers
    assert sections["finance"]["other_budget"] == "10.00"
    assert (one.other_budget, one.own_funds, one.receipt_sha256) == (10_00, 40_00, None)
    assert [partner.contribution for partner in one.partners] == ["Льёт и обрабатывает"] * len(one.partners)
    assert (two.goal, two.readiness_level, two.consent_truth) == ("Наладить выпуск", 7, True)
    assert [partner.contribution for partner in two.partners] == ["Поставляет"] * len(two.partners)
    assert last_submitted(session, two).answers["title"] == two.title
    assert last_submitted(session, three).document["form"]["sha256"] == last_submitted(session, three).form.sha256
    assert last_submitted(session, four).document["nomination"]["code"] == "series"
    assert four.nomination.code == "pilot"
    assert last_submitted(session, five).number == 0
    sources = provenance(session, one, ("private_share",))
    (found,) = sources.sources.values()
    assert {item.field.code: item.answer for item in found.inputs} == {"own_funds": 40_00, "total_cost": 100_00}
    assert (sources.number, sources.sha256) == (2, whole_contest().applications[0].submissions[1].sha256)


def test_files_are_named_and_not_made_up(session: Session, contest: Contest) -> None:
    one, two, *_, five = by_number(session, contest)
    assert session.scalar(select(func.count()).select_from(Document)) == 0
    assert submitted_files(session, one) == []
    assert [tuple(file) for file in unkept_files(session, one)] == [("passport", *file) for file in FILES["passport"]]
    assert [tuple(file) for file in unkept_files(session, two)] == [("letter", "Письмо.pdf", 7, "c" * 64)]
    assert unkept_files(session, five) == ()


def test_the_form_in_force_is_the_last_one_and_milestones_have_their_history(
    session: Session, contest: Contest
) -> None:
    assert (form_in_force(contest).number, form_in_force(contest).revision) == (1, 1)
    assert [slot["code"] for slot in contest.document_slots] == ["passport", "estimate"]
    assert milestones.stored(session, contest.id)[Code.BRIEFING].reason == "Провели раньше"
    changes = [(one.code, one.by_hand, one.reason) for one in milestones.changes(session, contest.id)]
    assert sorted(changes) == [
        ("applications_soft", False, ""), ("briefing", False, ""), ("briefing", True, "Провели раньше"),
        ("results", False, ""),
    ]  # fmt: skip
    record = session.scalars(select(JournalRecord).filter_by(event="contest.loaded")).one()
    assert {name: record.details[name] for name in ("forms", "milestones", "submissions")} == {
        "forms": 2, "milestones": 3, "submissions": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE application_sections SET answers = '{}' WHERE code = 'project'", "receipt-recomputed"),
        ("UPDATE applications SET title = 'Другое'", "answers-projected"),
        ("UPDATE submissions SET sha256 = 'f'", "submission-hash"),
        ("DELETE FROM milestones", "milestone-recorded"),
    ],
)
def test_verification_sees_what_was_changed_by_hand(
    session: Session, contest: Contest, change: str, check: str
) -> None:
    session.flush()
    session.execute(text(change))
    session.expire_all()
    assert check in {code for code, _ in offences(session)}


def test_a_contest_that_lived_is_written_whole_and_lives_on_elsewhere(session: Session) -> None:
    world = returned.corrected_world(session)
    application = session.get_one(Application, world.key)
    later = factories.MOMENT + timedelta(days=2)
    admit_applications(session, [(application, application.version)], by=By(CONSOLE, later))
    session.flush()
    record = whole_contest_record(session, application.contest_id)
    assert [len(item.submissions) for item in record.applications] == [2]
    assert [(one.number, one.revision) for one in record.contest.forms] == [(1, 0)]
    assert read_archive(dumps(record).encode()) == record
    session.delete(application.contest)
    session.flush()
    contest = load_contest(session, record, by=By(CONSOLE, later))
    assert whole_contest_record(session, contest.id) == record
    (moved,) = by_number(session, contest)
    assert last_submitted(session, moved).answers["goal"] == "Другая цель & ещё"
