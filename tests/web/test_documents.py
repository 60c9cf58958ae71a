"""The documents of an application: the table, files in pieces, versions, a look at PDFs, templates, one ZIP."""

import io
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters import arriving
from judging.adapters.invented_files import invented_file
from judging.domain.access import By
from judging.domain.jobs import JobKind
from judging.extensions import db
from judging.jobs.kind import Means
from judging.models import Application, Document, DocumentTemplate, JournalRecord
from judging.services import queue
from judging.services.queue import SYSTEM
from judging.web.applications import pages_arriving
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.pp41 import draft, full_answers, pp41, with_form
from tests.web.test_applications import limited
from tests.working import work_next

DATABASES = ("sqlite",)
"""Pages and files: the services below them are tried on both databases."""
SignInAs = Callable[[int], FlaskClient]
PIECE = 1000
"""Bytes of a piece here: larger requests of the test client stay in files that it does not close."""
SCRIPT = {"X-Requested-With": "fetch"}
LARGE = PDF.replace(b"\n1 0", b"\n%" + b"x" * (2 * PIECE + 100) + b"\n1 0")


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture(autouse=True)
def small_pieces(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (arriving, pages_arriving):
        monkeypatch.setattr(module, "PIECE", PIECE)
    shutil.rmtree(app.config["JUDGING"].instance_dir / "arriving", ignore_errors=True)


@dataclass(frozen=True)
class World:
    """A draft under the form of ПП 41, two people of its team, a secretary and a stranger."""

    key: int
    person: int
    mate: int
    secretary: int
    stranger: int

    def slot(self, code: str = "business_plan") -> str:
        return f"/applications/{self.key}/documents/{code}"


def populate(session: Session) -> World:
    contest = with_form(session, factories.contest(session, code="PP41-2027"), pp41())
    application = draft(session, contest)
    assert application.team is not None
    mate, stranger = factories.user(session), factories.user(session)
    factories.team(session, stranger)
    person = application.team.members[0].user
    person.name = "Анна Иванова"
    application.team.members.append(factories.team(session, mate).members[0])
    secretary = factories.user(session, "secretary", contest)
    return World(application.id, person.id, mate.id, secretary.id, stranger.id)


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(populate)


@pytest.fixture
def team(world: World, sign_in: SignInAs) -> FlaskClient:
    return sign_in(world.person)


def begin(client: FlaskClient, slot: str, name: str, content: bytes, size: int | None = None) -> Any:
    data = {"name": name, "size": str(size or len(content)), "piece": (io.BytesIO(content[:PIECE]), "piece")}
    return client.post(f"{slot}/uploads", data=data, headers=SCRIPT)


def piece(client: FlaskClient, slot: str, token: str, at: int, content: bytes) -> Any:
    data = {"at": str(at), "piece": (io.BytesIO(content[at : at + PIECE]), "piece")}
    return client.post(f"{slot}/uploads/{token}", data=data, headers=SCRIPT)


def end(client: FlaskClient, slot: str, token: str) -> tuple[int, str]:
    answer = client.post(f"{slot}/uploads/{token}/end", headers=SCRIPT)
    return answer.status_code, answer.get_json()["message"]


def put(client: FlaskClient, slot: str, name: str, content: bytes) -> Any:
    return client.post(slot, data={"file": (io.BytesIO(content), name)})


def rows(page: str) -> dict[str, str]:
    """The words of each document's row, by its code."""
    found = re.findall(r'data-file-row="(\w+)"[^>]*>(.*?)</tr>', page, re.DOTALL)
    return {code: " ".join(re.sub(r"<[^>]+>", " ", body).split()) for code, body in found}


def test_a_file_comes_in_pieces_goes_on_after_a_break_and_is_there_once(
    store: Store, team: FlaskClient, world: World
) -> None:
    slot, page = world.slot(), f"/applications/{world.key}/documents"
    begun = begin(team, slot, "Бизнес-план.pdf", LARGE).get_json()
    token = begun["upload"]
    assert begun == {"upload": token, "received": PIECE, "piece": PIECE}
    assert piece(team, slot, token, PIECE, LARGE).get_json() == {"received": 2 * PIECE}
    assert piece(team, slot, token, PIECE, LARGE).get_json() == {"received": 2 * PIECE}, "it came twice"
    assert "«Бизнес-план.pdf» прервалась: сохранено 2 КБ из 2,1 КБ" in rows(team.get(page).text)["business_plan"]
    assert end(team, slot, token) == (422, "Файл ещё не загружен полностью. Попробуйте ещё раз.")
    again = begin(team, slot, "Бизнес-план.pdf", LARGE).get_json()
    assert again == {"upload": token, "received": 2 * PIECE, "piece": PIECE}
    assert piece(team, slot, token, 2 * PIECE, LARGE).get_json() == {"received": len(LARGE)}
    done = (200, "Файл «Бизнес-план.pdf» загружен.")
    assert [end(team, slot, token), end(team, slot, token)] == [done, done]
    with store() as session:
        document = session.scalars(select(Document)).one()
        ident = document.id
        assert (document.size, document.uploaded_by_id) == (len(LARGE), world.person)
        assert session.scalars(select(JournalRecord.event)).all()[-1] == "document.added"
    assert team.get(f"/documents/{ident}").data == LARGE
    assert rows(team.get(page).text)["business_plan"].startswith("Бизнес-план PDF, DOCX, до 50 МБ Загружено")


def test_what_is_refused_is_refused_with_the_words_of_a_whole_upload(team: FlaskClient, world: World) -> None:
    slot = world.slot()
    for name, content in (("План.exe", b"MZ"), ("Пустой.pdf", b"")):
        whole, begun = put(team, slot, name, content), begin(team, slot, name, content)
        assert (begun.status_code, begun.get_json()["message"] in whole.text) == (422, True)
    for name, content in (("Текст.pdf", b"only text"), ("Обрыв.pdf", PDF[:40])):
        token = begin(team, slot, name, content).get_json()["upload"]
        status, message = end(team, slot, token)
        assert (status, name in message, message in put(team, slot, name, content).text) == (422, True, True)
        assert end(team, slot, token) == (status, message), "asked again it says the same"
    assert "прервалась" not in team.get(f"/applications/{world.key}/documents").text


def test_an_upload_is_its_persons_alone_and_can_be_given_up(team: FlaskClient, world: World, sign_in: SignInAs) -> None:
    slot = world.slot()
    token = begin(team, slot, "План.pdf", LARGE).get_json()["upload"]
    mate, stranger = sign_in(world.mate), sign_in(world.stranger)
    assert piece(mate, slot, token, PIECE, LARGE).status_code == 422
    assert piece(stranger, slot, token, PIECE, LARGE).status_code == 404
    assert piece(team, world.slot("contracts"), token, PIECE, LARGE).status_code == 422
    mate.post(f"{slot}/uploads/{token}/removal")
    assert piece(team, slot, token, PIECE, LARGE).get_json() == {"received": 2 * PIECE}
    gone = [team.post(f"{slot}/uploads/{token}/removal") for _ in range(2)]
    assert [answer.location for answer in gone] == [f"/applications/{world.key}/documents#slot-business_plan-title"] * 2
    assert piece(team, slot, token, 2 * PIECE, LARGE).status_code == 422


def test_what_is_under_way_counts_in_what_may_be_uploaded(
    app: Flask, team: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(app, monkeypatch, team_quota_mb=5)
    slot = world.slot()
    first, second, third = (begin(team, slot, f"{name}.pdf", LARGE, 2 << 20) for name in ("Первый", "Второй", "Третий"))
    assert [one.status_code for one in (first, second, third)] == [200, 200, 422]
    assert "«Третий.pdf» (2 МБ) не помещается" in third.get_json()["message"]
    assert begin(team, slot, "Первый.pdf", LARGE, 2 << 20).status_code == 200, "what is under way already goes on"


def test_what_was_begun_and_not_gone_on_with_is_cleared_by_the_hourly_job(
    app: Flask, team: FlaskClient, world: World
) -> None:
    begin(team, world.slot(), "План.pdf", LARGE)
    means = Means(storage=app.extensions["storage"], arriving=app.extensions["arriving"])
    left = []
    for hours in (1, 25):
        with app.app_context():
            later = datetime.now(UTC) + timedelta(hours=hours)
            for path in (app.config["JUDGING"].instance_dir / "arriving").rglob("*"):
                os.utime(path, (MOMENT.timestamp(), MOMENT.timestamp()))
            queue.ask(db.session, JobKind.PREPARED, {}, key=f"prepared@{hours}", by=By(SYSTEM, later))
            db.session.commit()
            work_next(JobKind.PREPARED, means=means, clock=lambda at=later: at)
        left.append("прервалась" in team.get(f"/applications/{world.key}/documents").text)
    assert left == [True, False]


def test_the_table_says_the_state_why_and_how_many(store: Store, team: FlaskClient, world: World) -> None:
    path = f"/applications/{world.key}"
    empty = team.get(f"{path}/documents").text
    assert ('<a href="#files">Обязательные документы: 0 из 7</a>' in empty, "data-whole" in empty) == (True, False)
    page = rows(empty)
    assert len(page) == 12
    assert page["contracts"] == (
        "Договоры и письма покупателей PDF, DOCX, до 50 МБ Необязательно файла нет "
        "Выбрать файл : Договоры и письма покупателей Загрузить"
    )
    why = "по вашим ответам: Основание полномочий подписанта –"
    assert f"Не обязателен {why} ответа ещё нет" in page["power_of_attorney"]
    assert "Обязательные документы: 0 из 7" in team.get(path).text
    with store() as session:
        application = session.get_one(Application, world.key)
        answers = full_answers([one.organisation.inn for one in application.cluster.members])
        section = next(code for code, typed in answers.items() if "powers" in typed)
    answering = team.get(f"{path}/sections/{section}").text
    fields = re.findall(r'name="(version|fingerprint)"[^>]*value="([^"]*)"', answering)
    team.post(f"{path}/sections/{section}", data={**dict(fields), "powers": "attorney"})
    put(team, world.slot("power_of_attorney"), "Доверенность.pdf", PDF)
    whole = team.get(f"{path}/documents").text
    row = rows(whole)["power_of_attorney"]
    assert f"Обязателен {why} Доверенность" in row
    assert ("Нужна подпись" in row, "Обязательные документы: 1 из 8" in whole) == (True, True)


def test_versions_say_who_and_when_and_one_is_brought_back(store: Store, team: FlaskClient, world: World) -> None:
    slot, page = world.slot(), f"/applications/{world.key}/documents"
    other = PDF.replace(b"\n1 0", b"\n%other\n1 0")
    put(team, slot, "План.pdf", PDF)
    put(team, slot, "План.pdf", other)
    row = rows(team.get(page).text)["business_plan"]
    assert "заменён 15.03.2026 12:00, Анна Иванова" in row
    with store() as session:
        first, _ = session.scalars(select(Document).order_by(Document.id)).all()
        assert (first.removed_by_id, first.removed_at) == (world.person, MOMENT)
        key = first.id
    back = [team.post(f"/applications/{world.key}/documents/{key}/restoration") for _ in range(2)]
    assert [answer.location for answer in back] == [f"{page}#slot-business_plan-title"] * 2
    with store() as session:
        kept = [(one.sha256, one.removed_at is None) for one in session.scalars(select(Document).order_by(Document.id))]
        assert [now for _, now in kept] == [False, False, True]
        assert kept[0][0] == kept[2][0]
        details = session.scalars(select(JournalRecord.details).order_by(JournalRecord.id)).all()[-1]
        assert (details["restored"], details["replaced"]) == (key, True)


def test_a_pdf_is_looked_at_as_pictures_by_who_may_download_it(
    app: Flask, store: Store, team: FlaskClient, world: World, sign_in: SignInAs
) -> None:
    put(team, world.slot(), "План.pdf", invented_file("pdf", ""))
    put(team, world.slot("contracts"), "Битый.pdf", PDF)
    put(team, world.slot("financial_model"), "Модель.xlsx", invented_file("xlsx", "1"))
    with store() as session:
        found = {one.slot: (one.id, one.pages) for one in session.scalars(select(Document))}
    (plan, pages), (broken, none), (model, _) = (found[s] for s in ("business_plan", "contracts", "financial_model"))
    assert (pages, none) == (1, None)
    shown = team.get(f"/documents/{plan}/preview").text
    assert re.findall(r'src="(/documents/[^"]+)"', shown) == [f"/documents/{plan}/pages/1.png"]
    picture = team.get(f"/documents/{plan}/pages/1.png")
    headers = ("Content-Type", "X-Content-Type-Options", "Cache-Control")
    assert [picture.headers[name] for name in headers] == ["image/png", "nosniff", "no-store"]
    assert picture.data.startswith(b"\x89PNG")
    assert team.get(f"/documents/{plan}/pages/1.png").data == picture.data
    wrong = (f"{plan}/pages/2.png", f"{plan}/pages/6.png", f"{broken}/pages/1.png", f"{model}/preview")
    assert [team.get(f"/documents/{one}").status_code for one in wrong] == [422] * 4
    stranger = sign_in(world.stranger)
    assert [stranger.get(f"/documents/{plan}/{one}").status_code for one in ("preview", "pages/1.png")] == [404, 404]


def test_a_template_is_given_downloaded_replaced_and_taken_away(
    store: Store, team: FlaskClient, world: World, sign_in: SignInAs
) -> None:
    staff, base = sign_in(world.secretary), "/staff/contests/PP41-2027/form/templates"
    page = f"/applications/{world.key}/documents"
    refused = put(staff, f"{base}/business_plan", "Образец.docx", b"text")
    assert (refused.status_code, "Образец.docx" in refused.text) == (422, True)
    assert put(staff, f"{base}/no_such", "Образец.docx", invented_file("docx", "1")).status_code == 422
    content = invented_file("docx", "Резюме")
    for _ in range(2):
        assert put(staff, f"{base}/business_plan", "Образец.docx", content).status_code == 303
    href = "/contests/PP41-2027/templates/business_plan"
    assert "Образец: Образец.docx" in rows(team.get(page).text)["business_plan"]
    assert team.get(href).data == content
    assert team.post(f"{base}/business_plan/removal").status_code == 404
    assert put(staff, f"{base}/business_plan", "Новый.docx", invented_file("docx", "2")).status_code == 303
    assert [staff.post(f"{base}/business_plan/removal").status_code for _ in range(2)] == [303, 303]
    assert team.get(href).status_code == 404
    with store() as session:
        assert session.scalars(select(DocumentTemplate.slot)).all() == []
        events = session.scalars(select(JournalRecord.details).filter_by(event="contest.template_changed"))
        assert [(one.get("filename"), one.get("before")) for one in events] == [
            ("Образец.docx", None), ("Новый.docx", "Образец.docx"), (None, "Новый.docx"),
        ]  # fmt: skip


def test_the_zip_holds_signatures_beside_their_files(store: Store, team: FlaskClient, world: World) -> None:
    put(team, world.slot("power_of_attorney"), "Доверенность.pdf", PDF)
    with store() as session:
        document = session.scalars(select(Document)).one()
        factories.signature(session, document, content=b"der")
        factories.signature(session, document, content=b"old", removed_at=MOMENT)
        factories.signature(session, document, content=b"own", within=True)
    with ZipFile(io.BytesIO(team.get(f"/applications/{world.key}/documents.zip").data)) as book:
        names = book.namelist()
        assert names[1:] == [
            "01 Доверенность подписанта/Доверенность.pdf", "01 Доверенность подписанта/Доверенность.pdf.sig",
        ]  # fmt: skip
        assert (book.read(names[1]), book.read(names[2])) == (PDF, b"der")
        assert "Доверенность.pdf.sig\t3\t" in book.read(names[0]).decode()
