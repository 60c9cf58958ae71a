"""What an expert reads of an application: all that the form asks, but for personal data and what is the staff's."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from lxml import etree

from judging.domain.forms.compiling import compile_form
from tests import factories
from tests.conftest import Store
from tests.forms import read
from tests.pp41 import BY, document, draft, fill, with_form

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]


def sheet(store: Store, sign_in: SignIn, change: Callable[[dict[str, Any]], None] = lambda raw: None) -> Any:
    """The sheet of an expert of an application under the form of ПП 41, in which something was ``change``d."""
    raw = document()
    change(raw)
    with store() as session:
        contest = factories.contest(session)
        with_form(session, contest, compile_form(read(raw)))
        application = draft(session, contest)
        fill(session, application)
        application.number, application.status, application.submitted_at = "001", "admitted", BY.now
        expert = factories.expert(session, contest)
        review = factories.review(session, expert, application, "accepted").id
        person = expert.user_id
    assert person is not None
    page = sign_in(person).get(f"/reviews/{review}").text
    return etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))


def said(root: Any) -> str:
    return " ".join(root.xpath("string(//main)").replace("\u00a0", " ").split())


def heads(root: Any) -> list[list[str]]:
    """The columns of every table of answers."""
    tables = root.xpath("//div[contains(@class, 'dossier')]//table")
    return [[" ".join(head.xpath("string()").split()) for head in table.xpath("thead//th")] for table in tables]


def test_the_money_of_the_partners_and_every_table_with_money_are_read(store: Store, sign_in: SignIn) -> None:
    root = sheet(store, sign_in)
    words, found = said(root), heads(root)
    assert next(one for one in found if one[0] == "Организация") == [
        "Организация", "Вклад деньгами, ₽", "Соглашение: номер и дата",
    ]  # fmt: skip
    amounts = "12 500 000", "4 850,50", "90 000 000", "35 000 000", "140 000 000", "398 500 000,50", "900 000 000"
    assert [amount for amount in amounts if amount not in words] == []
    personal = "Константинопольский", "Рождественская", "+7 (8552)", "lityo-i-mekhanika"
    assert [one for one in personal if one in words] == []


def test_what_the_form_keeps_from_experts_is_not_read_in_a_table_either(store: Store, sign_in: SignIn) -> None:
    def kept(raw: dict[str, Any]) -> None:
        for section in raw["sections"]:
            for field in section["fields"]:
                if field["code"] == "partners":
                    field["columns"][3]["seen_by"] = "staff"
                if field["code"] == "risks":
                    field["columns"][4]["personal"] = True
                if field["code"] == "costs":
                    field["seen_by"] = "staff"

    root = sheet(store, sign_in, kept)
    words = said(root)
    assert [one for one in ("12 500 000", "Технический директор", "Модельная оснастка") if one in words] == []
    assert "Соглашение: номер и дата" in words
    assert "Задержка поставки" in words


def test_an_answer_that_the_columns_cannot_hold_stands_below(store: Store, sign_in: SignIn) -> None:
    """A form may ask for the place as a choice: the part of the page that is made of columns has no such answer."""

    def chosen(raw: dict[str, Any]) -> None:
        (place,) = (one for section in raw["sections"] for one in section["fields"] if one["code"] == "place")
        answer = "г. Набережные Челны, промышленная площадка «Литейная-2»"
        for name in ("most", "lines", "advised"):
            place.pop(name, None)
        place |= {"kind": "choice", "options": [{"code": answer, "label": "Площадка А"}]}

    assert "Площадка А" in said(sheet(store, sign_in, chosen))
