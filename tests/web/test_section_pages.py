"""Sections over the whole way: what pages ask, what they save, what two people do at once, what scripts are told."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.domain.forms.compiling import CompiledForm, compile_form
from judging.models import Application, JournalRecord
from judging.queries.answers import answers_of, section_version
from judging.queries.forms import compiled_form_of
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.conftest import Store
from tests.controls import controls
from tests.factories import MOMENT
from tests.forms import document, field, read
from tests.pp41 import draft, fill, full_answers, pp41, with_form
from tests.recording import asked
from tests.web import test_applications
from tests.web.test_applications import World, form_of

DATABASES = ("sqlite",)
"""The services below are tried on both databases."""
SignInAs = Callable[[int], FlaskClient]
world = test_applications.world
RECORDED = json.loads((Path(__file__).resolve().parents[1] / "data" / "section-controls.json").read_text("utf-8"))
"""The controls of the five hand-written sections, as they were before forms were data."""


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


def given(store: Store, compiled: CompiledForm, *, full: bool = False) -> tuple[int, int]:
    """A team's draft under a form; the person and the application."""
    with store() as session:
        application = draft(session, with_form(session, factories.contest(session, code="PP41-2027"), compiled))
        assert application.team is not None
        if full:
            session.flush()
            fill(session, application)
        return application.team.members[0].user_id, application.id


def kept(store: Store, key: int) -> dict[str, Any]:
    with store() as session:
        application = session.get_one(Application, key)
        return dict(answers_of(application, compiled_form_of(application.contest)))


@pytest.mark.parametrize("section", RECORDED)
def test_the_preset_asks_what_its_hand_written_pages_asked(sign_in: SignInAs, world: World, section: str) -> None:
    now = controls(sign_in(world.person).get(f"/applications/{world.application}/{section}").text)
    asked_before = RECORDED[section]
    lost = [
        (before, after)
        for before, after in zip(asked_before, now, strict=True)
        if (before["name"], before["kind"]) != (after["name"], after["kind"])
        or after["label"].rstrip(".") != before["label"]
        or not after["hint"].startswith(before["hint"])
        or {key: before.get(key) for key in ("autocomplete",)} != {key: after.get(key) for key in ("autocomplete",)}
        or before.get("limit", after.get("limit")) != after.get("limit")
    ]
    assert lost == []


def test_a_whole_application_of_another_form_is_filled_checked_and_read(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}"
    assert "9 из 10" in client.get(path).text
    page = client.get(f"{path}/check").text
    stops = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', page)
    assert [href.partition("#")[0] for href, _ in stops] == [f"{path}/documents?from=check"] * 7
    assert 'data-label="Стоимость, ₽"><span>90\u00a0000\u00a0000</span>' in page
    assert "<li>литейный участок даёт отливки;</li>" in page
    for part in pp41().sections:
        code = part.section.code
        names = ("participants", "finance", "indicators", "documents", "consents")
        assert client.get(f"{path}/{code}" if code in names else f"{path}/sections/{code}").status_code == 200
    assert client.get(f"{path}/sections/nothing").status_code == 404


def test_what_is_found_leads_from_the_check_to_the_cell_and_back(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}/sections/project"
    late = {"stages-0-_key": "x", "stages-0-name": "Этап", "stages-0-from": "01.01.2031", "stages-0-till": "01.01.2030"}
    client.post(path, data={**form_of(client, path), **late})
    page = client.get(f"/applications/{key}/check").text
    assert f'href="{path}?from=check#stages-0-till">Этапы, строка 1: Этап заканчивается раньше, чем начинается' in page
    assert 'id="stages-0-till"' in client.get(path).text
    back = client.post(f"{path}?from=check", data=form_of(client, path))
    assert back.location == f"/applications/{key}/check"


def looked(client: FlaskClient, path: str, **typed: str) -> Any:
    return client.post(f"{path}/look", data=typed, headers={"X-Requested-With": "fetch"})


def test_the_script_is_told_what_typing_would_change_and_nothing_is_stored(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}/sections/finance"
    before = kept(store, key)
    answer = looked(client, path, has_support="yes", own_funds="180 000 000", other_budget="")
    told = answer.get_json()
    assert (answer.status_code, "other_budget" in told["shown"], told["computed"]["private_share"]) == (
        200, True, "77,78\u00a0%",
    )  # fmt: skip
    sums = {"own": "140 000 000", "loan": "100 000 000", "budget": "0", "subsidy": "120 000 000"}
    assert told["totals"]["sources"] == {column: text.replace(" ", "\u00a0") for column, text in sums.items()}
    assert [note["look"] for note in told["notes"]["sources"]] == ["note note--stop"]
    assert (kept(store, key), looked(client, path).get_json()["notes"]) == (before, {})
    with store() as session:
        saved = session.scalars(select(JournalRecord).where(JournalRecord.event == "application.changed")).all()
        assert len(saved) == len(full_answers([*"12345"]))
    assert looked(client, f"/applications/{key}/sections/nothing").status_code == 404


def test_looking_asks_as_little_as_the_page(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client = sign_in(person)
    assert asked(client, f"/applications/{key}/finance") <= asked(client, f"/applications/{key}/check")


def test_one_illegible_answer_costs_the_others_nothing(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}/finance"
    typed = {
        "total_cost": "400 000 000",
        "own_funds": "12 50 000",
        "costs-0-kind": "Станки",
        "costs-0-day": "31.02.2027",
    }
    answer = client.post(path, data={**form_of(client, path), **typed})
    saved = kept(store, key)
    assert (answer.status_code, saved["total_cost"], saved["own_funds"]) == (422, 400_000_000_00, 140_000_000_00)
    assert [(row["kind"], row.get("day")) for row in saved["costs"]] == [("Станки", None)]
    assert all(text in answer.text for text in ('value="12 50 000"', 'value="31.02.2027"', "Сохранено всё, кроме"))
    again = dict(re.findall(r'<input[^>]*name="(version|fingerprint|request_key)"[^>]*value="([^"]*)"', answer.text))
    assert client.post(path, data={**again, **typed, "own_funds": "1", "costs-0-day": ""}).status_code == 303
    assert kept(store, key)["own_funds"] == 100


def test_above_a_limit_all_is_kept(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41())
    client, path = sign_in(person), f"/applications/{key}/sections/project"
    long = "Длинно " * 200
    assert client.post(path, data={**form_of(client, path), "title": long, "stay": "1"}).status_code == 303
    assert kept(store, key)["title"] == long.strip()
    assert "Наименование проекта: лишних знаков 1099" in client.get(path).text
    with store() as session:
        assert len(session.get_one(Application, key).title) == 300


def rows_of(page: str, table: str) -> dict[str, str]:
    """The rows of a table as the page sends them."""
    found = re.findall(
        rf'<(?:input|textarea)[^>]*name="({table}-\d+-\w+)"(?:[^>]*value="([^"]*)")?[^>]*>(?:\n([^<]*)<)?', page
    )
    return {name: value or text for name, value, text in found}


def test_two_people_in_one_table_lose_no_row(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}/sections/project"
    page = client.get(path).text
    mine = {**form_of(client, path), **rows_of(page, "stages"), "stages": "rows", "goal": "Моя цель"}
    theirs = {**form_of(client, path), **{k: v for k, v in rows_of(page, "stages").items() if "-1-" not in k}}
    assert client.post(path, data={**theirs, "place": "Елабуга"}).status_code == 303
    assert client.post(path, data={**mine, "stages-2-result": "Мой результат"}).status_code == 303
    saved = kept(store, key)
    assert (saved["goal"], saved["place"]) == ("Моя цель", "Елабуга")
    assert [(row["name"], row["result"] == "Мой результат") for row in saved["stages"]] == [
        ("Проектирование оснастки и модельных комплектов", False), ("Опытная партия", True), ("Серия", False),
    ]  # fmt: skip
    assert "Объединено с правками: вы, в другом окне" in client.get(f"/applications/{key}").text


@pytest.mark.parametrize(("choice", "results"), [("mine", ["Мой"]), ("theirs", ["Их"])])
def test_of_a_row_that_both_changed_one_version_is_chosen_and_the_other_rows_merge(
    store: Store, sign_in: SignInAs, choice: str, results: list[str]
) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}/sections/project"
    rows = rows_of(client.get(path).text, "stages")
    mine = {**form_of(client, path), **rows, "stages-2-result": "Мой", "stages-0-result": "Мой первый"}
    theirs = {**form_of(client, path), **rows, "stages-2-result": "Их", "stages-1-result": "Их второй"}
    assert client.post(path, data=theirs).status_code == 303
    answer = client.post(path, data=mine)
    assert (answer.status_code, re.findall(r'name="choice-(\w+)" value="theirs"', answer.text)) == (409, ["stages"])
    again = dict(re.findall(r'<input type="hidden" name="([\w.-]+)" value="([^"]*)"', answer.text))
    assert client.post(path, data={**again, "choice-stages": choice}).status_code == 303
    assert [row["result"] for row in kept(store, key)["stages"]][:3] == ["Мой первый", "Их второй", *results]


def test_a_form_that_is_sent_twice_is_saved_once(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}/finance"
    data = {**form_of(client, path), "requested": "119 000 000"}
    assert [client.post(path, data=data).status_code for _ in range(2)] == [303, 303]
    with store() as session:
        assert section_version(session.get_one(Application, key), "finance") == 2


def test_rows_are_added_and_moved_without_a_script_and_nothing_is_saved(store: Store, sign_in: SignInAs) -> None:
    person, key = given(store, pp41(), full=True)
    client, path = sign_in(person), f"/applications/{key}/finance"
    rows = {**form_of(client, path), **rows_of(client.get(path).text, "costs")}
    before = kept(store, key)
    for pressed, kinds in (
        ({"add": "costs"}, ["Модельная оснастка", "Формовочная линия", ""]),
        ({"move": "costs:1:up"}, ["Формовочная линия", "Модельная оснастка"]),
        ({"remove": "costs:0"}, ["Формовочная линия"]),
    ):
        page = client.post(path, data={**rows, **pressed}).text
        found = rows_of(page, "costs")
        assert [text for name, text in found.items() if name.endswith("-kind")] == kinds
        assert len([name for name in rows_of(page, "sources") if name.endswith("-year")]) == 4
    assert kept(store, key) == before


MIXED = [
    field("note", "text", "Пояснение", required=True),
    field("with_paper", "yes", "Есть договор?"),
    field("paper", "file", "Договор", extensions=["pdf"], shown_when="with_paper", required=True),
]


def test_a_section_may_ask_for_texts_and_files(store: Store, sign_in: SignInAs) -> None:
    raw = document()
    raw["sections"].append({"code": "mixed", "title": "Разное", "fields": MIXED})
    person, key = given(store, compile_form(read(raw)))
    client, path = sign_in(person), f"/applications/{key}/sections/mixed"
    assert ("slot-paper-file" in client.get(path).text, "документы здесь не нужны" in client.get(path).text) == (
        False,
        True,
    )
    client.post(path, data={**form_of(client, path), "note": "Текст", "with_paper": "yes"})
    assert "slot-paper-file" in client.get(path).text
    bad = client.post(f"/applications/{key}/documents/paper", data={"file": (io.BytesIO(b"text"), "плохой.pdf")})
    assert (bad.status_code, 'href="#slot-paper-file"' in bad.text, "Текст" in bad.text) == (422, True, True)
    good = client.post(f"/applications/{key}/documents/paper", data={"file": (io.BytesIO(PDF), "договор.pdf")})
    assert (good.status_code, good.location) == (303, f"{path}#slot-paper-title")
    assert "договор.pdf" in client.get(f"/applications/{key}/check").text
    ident = re.search(r"/documents/(\d+)/removal", client.get(path).text)
    assert ident is not None
    assert client.post(f"/applications/{key}/documents/{ident[1]}/removal").location == path


def test_codes_are_looked_up_by_code_and_words(app: Flask, store: Store, sign_in: SignInAs) -> None:
    person, _ = given(store, pp41())
    client = sign_in(person)
    script = {"X-Requested-With": "fetch"}
    assert client.get("/okved?q=металлург", headers=script).get_json() == {
        "found": [["24", "Производство металлургическое"]]
    }
    page = client.get("/okved?q=24").text
    assert ("Производство металлургическое" in page, "нет полного классификатора" in page) == (True, True)
    folder = app.config["JUDGING"].instance_dir / "classifiers"
    folder.mkdir(exist_ok=True)
    whole = folder / "okved2.csv"
    whole.write_text("Код;Название\n24.51;Литьё чугуна\n24.51.1;Литьё кронштейнов\n", "utf-8")
    try:
        assert client.get("/okved?q=литье", headers=script).get_json()["found"] == [
            ["24.51", "Литьё чугуна"], ["24.51.1", "Литьё кронштейнов"],
        ]  # fmt: skip
        assert "нет полного классификатора" not in client.get("/okved?q=24").text
    finally:
        whole.unlink()


def test_an_expert_reads_what_the_form_asks_beyond_the_rest_and_nothing_personal(
    store: Store, sign_in: SignInAs
) -> None:
    _, key = given(store, pp41(), full=True)
    with store() as session:
        application = session.get_one(Application, key)
        application.status, application.number, application.submitted_at = "admitted", "PP41-2027-0001", MOMENT
        expert = factories.expert(session, application.contest)
        review = factories.review(session, expert, application, "accepted")
        person, ident = expert.user_id, review.id
    page = sign_in(person).get(f"/reviews/{ident}").text
    told = ("Фонд оплаты труда", "ООО «Сельхозмаш»", "Задержка поставки формовочной")
    assert [text in page for text in told] == [True] * 3
    assert [text in page for text in ("Константинопольский", "Рождественская", "Достоверность")] == [False] * 3
