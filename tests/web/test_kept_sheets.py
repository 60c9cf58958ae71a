"""What is kept of a score sheet between two requests, and what is read instead of a form, show what there is now."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from judging.domain.record import Recommendation
from judging.domain.sheets import Sheet
from judging.models import Application, Contest, Review
from judging.queries.rubrics import sheet_criteria
from judging.web.scoring.forms import StoredSheet, sheet_form
from judging.web.scoring.scales import recommendation_of, scale
from tests import factories
from tests.conftest import Store

SignIn = Callable[[int], FlaskClient]
FACTS = re.compile(r'<section id="application-(?:project|documents|participants)".*?</section>', re.DOTALL)


def task(store: Store) -> tuple[int, int]:
    """(account, review) of an expert who has accepted a task with one document."""
    with store() as session:
        contest = factories.contest(session)
        application = factories.application(session, contest)
        factories.document(session, application)
        expert = factories.expert(session, contest)
        review = factories.review(session, expert, application, "accepted")
        assert expert.user_id is not None
        return expert.user_id, review.id


def read(client: FlaskClient, review: int) -> str:
    """The application beside the sheet in words."""
    page = client.get(f"/reviews/{review}").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(FACTS.findall(page))))


def test_the_application_beside_the_sheet_is_as_it_is_now(store: Store, sign_in: SignIn) -> None:
    person, review = task(store)
    client = sign_in(person)
    before = read(client, review)

    def changed(change: Callable[[Application], None]) -> set[str]:
        """The words that the page says now and did not say at first."""
        with store() as session:
            change(session.get_one(Review, review).application)
        return set(read(client, review).split()) - set(before.split())

    def document(item: Application) -> None:
        item.documents[0].filename = "Новый.pdf"

    def partner(item: Application) -> None:
        item.partners[0].contribution = "Поставка"

    def roles(item: Application) -> None:
        described = deepcopy(item.contest.partner_roles)
        next(role for role in described if role["code"] == "supplier")["title"] = "Снабженец"
        item.contest.partner_roles = described

    def cluster(item: Application) -> None:
        item.cluster.name = "Волжский"

    assert [changed(change) for change in (document, partner, roles, cluster)] == [
        {"Новый.pdf"},
        {"Новый.pdf", "Поставка"},
        {"Новый.pdf", "Поставка", "Снабженец"},
        {"Новый.pdf", "Поставка", "Снабженец", "Волжский"},
    ]


def test_two_applications_that_differ_in_a_file_are_told_apart(store: Store, sign_in: SignIn) -> None:
    with store() as session:
        contest = factories.contest(session)
        expert = factories.expert(session, contest)
        cluster = factories.cluster(session, contest)
        both = [factories.application(session, contest, cluster) for _ in range(2)]
        reviews = [factories.review(session, expert, each, "accepted").id for each in both]
        files = [factories.document(session, each).id for each in both]
        person = expert.user_id
    assert person is not None
    client = sign_in(person)
    shown = [re.findall(r'href="/documents/(\d+)', client.get(f"/reviews/{one}").text) for one in reviews]
    assert shown == [[str(number)] for number in files]


SHEETS = (
    Sheet(scores={}, comments={}, recommendation=None),
    Sheet(
        scores={"E1": Decimal(7), "E2": Decimal("3.5")},
        comments={"E1": " <b>край</b>\r\nвторая\u200b ", "E3": "х" * 9_000, "E4": "\u200b" * 20_000},
        recommendation=Recommendation.SUPPORT,
    ),
)


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("closed", [False, True])
def test_a_stored_sheet_is_shown_as_its_form_would_be(app: Flask, store: Store, sheet: Sheet, closed: bool) -> None:
    with store() as session:
        contest = session.get_one(Contest, factories.contest(session).id)
        criteria = sheet_criteria(session, contest.id, None)
    long = replace(criteria[0].rule.scale, maximum=Decimal(100))
    asked = [*criteria, replace(criteria[1], rule=replace(criteria[1].rule, scale=long))]
    with app.test_request_context("/"):
        form, stored = sheet_form(asked, sheet), StoredSheet(asked, sheet)
        shown = [[scale(one, each, closed) for one in asked] for each in (form, stored)]
        verdicts = [recommendation_of(each) for each in (form, stored)]
    assert shown[0] == shown[1]
    assert verdicts[0] == verdicts[1]
    assert [len(shown[1]), verdicts[1].count(" checked")] == [len(asked), int(sheet.recommendation is not None)]
