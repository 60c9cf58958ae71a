"""Signatures beside documents: what they do to the checks, to receipts, and to a correction that is given up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.signatures import BadSignature, Checked
from judging.domain.access import CONSOLE, By
from judging.domain.forms.compiling import compile_form
from judging.domain.signatures import Facts, Signer, Verdict
from judging.models import Application, Document, DocumentSignature, JournalRecord, Submission
from judging.queries.applications import by_id, current_documents
from judging.queries.checks import check_application
from judging.queries.forms import form_of
from judging.queries.invariants.receipts import false_receipts as receipt_offences
from judging.queries.receipts import content
from judging.queries.signatures import signatures_of
from judging.services.applications.application_submit import Incomplete, submit_application
from judging.services.applications.documents import remove_document
from judging.services.applications.own_edit import open_own_edit
from judging.services.applications.returns import end_return, return_application
from judging.services.applications.signatures import NewSignature, add_signature, keep_check, remove_signature
from tests import factories
from tests.factories import MOMENT
from tests.pp41 import with_form
from tests.services.test_applications import whole_draft
from tests.signing import with_paper

BY = By(CONSOLE, MOMENT)
SLOT = "application_letter"


def draft(session: Session) -> tuple[Application, Document]:
    contest = factories.contest(session, code="PP41-2027")
    with_form(session, contest, compile_form(with_paper(form_of(contest), SLOT)))
    application = whole_draft(session, contest)
    session.flush()
    return by_id(session, application.id), current_documents(application, SLOT)[0]


def signed(application: Application, name: str = "a", verdict: Verdict = Verdict.VALID, **signer: str) -> NewSignature:
    assert application.initiator is not None
    known = {"organisation_inn": application.initiator.inn, "organisation": "ООО"} | signer
    facts = Facts((Signer("Лисицына О. П.", valid_from=factories.YEAR[0], valid_till=factories.YEAR[1], **known),))
    return NewSignature(f"{name}.sig", 3, name * 64, Checked(b"0\x01", facts, verdict))


def found(session: Session, application: Application) -> list[tuple[str, bool]]:
    check = check_application(session, application, MOMENT)
    return [(one.message.partition(": ")[2], one.stop) for one in check.findings if one.path == SLOT]


def test_a_place_that_has_to_be_signed_stops_until_a_signature_counts(session: Session) -> None:
    application, document = draft(session)
    seen = [found(session, application)]
    with pytest.raises(Incomplete):
        submit_application(session, application.id, version=application.version, by=BY)
    for new in (
        signed(application, "a", organisation_inn="7709999990"),
        signed(application, "b", Verdict.REVOKED),
        signed(application, "c", Verdict.UNVERIFIED),
        signed(application, "d"),
    ):
        add_signature(session, application.id, document.id, new, by=BY)
        seen.append(found(session, application))
    refused = "the signature of the file “%(file)s” does not count; why stands beside the file"
    assert seen == [
        [("there is no electronic signature beside the file “%(file)s”", True)], [(refused, True)], [(refused, True)],
        [("the signature of the file “%(file)s” is read, and a person will look at it", False)], [],
    ]  # fmt: skip


def test_the_receipt_has_the_hashes_of_signatures_and_only_where_there_are_some(session: Session) -> None:
    application, document = draft(session)
    plain = content(application, None, MOMENT)["documents"]
    assert [set(file) for file in plain] == [{"field", "filename", "size", "sha256"}] * len(plain)
    add_signature(session, application.id, document.id, signed(application), by=BY)
    submit_application(session, application.id, version=application.version, by=BY)
    session.flush()
    kept: Mapping[str, Any] = session.scalars(select(Submission.document)).one()
    assert [file.get("signatures") for file in kept["documents"] if file["field"] == SLOT] == [
        [{"filename": "a.sig", "sha256": "a" * 64}]
    ]
    assert list(receipt_offences(session)) == []


def test_a_replaced_document_takes_its_signature_with_it(session: Session) -> None:
    application, document = draft(session)
    add_signature(session, application.id, document.id, signed(application), by=BY)
    remove_document(session, application.id, document.id, by=BY)
    session.flush()
    with pytest.raises(BadSignature):
        add_signature(session, application.id, document.id, signed(application, "b"), by=BY)
    factories.document(session, application, slot=SLOT, sha256="9" * 64)
    session.expire_all()
    assert [stop for _, stop in found(session, by_id(session, application.id))] == [True]


def test_the_same_signature_again_is_only_checked_again(session: Session) -> None:
    application, document = draft(session)
    first = add_signature(session, application.id, document.id, signed(application, verdict=Verdict.UNVERIFIED), by=BY)
    later = replace(BY, now=MOMENT + timedelta(hours=1))
    assert add_signature(session, application.id, document.id, signed(application), by=later) is first
    keep_check(session, document.id, first.id, signed(application, verdict=Verdict.REVOKED).checked, by=later)
    remove_signature(session, application.id, document.id, first.id, by=later)
    remove_signature(session, application.id, document.id, first.id, by=later)
    session.flush()
    assert (first.verdict, first.checked_at, signatures_of(session, [document.id])) == ("revoked", later.now, {})
    events = session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)).all()
    assert events == ["signature.added", "signature.checked", "signature.checked", "signature.removed"]


def test_a_correction_that_is_given_up_leaves_the_signatures_that_were_submitted(session: Session) -> None:
    application, document = draft(session)
    kept = add_signature(session, application.id, document.id, signed(application), by=BY)
    submit_application(session, application.id, version=application.version, by=BY)
    section = form_of(application.contest).section_of(SLOT)
    assert section is not None
    until = MOMENT + timedelta(days=2)
    return_application(session, application.id, {section.code: "Подпишите."}, until, version=application.version, by=BY)
    later = replace(BY, now=MOMENT + timedelta(hours=1))
    remove_signature(session, application.id, document.id, kept.id, by=later)
    added = add_signature(session, application.id, document.id, signed(application, "b"), by=later)
    end_return(session, application.id, reason="Не нужно", by=later)
    session.flush()
    rows = session.scalars(select(DocumentSignature).order_by(DocumentSignature.id)).all()
    assert [(row.id, row.removed_at) for row in rows] == [(kept.id, None), (added.id, later.now)]
    assert list(receipt_offences(session)) == []


def test_a_signature_that_was_taken_away_and_put_back_counts_once_after_a_correction(session: Session) -> None:
    application, document = draft(session)
    first = add_signature(session, application.id, document.id, signed(application), by=BY)
    remove_signature(session, application.id, document.id, first.id, by=BY)
    again = add_signature(session, application.id, document.id, signed(application), by=BY)
    submit_application(session, application.id, version=application.version, by=BY)
    open_own_edit(session, application.id, version=application.version, by=replace(BY, now=MOMENT + timedelta(hours=1)))
    session.flush()
    assert [line.id for line in signatures_of(session, [document.id])[document.id]] == [again.id]
    assert list(receipt_offences(session)) == []
