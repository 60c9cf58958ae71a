"""The history of a score sheet on its pages: its expert's from the first save, the staff's once it is handed in."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from judging.models import Review
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT

pytestmark = pytest.mark.databases("sqlite")
SignIn = Callable[[int], FlaskClient]
LATER = MOMENT + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def review(store: Store) -> Review:
    with store() as session:
        contest = factories.contest(session, code="H-1")
        application = factories.application(session, contest)
        item = factories.review(session, factories.expert(session, contest), application, "accepted")
        item.expert.user_id  # noqa: B018 -- read while the session is there
        session.flush()
        session.expunge_all()
        return item


def told(page: str) -> list[list[str]]:
    """The rows of every table of the page, in words."""
    body = re.sub(r"<span class=\"visually-hidden\">.*?</span>", "", page)
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    cells = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]
        for row in rows
    ]
    return [row for row in cells if row[0] != "Поле"]


def saved(client: FlaskClient, review: Review, version: int, **fields: str) -> None:
    answer = client.post(f"/reviews/{review.id}/draft", data={"version": version, "next": "sheet", **fields})
    assert answer.status_code == 303


def test_every_change_is_shown_and_the_sheet_of_a_moment_comes_back(
    store: Store, sign_in: SignIn, review: Review, clock: time_machine.Traveller
) -> None:
    client = sign_in(review.expert.user_id or 0)
    address = f"/reviews/{review.id}/history"
    assert "Изменений ещё не было" in client.get(address).text
    saved(client, review, 1, **{"mark-E1": "7", "comment-E1": "Есть образец"})
    clock.move_to(LATER)
    saved(client, review, 2, **{"mark-E2": "3", "comment-E1": "Есть <опытный> образец", "recommendation": "support"})
    page = client.get(address).text
    assert told(page) == [
        ["Оценка E1", "7", "–"], ["Комментарий к E1", "Есть образец", "Есть &lt;опытный&gt; образец"],
        ["Оценка E2", "–", "3"], ["Рекомендация", "–", "Поддержать"],
        ["Оценка E1", "–", "7"], ["Комментарий к E1", "–", "Есть образец"],
    ]  # fmt: skip
    moments = re.findall(r'name="moment" value="([^"]+)"', page)
    assert moments == [MOMENT.isoformat()]
    back = {"request_key": "a" * 32, "version": "3", "moment": moments[0]}
    for _ in range(2):  # pressed twice, done once
        assert client.post(address, data=back).headers["Location"] == f"/reviews/{review.id}"
    with store() as session:
        now = session.get_one(Review, review.id)
        assert (now.scores, now.comments, now.version) == ({"E1": "7"}, {"E1": "Есть образец"}, 4)


def test_a_moment_is_refused_over_a_newer_sheet_and_where_it_is_none(
    store: Store, sign_in: SignIn, review: Review, clock: time_machine.Traveller
) -> None:
    client = sign_in(review.expert.user_id or 0)
    address = f"/reviews/{review.id}/history"
    saved(client, review, 1, **{"mark-E1": "7"})
    clock.move_to(LATER)
    saved(client, review, 2, **{"mark-E1": "4"})
    stale = client.post(address, data={"request_key": "a" * 32, "version": "1", "moment": MOMENT.isoformat()})
    assert (stale.status_code, "Ничего не возвращено" in stale.text) == (409, True)
    for moment in ("", "вчера", "2026-11-30", "2026-11-30T12:00:00"):
        refused = client.post(address, data={"request_key": "b" * 32, "version": "3", "moment": moment})
        assert (refused.status_code, "Выберите момент из истории" in refused.text) == (422, True)
    with store() as session:
        assert session.get_one(Review, review.id).version == 3


def test_staff_read_the_history_once_the_review_is_handed_in(
    store: Store, sign_in: SignIn, secretary: FlaskClient, review: Review
) -> None:
    client = sign_in(review.expert.user_id or 0)
    saved(client, review, 1, **{f"mark-E{n}": "7" for n in range(1, 7)}, recommendation="support")
    address = f"/staff/contests/H-1/reviews/{review.id}/history"
    page = secretary.get(address).text
    assert (told(page), "черновик видит только сам эксперт" in page) == ([], True)
    sent = {"request_key": "c" * 32, "version": "2"}
    assert client.post(f"/reviews/{review.id}/summary", data=sent).status_code == 303
    page = secretary.get(address).text
    assert told(page) == [[f"Оценка E{n}", "–", "7"] for n in range(1, 7)] + [["Рекомендация", "–", "Поддержать"]]
    assert (review.expert.name in page, 'name="moment"' in page) == (True, False)
    assert address in secretary.get(f"/staff/contests/H-1/reviews/{review.id}").text
    assert 'name="moment"' not in client.get(f"/reviews/{review.id}/history").text


def test_a_copy_that_the_browser_found_gives_way_to_what_it_had_sent_and_never_else(
    store: Store, sign_in: SignIn, review: Review, clock: time_machine.Traveller
) -> None:
    client = sign_in(review.expert.user_id or 0)
    saved(client, review, 1, **{"mark-E1": "7", "comment-E1": "Есть"})
    clock.move_to(LATER)
    saved(client, review, 2, **{"mark-E1": "10", "comment-E1": "Есть опыт", "recommendation": "support"})
    fetch = {"X-Requested-With": "fetch"}

    def sent(**fields: str) -> tuple[int, dict[str, str] | None]:
        body = {"version": "2", "mark-E1": "7", "comment-E1": "Есть оп", **fields}
        answer = client.post(f"/reviews/{review.id}/draft", data=body, headers=fetch)
        said = answer.get_json()
        theirs = {one["name"]: one["pairs"][0][1] for one in said.get("theirs", ())}
        return answer.status_code, {name: text for name, text in theirs.items() if text} if theirs else None

    stored = {"mark-E1": "10", "comment-E1": "Есть опыт", "recommendation": "support"}
    assert sent(found="1") == (200, stored)
    assert sent() == (409, None)
    assert sent(found="1", **{"comment-E1": "Есть другое"}) == (409, None)
    assert sent(found="1", recommendation="нет такой") == (200, stored)
    with store() as session:
        now = session.get_one(Review, review.id)
        assert (now.scores, now.comments, now.version) == ({"E1": "10"}, {"E1": "Есть опыт"}, 3)
