"""The draft plan on its pages: asked for, followed, looked at, ticked, applied, dropped, diagnosed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from judging.domain.access import CONSOLE, By
from judging.domain.events import Event
from judging.domain.jobs import JobKind, key_of
from judging.models import Application, AssignmentPlan, Job, PlannedPair
from judging.services.audit import record
from judging.services.queue import SYSTEM, ask
from tests import factories
from tests.conftest import Store
from tests.recording import queries
from tests.web.test_assignment import BOARD, PROGRESS, World, text_of
from tests.web.test_assignment_rules import values

DATABASES = ("sqlite",)
"""These are the words and forms of a draft; tests/services and tests/queries ask both databases for what is in it."""
SignIn = Callable[[int], FlaskClient]
DRAFT = f"{BOARD}/draft"
GOAL = {"goal": "fair", "seed": "0"}
SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def _moment() -> Iterator[None]:
    with time_machine.travel(factories.MOMENT, tick=False):
        yield


IN_HAND = {"state": "running", "token": "t", "lease_until": factories.MOMENT}


class Drafts(World):
    """The same contest with what a draft page offers."""

    def plan(self, **values: str) -> str:
        answer = self.client.post(f"{BOARD}/plan", data={**GOAL, **values})
        assert (answer.status_code, answer.location) == (303, DRAFT)
        return self.client.get(DRAFT).text

    def stored(self) -> AssignmentPlan:
        with self.store() as session:
            plan = session.scalars(select(AssignmentPlan).order_by(AssignmentPlan.id.desc()).limit(1)).one()
            session.expunge(plan)
            return plan

    def ticks(self) -> dict[int, bool]:
        with self.store() as session:
            rows = session.execute(select(PlannedPair.id, PlannedPair.chosen).order_by(PlannedPair.id))
            return {row.id: row.chosen for row in rows}

    def waiting(self, status: str = "queued", **job: Any) -> None:
        """A draft whose calculation is not over, or came to nothing, with the job at which it is."""
        with self.store() as session:
            plan = AssignmentPlan(
                contest_id=self.contest_id, kind="regular", status=status, goal="fair", seed=0, partial=False,
                keep=False, requested_by="Секретарь", requested_at=factories.MOMENT,
            )  # fmt: skip
            session.add(plan)
            session.flush()
            ask(
                session,
                JobKind.PLANS,
                {"plan": plan.id},
                key=key_of(JobKind.PLANS, plan.id),
                by=By(SYSTEM, factories.MOMENT),
            )
            session.execute(update(Job).values(job))


@pytest.fixture
def world(store: Store, sign_in: SignIn) -> Drafts:
    return Drafts(store, sign_in)


def form_of(html: str, *names: str) -> dict[str, str]:
    """The hidden fields of the form of the ticks."""
    form = html.split("data-ticks")[1].split("</form>")[0]
    return {name: re.search(rf'name="{name}" value="([^"]*)"', form).group(1) for name in names}


def test_a_draft_is_asked_for_and_shown_before_anything_is_proposed(world: Drafts) -> None:
    expert, application = world.expert(), world.application(title="Насосы")
    page = text_of(world.plan())
    assert "Черновик распределения" in page
    assert "Доказано: наименьшее соответствие заявки не может быть выше 1,10." in page
    assert "Сумма соответствия при этом наибольшая из возможных." in page
    assert "Применить отмеченные: 1" in page
    assert (world.reviews(), world.letters()) == (set(), 0)
    assert world.events() == ["plan.requested", "plan.made"]
    with world.store() as session:
        name = session.get_one(factories.Expert, expert).name
    said = [name, "Насосы", "Тема 28.41: у эксперта тот же код.", "1 из 10"]
    assert [words for words in said if words not in page] == []
    board = text_of(world.client.get(BOARD).text)
    assert "Черновик готов: посмотрите его и примените то, с чем согласны" in board
    assert "Будет предложено: 1, снято: 0, останется: 0." in board
    assert f"/applications/{application}" in world.client.get(f"{DRAFT}?view=experts").text


def test_the_form_offers_the_goal_of_the_rules_and_says_what_there_is_to_go_by(world: Drafts) -> None:
    world.expert(max_load=7), world.application()
    html = world.client.get(f"{BOARD}/plan").text
    assert values(html) == {"goal": "fair", "seed": "0"}
    page = text_of(html)
    assert re.search(r"Допущенных заявок 1 .*Нужно назначений 1 .*Могут принять назначений 7", page)


@pytest.mark.parametrize("wrong", [{"goal": "best"}, {"seed": "x"}, {"seed": "-1"}, {"goal": ""}])
def test_a_wrong_goal_or_number_is_refused_beside_its_field(world: Drafts, wrong: dict[str, str]) -> None:
    world.expert(), world.application()
    answer = world.client.post(f"{BOARD}/plan", data={**GOAL, **wrong})
    assert (answer.status_code, world.events()) == (422, [])
    assert 'aria-labelledby="error-summary-title"' in answer.text


def test_the_form_offers_to_keep_what_was_proposed_where_there_is_any(world: Drafts) -> None:
    expert, application = world.expert(topics=["62.01"]), world.application()
    world.expert()
    assert 'name="keep"' not in world.client.get(f"{BOARD}/plan").text
    with world.store() as session:
        found = session.get_one(factories.Expert, expert), session.get_one(Application, application)
        factories.review(session, *found, "proposed")
    assert values(world.client.get(f"{BOARD}/plan").text) == {"goal": "fair", "seed": "0", "keep": "y"}
    kept = text_of(world.plan(keep="y"))
    assert "Сделанные ранее предложения сохранены." in kept
    assert "Сравниваются распределения, в которых сделанные предложения сохранены." in kept
    assert (world.stored().keep, "будет снято" in kept.lower()) == (True, True)
    assert "Сделанные ранее предложения сохранены." not in text_of(world.plan())
    assert world.stored().keep is False


def test_a_repeated_press_asks_for_one_draft(world: Drafts) -> None:
    world.expert(), world.application()
    for _ in range(2):
        world.plan(request_key="k1")
    assert world.events() == ["plan.requested", "plan.made"]


def test_a_new_draft_takes_the_place_of_the_old_one(world: Drafts) -> None:
    world.expert(), world.application()
    world.plan()
    assert "Черновик уже есть." in world.client.get(f"{BOARD}/plan").text
    first = world.stored().id
    world.plan()
    assert world.stored().id != first
    with world.store() as session:
        assert session.get_one(AssignmentPlan, first).status == "discarded"


def test_without_a_draft_the_page_leads_to_the_board(world: Drafts) -> None:
    assert "Черновика нет" in world.client.get(DRAFT).text
    assert world.client.get(f"{DRAFT}/application").location == DRAFT
    assert world.client.get(f"{DRAFT}/state").json == {"over": True}
    assert "Черновика нет" in world.client.get(f"{BOARD}/insights").text


def test_the_protocol_of_a_draft_is_a_file_that_can_be_recomputed(app: Flask, world: Drafts, tmp_path: Path) -> None:
    world.expert(), world.application()
    assert world.client.get(f"{DRAFT}/protocol").location == DRAFT
    assert f"{DRAFT}/protocol" in world.plan()
    answer = world.client.get(f"{DRAFT}/protocol")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="assignment-{world.stored().id}.json"'
    (tmp_path / "protocol.json").write_bytes(answer.data)
    done = app.test_cli_runner().invoke(args=["contest", "assign", "--check", str(tmp_path / "protocol.json")])
    assert (done.exit_code, world.stored().input_digest in done.output) == (0, True), done.output


def test_the_draft_is_filtered_and_sorted(world: Drafts) -> None:
    world.expert(max_load=2)
    near, far = world.application(title="Шестерни"), world.application(topics=["01.11"])
    world.plan()

    def shown(query: str) -> list[int]:
        found = re.findall(r'<tbody id="(?:application|expert)-(\d+)"', world.client.get(f"{DRAFT}?{query}").text)
        return [int(one) for one in found]

    assert shown("") == [near, far]
    assert shown("sort=score") == [far, near]
    assert shown("q=шестерни") == [near]
    assert shown("state=short") == []
    assert shown("state=changed&region=16") == [near, far]
    assert shown("region=77") == []
    assert shown("page=9") == [near, far]
    assert len(shown("view=experts&state=changed&sort=-after")) == 1
    assert shown("view=experts&state=idle") == []


def test_unticking_is_kept_and_only_what_is_ticked_is_applied(world: Drafts) -> None:
    world.expert()
    world.application(), world.application()
    html = world.plan()
    first, second = sorted(world.ticks())
    fields = form_of(html, "plan_id", "version", "shown", "was", "next")
    assert fields["shown"] == fields["was"] == f"{first},{second}"
    answer = world.client.post(f"{DRAFT}/ticks", data={**fields, "pair": [second]})
    assert (answer.location, world.ticks()) == (DRAFT, {first: False, second: True})
    confirmation = text_of(world.client.get(f"{DRAFT}/application").text)
    assert "Будет предложено 1 из 2 новых пар черновика" in confirmation
    assert "Не отмечено, ничего не изменится 1" in confirmation
    plan = world.stored()
    data = {"plan_id": plan.id, "version": plan.version, "request_key": "k"}
    answers = [world.client.post(f"{DRAFT}/application", data=data) for _ in range(2)]
    assert [one.location for one in answers] == [BOARD, BOARD]
    assert ([status for _, _, status in world.reviews()], world.letters()) == (["proposed"], 0)
    assert world.events()[-2:] == ["plan.ticked", "plan.applied"]
    said = text_of(world.client.get(BOARD).text)
    assert "Черновик применён. Предложено 1 задание. Эксперты" in said
    assert "Черновика нет" in world.client.get(DRAFT).text


def test_the_button_of_applying_keeps_the_ticks_first(world: Drafts) -> None:
    world.expert(), world.application()
    fields = form_of(world.plan(), "plan_id", "version", "shown", "was", "next")
    answer = world.client.post(f"{DRAFT}/ticks", data={**fields, "then": "application"})
    assert (answer.location, list(world.ticks().values())) == (f"{DRAFT}/application", [False])
    assert "Ничего не отмечено, применять нечего." in world.client.get(f"{DRAFT}/application").text


def test_two_tabs_do_not_undo_each_other(world: Drafts) -> None:
    world.expert()
    world.application(), world.application()
    fields = form_of(world.plan(), "plan_id", "version", "shown", "was", "next")
    first, second = sorted(world.ticks())
    world.client.post(f"{DRAFT}/ticks", data={**fields, "pair": [second]})
    world.client.post(f"{DRAFT}/ticks", data={**fields, "pair": [first]})
    assert world.ticks() == {first: False, second: False}


def test_a_script_keeps_the_ticks_and_learns_the_figures(world: Drafts) -> None:
    world.expert()
    world.application(), world.application()
    fields = form_of(world.plan(), "plan_id", "version", "shown", "was", "next")
    second = sorted(world.ticks())[1]
    answer = world.client.post(f"{DRAFT}/ticks", data={**fields, "pair": [second]}, headers=SCRIPT)
    assert answer.json == {
        "version": world.stored().version,
        "saved_at_text": "12:00",
        "was": str(second),
        "texts": {"chosen": "1", "added": "1", "removed": "0"},
    }


def test_ticks_of_a_draft_that_is_gone_are_not_lost_in_silence(world: Drafts) -> None:
    world.expert(), world.application()
    fields = form_of(world.plan(), "plan_id", "version", "shown", "was", "next")
    world.plan()
    by_press = world.client.post(f"{DRAFT}/ticks", data=fields)
    by_script = world.client.post(f"{DRAFT}/ticks", data=fields, headers=SCRIPT)
    assert (by_press.status_code, by_script.status_code) == (409, 409)
    assert "Последние отметки не сохранены" in by_script.json["html"]
    assert "Ничего не сделано" in by_press.text
    assert set(world.ticks().values()) == {True}


def test_a_draft_ticked_elsewhere_is_confirmed_anew(world: Drafts) -> None:
    world.expert(), world.application()
    fields = form_of(world.plan(), "plan_id", "version", "shown", "was", "next")
    old = world.stored().version
    world.client.post(f"{DRAFT}/ticks", data={**fields, "pair": []})
    answer = world.client.post(f"{DRAFT}/application", data={"plan_id": fields["plan_id"], "version": old})
    assert (answer.status_code, world.reviews()) == (409, set())
    page = text_of(answer.text)
    assert "Тем временем отметки изменили в другом окне." in page
    assert "Будет предложено 0 из 1 новых пар черновика" in page


def test_a_draft_that_can_no_longer_be_applied_says_why(world: Drafts) -> None:
    expert, application = world.expert(), world.application()
    world.plan()
    world.conflict(expert, application)
    plan = world.stored()
    answer = world.client.post(f"{DRAFT}/application", data={"plan_id": plan.id, "version": plan.version})
    page = text_of(answer.text)
    assert (answer.status_code, world.reviews(), world.stored().status) == (409, set(), "outdated")
    assert "Черновик устарел" in page
    assert "конфликт интересов" in page
    assert f'action="{DRAFT}/ticks" id=' in answer.text
    assert "Применить отмеченные" not in page
    assert "Черновик устарел" in world.client.get(BOARD).text


def test_what_has_changed_since_is_said_before_applying(world: Drafts) -> None:
    world.expert(), world.application()
    world.plan()
    admitted = world.application()
    with world.store() as session:
        changed = session.get_one(Application, admitted)
        record(session, Event.APPLICATION_ADMITTED, by=By(CONSOLE, factories.MOMENT), subject=changed,
               contest_id=changed.contest_id)  # fmt: skip
    for path in (DRAFT, f"{DRAFT}/application"):
        assert "После расчёта черновика данные изменились" in world.client.get(path).text


def test_a_draft_is_dropped(world: Drafts) -> None:
    world.expert(), world.application()
    world.plan()
    plan = world.stored()
    data = {"plan_id": plan.id, "version": plan.version, "request_key": "k"}
    for _ in range(2):
        assert world.client.post(f"{DRAFT}/removal", data=data).location == BOARD
    assert (world.stored().status, world.reviews()) == ("discarded", set())
    answer = world.client.post(f"{DRAFT}/removal", data={**data, "request_key": "other"})
    assert (answer.status_code, "Ничего не сделано" in answer.text, "Черновика нет" in answer.text) == (409, True, True)


def test_a_draft_that_was_calculated_again_meanwhile_is_neither_applied_nor_dropped(world: Drafts) -> None:
    world.expert(), world.application()
    world.plan()
    plan = world.stored()
    world.plan()
    data = {"plan_id": plan.id, "version": plan.version}
    for act in ("application", "removal"):
        answer = world.client.post(f"{DRAFT}/{act}", data=data)
        assert (answer.status_code, "Ничего не сделано" in answer.text) == (409, True)
    assert (world.stored().status, world.reviews()) == ("ready", set())


def test_an_impossible_distribution_is_diagnosed_with_what_would_help(world: Drafts) -> None:
    expert, barred = world.expert(max_load=1), [world.expert(), world.expert()]
    applications = [world.application(), world.application()]
    for application in applications:
        for other in barred:
            world.conflict(other, application)
    world.application()
    html = world.plan()
    page = text_of(html)
    assert (world.stored().status, world.reviews()) == ("impossible", set())
    assert "Распределения, при котором соблюдены все правила, не существует" in page
    assert "мест у них: 1; нужно: 2, не хватает: 1." in page
    assert "проверено расчётом" in page
    assert re.findall(r'href="[^"]+/assignment/applications/(\d+)"', html) == [str(one) for one in applications]
    assert re.findall(r'href="[^"]+/assignment/experts/(\d+)"', html) == [str(expert)]
    assert "/experts/new" in html or 'href="/staff/contests/PLAN/experts"' in html
    assert "Посмотреть, что мешает" in world.client.get(BOARD).text


def test_the_fullest_possible_draft_is_made_of_an_impossible_one(world: Drafts) -> None:
    world.expert(max_load=1)
    world.application(), world.application()
    fields = re.findall(r'name="(goal|seed|kind|partial)" value="([^"]*)"', world.plan())
    page = text_of(world.plan(**dict(fields)))
    assert dict(fields) == {"goal": "fair", "seed": "0", "kind": "regular", "partial": "y"}
    assert "Заполнено всё, что возможно, но не всё, что нужно" in page
    assert "Не заполнено 1 место в 1 заявке." in page


def test_nothing_to_distribute_is_refused_in_words(world: Drafts) -> None:
    answer = world.client.post(f"{BOARD}/plan", data=GOAL)
    assert (answer.status_code, world.events()) == (422, [])
    assert "Нет допущенных заявок" in answer.text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "Черновик ждёт своей очереди."),
        ({"attempt": 1}, "Расчёт прервался и скоро начнётся снова сам."),
        ({"attempt": 1, **IN_HAND}, "Черновик рассчитывается."),
        ({"attempt": 2, **IN_HAND}, "Черновик рассчитывается: расчёт прерывался и начат снова."),
    ],
)
def test_a_calculation_that_goes_on_is_followed(world: Drafts, values: dict[str, Any], text: str) -> None:
    world.expert(), world.application()
    world.waiting(progress_total=5, progress_done=2, **values)
    html = world.client.get(DRAFT).text
    assert (text in text_of(html), f'data-poll-url="{DRAFT}/state"' in html) == (True, True)
    state = {"text": text, "figure": "шаг 2 из 5", "done": 2, "of": 5, "over": False}
    assert world.client.get(f"{DRAFT}/state").json == state
    assert text in world.client.get(BOARD).text


def test_a_failed_calculation_says_so(world: Drafts) -> None:
    world.expert(), world.application()
    world.waiting("failed", state="failed", attempt=3, error_code="broken", finished_at=factories.MOMENT)
    page = text_of(world.client.get(DRAFT).text)
    assert "Рассчитать черновик не удалось" in page
    assert "Выполнены 3 попытки." in page
    assert "Рассчитать черновик не удалось" in world.client.get(BOARD).text
    assert world.client.get(f"{DRAFT}/state").json["over"] is True


def test_the_heat_map_has_a_twin_that_says_the_same(world: Drafts) -> None:
    assigned, barred, planned = world.expert(), world.expert(), world.expert(topics=["28.41.1"])
    application, other = world.application(), world.application(topics=["01.11"])
    world.review(assigned, application, "assigned")
    world.conflict(barred, application), world.conflict(barred, other), world.conflict(assigned, other)
    world.plan()
    with world.store() as session:
        names = [session.get_one(factories.Expert, one).name for one in (assigned, barred, planned)]
        numbers = [session.get_one(factories.Application, one).number for one in (application, other)]
    html = world.client.get(f"{BOARD}/heat-map").text
    said = re.findall(r'class="heat__link heat--(\w+)"[^>]*aria-label="([^"]+)"', html)
    assert (said[0], len(said)) == (("4", f"{names[0]}, заявка № {numbers[0]}: тот же код; назначен"), 6)
    assert ("barred", f"{names[1]}, заявка № {numbers[0]}: тот же код; конфликт интересов") in said
    assert ("0", f"{names[2]}, заявка № {numbers[1]}: тематика не совпадает; в черновике") in said
    twin = text_of(world.client.get(f"{BOARD}/heat-map?view=list").text)
    assert f"{names[0]} назначен · тот же код" in twin
    assert f"{names[2]} в черновике · тематика не совпадает" in twin
    assert f"{names[1]} конфликт интересов" in twin


def test_an_empty_heat_map_says_what_is_missing(world: Drafts) -> None:
    assert "Допущенных заявок пока нет" in world.client.get(f"{BOARD}/heat-map").text
    world.application()
    assert "Экспертов пока нет" in world.client.get(f"{BOARD}/heat-map").text


def test_what_one_more_expert_would_give_is_shown(world: Drafts) -> None:
    world.expert(topics=["01.11"]), world.application()
    world.plan()
    page = text_of(world.client.get(f"{BOARD}/insights").text)
    assert re.search(r"28\.41 «[^»]+» 10 \+1,\d\d \+1,\d\d", page)


def test_a_draft_of_additional_reviews_is_made_from_the_divergences(world: Drafts) -> None:
    application = world.application()
    for mark in (2, 9):
        world.review(world.expert(), application, "submitted", mark=mark)
    third = world.expert()
    assert f"{BOARD}/plan?kind=additional" in world.client.get(f"{PROGRESS}/divergences").text
    html = world.client.get(f"{BOARD}/plan?kind=additional").text
    assert 'name="kind" type="hidden" value="additional"' in html
    assert "Черновик дополнительных заключений" in world.plan(kind="additional")
    plan = world.stored()
    world.client.post(f"{DRAFT}/application", data={"plan_id": plan.id, "version": plan.version})
    assert (third, application, "proposed") in world.reviews()


@pytest.mark.parametrize(
    "path", [DRAFT, f"{DRAFT}?view=experts", f"{BOARD}/heat-map", f"{BOARD}/heat-map?view=list", BOARD]
)
def test_a_great_draft_takes_no_more_queries_than_a_small_one(world: Drafts, path: str) -> None:
    world.expert(), world.application()
    world.plan()
    few = queries(lambda: world.client.get(path))
    for _ in range(6):
        world.expert(), world.application()
    world.plan()
    assert queries(lambda: world.client.get(path)) == few


def test_a_frozen_contest_has_no_new_drafts(world: Drafts) -> None:
    world.expert(), world.application()
    world.plan()
    with world.store() as session:
        session.get_one(factories.Contest, world.contest_id).status = "ranking_frozen"
    html = world.client.get(DRAFT).text
    assert ("Применить отмеченные" in html, "Удалить черновик" in html) == (False, False)
    plan = world.stored()
    data = {"plan_id": plan.id, "version": plan.version}
    paths = (f"{DRAFT}/application", f"{DRAFT}/removal")
    assert {world.client.post(path, data=data).status_code for path in paths} == {422}
    assert world.client.post(f"{BOARD}/plan", data=GOAL).status_code == 422
    assert world.reviews() == set()


@pytest.mark.parametrize("role", ["observer", "chair"])
def test_others_of_the_staff_look_at_the_draft_and_change_nothing(world: Drafts, sign_in: SignIn, role: str) -> None:
    world.expert(), world.application()
    world.plan()
    with world.store() as session:
        person = factories.user(session, role).id
    client, plan = sign_in(person), world.stored()
    html = client.get(DRAFT).text
    assert ("Применить отмеченные" in html, 'name="pair"' in html, "Черновик распределения" in html) == (
        False, False, True,
    )  # fmt: skip
    data = {"plan_id": plan.id, "version": plan.version, "shown": "1", "was": "1"}
    acts = ["plan", "draft/ticks", "draft/application", "draft/removal", "rules"]
    assert {client.post(f"{BOARD}/{act}", data={**GOAL, **data}).status_code for act in acts} == {403}
    assert (set(world.ticks().values()), world.reviews()) == ({True}, set())


def test_a_draft_of_another_contest_is_not_touched(world: Drafts, store: Store) -> None:
    world.expert(), world.application()
    world.plan()
    plan = world.stored()
    with store() as session:
        factories.contest(session, code="OTHER")
    data = {"plan_id": plan.id, "version": plan.version}
    other = "/staff/contests/OTHER/assignment/draft"
    assert {world.client.post(f"{other}/{act}", data=data).status_code for act in ("application", "removal")} == {409}
    assert world.stored().status == "ready"
