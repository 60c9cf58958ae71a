"""An application is given back for some of its sections, corrected, and submitted again under its number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.forms import form_object
from judging.adapters.storage import Stored
from judging.domain.access import Actor, By
from judging.domain.arrival import LONGEST_WAIT, SLACK
from judging.domain.canonical import digest
from judging.domain.errors import Refused
from judging.domain.forms.differences import differences
from judging.domain.forms.findings import stops_of
from judging.domain.forms.form import Field, FieldKind
from judging.domain.forms.readers import Readable
from judging.domain.lifecycle import Action, NotPossible
from judging.domain.milestones import correction_window
from judging.domain.workdays import Unit
from judging.models import (
    Application,
    ClusterMember,
    Contest,
    FormVersion,
    JournalRecord,
    Letter,
    Milestone,
    Submission,
)
from judging.queries.answers import answers_of, section_version
from judging.queries.applications import current_documents
from judging.queries.checks import check_application
from judging.queries.expert_reading import read_by_experts, readable
from judging.queries.forms import compiled_form_of, form_of
from judging.queries.invariants.applications import unexplained_submissions
from judging.queries.invariants.forms import unlike_columns
from judging.queries.invariants.receipts import false_receipts
from judging.queries.invariants.submissions import false_hashes, unlike_receipts
from judging.queries.journal import JournalFilter, history_of, journal_page
from judging.queries.register import RegisterFilter, register_page
from judging.queries.scopes import document_scope
from judging.queries.submissions import last_submitted, returns_of, submissions_of, submitted, submitted_files
from judging.queries.workdays import calendar as working_days
from judging.services.admission import Decision, decide_application
from judging.services.applications import clusters
from judging.services.applications.application_submit import Incomplete, submit_application
from judging.services.applications.documents import StoredFile, add_document, remove_document
from judging.services.applications.returns import (
    ReturnOver,
    end_expired_returns,
    end_return,
    resubmit_application,
    return_application,
)
from judging.services.applications.section_save import save_section
from judging.services.applications.withdrawal import withdraw_application
from judging.services.concurrency import Stale
from tests import factories
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft

UNTIL = MOMENT + timedelta(days=3)
MILLISECOND = timedelta(milliseconds=1)
REMARKS = {"finance": "Источники не подтверждены письмами."}


def by(at: datetime = MOMENT) -> By:
    return By(Actor(user_id=None, name="Орлова"), at)


def submitted_one(session: Session, **values: Any) -> Application:
    application = whole_draft(session, **values)
    submit_application(session, application.id, version=application.version, by=by())
    session.flush()
    return application


def given_back(session: Session, application: Application, **remarks: str) -> Any:
    at = by(MOMENT + timedelta(hours=1))
    row = return_application(session, application.id, remarks or REMARKS, UNTIL, version=application.version, by=at)
    session.flush()
    return row


def save(session: Session, application: Application, code: str, answers: dict[str, Any], at: datetime) -> None:
    seen = section_version(application, code)
    save_section(session, application.id, code, answers, seen=seen, by=by(at))
    session.flush()


def offences(session: Session) -> list[str]:
    session.flush()
    session.expire_all()
    checks = (false_hashes, unlike_receipts, false_receipts, unlike_columns, unexplained_submissions)
    return [str(one) for check in checks for one in check(session)]


def test_a_correction_is_the_next_submission_under_the_same_number_and_time(session: Session) -> None:
    application = submitted_one(session)
    number, first, receipt = application.number, application.submitted_at, application.receipt_sha256
    given_back(session, application)
    later = MOMENT + timedelta(days=1)
    save(session, application, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00}, later)
    assert (application.loans, application.receipt_sha256) == (100_000_000_00, receipt)
    resubmit_application(session, application.id, version=application.version, by=by(later))
    assert (application.number, application.submitted_at, application.status) == (number, first, "submitted")
    assert (application.loans, application.own_funds) == (90_000_000_00, 150_000_000_00)
    lines = submissions_of(session, application.id)
    assert [(one.number, one.at) for one in lines] == [(1, first), (2, later)]
    assert (lines[0].sha256, lines[1].sha256) == (receipt, application.receipt_sha256)
    assert [(one.outcome, one.closed_at) for one in returns_of(session, application.id)] == [("resubmitted", later)]
    assert offences(session) == []


def spoilt(session: Session, application: Application) -> None:
    """Let something be found in a section that is not given back: a partner leaves the cluster."""
    gone = application.partners[0].organisation_id
    member = next(one for one in application.cluster.members if one.organisation_id == gone)
    session.delete(member)
    session.flush()
    session.expire_all()


def test_what_is_found_in_a_section_that_was_not_given_back_does_not_keep_the_correction_back(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    spoilt(session, application)
    later = MOMENT + timedelta(days=1)
    save(session, application, "finance", {"loans": None}, later)
    with pytest.raises(Incomplete) as refused:
        resubmit_application(session, application.id, version=application.version, by=by(later))
    assert [one.path for one in refused.value.faults] == ["loans"]
    save(session, application, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00}, later)
    check = check_application(session, application, later)
    assert [(one.section, one.path) for one in stops_of(check.findings)] == [
        ("participants", "partners[0].organisation")
    ]
    assert stops_of(check.findings, ["finance"]) == ()
    resubmit_application(session, application.id, version=application.version, by=by(later))
    assert (application.loans, len(submissions_of(session, application.id))) == (90_000_000_00, 2)
    assert offences(session) == []


def test_two_submissions_are_compared_by_field(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    save(session, application, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00}, MOMENT)
    resubmit_application(session, application.id, version=application.version, by=by())
    session.flush()
    one, two = (submitted(session, application, number) for number in (1, 2))
    found = differences(one.form.form, one.answers, two.form.form, two.answers)
    assert [(diff.section.code, diff.field.code, diff.before, diff.after) for diff in found] == [
        ("finance", "own_funds", 140_000_000_00, 150_000_000_00), ("finance", "loans", 100_000_000_00, 90_000_000_00),
    ]  # fmt: skip


def test_only_the_sections_of_the_return_change(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    file = StoredFile("Письмо.pdf", "application/pdf", Stored("sha256/ab/ab", 10, "ab" * 32))
    with pytest.raises(NotPossible):
        save(session, application, "passport", {"title": "Другое"}, MOMENT)
    with pytest.raises(NotPossible):
        add_document(session, application.id, "application_letter", file, by=by())
    with pytest.raises(NotPossible):
        remove_document(session, application.id, current_documents(application)[0].id, by=by())


@pytest.mark.parametrize(("away", "open_"), [(-MILLISECOND, True), (timedelta(0), False), (MILLISECOND, False)])
def test_the_window_of_a_return_is_half_open(session: Session, away: timedelta, open_: bool) -> None:
    application = submitted_one(session)
    given_back(session, application)
    at = UNTIL + away
    if open_:
        save(session, application, "finance", {"loans": 100_000_000_00}, at)
        resubmit_application(session, application.id, version=application.version, by=by(at))
        return
    with pytest.raises(NotPossible):
        save(session, application, "finance", {"loans": 1}, at)
    with pytest.raises(ReturnOver):
        resubmit_application(session, application.id, version=application.version, by=by(at))


def test_what_arrived_in_time_is_taken_although_the_sweep_came_by_first(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    arrived = UNTIL - MILLISECOND
    save(session, application, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00}, arrived)
    assert end_expired_returns(session, by=by(UNTIL + timedelta(minutes=10))) == 0
    resubmit_application(session, application.id, version=application.version, by=by(arrived))
    session.flush()
    assert [one.outcome for one in returns_of(session, application.id)] == ["resubmitted"]
    assert (application.loans, len(submissions_of(session, application.id))) == (90_000_000_00, 2)


def test_what_is_not_submitted_again_stands_as_it_was_submitted(session: Session) -> None:
    application = submitted_one(session)
    before = dict(last_submitted(session, application).answers)
    given_back(session, application, finance="Письма.", documents="Нет договора.")
    file = StoredFile("Договор.pdf", "application/pdf", Stored("sha256/ab/ab", 10, "ab" * 32))
    add_document(session, application.id, "contracts", file, by=by())
    remove_document(session, application.id, current_documents(application)[0].id, by=by())
    save(session, application, "finance", {"loans": 1}, MOMENT)
    assert end_expired_returns(session, by=by(UNTIL + SLACK - MILLISECOND)) == 0
    assert end_expired_returns(session, by=by(UNTIL + SLACK)) == 1
    session.flush()
    session.expire_all()
    compiled = compiled_form_of(application.contest)
    assert answers_of(application, compiled) == before == dict(last_submitted(session, application).answers)
    assert [one.outcome for one in returns_of(session, application.id)] == ["expired"]
    assert len(session.scalars(select(Submission)).all()) == 1
    assert offences(session) == []


def test_a_correction_that_arrived_in_time_and_waited_is_not_dropped(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    save(session, application, "finance", {"loans": 100_000_000_00}, MOMENT)
    assert end_expired_returns(session, by=by(UNTIL + LONGEST_WAIT)) == 0
    resubmit_application(session, application.id, version=application.version, by=by(UNTIL - MILLISECOND))
    session.flush()
    assert [one.outcome for one in returns_of(session, application.id)] == ["resubmitted"]
    assert end_expired_returns(session, by=by(UNTIL + SLACK)) == 0
    assert offences(session) == []


def test_the_staff_end_a_return_for_a_reason_and_decide_then(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    with pytest.raises(NotPossible):
        decide_application(session, application, Decision(Action.ADMIT, application.version), by=by())
    with pytest.raises(Refused):
        end_return(session, application.id, reason=" ", by=by())
    end_return(session, application.id, reason="Письма пришли по почте", by=by())
    session.flush()
    decide_application(session, application, Decision(Action.ADMIT, application.version), by=by())
    with pytest.raises(NotPossible):
        return_application(session, application.id, REMARKS, UNTIL, version=application.version, by=by())
    assert offences(session) == []


@pytest.mark.parametrize("by_the_staff", [False, True])
def test_a_return_ends_with_the_withdrawal_of_its_application(session: Session, by_the_staff: bool) -> None:
    application = submitted_one(session)
    before = dict(last_submitted(session, application).answers)
    given_back(session, application)
    save(session, application, "finance", {"loans": 1}, MOMENT)
    if by_the_staff:
        decision = Decision(Action.WITHDRAW, application.version, reason="Письмо команды")
        decide_application(session, application, decision, by=by())
    else:
        withdraw_application(session, application.id, reason="Передумали", by=by())
    session.flush()
    assert [one.outcome for one in returns_of(session, application.id)] == ["ended"]
    assert answers_of(application, compiled_form_of(application.contest)) == before
    assert end_expired_returns(session, by=by(UNTIL + SLACK)) == 0
    assert offences(session) == []


def seen_by_staff(session: Session, application: Application) -> dict[str, Any]:
    """What the register counts, what history and journal tell, and which files are not the team's alone."""
    session.flush()
    session.expire_all()
    contest_id = application.contest_id
    told = {
        "history": [row.event for row in history_of(session, application.id)],
        "journal": [row.event for row in journal_page(session, JournalFilter(), contest_id=contest_id).rows],
    }
    nobody = Actor(user_id=None, name="")
    scopes = [(file.filename, document_scope(session, nobody, document_id=file.id)) for file in application.documents]
    (row,) = register_page(session, contest_id, RegisterFilter()).rows
    filling = ("application.changed", "document.added", "document.removed")
    return {
        "documents": row.documents,
        "files": sorted(name for name, scope in scopes if scope and scope.contest_id == contest_id),
        **{name: [event for event in events if event in filling] for name, events in told.items()},
    }


@pytest.mark.parametrize("submitted_again", [False, True])
def test_a_correction_is_its_teams_alone_until_it_is_submitted(session: Session, submitted_again: bool) -> None:
    application = submitted_one(session)
    files = [file.filename for file in application.documents]
    nothing = {"documents": len(application.documents), "files": files, "history": [], "journal": []}
    given_back(session, application, finance="Письма.", documents="Нет договора.")
    at = MOMENT + timedelta(hours=2)
    new = StoredFile("Договор.pdf", "application/pdf", Stored("sha256/ab/ab", 10, "ab" * 32))
    add_document(session, application.id, "contracts", new, by=by(at))
    again = current_documents(application)[0]
    remove_document(session, application.id, again.id, by=by(at))
    same = StoredFile(again.filename, again.media_type, Stored(again.storage_key, again.size, again.sha256))
    add_document(session, application.id, again.slot, same, by=by(at))
    save(session, application, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00}, at)
    assert seen_by_staff(session, application) == nothing
    assert again.id in {file.id for file in submitted_files(session, application)}
    if not submitted_again:
        end_return(session, application.id, reason="Письма пришли по почте", by=by(at + timedelta(hours=1)))
        assert seen_by_staff(session, application) == nothing
        assert (again.removed_at, len(current_documents(application))) == (None, len(files))
        return
    resubmit_application(session, application.id, version=application.version, by=by(at + timedelta(hours=1)))
    work = ["application.changed", "document.added", "document.removed", "document.added"]
    assert seen_by_staff(session, application) == {
        "documents": len(files) + 1, "files": ["Договор.pdf", *files, again.filename], "history": work[1:],
        "journal": work,
    }  # fmt: skip


def with_suppliers(contest: Contest, **values: Any) -> FormVersion:
    """The contest's form with one more organisation, which is neither initiator nor partner."""
    form, supplier = form_of(contest), Field("supplier", FieldKind.ORGANISATION, "Поставщик", **values)
    sections = [replace(one, fields=(*one.fields, supplier)) if one.code == "finance" else one for one in form.sections]
    document = form_object(replace(form, sections=tuple(sections)))
    facts: dict[str, Any] = {"number": 1, "revision": 0, "created_at": MOMENT, "published_at": MOMENT}
    return FormVersion(contest_id=contest.id, document=document, sha256=digest(document), **facts)


def test_an_organisation_that_was_submitted_anywhere_stays_and_one_of_a_correction_follows(session: Session) -> None:
    application = whole_draft(session)
    session.add(with_suppliers(application.contest))
    session.flush()
    cluster, free = application.cluster, factories.organisation(session, application.contest, application.team)
    cluster.members.append(ClusterMember(organisation=free, position=9))
    session.flush()
    bound = cluster.members[2].organisation
    save(session, application, "finance", {"supplier": bound.inn}, MOMENT)
    submit_application(session, application.id, version=application.version, by=by())
    session.flush()
    given_back(session, application)
    save(session, application, "finance", {"supplier": free.inn}, MOMENT)
    data = clusters.data_of(cluster, bound)
    with pytest.raises(clusters.Frozen):
        clusters.change_organisation(
            session, cluster, bound, replace(data, name="Другое"), version=cluster.version, by=by()
        )
    with pytest.raises(clusters.Frozen):
        clusters.remove_organisation(session, cluster, bound, by=by())
    inn, data = factories.inn(900), clusters.data_of(cluster, free)
    clusters.change_organisation(session, cluster, free, replace(data, inn=inn), version=cluster.version, by=by())
    session.flush()
    assert answers_of(application, compiled_form_of(application.contest))["supplier"] == inn
    resubmit_application(session, application.id, version=application.version, by=by())
    session.flush()
    assert last_submitted(session, application).answers["supplier"] == inn
    assert offences(session) == []


def test_answers_that_were_not_shown_are_still_there_in_a_correction(session: Session) -> None:
    application = whole_draft(session)
    session.add(with_suppliers(application.contest, shown_when="loans > 0 ₽"))
    session.flush()
    inn = application.cluster.members[2].organisation.inn
    save(session, application, "finance", {"supplier": inn}, MOMENT)
    save(session, application, "finance", {"loans": 0, "own_funds": 240_000_000_00}, MOMENT)
    submit_application(session, application.id, version=application.version, by=by())
    session.flush()
    assert "supplier" not in last_submitted(session, application).answers
    given_back(session, application)
    save(session, application, "finance", {"loans": 100_000_000_00, "own_funds": 140_000_000_00}, MOMENT)
    resubmit_application(session, application.id, version=application.version, by=by())
    session.flush()
    assert last_submitted(session, application).answers["supplier"] == inn
    assert offences(session) == []


def test_what_is_found_is_told_before_anything_is_written(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application, participants="Инициатор другой.")
    save(session, application, "participants", {"initiator": factories.inn(900)}, MOMENT)
    with pytest.raises(Incomplete) as refused:
        resubmit_application(session, application.id, version=application.version, by=by())
    assert "initiator" in {fault.path.rpartition(".")[2] for fault in refused.value.faults}


def test_what_is_not_whole_is_not_submitted_again(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    save(session, application, "finance", {"loans": None}, MOMENT)
    with pytest.raises(Incomplete):
        resubmit_application(session, application.id, version=application.version, by=by())
    with pytest.raises(Stale):
        resubmit_application(session, application.id, version=1, by=by())


def test_a_return_says_what_is_wrong_with_it(session: Session) -> None:
    application = submitted_one(session)
    for remarks, until, paths in (
        ({}, UNTIL, ["sections"]),
        ({"finance": " ", "nowhere": "Да"}, MOMENT, ["finance", "sections", "until"]),
        ({"finance": "я" * 3001}, UNTIL, ["finance"]),
        ({"finance": "", "passport.goal": "Да", "finance.nowhere": "Да"}, UNTIL, ["sections", "sections"]),
    ):
        with pytest.raises(Refused) as refused:
            return_application(session, application.id, remarks, until, version=application.version, by=by())
        assert [fault.path for fault in refused.value.faults] == paths
    given_back(session, application)
    with pytest.raises(NotPossible):
        given_back(session, application)


def test_remarks_on_questions_stand_beside_them_and_with_their_section(session: Session) -> None:
    application = submitted_one(session)
    said = {
        "finance": "",
        "finance.loans": " Нет писем банков. ",
        "passport": "Уточните.",
        "passport.goal": "Чей выпуск?",
    }
    row = return_application(session, application.id, said, UNTIL, version=application.version, by=by())
    assert row.sections == ["passport", "finance"]
    loans, goal = (form_of(application.contest).field(code) for code in ("loans", "goal"))
    assert loans is not None
    assert goal is not None
    assert row.remarks == {
        "finance.loans": "Нет писем банков.", "passport.goal": "Чей выпуск?",
        "finance": f"{loans.label}: Нет писем банков.", "passport": f"Уточните.\n{goal.label}: Чей выпуск?",
    }  # fmt: skip


def test_the_team_is_told_and_the_journal_knows(session: Session) -> None:
    application = submitted_one(session)
    given_back(session, application)
    resubmit_application(session, application.id, version=application.version, by=by())
    session.flush()
    subjects = session.scalars(select(Letter.subject).order_by(Letter.id)).all()
    assert [subject.partition(application.number or "")[2] for subject in subjects] == [
        " получена", " возвращена на доработку", " получена",
    ]  # fmt: skip
    assert REMARKS["finance"] in session.scalars(select(Letter.body).order_by(Letter.id)).all()[1]
    events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    assert [event for event in events if "returned" in event or "submitted" in event] == [
        "application.submitted", "application.returned", "application.resubmitted",
    ]  # fmt: skip


def test_what_came_with_an_archive_is_given_back_too(session: Session) -> None:
    contest = factories.contest(session, code="PP41-2027")
    cluster = factories.cluster(session, contest, factories.team(session))
    application = factories.application(session, contest, cluster, status="submitted", summary="О" * 200)
    for slot in contest.document_slots:
        if slot["required"]:
            factories.document(session, application, slot=slot["code"])
    given_back(session, application)
    save(session, application, "finance", {"loans": 90_000_000_00, "own_funds": 150_000_000_00}, MOMENT)
    resubmit_application(session, application.id, version=application.version, by=by())
    session.flush()
    assert [one.number for one in submissions_of(session, application.id)] == [1]
    assert application.loans == 90_000_000_00


def test_a_return_of_the_30th_of_october_for_three_working_days_is_open_until_the_6th_of_november(
    session: Session,
) -> None:
    """The 1st of November 2025 works, the 3rd and the 4th do not."""
    at = datetime(2025, 10, 30, 12, tzinfo=UTC)
    dates = {
        "applications_open": at - timedelta(days=30), "applications_close": at - timedelta(days=1),
        "review_close": at + timedelta(days=60),
    }  # fmt: skip
    until = correction_window(at, 3, Unit.WORKING, working_days(session)).closes
    assert until.isoformat() == "2025-11-05T21:00:00+00:00"
    for instant, taken in ((until - MILLISECOND, True), (until, False)):
        application = whole_draft(session, factories.contest(session, **dates))
        submit_application(session, application.id, version=application.version, by=by(at - timedelta(days=2)))
        return_application(session, application.id, REMARKS, until, version=application.version, by=by(at))
        session.flush()
        try:
            resubmit_application(session, application.id, version=application.version, by=by(instant))
        except ReturnOver:
            assert not taken
        else:
            assert taken
        assert application.submitted_at == at - timedelta(days=2)


def test_a_return_ends_with_the_corrections_of_its_contest_at_the_latest(session: Session) -> None:
    application = submitted_one(session)
    factories.milestone(session, application.contest, "corrections", at=UNTIL - MILLISECOND)
    with pytest.raises(Refused) as refused:
        given_back(session, application)
    assert [str(fault) for fault in refused.value.faults] == [
        "until: The corrections of this contest end earlier: see its stages and deadlines"
    ]
    (row,) = session.scalars(select(Milestone)).all()
    row.at = UNTIL
    session.flush()
    assert given_back(session, application).until == UNTIL


def test_an_expert_reads_the_files_that_were_submitted_whatever_is_being_corrected(session: Session) -> None:
    application = submitted_one(session)
    before = [file.filename for file in read_by_experts(session, application, all_of(session, application)).files]
    given_back(session, application)
    at = MOMENT + timedelta(hours=2)
    current_documents(application)[0].removed_at = at
    factories.document(session, application, filename="новое.pdf", uploaded_at=at)
    session.flush()
    read = [file.filename for file in read_by_experts(session, application, all_of(session, application)).files]
    assert (len(before) > 0, read) == (True, before)


def all_of(session: Session, application: Application) -> Readable:
    return readable(session, application.contest, application.id)
