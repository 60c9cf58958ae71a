"""The ranking's pages: order, search, explanation, downloads with their trace, and every act with its refusals."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.domain.ranking import rank, ranking_document
from judging.domain.scoring import review_total, round_half_up
from judging.domain.spread import spread
from judging.exports import CATALOGUE
from judging.models import Application, Contest, JournalRecord, RankingSnapshot
from judging.queries.rankings import compute_ranking
from judging.services import rankings
from judging.web.ranking.page import Choice, choice_of
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT

World = dict[str, int]
PATH = "/staff/contests/R-1/ranking"


def populate(session: Session) -> World:
    """Three applications, two experts each; marks 9, 7 and 3."""
    contest = factories.contest(session, code="R-1")
    cluster = factories.cluster(session, contest)
    experts = [factories.expert(session, contest) for _ in range(2)]
    ids = []
    for mark, title in ((9, "Лучший проект"), (7, "Средний проект"), (3, "Слабый проект")):
        application = factories.application(session, contest, cluster, title=title)
        ids.append(application.id)
        for expert in experts:
            factories.review(session, expert, application, "submitted", mark=mark)
    people = {role: factories.user(session, role).id for role in ("secretary", "chair", "observer")}
    return {"contest": contest.id, "best": ids[0], **people}


@pytest.fixture
def world(prepared: Prepared) -> Iterator[World]:
    made = prepared(populate)
    with time_machine.travel(MOMENT, tick=False):
        yield made


def version(store: Store, world: World) -> int:
    with store() as session:
        return session.get_one(Contest, world["contest"]).version


def numbers(html: str) -> list[str]:
    """The titles of the ranked projects in the order of the page."""
    return re.findall(r'data-label="[^"]*">((?:Лучший|Средний|Слабый) проект)', html)


def events(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(JournalRecord.event).order_by(JournalRecord.id)))


def test_the_page_lists_applications_in_order(world: World, sign_in: Callable[[int], FlaskClient]) -> None:
    answer = sign_in(world["observer"]).get(PATH)
    assert (answer.status_code, numbers(answer.text)) == (200, ["Лучший проект", "Средний проект", "Слабый проект"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?sort=-place", ["Слабый проект", "Средний проект", "Лучший проект"]),
        ("?sort=title", ["Лучший проект", "Слабый проект", "Средний проект"]),
        ("?q=СРЕДНИЙ", ["Средний проект"]),
        ("?outcome=below_threshold", ["Слабый проект"]),
        ("?q=нет такого", []),
        ("?page=99", ["Лучший проект", "Средний проект", "Слабый проект"]),
        ("?page=x&sort=drop&outcome=1&region=zz", ["Лучший проект", "Средний проект", "Слабый проект"]),
    ],
)
def test_search_filter_and_order(
    world: World, sign_in: Callable[[int], FlaskClient], query: str, expected: list[str]
) -> None:
    answer = sign_in(world["secretary"]).get(PATH + query)
    assert (answer.status_code, numbers(answer.text)) == (200, expected)


def test_a_choice_reads_only_what_it_knows() -> None:
    assert choice_of({"sort": "-total", "page": "3", "diverged": "yes"}) == Choice("", "", "", True, "-total", 3)


def test_the_explanation_shows_every_figure(world: World, sign_in: Callable[[int], FlaskClient], store: Store) -> None:
    with store() as session:
        row = compute_ranking(session, world["contest"])[1].rows[0]
    text = sign_in(world["observer"]).get(f"{PATH}/{world['best']}").text
    missing = [
        f"{value:f}".replace(".", ",") for value in (row.total, row.computed, row.expert, *row.criteria.values())
    ]
    assert [value for value in missing if value not in text] == []
    assert "<code>round(share(own_funds + loans, total_cost), 2)</code>" in text


def test_the_explanation_tells_how_far_the_marks_lie_apart(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store
) -> None:
    with store() as session:
        record, ranking = compute_ranking(session, world["contest"])
    counted = [
        review
        for review in record.reviews
        if review.application == ranking.rows[0].number and review.expert in ranking.rows[0].counted
    ]
    found = spread([review_total(record.contest.criteria, review) for review in counted])
    assert found is not None
    rounding = record.contest.rules.rounding
    exact = (found.mean, found.median, found.least, found.greatest, Fraction(found.deviation or 0))
    text = sign_in(world["observer"]).get(f"{PATH}/{world['best']}").text
    row = next(part for part in text.split('id="spread"')[1].split("<tr") if "Итог эксперта" in part)
    cells = [re.sub(r"<[^>]*>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
    assert cells[1:] == [
        str(found.count),
        *(f"{round_half_up(value, rounding):f}".replace(".", ",") for value in exact),
    ]


def test_an_application_of_another_contest_is_not_explained(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store
) -> None:
    with store() as session:
        foreign = factories.application(session, factories.contest(session)).id
    assert sign_in(world["secretary"]).get(f"{PATH}/{foreign}").status_code == 404


@pytest.mark.parametrize("key", list(CATALOGUE))
def test_every_export_runs_on_a_full_and_on_an_empty_contest_and_leaves_a_trace(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store, key: str
) -> None:
    with store() as session:
        factories.contest(session, code="EMPTY")
    client = sign_in(world["observer"])
    for path in (f"{PATH}/downloads/{key}", f"/staff/contests/EMPTY/ranking/downloads/{key}"):
        answer = client.post(path)
        assert (answer.status_code, answer.headers["Content-Disposition"].startswith("attachment;")) == (200, True)
        assert answer.data
    assert events(store) == ["export.made", "export.made"]


def test_the_json_download_is_the_ranking(world: World, sign_in: Callable[[int], FlaskClient], store: Store) -> None:
    answer = sign_in(world["observer"]).post(f"{PATH}/downloads/ranking-json")
    with store() as session:
        record, ranking = compute_ranking(session, world["contest"])
    assert json.loads(answer.data) == ranking_document(ranking, record.contest.rules.rounding)
    assert rank(record) == ranking


def test_the_marks_download_has_a_row_a_mark(world: World, sign_in: Callable[[int], FlaskClient]) -> None:
    answer = sign_in(world["observer"]).post(f"{PATH}/downloads/marks-csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + 3 * 2 * 6


def test_the_whole_way_to_published_results(world: World, sign_in: Callable[[int], FlaskClient], store: Store) -> None:
    secretary, chair = sign_in(world["secretary"]), sign_in(world["chair"])
    steps = [
        (secretary, "freeze", {}),
        (chair, "approve", {"words": "Протокол № 1"}),
        (chair, "publish", {}),
    ]
    answers = []
    for client, act, data in steps:
        answer = client.post(f"{PATH}/{act}", data=data | {"version": version(store, world)})
        answers.append((act, answer.status_code))
    assert answers == [("freeze", 303), ("approve", 303), ("publish", 303)]
    assert events(store) == ["ranking.frozen", "ranking.approved", "results.published"]
    page = secretary.get(f"{PATH}/snapshots/1")
    with store() as session:
        stored = session.scalars(select(RankingSnapshot)).one()
    assert (page.status_code, stored.sha256 in page.text, numbers(page.text)[0]) == (200, True, "Лучший проект")
    assert sign_in(world["observer"]).post(f"{PATH}/downloads/ranking-xlsx", data={"snapshot": "1"}).status_code == 200


def test_the_same_press_twice_freezes_once(world: World, sign_in: Callable[[int], FlaskClient], store: Store) -> None:
    client, data = sign_in(world["secretary"]), {"version": version(store, world), "request_key": "k" * 20}
    first, second = (client.post(f"{PATH}/freeze", data=data) for _ in range(2))
    assert (first.status_code, second.status_code, second.location) == (303, 303, first.location)
    assert events(store) == ["ranking.frozen"]


def test_a_stale_press_changes_nothing(world: World, sign_in: Callable[[int], FlaskClient], store: Store) -> None:
    answer = sign_in(world["secretary"]).post(f"{PATH}/freeze", data={"version": 99})
    assert (answer.status_code, events(store)) == (409, [])


def test_a_stale_approval_shows_the_page_as_it_is_now_with_what_was_typed(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store
) -> None:
    sign_in(world["secretary"]).post(f"{PATH}/freeze", data={"version": version(store, world)})
    stale = {"version": version(store, world) - 1, "words": "Протокол № 77"}
    answer = sign_in(world["chair"]).post(f"{PATH}/approve", data=stale)
    assert (answer.status_code, "Протокол № 77" in answer.text, "За это время запись изменили" in answer.text) == (
        409,
        True,
        True,
    )
    assert f'name="version" type="hidden" value="{version(store, world)}"' in answer.text
    assert events(store) == ["ranking.frozen"]


def test_blockers_are_shown_with_links(world: World, sign_in: Callable[[int], FlaskClient], store: Store) -> None:
    with store() as session:
        contest = session.get_one(Contest, world["contest"])
        factories.application(session, contest, status="submitted")
    answer = sign_in(world["secretary"]).post(f"{PATH}/freeze", data={"version": version(store, world)})
    assert (answer.status_code, "Заявки без решения о допуске: 1" in answer.text, events(store)) == (422, True, [])


def test_opening_again_without_a_reason_keeps_the_page(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store
) -> None:
    client = sign_in(world["secretary"])
    client.post(f"{PATH}/freeze", data={"version": version(store, world)})
    answer = client.post(f"{PATH}/unfreeze", data={"version": version(store, world), "reason": ""})
    assert (answer.status_code, "Укажите, почему снимается фиксация" in answer.text) == (422, True)
    assert events(store) == ["ranking.frozen"]


def test_an_observer_gets_no_buttons_and_no_way_around(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store
) -> None:
    client = sign_in(world["observer"])
    assert "/ranking/freeze" not in client.get(PATH).text
    answers = [
        client.post(f"{PATH}/{act}", data={"version": 1}).status_code for act in ("freeze", "approve", "publish")
    ]
    assert (answers, events(store)) == ([403, 403, 403], [])


def test_the_standing_is_kept_until_something_moves_it(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store
) -> None:
    client = sign_in(world["secretary"])
    client.get(PATH)
    with store() as session:
        contest = session.get_one(Contest, world["contest"])
        factories.application(session, contest, title="Слабый проект")
    unmoved = numbers(client.get(PATH).text)
    with store() as session:
        contest = session.get_one(Contest, world["contest"])
        contest.ranking_revision += 1
    assert (len(unmoved), len(numbers(client.get(PATH).text))) == (3, 4)


@pytest.mark.parametrize(("moves", "expected"), [(1, 303), (2, 303), (3, 422)])
def test_what_is_recorded_while_a_ranking_is_frozen_is_in_it_or_it_is_not_frozen(
    world: World,
    sign_in: Callable[[int], FlaskClient],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    moves: int,
    expected: int,
) -> None:
    """Computed before the lock: where something moves it meanwhile it is computed again, and after three times not."""
    real, left = rankings.prepare_snapshot, [moves]

    def overtaken(session: Session, contest_id: int) -> rankings.Prepared:
        computed = real(session, contest_id)
        if left[0]:
            left[0] -= 1
            with store() as other:
                other.get_one(Application, world["best"]).title = f"Лучший проект, {left[0]}"
                other.execute(update(Contest).values(ranking_revision=Contest.ranking_revision + 1))
        return computed

    data = {"version": version(store, world), "request_key": "k" * 20}
    monkeypatch.setattr(rankings, "prepare_snapshot", overtaken)
    answer = sign_in(world["secretary"]).post(f"{PATH}/freeze", data=data)
    with store() as session:
        snapshots = session.scalars(select(RankingSnapshot)).all()
        titles = [item["title"] for one in snapshots for item in one.record["applications"]]
    assert (answer.status_code, len(snapshots)) == (expected, 1 if expected == 303 else 0)
    assert "Лучший проект, 0" in titles or expected == 422
    if expected == 422:
        assert "Рейтинг меняется в эту самую минуту" in answer.text


def test_a_download_names_the_revision_that_it_was_made_from(
    world: World, sign_in: Callable[[int], FlaskClient], store: Store
) -> None:
    with store() as session:
        session.get_one(Contest, world["contest"]).ranking_revision = 41
    sign_in(world["secretary"]).post(f"{PATH}/downloads/ranking-csv")
    with store() as session:
        details = session.scalars(select(JournalRecord.details).where(JournalRecord.event == "export.made")).one()
    assert details == {"rows": 3, "snapshot": None, "revision": 41}
