"""Submissions of an application on their pages: the list, the receipt of each, and what two of them differ in."""

import copy
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import update

from judging.domain.canonical import canonical_json, digest
from judging.domain.forms.differences import FileDifference, file_differences
from judging.models import Application, Submission, User
from judging.queries.answers import section_version
from judging.queries.receipts import first_content
from judging.services.applications.returns import resubmit_application
from judging.services.applications.section_save import save_section
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.returned import World, by, corrected_world, give_back, save, submitted_world

DATABASES = ("sqlite",)
"""The services have tests of their own on every database, and tests of junk open every page on each."""

SignIn = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT + timedelta(days=2), tick=False):
        yield


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(corrected_world)


def compared(page: str) -> dict[str, list[tuple[str, ...]]]:
    """The lines of the comparison by the title of their table."""
    root = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    return {
        words(table.find("caption")): [
            tuple(words(cell) for cell in row.xpath("th|td")) for row in table.xpath("tbody/tr")
        ]
        for table in root.xpath("//table[starts-with(@id, 'part-')]")
    }


def first_receipt(application: Application, old: dict[str, Any]) -> dict[str, Any]:
    """A receipt of version 1 that says of the first submission what the later kind says of it."""
    content = first_content(application)
    content["data"]["passport"]["goal"] = old["answers"]["goal"]
    content["data"]["finance"] |= {"loans": 100_000_000_00, "own_funds": 140_000_000_00}
    content["partners"] = [{**content["partners"][0], "contribution": ""}]
    content["documents"] = [
        {"slot": file["field"], **{name: file[name] for name in ("filename", "size", "sha256")}}
        for file in old["documents"]
    ]
    head = {name: old[name] for name in ("format", "number", "submitted_at")}
    return {**head, "version": 1, **content}


def words(element: etree._Element) -> str:
    return " ".join(" ".join(element.itertext()).replace("\u00a0", " ").split())


def test_every_submission_is_listed_with_its_instant_its_person_and_its_hash(
    store: Store, sign_in: SignIn, world: World
) -> None:
    with store() as session:
        hashes = [row.sha256 for row in session.query(Submission).order_by(Submission.number)]
    for person, path in ((world.person, world.team + "/receipts"), (world.secretary, world.staff + "/submissions")):
        page = sign_in(person).get(path).text
        assert re.findall(r'file-slot__hash">([0-9a-f]{64})', page) == hashes[::-1]
        instants = re.findall(r"1[56]\.03\.2026 12:00:00 МСК", page)
        assert instants == ["16.03.2026 12:00:00 МСК", "15.03.2026 12:00:00 МСК"]


def test_the_receipt_and_the_data_of_each_submission_stay(store: Store, sign_in: SignIn, world: World) -> None:
    with store() as session:
        first, second = session.query(Submission).order_by(Submission.number)
    assert first.sha256 != second.sha256
    for person, path in ((world.person, world.team + "/receipts"), (world.secretary, world.staff + "/submissions")):
        client = sign_in(person)
        for row in (first, second):
            answer = client.get(f"{path}/{row.number}/data")
            assert (answer.data, digest(answer.get_json())) == (canonical_json(row.document), row.sha256)
            page = client.get(f"{path}/{row.number}").text
            assert (row.sha256 in page, f'href="{path}/{row.number}/data"' in page) == (True, True)
        assert [client.get(f"{path}/{number}").status_code for number in (0, 3, 10**9)] == [404] * 3
    page = sign_in(world.person).get(world.team + "/receipt").text
    assert (second.sha256 in page, "16.03.2026 12:00:00 МСК" in page, "15.03.2026 12:00:00 МСК" in page) == (True,) * 3


def test_two_submissions_differ_field_by_field_row_by_row_and_file_by_file(
    store: Store, sign_in: SignIn, world: World
) -> None:
    with store() as session:
        members = session.get_one(Application, world.key).cluster.members
        buyer = f"{members[2].organisation.name} ИНН {members[2].organisation.inn}"
        letter = session.get_one(Application, world.key).documents[0].filename
    who = "Участники проекта, кроме инициатора, строка"
    expected = {
        "Паспорт проекта": [("Цель проекта", "Наладить выпуск узла.", "Другая цель & ещё")],
        "Участники проекта": [
            (f"{who} 1 Вклад в проект", "–", "Льёт."),
            (f"{who} 2, добавлена Организация", "–", buyer),
            (f"{who} 2, добавлена Роль в проекте", "–", "Покупатель"),
            (f"{who} 2, добавлена Вклад в проект", "–", "Закупает."),
        ],
        "Финансирование": [
            ("Собственные средства участников", "140 000 000 ₽", "150 000 000 ₽"),
            ("Заёмные средства", "100 000 000 ₽", "90 000 000 ₽"),
        ],
        "Документы": [
            ("Заявление на участие в конкурсе", "–", f"«{letter}»: другое содержание"),
            ("Договоры и письма покупателей", "–", "«Договор.pdf» добавлен"),
        ],
    }
    for person, path in ((world.person, world.team + "/receipts"), (world.secretary, world.staff + "/submissions")):
        assert compared(sign_in(person).get(path + "?from=1&to=2").text) == expected


def test_a_consent_that_was_given_anew_differs_in_its_time_alone(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        world = submitted_world(session)
        consents = {"consents": "Дайте согласие заново."}
        give_back(session, world, consents)
        save(session, world, "consents", {"consent_truth": True})
        application = session.get_one(Application, world.key)
        resubmit_application(session, world.key, version=application.version, by=by(application))
        session.flush()
        for hours in (5, 6):
            give_back(session, world, consents)
            save(session, world, "consents", {"consent_truth": False})
            later = by(application, MOMENT + timedelta(hours=hours))
            seen = section_version(application, "consents")
            save_section(session, world.key, "consents", {"consent_truth": True}, seen=seen, by=later)
            session.flush()
            resubmit_application(session, world.key, version=application.version, by=later)
            session.flush()
    client, path = sign_in(world.person), world.team + "/receipts"
    assert compared(client.get(path + "?from=1&to=2").text) == {}
    ((where, before, after),) = compared(client.get(path + "?from=2&to=3").text)["Согласия и заверения"]
    assert where.endswith("(дано заново, текст прежний)")
    assert (before, after.partition(",")[0]) == ("–", "15.03.2026 17:00")
    again = compared(client.get(path + "?from=3&to=4").text)["Согласия и заверения"]
    assert [(line[1].partition(",")[0], line[2].partition(",")[0]) for line in again] == [
        ("15.03.2026 17:00", "15.03.2026 18:00")
    ]


def test_the_last_two_are_compared_unless_others_are_chosen(sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.person), world.team + "/receipts"
    asked = ("", "?from=1&to=2", "?from=9&to=x", "?from=%00&to=" + "9" * 40)
    assert len({str(compared(client.get(path + query).text)) for query in asked}) == 1
    (line,) = compared(client.get(path + "?from=2&to=1").text)["Паспорт проекта"]
    assert line == ("Цель проекта", "Другая цель & ещё", "Наладить выпуск узла.")
    same = client.get(path + "?from=2&to=2").text
    assert (compared(same), "все ответы, файлы и организации совпадают" in same) == ({}, True)


def test_a_receipt_of_before_there_were_forms_is_compared_too(store: Store, sign_in: SignIn, world: World) -> None:
    expected = compared(sign_in(world.person).get(world.team + "/receipts").text)
    with store() as session:
        row = session.query(Submission).filter_by(number=1).one()
        old = first_receipt(session.get_one(Application, world.key), row.document)
        session.execute(update(Submission).where(Submission.number == 1).values(document=old, sha256=digest(old)))
    page = sign_in(world.person).get(world.team + "/receipts")
    assert (page.status_code, compared(page.text)) == (200, expected)
    assert digest(old) in sign_in(world.person).get(world.team + "/receipts/1").text


def test_the_cluster_and_its_organisations_are_compared(store: Store, sign_in: SignIn, world: World) -> None:
    with store() as session:
        row = session.query(Submission).filter_by(number=2).one()
        document = copy.deepcopy(row.document)
        document["cluster"] |= {"name": "Другой кластер", "region": "77", "managing_organisation": None}
        named = document["organisations"][0]
        inn, ogrn, name = named["inn"], named["ogrn"], named["name"]
        named["name"] = "Новое имя"
        managing = row.document["cluster"]["managing_organisation"]
        session.execute(update(Submission).where(Submission.number == 2).values(document=document))
    lines = compared(sign_in(world.secretary).get(world.staff + "/submissions").text)
    assert next(iter(lines.values())) == [
        ("Наименование кластера", "Камский машиностроительный промышленный кластер", "Другой кластер"),
        ("Регион", "Республика Татарстан", "Москва"),
        (
            "Специализированная организация",
            f"{managing['name']} ИНН {managing['inn']}, ОГРН {managing['ogrn']}",
            "–",
        ),
        (f"Организация, ИНН {inn}", f"{name} ИНН {inn}, ОГРН {ogrn}", f"Новое имя ИНН {inn}, ОГРН {ogrn}"),
    ]


def test_rows_that_went_and_rows_that_moved_are_named(store: Store, sign_in: SignIn, world: World) -> None:
    client, path = sign_in(world.person), world.team + "/receipts"
    assert [line[0] for line in compared(client.get(path + "?from=2&to=1").text)["Участники проекта"]][1:] == [
        f"Участники проекта, кроме инициатора, строка 2, удалена {column}"
        for column in ("Организация", "Роль в проекте", "Вклад в проект")
    ]
    with store() as session:
        for number in (1, 2):
            row = session.query(Submission).filter_by(number=number).one()
            document = copy.deepcopy(row.document)
            partners = [{"key": key, "role": "supplier", "contribution": key} for key in ("a", "b")]
            document["answers"]["partners"] = partners if number == 1 else partners[::-1]
            session.execute(update(Submission).where(Submission.number == number).values(document=document))
    assert compared(client.get(path).text)["Участники проекта"] == [
        ("Участники проекта, кроме инициатора", "–", "те же строки в другом порядке")
    ]


def test_the_comparison_speaks_english(store: Store, sign_in: SignIn, world: World) -> None:
    with store() as session:
        session.execute(update(User).where(User.id == world.secretary).values(locale="en"))
    lines = compared(sign_in(world.secretary).get(world.staff + "/submissions").text)
    assert lines["Finance"] == [
        ("Own funds of the participants", "140,000,000 ₽", "150,000,000 ₽"),
        ("Borrowed funds", "100,000,000 ₽", "90,000,000 ₽"),
    ]


def test_what_was_submitted_once_or_came_with_an_archive_has_nothing_to_compare(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        world = submitted_world(session)
        contest = session.get_one(Application, world.key).contest
        arrived = factories.application(session, contest).id
    page = sign_in(world.person).get(world.team + "/receipts?from=1&to=1").text
    assert (compared(page), "Подача одна: сравнивать пока не с чем." in page) == ({}, True)
    page = sign_in(world.secretary).get(f"/staff/contests/{world.code}/applications/{arrived}/submissions").text
    assert "Заявка пришла с архивом: здесь её не подавали." in page


def test_files_are_compared_by_name_and_content() -> None:
    old = [("a", "1.pdf", "x"), ("a", "2.pdf", "y"), ("b", "3.pdf", "z"), ("c", "4.pdf", "q")]
    new = [("a", "1.pdf", "X"), ("a", "5.pdf", "y"), ("b", "3.pdf", "z"), ("d", "4.pdf", "q")]
    assert file_differences(old, new) == (
        FileDifference("a", ("5.pdf",), ("2.pdf",), ("1.pdf",)),
        FileDifference("d", ("4.pdf",), (), ()),
        FileDifference("c", (), ("4.pdf",), ()),
    )
    assert file_differences(old, old[::-1]) == ()
