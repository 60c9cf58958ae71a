"""Papers and signatures on the pages: made, signed, uploaded, told at once what is wrong, seen by the staff alone."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from judging.adapters.papers import text_of
from judging.domain.forms.compiling import compile_form
from judging.models import Application
from judging.queries.applications import current_documents
from judging.queries.forms import form_of
from judging.services.applications.draft_edit import require_draft
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.pp41 import with_form
from tests.services.test_applications import whole_draft
from tests.signing import Person, signed_pdf, signing, subject, with_paper

DATABASES = ("sqlite",)
"""Pages: their services are tried on both databases."""
SignInAs = Callable[[int], FlaskClient]
SLOT = "application_letter"


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@dataclass(frozen=True)
class World:
    """A team with a whole draft whose letter is a paper to be signed, an expert, and the staff."""

    person: int
    application: int
    inn: str
    ogrn: str
    document: int
    secretary: int
    observer: int
    expert: int


def populate(session: Session) -> World:
    contest = factories.contest(session, code="PP41-2027")
    with_form(session, contest, compile_form(with_paper(form_of(contest), SLOT)))
    application = whole_draft(session, contest)
    assert application.team is not None
    assert application.initiator is not None
    require_draft(application)
    people = [factories.user(session, role, contest).id for role in ("secretary", "observer")]
    judge = factories.user(session)
    expert = factories.expert(session, contest, judge)
    factories.review(session, expert, application, "accepted")
    initiator = application.initiator
    return World(
        application.team.members[0].user_id, application.id, initiator.inn, initiator.ogrn or "",
        current_documents(application, SLOT)[0].id, *people, judge.id,
    )  # fmt: skip


@pytest.fixture
def world(app: Flask, prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> World:
    config = replace(app.config["JUDGING"], signature_roots=signing().roots)
    monkeypatch.setitem(app.config, "JUDGING", config)
    return prepared(populate)


def director(world: World) -> Person:
    return signing().trusted.person(subject("ООО «Своё»", world.inn, world.ogrn))


def upload(client: FlaskClient, path: str, name: str, content: bytes, field: str = "file") -> str:
    data = {field: (io.BytesIO(content), name)}
    return client.post(path, data=data, content_type="multipart/form-data", follow_redirects=True).text


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_paper_is_made_signed_uploaded_submitted_and_seen_by_the_staff(
    store: Store, sign_in: SignInAs, world: World
) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}"
    made = client.get(f"{path}/papers/{SLOT}/pdf")
    assert (made.mimetype, made.data[:5]) == ("application/pdf", b"%PDF-")
    client.post(f"{path}/documents/{world.document}/removal")
    page = plain(upload(client, f"{path}/documents/{SLOT}", "Заявка.pdf", made.data))
    assert ("Документ соответствует данным" in page, "Нет электронной подписи" in page) == (True, True)
    with store() as session:
        (document,) = current_documents(session.get_one(Application, world.application), SLOT)
        key = document.id
    assert "нет электронной подписи" in plain(client.get(f"{path}/check").text)

    signatures, authority, person = f"{path}/documents/{key}/signatures", signing().trusted, director(world)
    other = upload(client, signatures, "не та.sig", authority.sign(person, b"another"), "signature")
    junk = upload(client, signatures, "письмо.sig", made.data, "signature")
    astray = upload(client, f"{path}/documents/{SLOT}", "Заявка.pdf.SIG", b"0", "file")
    assert "«Заявка.pdf.SIG» — это подпись: сначала загрузите сюда документ" in plain(astray)
    nothing = upload(client, signatures, "", b"", "signature")
    assert "«не та.sig» — подпись другого файла: к «Заявка.pdf» она не подходит" in plain(other)
    assert ("не является электронной подписью" in junk, "Выберите файл" in nothing) == (True, True)
    page = plain(upload(client, signatures, "Заявка.pdf.sig", authority.sign(person, made.data), "signature"))
    for words in ("Подпись проверена", f"ИНН {world.inn}, ОГРН {world.ogrn}, СНИЛС оканчивается на 95", "ООО «Своё»"):
        assert words in page
    assert "11223344595" not in page

    check = client.get(f"{path}/check").text
    version = re.findall(r'name="version"[^>]*value="([^"]*)"', check)[0]
    assert client.post(f"{path}/submission", data={"version": version}).status_code == 303
    assert "Заявка.pdf.sig" in plain(client.get(f"{path}/receipt").text)
    receipt = client.get(f"{path}/submissions/1/receipt.pdf").data
    whole = client.get(f"{path}/submissions/0/application.pdf").data
    with store() as session:
        application = session.get_one(Application, world.application)
        number, sha256 = application.number, application.receipt_sha256
    texts = ["".join((text_of(io.BytesIO(one), "pdf") or "").split()) for one in (receipt, whole)]
    assert [(str(number) in text, str(sha256) in text, "Заявка.pdf.sig" in text) for text in texts] == [(True,) * 3] * 2

    for someone in (world.secretary, world.observer):
        staff = sign_in(someone)
        page = plain(staff.get(f"/staff/contests/PP41-2027/applications/{world.application}").text)
        assert page.count("Подпись проверена") >= 1
        assert staff.get(f"{path}/submissions/1/receipt.pdf").status_code == 200
        assert staff.get(f"{path}/papers/{SLOT}/pdf").status_code == 403
    signature = re.findall(rf"/documents/{key}/signatures/(\d+)/check", staff.get(
        f"/staff/contests/PP41-2027/applications/{world.application}").text)[0]  # fmt: skip
    again = staff.post(f"/documents/{key}/signatures/{signature}/check")
    assert (again.status_code, again.location.endswith("#documents")) == (303, True)

    judge = sign_in(world.expert)
    forbidden = [
        f"{path}/papers/{SLOT}/pdf", f"{path}/submissions/1/receipt.pdf", f"{path}/submissions/1/application.pdf",
        f"/documents/{key}/signatures/{signature}",
    ]  # fmt: skip
    assert {judge.get(one).status_code for one in forbidden} <= {403, 404}
    assert {sign_in(factories_stranger(store)).get(one).status_code for one in forbidden} == {404}


def factories_stranger(store: Store) -> int:
    with store() as session:
        person = factories.user(session)
        factories.team(session, person)
        return person.id


def test_a_paper_that_was_printed_before_a_change_is_told_with_what_was_changed(
    store: Store, sign_in: SignInAs, world: World
) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}"
    made = client.get(f"{path}/papers/{SLOT}/docx").data
    with store() as session:
        session.get_one(Application, world.application).goal = "Другая цель"
    page = plain(upload(client, f"{path}/documents/{SLOT}", "Заявка.docx", made))
    assert "Данные изменились после того, как документ был напечатан Изменилось: Паспорт проекта." in page
    assert "данные изменились после того, как был напечатан «Заявка.docx»: Паспорт" in plain(
        client.get(f"{path}/check").text
    )


def test_a_signature_within_a_pdf_counts_and_one_of_another_organisation_does_not(
    sign_in: SignInAs, world: World
) -> None:
    client, path, s = sign_in(world.person), f"/applications/{world.application}", signing()
    made = client.get(f"{path}/papers/{SLOT}/pdf").data
    client.post(f"{path}/documents/{world.document}/removal")
    own = plain(upload(client, f"{path}/documents/{SLOT}", "Своя.pdf", signed_pdf(made, s.trusted, director(world))))
    assert ("Подпись проверена" in own, "Подпись находится внутри PDF" in own) == (True, True)
    other = plain(upload(client, f"{path}/documents/{SLOT}", "Чужая.pdf", signed_pdf(made, s.trusted, s.other)))
    assert ("Подпись другой организации" in other, "исправьте инициатора" in other) == (True, True)
    assert "подпись файла «Чужая.pdf» не принимается" in plain(client.get(f"{path}/check").text)


def test_there_is_no_paper_for_a_place_without_one(sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}"
    addresses = ("papers/contracts/pdf", "papers/none/pdf", f"papers/{SLOT}/exe", "submissions/0/receipt.pdf")
    assert [client.get(f"{path}/{one}").status_code for one in addresses] == [404] * 4
