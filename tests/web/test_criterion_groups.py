"""Groups of criteria and criteria outside the total on the pages: editor, rules, sheet, review, explanation."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.adapters.archive import read_archive
from judging.domain.access import CONSOLE, By
from judging.domain.rubric import ExpertCriterion, Scale
from judging.models import Contest, Expert, Review
from judging.queries.contests import by_code
from judging.services.archives import load_contest
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.web.test_nominations import filled, table

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases."""
SignInAs = Callable[[int], FlaskClient]
GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"
OUTSIDE = ExpertCriterion("Q", "Качество заявки", Decimal(0), Scale(Decimal(0), Decimal(10), Decimal(1)))
RULES = "/staff/contests/DRAFT/rules"
NEW = f"{RULES}/criteria/new/expert"


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.fixture
def draft(store: Store) -> None:
    with store() as session:
        factories.contest(session, code="DRAFT", status="draft", published_at=None, budget=None)


@pytest.fixture
def loaded(store: Store) -> None:
    """The worked example: E1 and E2 in a group, Q outside the total with two marks."""
    record = read_archive(GOLDEN.read_bytes())
    grouped = {"E1": "Уровень", "E2": "Уровень"}
    criteria = tuple(
        replace(item, group=grouped.get(item.code, ""), group_en="Level" if item.code in grouped else "")
        for item in record.contest.criteria
    )
    marked = {("001", "expert1@example.org"): Decimal(4), ("001", "expert2@example.org"): Decimal(9)}
    reviews = tuple(
        replace(item, scores={**item.scores, "Q": marked[item.application, item.expert]})
        if (item.application, item.expert) in marked
        else item
        for item in record.reviews
    )
    headed = replace(record, contest=replace(record.contest, criteria=(*criteria, OUTSIDE)), reviews=reviews)
    with store() as session:
        load_contest(session, headed, by=By(CONSOLE, MOMENT))


def stored(store: Store, code: str) -> dict[str, str]:
    """What is stored of a criterion of the draft."""
    with store() as session:
        definition = next(row.definition for row in by_code(session, "DRAFT").criteria if row.code == code)
        return {name: definition.get(name, "") for name in ("weight", "group", "group_en")}


def headings(page: str) -> list[str]:
    """The headings of groups in a table."""
    found = re.findall(r'<th class="table__group"[^>]*>(.*?)</th>', page)
    return [" ".join(re.sub(r"<[^>]+>", " ", words).split()) for words in found]


def criterion(client: FlaskClient, **typed: str) -> str:
    """Add a criterion of experts to the draft; the answer's page."""
    sent = filled(client, NEW, **{"code": "Q", "title": "Качество заявки", "weight": "0"} | typed)
    sent = {name: value for name, value in sent.items() if not name.startswith("levels-")}
    return client.post(NEW, data=sent, follow_redirects=True).text


def test_a_criterion_outside_the_total_is_added_to_a_group_and_shown_as_such(
    secretary: FlaskClient, draft: None, store: Store
) -> None:
    page = criterion(secretary, group="Оформление", group_en="Form")
    assert stored(store, "Q") == {"weight": "0", "group": "Оформление", "group_en": "Form"}
    assert headings(page) == ["Вне групп вес 100", "Оформление вне итога"]
    assert '<td class="num" data-label="Вес">вне итога</td>' in page.split("Оформление", 1)[1]
    assert "Критерий Q вне итога: он виден, баллов не приносит и ничего не решает." in page


def test_a_form_over_what_is_stored_is_saved_unchanged(secretary: FlaskClient, draft: None, store: Store) -> None:
    criterion(secretary, group="Оформление", group_en="Form")
    with store() as session:
        row = next(row for row in by_code(session, "DRAFT").criteria if row.code == "Q")
        path, before = f"{RULES}/criteria/{row.id}", row.definition
    page = secretary.get(path).text
    assert '<option value="Оформление"></option>' in page
    assert secretary.post(path, data=filled(secretary, path)).status_code == 303
    with store() as session:
        assert next(row.definition for row in by_code(session, "DRAFT").criteria if row.code == "Q") == before


def test_what_decides_nothing_is_given_nothing_to_decide(secretary: FlaskClient, draft: None, store: Store) -> None:
    page = criterion(secretary, pass_mark="5", group_en="Form")
    assert re.search(r'id="pass_mark-error">.*Критерий вне итога ничего не решает: проходного балла у него нет', page)
    assert re.search(r'id="group-error">.*У группы есть только английское название: дайте и русское', page)
    assert 'value="5"' in page
    criterion(secretary)
    path = f"{RULES}/scoring"
    chosen = {"aggregate": "mean", "additional_review": "mean_all", "budget_mode": "strict"}
    answer = secretary.post(path, data=filled(secretary, path, **chosen, **{"tie_breakers-0-rule": "criterion:Q"}))
    assert answer.status_code == 422
    assert "Критерий Q вне итога: он ничего не решает, в том числе при равных итогах" in answer.text


def test_a_group_that_stands_apart_is_named_before_publication_with_a_link(
    secretary: FlaskClient, draft: None, store: Store
) -> None:
    with store() as session:
        contest = session.scalars(select(Contest).where(Contest.code == "DRAFT")).one()
        for row in (contest.criteria[0], contest.criteria[2]):
            row.definition = row.definition | {"group": "Уровень"}
        third = f"{RULES}/criteria/{contest.criteria[2].id}"
    words = "Критерии группы «Уровень» стоят не подряд: переместите этот к остальным"
    for path in (RULES, "/staff/contests/DRAFT/publication"):
        assert f'<a href="{third}">C3: {words}</a>' in secretary.get(path).text


def test_the_public_page_has_the_criteria_group_by_group(client: FlaskClient, loaded: None) -> None:
    page = client.get("/contests/GOLDEN-1").text
    found = [" ".join(re.sub(r"<[^>]+>", " ", words).split()) for words in re.findall(r"<h3>(.*?)</h3>", page)]
    assert [words for words in found if "вес" in words] == ["Вне групп вес 50", "Уровень вес 20", "Вне групп вес 30"]
    assert "Критерий Q вне итога: он виден, баллов не приносит и ничего не решает." in page
    assert "Эксперты ставят баллы от 0 до 10 с шагом 1; в итог они не входят." in page


def test_an_expert_sees_the_groups_and_what_is_outside_the_total(store: Store, sign_in: SignInAs, loaded: None) -> None:
    with store() as session:
        expert = session.scalars(select(Expert).where(Expert.email == "expert1@example.org")).one()
        review = session.scalars(select(Review).where(Review.expert_id == expert.id).order_by(Review.id)).first()
        assert review is not None
        person = factories.user(session)
        expert.user_id = person.id
        key, user = review.id, person.id
    rows = table(sign_in(user).get(f"/reviews/{key}/receipt").text, "sheet")
    assert [row for row in rows if len(row) == 1] == [["Уровень от экспертов до 20"], ["Вне групп от экспертов до 30"]]
    assert rows[-1][0] == "Q"
    assert (rows[-1][1], rows[-1][3]) == ("Качество заявки вне итога", "–")


def test_the_explanation_has_headings_marks_beside_and_subtotals(
    secretary: FlaskClient, loaded: None, store: Store
) -> None:
    href = re.search(r'href="(/staff/contests/GOLDEN-1/ranking/\d+)"[^>]*>001<', secretary.get(
        "/staff/contests/GOLDEN-1/ranking?view=criteria").text)  # fmt: skip
    assert href
    page = secretary.get(href[1]).text
    marks = table(page, "marks")
    assert [row[0] for row in marks] == ["Уровень", "E1", "E2", "Вне групп", "E3", "E4", "E5", "E6", "Q"]
    assert marks[-1][-3:] == ["6,5", "вне итога", "–"]
    groups = table(page, "groups")
    assert [row[:3] for row in groups] == [
        ["Вне групп", "C1, C2, C3, C4, C5, C6", "50"],
        ["Уровень", "E1, E2", "20"],
        ["Вне групп", "E3, E4, E5, E6, Q", "30"],
    ]
    assert "вне итога" in secretary.get("/staff/contests/GOLDEN-1/ranking?view=criteria").text
