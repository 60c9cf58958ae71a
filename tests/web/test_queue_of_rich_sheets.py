"""The table of marks and the page side by side where sheets ask for more than marks, or the application changed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import Contest, Review
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.rich_sheets import enrich
from tests.web.test_changed_applications import NOW, reviewed_world

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]
FETCH = {"X-Requested-With": "fetch"}
FURTHER: dict[str, Any] = {
    "comments": {"E1": "Образец испытан"},
    "recommendation": "support",
    "notes": {"applicant": {"E1": "Уточните сроки"}, "private": {"E1": "Для себя"}},
    "confidence": "high",
    "in_scope": True,
    "scope_reason": "",
}
WHOLE = {"scores": {"E1": "7", "E3": "4.5", "E5": "1", "E6": "2"}, "abstained": ["E2"], **FURTHER}
OUTSIDE = {"scores": {"E1": "2"}, "in_scope": False, "scope_reason": "Это не кооперация"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reviews(store: Store) -> dict[str, Any]:
    """The account of an expert, the contest's code, and the reviews by number of the application."""
    with store() as session:
        contest = factories.contest(session)
        enrich(contest)
        expert = factories.expert(session, contest)
        found = {}
        for number, sheet in {"N-1": WHOLE, "N-2": OUTSIDE, "N-3": {}}.items():
            application = factories.application(session, contest, number=number)
            found[number] = factories.review(session, expert, application, "accepted", **sheet).id
        return {"user": expert.user_id, "code": contest.code, **found}


def sheet_of(store: Store, review_id: int) -> dict[str, Any]:
    with store() as session:
        review = session.get_one(Review, review_id)
        return {name: getattr(review, name) for name in ("scores", "abstained", *FURTHER)}


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1]))


def test_the_table_leaves_all_that_it_does_not_show_and_a_mark_ends_an_abstention(
    store: Store, sign_in: SignIn, reviews: dict[str, Any]
) -> None:
    client, key = sign_in(reviews["user"]), reviews["N-1"]
    assert "Не могу оценить" in words(client.get(f"/reviews/contests/{reviews['code']}/table").text)
    fields = {"mark-E1": "8", "mark-E2": "", "mark-E3": "4,5", "mark-E5": "1", "mark-E6": "2"}
    told = client.post(f"/reviews/{key}/marks", data={"version": "1", **fields}, headers=FETCH).json
    assert (told["whole"], told["abstained"]) == (True, ["E2"])
    assert sheet_of(store, key) == {**WHOLE, "scores": {**WHOLE["scores"], "E1": "8"}}
    stale = client.post(f"/reviews/{key}/marks", data={"version": "1", **fields, "mark-E1": "3"}, headers=FETCH)
    assert (stale.status_code, stale.json["html"].count("Не могу оценить")) == (409, 2)
    judged = client.post(f"/reviews/{key}/marks", data={"version": "2", **fields, "mark-E2": "5"}, headers=FETCH).json
    assert judged["abstained"] == []
    assert sheet_of(store, key) == {**WHOLE, "scores": {**WHOLE["scores"], "E1": "8", "E2": "5"}, "abstained": []}


def test_side_by_side_says_what_is_not_judged_and_what_is_outside_and_hands_both_in(
    store: Store, sign_in: SignIn, reviews: dict[str, Any]
) -> None:
    client, path = sign_in(reviews["user"]), f"/reviews/contests/{reviews['code']}"
    page = client.get(f"{path}?sort=total").text
    assert re.findall(r'name="review" value="(\d+)"', page) == [str(reviews[one]) for one in ("N-1", "N-2")]
    said = words(page)
    first, second, third = (said[said.index(one) : said.index(two)]
                            for one, two in (("N-1", "N-2"), ("N-2", "N-3"), ("N-3", "Разброс")))  # fmt: skip
    assert ("Не могу оценить" in first, "не по профилю" in second) == (True, True)
    assert "Поставьте оценку или выберите «Не могу оценить»: E2" in third
    ticked = [reviews["N-1"], reviews["N-2"]]
    data = {"review": ticked, "request_key": "k", **{f"version-{key}": "1" for key in ticked}}
    assert client.post(f"{path}/submission", data=data).location == path
    with store() as session:
        statuses = session.execute(select(Review.id, Review.status).order_by(Review.id)).all()
    done = ("submitted", "submitted", "accepted")
    assert [tuple(row) for row in statuses] == list(zip((*ticked, reviews["N-3"]), done, strict=True))


def test_a_sheet_whose_application_changed_unseen_is_not_ready_and_the_page_says_why(
    prepared: Prepared, store: Store, sign_in: SignIn, clock: time_machine.Traveller
) -> None:
    clock.move_to(NOW)
    person, review = prepared(reviewed_world)
    with store() as session:
        code = session.scalars(select(Contest.code).join(Review).where(Review.id == review)).one()
    client, path = sign_in(person), f"/reviews/contests/{code}"
    page = client.get(path).text
    assert ('name="review"' in page, "Заявка изменилась" in words(page)) == (False, True)
    data = {"review": str(review), f"version-{review}": "1", "request_key": "k"}
    answer = client.post(f"{path}/submission", data=data)
    assert answer.location == f"{path}?kept={review}"
    assert "не отправлено" in words(client.get(answer.location).text)
