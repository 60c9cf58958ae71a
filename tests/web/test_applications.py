"""A cluster team in the browser: cluster, sections, documents, submission, receipt, withdrawal."""

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.adapters.storage import Storage, Stored
from judging.extensions import db
from judging.models import Application, Cluster, Conflict, Document, JournalRecord, Organisation, TeamMember
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.recording import asked
from tests.services.test_applications import whole_draft

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

SignInAs = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@dataclass(frozen=True)
class World:
    """A team with a whole draft in an open contest."""

    person: int
    application: int
    members: tuple[int, ...]


def populate(session: Session) -> World:
    application = whole_draft(session, factories.contest(session, code="PP41-2027"))
    assert application.team is not None
    return World(
        application.team.members[0].user_id,
        application.id,
        tuple(member.organisation_id for member in application.cluster.members),
    )


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(populate)


def stored(store: Store, model: type, ident: int) -> Any:
    with store() as session:
        return session.get_one(model, ident)


def form_of(client: FlaskClient, path: str) -> dict[str, str]:
    """The hidden fields of the page's form, as a browser would send them."""
    page = client.get(path).text
    hidden = re.findall(r'<input[^>]*name="(version|fingerprint|request_key)"[^>]*value="([^"]*)"', page)
    return dict(hidden)


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


MONEY = {"total_cost": "360 000 000", "own_funds": "140000000,50", "loans": "", "other_budget": "0", "requested": "1"}


def test_a_new_team_is_led_to_its_cluster_and_then_to_a_draft(store: Store, sign_in: SignInAs) -> None:
    with store() as session:
        person = factories.user(session)
        factories.team(session, person)
        factories.contest(session, code="PP41-2027")
        user_id = person.id
    client = sign_in(user_id)
    assert "Заявок пока нет" in client.get("/applications").text
    answer = client.post("/contests/PP41-2027/applications")
    assert (answer.status_code, answer.location) == (303, "/contests/PP41-2027/cluster")
    data = {"name": "Кластер «Станки»", "region": "48", "industry": "станкостроение"}
    assert client.post("/contests/PP41-2027/cluster", data=data).status_code == 303
    numbers = {"name": "ООО «Завод»", "inn": factories.inn(90001), "ogrn": factories.ogrn(90001), "region": "48"}
    organisation = {**numbers, "member": "y", "managing": "y"}
    assert client.post("/contests/PP41-2027/cluster/organisations", data=organisation).status_code == 303
    answer = client.post("/contests/PP41-2027/applications")
    with store() as session:
        application = session.scalars(select(Application)).one()
        cluster = session.scalars(select(Cluster)).one()
        assert (cluster.name, cluster.region, [m.organisation.inn for m in cluster.members]) == (
            "Кластер «Станки»", "48", [factories.inn(90001)],
        )  # fmt: skip
        assert cluster.managing_organisation_id == cluster.members[0].organisation_id
        assert (application.status, application.cluster_id, answer.location) == (
            "draft", cluster.id, f"/applications/{application.id}",
        )  # fmt: skip
    page = client.get(answer.location).text
    assert "0 из 7" in page
    assert "Начать заявку" in client.get("/applications").text
    assert events(store) == ["cluster.changed", "cluster.changed", "application.created"]


def test_a_wrong_inn_is_named_and_nothing_is_stored(store: Store, sign_in: SignInAs, world: World) -> None:
    client = sign_in(world.person)
    data = {"name": "ООО «Ошибка»", "inn": "7707083894", "ogrn": factories.ogrn(1), "region": "77", "member": "y"}
    answer = client.post("/contests/PP41-2027/cluster/organisations", data=data)
    assert (answer.status_code, "7707083894" in answer.text, "ООО «Ошибка»" in answer.text) == (422, True, True)
    with store() as session:
        assert session.scalar(select(Organisation.id).where(Organisation.inn == "7707083894")) is None


@pytest.mark.parametrize(("inn", "ogrn"), [("7707083893", "304500116000157"), ("500100732259", "1027700132195")])
def test_the_numbers_of_an_organisation_go_together(
    store: Store, sign_in: SignInAs, world: World, inn: str, ogrn: str
) -> None:
    data = {"name": "ООО «Завод»", "inn": inn, "ogrn": ogrn, "region": "77", "member": "y"}
    answer = sign_in(world.person).post("/contests/PP41-2027/cluster/organisations", data=data)
    said = "У организации ИНН из 10 цифр и ОГРН из 13, у предпринимателя — из 12 и 15"
    assert (answer.status_code, said in answer.text, ogrn in answer.text) == (422, True, True)
    with store() as session:
        assert session.scalar(select(Organisation.id).where(Organisation.inn == inn)) is None


def test_an_inn_is_entered_once(store: Store, sign_in: SignInAs, world: World) -> None:
    known = stored(store, Organisation, world.members[0])
    data = {"name": "Другое", "inn": known.inn, "ogrn": known.ogrn, "region": "77", "member": "y"}
    answer = sign_in(world.person).post("/contests/PP41-2027/cluster/organisations", data=data)
    assert (answer.status_code, "Организация с этим ИНН уже есть" in answer.text) == (422, True)


def test_an_organisation_is_corrected_and_removed(store: Store, sign_in: SignInAs, world: World) -> None:
    client, ident = sign_in(world.person), world.members[2]
    path = f"/contests/PP41-2027/cluster/organisations/{ident}"
    known = stored(store, Organisation, ident)
    data = {
        **form_of(client, path),
        "name": "Новое имя",
        "inn": known.inn,
        "ogrn": known.ogrn,
        "region": "01",
        "member": "y",
    }
    assert client.post(path, data=data).status_code == 303
    assert stored(store, Organisation, ident).name == "Новое имя"
    stale = client.post(path, data={**data, "request_key": "other", "name": "Опоздавшее имя"})
    assert (stale.status_code, "Опоздавшее имя" in stale.text, "Новое имя" in stale.text) == (409, True, True)
    assert client.post(f"{path}/removal").status_code == 303
    with store() as session:
        assert session.get(Organisation, ident) is None
    assert client.post(f"/contests/PP41-2027/cluster/organisations/{world.members[0]}/removal").status_code == 422


def test_what_a_submitted_application_rests_on_is_shown_and_not_asked_for(
    store: Store, sign_in: SignInAs, world: World
) -> None:
    with store() as session:
        draft = session.get_one(Application, world.application)
        draft.status, draft.number, draft.submitted_at = "submitted", "PP41-2027-0001", MOMENT
        manager, member, free = draft.cluster.managing_organisation_id, world.members[0], world.members[2]
    client, cluster = sign_in(world.person), "/contests/PP41-2027/cluster"
    page = client.get(cluster).text
    assert ('name="industry"' in page, "Заявка этого кластера уже подана" in page) == (False, True)
    assert re.findall(rf"{cluster}/organisations/(\d+)/removal", page) == [
        str(one) for one in world.members if one not in (manager, member, world.members[1])
    ]
    shown = [client.get(f"{cluster}/organisations/{one}").text for one in (member, free)]
    assert [("Организация указана в поданной заявке" in one, 'name="inn"' in one) for one in shown] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_the_cluster_is_taken_over_from_an_earlier_contest(store: Store, sign_in: SignInAs, world: World) -> None:
    with store() as session:
        factories.contest(session, code="PP41-2028", applications_close=MOMENT + timedelta(days=20))
    client = sign_in(world.person)
    assert "Перенести сведения" in client.get("/contests/PP41-2028/cluster").text
    assert client.post("/contests/PP41-2028/cluster/copy").status_code == 303
    with store() as session:
        old, new = session.scalars(select(Cluster).order_by(Cluster.id)).all()
        assert (new.name, new.region, len(new.members)) == (old.name, old.region, len(old.members))
        assert {m.organisation.inn for m in new.members} == {m.organisation.inn for m in old.members}


def test_a_section_is_saved_at_any_completeness(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}/finance"
    answer = client.post(path, data={**form_of(client, path), **MONEY})
    saved = stored(store, Application, world.application)
    assert (answer.status_code, answer.location) == (303, f"/applications/{world.application}")
    assert (saved.total_cost, saved.own_funds, saved.loans, saved.requested) == (
        36_000_000_000,
        14_000_000_050,
        None,
        100,
    )
    assert "private_share" not in saved.indicators
    assert events(store) == ["application.changed"]


def test_what_is_invalid_is_named_and_nothing_typed_is_lost(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}/passport"
    answer = client.post(path, data={**form_of(client, path), "title": "Новое название", "topics": "28.41, станки"})
    assert (answer.status_code, "Новое название" in answer.text, "28.41, станки" in answer.text) == (422, True, True)
    assert "Это не код ОКВЭД2: станки" in answer.text
    assert stored(store, Application, world.application).title == "Новое название"


def test_a_stale_section_gets_both_versions_and_mine_can_be_kept(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}/finance"
    first, second = form_of(client, path), form_of(client, path)
    client.post(path, data={**first, **MONEY, "requested": "111"})
    answer = client.post(path, data={**second, **MONEY, "requested": "222"})
    assert (answer.status_code, ">111\u00a0₽<" in answer.text, ">222\u00a0₽<" in answer.text) == (409, True, True)
    assert stored(store, Application, world.application).requested == 111_00
    kept = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', answer.text))
    assert client.post(path, data=kept).status_code == 303
    assert stored(store, Application, world.application).requested == 222_00


def test_participants_come_from_the_cluster(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}/participants"
    one, two, three = (stored(store, Organisation, ident).inn for ident in world.members)
    rows = {
        "initiator": two,
        "partners-0-organisation": three,
        "partners-0-role": "buyer",
        "partners-1-organisation": one,
        "partners-1-role": "supplier",
        "partners-1-contribution": "Поставка литья",
    }
    more = client.post(path, data={**form_of(client, path), **rows, "add": "partners"})
    assert (more.status_code, 'name="partners-2-organisation"' in more.text) == (200, True)
    fewer = client.post(path, data={**form_of(client, path), **rows, "remove": "partners:0"})
    assert (fewer.status_code, "Поставка литья" in fewer.text) == (200, True)
    assert client.post(path, data={**form_of(client, path), **rows}).status_code == 303
    with store() as session:
        saved = session.get_one(Application, world.application)
        assert saved.initiator is not None
        assert (saved.initiator.inn, [(p.organisation.inn, p.role, p.contribution) for p in saved.partners]) == (
            two, [(three, "buyer", ""), (one, "supplier", "Поставка литья")],
        )  # fmt: skip
    foreign = client.post(path, data={**form_of(client, path), **rows, "initiator": "999999"})
    assert foreign.status_code == 422


def test_indicators_are_kept_as_exact_text(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}/indicators"
    answer = client.post(path, data={**form_of(client, path), "jobs": "1 200", "payback_years": "4,50", "stay": "1"})
    page = client.get(path).text
    assert (answer.status_code, "Не больше 1 знаков после запятой" in page) == (303, True)
    data = {**form_of(client, path), "jobs": "1 200", "payback_years": "4,5", "private_share": "99"}
    assert client.post(path, data=data).status_code == 303
    assert stored(store, Application, world.application).indicators == {
        "private_share": "66.67", "jobs": "1200", "payback_years": "4.5", "cluster_share": "55",
        "import_reduction": "45", "tax_ratio": "2.4",
    }  # fmt: skip


def test_consents_are_ticked_and_unticked(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}/consents"
    assert client.post(path, data={**form_of(client, path), "consent_truth": "y", "stay": "1"}).location == path
    saved = stored(store, Application, world.application)
    assert (saved.consent_truth, saved.consent_personal_data) == (True, False)


def test_good_files_are_taken_beside_a_bad_one(app: Flask, store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}/documents"
    files = [(io.BytesIO(PDF), "Договор № 1.pdf"), (io.BytesIO(b"text"), "плохой.pdf")]
    answer = client.post(f"{path}/contracts", data={"file": files}, content_type="multipart/form-data")
    assert (answer.status_code, "плохой.pdf" in answer.text, "Договор № 1.pdf" in answer.text) == (422, True, True)
    with store() as session:
        document = session.scalars(select(Document).where(Document.slot == "contracts")).one()
        ident, sha256 = document.id, document.sha256
    got = client.get(f"/documents/{ident}")
    assert got.data == PDF
    assert {name: got.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'attachment; filename="_______ _ 1.pdf"; '
        "filename*=UTF-8''%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%20%E2%84%96%201.pdf",
    }
    log = (app.config["JUDGING"].instance_dir / "downloads.jsonl").read_text("utf-8").splitlines()
    last = json.loads(log[-1])
    assert (last["document"], last["user"], last["sha256"], last["at"]) == (
        ident,
        world.person,
        sha256,
        MOMENT.isoformat(),
    )
    assert client.post(f"{path}/{ident}/removal").status_code == 303
    assert client.get(f"/documents/{ident}").data == PDF
    assert events(store) == ["document.added", "document.removed"]


def test_files_are_checked_and_stored_while_others_write(
    app: Flask, store: Store, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, seen = app.extensions["storage"], []

    def put(file: io.BytesIO) -> Stored:
        with store() as session:
            session.get_one(Application, world.application).goal = "Сохранено тем временем"
        seen.append(db.session.in_transaction())
        return Storage.put(storage, file)

    monkeypatch.setattr(storage, "put", put)
    path = f"/applications/{world.application}/documents/contracts"
    data = {"file": (io.BytesIO(PDF), "a.pdf"), "request_key": "k1"}
    assert sign_in(world.person).post(path, data=data, content_type="multipart/form-data").status_code == 303
    assert seen == [False]
    assert stored(store, Application, world.application).goal == "Сохранено тем временем"
    assert events(store) == ["document.added"]


def test_no_more_files_are_looked_at_than_a_slot_holds(store: Store, sign_in: SignInAs, world: World) -> None:
    path = f"/applications/{world.application}/documents/contracts"
    files = [(io.BytesIO(PDF), f"{number}.pdf") for number in range(22)]
    answer = sign_in(world.person).post(path, data={"file": files}, content_type="multipart/form-data")
    assert (answer.status_code, "не больше 20 файлов" in answer.text) == (422, True)
    with store() as session:
        assert len(session.scalars(select(Document).where(Document.slot == "contracts")).all()) == 20


def test_a_file_whose_bytes_are_gone_is_said_so(store: Store, sign_in: SignInAs, world: World) -> None:
    with store() as session:
        ident = session.scalars(select(Document.id)).first()
    assert sign_in(world.person).get(f"/documents/{ident}").status_code == 422


def test_a_request_that_is_too_large_gets_a_page_and_loses_nothing(
    app: Flask, store: Store, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    path = f"/applications/{world.application}/documents/contracts"
    data = {"file": (io.BytesIO(b"x" * 5000), "a.pdf")}
    answer = sign_in(world.person).post(path, data=data, content_type="multipart/form-data")
    with store() as session:
        assert len(session.scalars(select(Document)).all()) == 7
    assert answer.status_code == 413


def test_submission_is_done_once_and_finds_conflicts(store: Store, sign_in: SignInAs, world: World) -> None:
    with store() as session:
        application = session.get_one(Application, world.application)
        factories.expert(session, application.contest, organisation=application.initiator)
    client, path = sign_in(world.person), f"/applications/{world.application}"
    assert "7 из 7" in client.get(path).text
    data = form_of(client, f"{path}/check")
    answers = [client.post(f"{path}/submission", data=data) for _ in range(2)]
    assert [(a.status_code, a.location) for a in answers] == [(303, f"{path}/receipt")] * 2
    saved = stored(store, Application, world.application)
    assert (saved.number, saved.submitted_at, saved.submitted_by_id) == ("PP41-2027-0001", MOMENT, world.person)
    receipt = client.get(f"{path}/receipt").text
    assert all(
        text in receipt for text in ("PP41-2027-0001", "15.03.2026 12:00:00 МСК", saved.receipt_sha256, "0" * 64)
    )
    assert hashlib.sha256(client.get(f"{path}/receipt/data").data).hexdigest() == saved.receipt_sha256
    assert "Формальная проверка" in client.get(path).text
    assert client.get(f"{path}/finance").location == path
    with store() as session:
        assert [one.kind for one in session.scalars(select(Conflict))] == ["detected"]
    assert events(store) == ["application.submitted", "conflict.found"]


def test_one_second_late_is_refused_and_the_draft_stays(store: Store, sign_in: SignInAs, world: World) -> None:
    path, close = f"/applications/{world.application}", MOMENT + timedelta(days=10)
    with time_machine.travel(close - timedelta(minutes=1), tick=False):
        client = sign_in(world.person)
        data = form_of(client, f"{path}/check")
    with time_machine.travel(close + timedelta(seconds=1), tick=False):
        answer = client.post(f"{path}/submission", data=data)
    assert (answer.status_code, "25.03.2026 12:00:01 МСК" in answer.text, "Черновик сохранён" in answer.text) == (
        422,
        True,
        True,
    )
    assert stored(store, Application, world.application).status == "draft"


def test_stops_are_named_with_links(store: Store, sign_in: SignInAs, world: World) -> None:
    with store() as session:
        session.get_one(Application, world.application).title = ""
    client, path = sign_in(world.person), f"/applications/{world.application}"
    page = client.get(f"{path}/check")
    assert f'href="{path}/passport?from=check#title"' in page.text
    assert "Подать заявку мешает 1 замечание" in page.text
    assert re.findall(r'class="stops__title">([^<]+)<', page.text) == ["Паспорт проекта"]
    assert client.post(f"{path}/submission", data={"version": "2"}).status_code == 422


def test_what_changed_since_the_check_is_shown_again(store: Store, sign_in: SignInAs, world: World) -> None:
    answer = sign_in(world.person).post(f"/applications/{world.application}/submission", data={"version": "99"})
    assert (answer.status_code, "просмотрите её и подайте ещё раз" in answer.text) == (409, True)


def test_a_withdrawal_asks_for_the_reason(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}"
    client.post(f"{path}/submission", data=form_of(client, f"{path}/check"))
    assert client.post(f"{path}/withdrawal", data={"reason": " "}).status_code == 422
    assert client.post(f"{path}/withdrawal", data={"reason": "Планы изменились"}).status_code == 303
    assert (stored(store, Application, world.application).status, "Планы изменились" in client.get(path).text) == (
        "withdrawn", True,
    )  # fmt: skip


def test_a_draft_is_its_teams_alone(store: Store, sign_in: SignInAs, world: World) -> None:
    with store() as session:
        other, secretary = factories.user(session), factories.user(session, "secretary")
        mate = factories.user(session)
        factories.team(session, other)
        application = session.get_one(Application, world.application)
        assert application.team is not None
        application.team.members.append(TeamMember(user=mate, joined_at=MOMENT))
        document = application.documents[0].id
        people = {"other": other.id, "secretary": secretary.id, "mate": mate.id}
    pages = [f"/applications/{world.application}{page}" for page in ("", "/finance", "/check")]
    paths = [*pages, f"/contests/PP41-2027/cluster/organisations/{world.members[0]}"]
    codes = {who: [sign_in(ident).get(path).status_code for path in paths] for who, ident in people.items()}
    assert codes == {"other": [404] * 4, "secretary": [404] * 4, "mate": [200] * 4}
    for who in ("other", "secretary"):
        assert sign_in(people[who]).get(f"/documents/{document}").status_code == 404
    assert sign_in(people["other"]).post(f"/applications/{world.application}/submission").status_code == 404


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(store: Store, sign_in: SignInAs, world: World) -> None:
    client = sign_in(world.person)
    few = asked(client, "/applications")
    with store() as session:
        application = session.get_one(Application, world.application)
        for _ in range(29):
            factories.application(session, application.contest, application.cluster, status="draft")
    assert asked(client, "/applications") == few


def limited(app: Flask, monkeypatch: pytest.MonkeyPatch, **settings: int) -> None:
    monkeypatch.setitem(app.config, "JUDGING", replace(app.config["JUDGING"], **settings))


def upload_of(client: FlaskClient, world: World, *contents: bytes) -> Any:
    papers = [PDF.replace(b"\n1 0", b"\n%" + content + b"\n1 0") for content in contents]
    files = [(io.BytesIO(paper), f"{n}.pdf") for n, paper in enumerate(papers)]
    return client.post(f"/applications/{world.application}/documents/contracts", data={"file": files})


def test_a_team_is_told_what_it_holds_and_that_no_more_fits(
    app: Flask, store: Store, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(app, monkeypatch, team_quota_mb=1)
    client = sign_in(world.person)
    assert upload_of(client, world, b"x" * 450_000).status_code == 303
    assert upload_of(client, world, b"y" * 450_000).status_code == 303
    answer = upload_of(client, world, b"1" * 50_000, b"2" * 50_000, b"3" * 50_000, b"4" * 50_000)
    page = client.get(f"/applications/{world.application}/documents").text
    with store() as session:
        names = list(session.scalars(select(Document.filename).where(Document.slot == "contracts")))
    assert (answer.status_code, names) == (422, ["0.pdf", "0.pdf", "0.pdf", "1.pdf"])
    assert "«2.pdf» (0,1 МБ) не помещается: ваша команда заняла в этом конкурсе 0,9 из 1 МБ" in answer.text
    assert "1 из 1" in page


def test_uploads_of_a_person_are_slowed_down_by_the_hour(
    app: Flask, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(app, monkeypatch, hourly_files=2)
    client = sign_in(world.person)
    answer = upload_of(client, world, b"1", b"2", b"3")
    assert (answer.status_code, "не более 2 файлов" in answer.text) == (422, True)
    with time_machine.travel(MOMENT + timedelta(minutes=61), tick=False):
        assert upload_of(client, world, b"4").status_code == 303


def test_files_are_refused_before_the_disk_is_full_and_saving_goes_on(
    app: Flask, sign_in: SignInAs, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(world.person)
    with monkeypatch.context() as patch:
        patch.setattr(Storage, "free_bytes", lambda _self: 256 << 20)
        answer = upload_of(client, world, b"1")
        finance = f"/applications/{world.application}/finance"
        saved = client.post(finance, data={**form_of(client, finance), **MONEY})
    assert (answer.status_code, "на сервере осталось мало места" in answer.text) == (422, True)
    assert saved.status_code == 303
    assert upload_of(client, world, b"1").status_code == 303


def test_a_cleared_file_is_named_and_is_not_there(store: Store, sign_in: SignInAs, world: World) -> None:
    with store() as session:
        item = session.get_one(Application, world.application)
        out = {"removed_at": MOMENT - timedelta(days=40), "swept_at": MOMENT, "filename": "Прежний.pdf"}
        ident = factories.document(session, item, **out).id
    client = sign_in(world.person)
    page = client.get(f"/applications/{world.application}/documents").text
    answer = client.get(f"/documents/{ident}")
    assert ("Прежний.pdf" in page, f"/documents/{ident}" in page, "очищен 15.03.2026" in page) == (True, False, True)
    assert (answer.status_code, "с тех пор очищен" in answer.text) == (422, True)


def test_the_receipt_leads_to_the_files_that_count_not_to_their_removed_copies(
    store: Store, sign_in: SignInAs, world: World
) -> None:
    with store() as session:
        application = session.get_one(Application, world.application)
        twice = [
            factories.document(
                session, application, slot="contracts", filename=name, sha256="7" * 64, removed_at=removed
            )
            for name, removed in (("Договор.pdf", None), ("Договор.pdf", MOMENT), ("Копия.pdf", MOMENT))
        ]
        counts, *gone = [file.id for file in twice]
    client, path = sign_in(world.person), f"/applications/{world.application}"
    client.post(f"{path}/submission", data=form_of(client, f"{path}/check"))
    receipt = client.get(f"{path}/receipt").text
    assert f'href="/documents/{counts}"' in receipt
    assert [ident for ident in gone if f'href="/documents/{ident}"' in receipt] == []


def test_the_receipt_keeps_its_words_when_a_slot_is_renamed_or_gone(
    store: Store, sign_in: SignInAs, world: World
) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}"
    with store() as session:
        session.get_one(Application, world.application).title = "Станок 🛠 «ё» {{ 7 * 7 }} <script>alert(1)</script>"
    client.post(f"{path}/submission", data=form_of(client, f"{path}/check"))
    before = client.get(f"{path}/receipt/data").data
    with store() as session:
        contest = session.get_one(Application, world.application).contest
        first, *others = contest.document_slots
        contest.document_slots = [first | {"title": "<b>Иначе</b> %s"}, *others[1:]]
    receipt = client.get(f"{path}/receipt").text
    assert ("&lt;b&gt;Иначе&lt;/b&gt; %s" in receipt, others[0]["code"] in receipt) == (True, True)
    assert ("{{ 7 * 7 }} &lt;script&gt;alert(1)" in receipt, "<script>alert" in receipt) == (True, False)
    assert client.get(f"{path}/receipt/data").data == before
    assert hashlib.sha256(before).hexdigest() == stored(store, Application, world.application).receipt_sha256
