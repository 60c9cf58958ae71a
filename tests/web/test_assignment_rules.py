"""The page of the rules of the distribution."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from judging.queries.assignment.plans import assignment_rules
from tests import factories
from tests.web.test_assignment import BOARD, World, text_of, world

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

__all__ = ["world"]
SignIn = Callable[[int], FlaskClient]
RULES = f"{BOARD}/rules"
TYPED = {
    "goal": "total", "own_region_barred": "y", "one_per_organisation": "y", "other_region_at_least": "1",
    "methodologists_at_least": "0", "min_load": "2", "seed": "7", "version": "0", "queue": "fair",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _moment() -> Iterator[None]:
    with time_machine.travel(factories.MOMENT, tick=False):
        yield


def values(html: str) -> dict[str, str]:
    """What the form of the page holds, hidden fields left out."""
    found = {}
    for tag in re.findall(r"<input [^>]+>", html.split("<main")[1]):
        known = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if known["type"] != "hidden" and (known["type"] not in ("radio", "checkbox") or " checked" in tag):
            found[known["name"]] = known["value"]
    return found


def test_the_rules_are_saved_and_kept(world: World) -> None:
    answer = world.client.post(RULES, data={**TYPED, "request_key": "k"})
    assert (answer.status_code, answer.location) == (303, RULES)
    page = world.client.get(RULES).text
    assert values(page) == {
        "goal": "total", "own_region_barred": "y", "one_per_organisation": "y", "other_region_at_least": "1",
        "methodologists_at_least": "0", "min_load": "2", "seed": "7", "queue": "fair", "additional": "propose",
    }  # fmt: skip
    assert world.events() == ["assignment.rules_changed"]
    sentences = text_of(world.client.get(f"{BOARD}/plan").text)
    assert "без экспертов из региона заявителя" in sentences
    assert "экспертов из других регионов: не менее 1" in sentences


def test_a_repeated_press_saves_once(world: World) -> None:
    for _ in range(2):
        assert world.client.post(RULES, data={**TYPED, "request_key": "k"}).location == RULES
    assert world.events() == ["assignment.rules_changed"]


def test_rules_changed_meanwhile_are_compared_and_nothing_typed_is_lost(world: World) -> None:
    world.client.post(RULES, data=TYPED)
    answer = world.client.post(RULES, data={**TYPED, "goal": "leximin", "min_load": "5"})
    assert answer.status_code == 409
    assert re.findall(r'row--warning"><th scope="row">([^<]+) <', answer.text) == [
        "Цель распределения", "Заявок каждому эксперту, не менее",
    ]  # fmt: skip
    assert (values(answer.text)["goal"], values(answer.text)["min_load"]) == ("leximin", "5")
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text).group(1)
    again = {**TYPED, "goal": "leximin", "min_load": "5", "version": version}
    assert world.client.post(RULES, data=again).status_code == 303
    with world.store() as session:
        assert assignment_rules(session, world.contest_id).min_load == 5


@pytest.mark.parametrize(
    "wrong", [{"other_region_at_least": "2"}, {"min_load": "-1"}, {"seed": ""}, {"goal": "best"}, {"min_load": "x"}]
)
def test_what_is_wrong_is_said_beside_its_field(world: World, wrong: dict[str, str]) -> None:
    answer = world.client.post(RULES, data={**TYPED, **wrong})
    assert (answer.status_code, world.events()) == (422, [])
    assert f'id="{next(iter(wrong))}-error"' in answer.text


def test_the_page_says_whom_the_rules_touch(world: World) -> None:
    world.expert(methodologist=True, max_load=3), world.expert(max_load=4), world.application()
    page = text_of(world.client.get(RULES).text)
    assert "Допущенных заявок 1 Нужно назначений 1 Эксперты 2 Могут принять назначений 7 Методологов 1 " in page


def test_readers_see_the_rules_as_facts(world: World, sign_in: SignIn) -> None:
    with world.store() as session:
        person = factories.user(session, "observer").id
    html = sign_in(person).get(RULES).text
    assert ("<form" in html.split("<main")[1], "Не более одного эксперта от организации" in html) == (False, True)
