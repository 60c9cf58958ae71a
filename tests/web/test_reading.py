"""The application beside the sheet: its tabs, and where in it each criterion leads."""

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
NAMED = {
    "text": "Смотрите спрос.",
    "sections": ["demand", "finance", "nowhere"],
    "slots": ["business_plan", "contracts", "paper_passport"],
    "page": 12,
}


def reading(store: Store, sign_in: SignIn, change: Callable[[dict[str, Any]], None] = lambda raw: None) -> Any:
    """The sheet of an application of ПП 41 with two documents, whose first criterion leads to :data:`NAMED`."""
    raw = document()
    change(raw)
    with store() as session:
        contest = factories.contest(session)
        with_form(session, contest, compile_form(read(raw)))
        application = draft(session, contest)
        fill(session, application)
        application.number, application.status, application.submitted_at = "001", "admitted", BY.now
        factories.document(session, application, slot="business_plan", filename="План.pdf", pages=40)
        factories.document(session, application, slot="contracts", filename="Договор.docx", media_type="text/x")
        next(row for row in contest.criteria if row.code == "E1").guidance = NAMED
        review = factories.review(session, factories.expert(session, contest), application, "accepted")
        person, key = review.expert.user_id, review.id
    assert person is not None
    page = sign_in(person).get(f"/reviews/{key}").text
    return etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))


def links(root: Any, code: str = "E1") -> list[tuple[str, str, str | None]]:
    """Where a criterion leads: the words, the place, the page."""
    found = root.xpath(f"//fieldset[@id='mark-{code}']//p[contains(@class, 'mark-scale__where')]/a")
    return [(one.xpath("string()"), one.get("href"), one.get("data-page")) for one in found]


def test_the_tabs_hold_everything_once_and_every_link_of_a_criterion_leads_to_something(
    store: Store, sign_in: SignIn
) -> None:
    root = reading(store, sign_in)
    tabs = [
        (one.get("href"), " ".join(one.xpath("string()").split())) for one in root.xpath("//*[@data-panels]//nav//a")
    ]
    assert tabs == [
        ("#reading-answers", "Ответы"), ("#reading-budget", "Бюджет"), ("#reading-figures", "Показатели"),
        ("#reading-documents", "Документы 2"),
    ]  # fmt: skip
    within = {
        panel.get("id"): [one.get("id") for one in panel.xpath(".//section[@id]")]
        for panel in root.xpath("//*[@data-panels]/div")
    }
    assert within == {
        "reading-answers": [
            "application-project", "application-participants", "answers-applicant", "answers-participants",
            "answers-project", "answers-demand", "answers-risks",
        ],
        "reading-budget": ["application-finance", "answers-finance"],
        "reading-figures": ["application-indicators", "answers-indicators"],
        "reading-documents": ["application-documents"],
    }  # fmt: skip
    assert links(root) == [
        ("раздел «Спрос»", "#answers-demand", None),
        ("раздел «Финансирование»", "#application-finance", None),
        ("Бизнес-план, с. 12", "#document-1", "12"),
        ("Договоры и письма покупателей", "#document-2", None),
    ]
    places = [href for code in ("E1", "E2", "E3", "E4", "E5", "E6") for _, href, _ in links(root, code)]
    assert [href for href in places if not root.xpath(f"//*[@id='{href[1:]}']")] == []
    opened = [one.get("data-open") for one in root.xpath("//button[@data-open]")]
    assert opened == ["/documents/1"]


def test_what_is_kept_from_experts_is_not_offered_by_a_criterion(store: Store, sign_in: SignIn) -> None:
    def kept(raw: dict[str, Any]) -> None:
        for section in raw["sections"]:
            for field in section["fields"]:
                if section["code"] == "demand" or field["code"] == "business_plan":
                    field["seen_by"] = "staff"

    root = reading(store, sign_in, kept)
    assert [href for _, href, _ in links(root)] == ["#application-finance", "#document-2"]


def test_a_criterion_that_names_nothing_of_the_application_leads_to_its_documents(
    store: Store, sign_in: SignIn
) -> None:
    with store() as session:
        contest = factories.contest(session)
        for row in contest.criteria:
            row.guidance = {"sections": ["nowhere"], "slots": ["contracts"], "page": 3}
        review = factories.review(
            session, factories.expert(session, contest), factories.application(session, contest), "accepted"
        )
        person, key = review.expert.user_id, review.id
    assert person is not None
    page = sign_in(person).get(f"/reviews/{key}").text
    root = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    assert links(root) == [("К документам заявки", "#application-documents", None)]
