"""Drafts are saved, submitted once with a number of their own, and withdrawn with a reason."""

import hashlib
import io
import json
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.clock_steps import Step
from judging.adapters.filetypes import WrongFile
from judging.adapters.storage import Storage, key_of
from judging.domain.access import Actor, By
from judging.domain.lifecycle import NotPossible, ReasonMissing
from judging.domain.stages import NotOpen
from judging.models import Application, Contest, Document, JournalRecord, Letter
from judging.queries.applications import by_id, current_documents
from judging.services.applications.application_submit import Incomplete, submit_application
from judging.services.applications.documents import FileRefused, add_document, remove_document, slot_of, store_file
from judging.services.applications.receipts import canonical, receipt_data
from judging.services.applications.withdrawal import withdraw_application
from judging.services.clock import note_steps
from judging.services.concurrency import Stale
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.conftest import Store
from tests.factories import MOMENT

ACTOR = Actor(user_id=None, name="Иванов Пётр")


def whole_draft(session: Session, contest: Contest | None = None, **values: object) -> Application:
    """A draft that may be submitted."""
    contest = contest or factories.contest(session, code="PP41-2027")
    cluster = factories.cluster(session, contest, factories.team(session))
    application = factories.application(session, contest, cluster, status="draft", summary="О" * 200, **values)
    for slot in contest.document_slots:
        if slot["required"]:
            factories.document(session, application, slot=slot["code"])
    return application


def test_a_submission_gives_number_time_receipt_and_a_letter(session: Session) -> None:
    application = whole_draft(session)
    submit_application(session, application.id, version=1, by=By(ACTOR, MOMENT))
    session.flush()
    receipt = canonical(receipt_data(by_id(session, application.id)))
    entry = session.scalars(select(JournalRecord)).one()
    letter = session.scalars(select(Letter)).one()
    assert (application.status, application.number, application.submitted_at) == ("submitted", "PP41-2027-0001", MOMENT)
    assert application.receipt_sha256 == hashlib.sha256(receipt).hexdigest()
    assert json.loads(receipt)["documents"][0] == {
        "field": "application_letter", "filename": "Паспорт проекта.pdf", "size": 1234, "sha256": "0" * 64,
    }  # fmt: skip
    assert (entry.event, entry.subject_id, entry.details) == (
        "application.submitted", application.id, {"sha256": application.receipt_sha256},
    )  # fmt: skip
    assert "PP41-2027-0001" in letter.subject
    assert "15.03.2026 12:00:00" in letter.body


def test_the_window_is_half_open_to_the_microsecond(session: Session) -> None:
    contest = factories.contest(session, applications_close=MOMENT)
    late, early = whole_draft(session, contest), whole_draft(session, contest)
    with pytest.raises(NotOpen):
        submit_application(session, late.id, version=1, by=By(ACTOR, MOMENT))
    submit_application(session, early.id, version=1, by=By(ACTOR, MOMENT - timedelta(milliseconds=800)))
    assert (late.status, late.number, early.status) == ("draft", None, "submitted")


def set_clock(session: Session, before: datetime, after: datetime) -> None:
    """The record of a clock that was set from ``before`` to ``after``."""
    note_steps(session, [Step(before, after)])


@pytest.mark.parametrize("closes", [1, 60])
def test_who_submits_after_the_clock_was_set_back_stands_behind_who_submitted_before(
    session: Session, closes: int
) -> None:
    contest = factories.contest(session, applications_close=MOMENT + timedelta(microseconds=closes))
    other = factories.contest(session)
    drafts = [*(whole_draft(session, contest) for _ in range(3)), whole_draft(session, other)]
    for draft, minute in zip(drafts, [0, -5, -4, -3], strict=True):
        if minute == -5:
            set_clock(session, MOMENT + timedelta(seconds=5), MOMENT - timedelta(minutes=5, seconds=-5))
        submit_application(session, draft.id, version=1, by=By(ACTOR, MOMENT + timedelta(minutes=minute)))
    session.flush()
    arrivals = [MOMENT + timedelta(minutes=minute) for minute in (-5, -4)]
    moved = [MOMENT + timedelta(microseconds=order) for order in (1, 2)] if closes > 1 else arrivals
    assert [draft.submitted_at for draft in drafts] == [MOMENT, *moved, MOMENT - timedelta(minutes=3)]
    records = session.scalars(
        select(JournalRecord).where(JournalRecord.event == "application.submitted").order_by(JournalRecord.id)
    ).all()
    assert [(record.at, record.details.get("arrived")) for record in records] == [
        (MOMENT, None),
        *((at, arrival.isoformat() if closes > 1 else None) for at, arrival in zip(moved, arrivals, strict=True)),
        (MOMENT - timedelta(minutes=3), None),
    ]
    assert [json.loads(canonical(receipt_data(draft)))["submitted_at"] for draft in drafts] == [
        draft.submitted_at.isoformat() for draft in drafts if draft.submitted_at
    ]


@pytest.mark.parametrize(
    ("before", "after"), [(None, None), (-15, -20), (30, 25), (-10, 60)], ids=["none", "earlier", "later", "ahead"]
)
def test_an_earlier_arrival_with_a_later_number_is_left_where_no_clock_was_set_past_it(
    session: Session, before: int | None, after: int | None
) -> None:
    contest = factories.contest(session)
    if before is not None and after is not None:
        set_clock(session, MOMENT + timedelta(minutes=before), MOMENT + timedelta(minutes=after))
    drafts = [whole_draft(session, contest) for _ in range(2)]
    arrivals = [MOMENT, MOMENT - timedelta(minutes=13)]
    for draft, at in zip(drafts, arrivals, strict=True):
        submit_application(session, draft.id, version=1, by=By(ACTOR, at))
    assert [draft.submitted_at for draft in drafts] == arrivals


def test_what_was_submitted_in_the_repeated_minutes_alone_is_left_as_it_arrived(session: Session) -> None:
    contest = factories.contest(session)
    set_clock(session, MOMENT + timedelta(minutes=5), MOMENT - timedelta(minutes=5))
    drafts = [whole_draft(session, contest) for _ in range(2)]
    arrivals = [MOMENT, MOMENT - timedelta(seconds=3)]
    for draft, at in zip(drafts, arrivals, strict=True):
        submit_application(session, draft.id, version=1, by=By(ACTOR, at))
    assert [draft.submitted_at for draft in drafts] == arrivals


def test_every_stop_is_named_and_nothing_is_numbered(session: Session) -> None:
    application = whole_draft(session, title="", requested=1)
    with pytest.raises(Incomplete) as refusal:
        submit_application(session, application.id, version=1, by=By(ACTOR, MOMENT))
    assert [fault.path for fault in refusal.value.faults] == ["title", "total_cost"]
    assert (application.status, application.contest.applications_received) == ("draft", 0)


def test_what_changed_since_the_check_is_not_submitted(session: Session) -> None:
    application = whole_draft(session)
    with pytest.raises(Stale):
        submit_application(session, application.id, version=7, by=By(ACTOR, MOMENT))


def test_a_second_submission_is_refused(session: Session) -> None:
    application = whole_draft(session)
    submit_application(session, application.id, version=1, by=By(ACTOR, MOMENT))
    with pytest.raises(NotPossible):
        submit_application(session, application.id, version=2, by=By(ACTOR, MOMENT))


@pytest.mark.parametrize("received", [0, 9_998, 99_998, 99_999, 1_234_567])
def test_a_number_fits_its_column_however_many_there_are(session: Session, received: int) -> None:
    contest = factories.contest(session, code="P" * 40)
    contest.applications_received = received
    application = whole_draft(session, contest)
    submitted = submit_application(session, application.id, version=application.version, by=By(ACTOR, MOMENT))
    column = Application.__table__.columns["number"].type.length
    assert (len(submitted.number) <= column, submitted.number.endswith(f"-{received + 1:04d}")) == (True, True)


def test_submissions_at_once_get_different_numbers(store: Store) -> None:
    with store() as session:
        contest = factories.contest(session, code="PP41-2027")
        ids = [whole_draft(session, contest).id for _ in range(6)]

    def submit(application_id: int) -> None:
        with store() as session:
            submit_application(session, application_id, version=1, by=By(ACTOR, MOMENT))

    threads = [threading.Thread(target=submit, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store() as session:
        numbers = sorted(session.scalars(select(Application.number)))
    assert numbers == [f"PP41-2027-{n:04d}" for n in range(1, 7)]


def add(session: Session, storage: Storage, application: Application, slot: str, content: bytes, name: str) -> Document:
    file = store_file(storage, slot_of(application, slot), io.BytesIO(content), name)
    return add_document(session, application.id, slot, file, by=By(ACTOR, MOMENT))


def test_documents_are_replaced_and_removed_but_kept(session: Session) -> None:
    application, storage = whole_draft(session), Storage.from_url("memory:///")
    first = add(session, storage, application, "contracts", PDF, "a/Договор.pdf")
    again = add(session, storage, application, "contracts", PDF, "Договор.pdf")
    other = add(session, storage, application, "contracts", PDF + b"\n%%EOF", "Договор.pdf")
    assert again is first
    assert (first.filename, first.media_type, first.sha256) == (
        "Договор.pdf",
        "application/pdf",
        hashlib.sha256(PDF).hexdigest(),
    )
    assert current_documents(application, "contracts") == [other]
    remove_document(session, application.id, other.id, by=By(ACTOR, MOMENT))
    session.flush()
    assert current_documents(application, "contracts") == []
    assert b"".join(storage.read(first.storage_key)) == PDF
    assert len(session.scalars(select(Document).where(Document.slot == "contracts")).all()) == 2
    events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    assert events == ["document.added", "document.added", "document.removed"]


ONE_SLOT = {"code": "one", "title": "One", "required": True, "extensions": ["pdf"], "max_bytes": 20}


def test_wrong_files_are_not_stored() -> None:
    storage = Storage.from_url("memory:///")
    with pytest.raises(FileRefused):
        store_file(storage, ONE_SLOT, io.BytesIO(PDF), "a.pdf")
    with pytest.raises(WrongFile):
        store_file(storage, ONE_SLOT, io.BytesIO(b""), "a.pdf")
    with pytest.raises(FileNotFoundError):
        storage.read(key_of(hashlib.sha256(PDF).hexdigest()))


@pytest.mark.parametrize(
    ("change", "refusal"), [({"max_bytes": 20}, FileRefused), ({"extensions": ["xlsx"]}, WrongFile)]
)
def test_a_slot_that_changed_after_the_file_was_checked_is_held_to(
    session: Session, change: dict[str, object], refusal: type[Exception]
) -> None:
    slot = {**ONE_SLOT, "max_bytes": 1 << 20}
    application = whole_draft(session, factories.contest(session, document_slots=[{**slot, **change}]))
    before = len(application.documents)
    file = store_file(Storage.from_url("memory:///"), slot, io.BytesIO(PDF), "a.pdf")
    with pytest.raises(refusal):
        add_document(session, application.id, "one", file, by=By(ACTOR, MOMENT))
    assert len(application.documents) == before


def test_a_submitted_application_takes_no_changes(session: Session) -> None:
    application = whole_draft(session)
    submit_application(session, application.id, version=1, by=By(ACTOR, MOMENT))
    with pytest.raises(NotPossible):
        remove_document(session, application.id, application.documents[0].id, by=By(ACTOR, MOMENT))


def test_a_withdrawal_needs_a_reason_and_a_ranking_not_yet_frozen(session: Session) -> None:
    application = factories.application(session, factories.contest(session), status="admitted")
    with pytest.raises(ReasonMissing):
        withdraw_application(session, application.id, reason=" ", by=By(ACTOR, MOMENT))
    application.contest.status = "ranking_frozen"
    session.flush()
    with pytest.raises(NotPossible):
        withdraw_application(session, application.id, reason="Причина", by=By(ACTOR, MOMENT))
    application.contest.status = "published"
    session.flush()
    withdraw_application(session, application.id, reason=" Причина ", by=By(ACTOR, MOMENT))
    assert (application.status, application.decision_reason, application.decided_at) == ("withdrawn", "Причина", MOMENT)
