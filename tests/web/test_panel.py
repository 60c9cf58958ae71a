"""The panel's decision: who is asked for it, who puts it down, what it does to the ranking, its records."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from judging.domain.access import CONSOLE, By
from judging.domain.record import PanelDecision, PanelVerdict
from judging.models import Application, Contest, JournalRecord
from judging.queries.invariants.panel import false_panel_decisions
from judging.queries.rankings import compute_ranking
from judging.services.seals import note_state
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.web.test_ranking import World, populate, version

SignIn = Callable[[int], FlaskClient]
PATH = "/staff/contests/R-1/ranking"
AWAITS = "Ждёт решения комиссии"


def below_the_total(session: Session) -> World:
    """The contest of the ranking's tests; its middle application is below a total that leads to the panel.

    The last one is below a criterion's floor, which rejects.
    """
    made = populate(session)
    contest = session.get_one(Contest, made["contest"])
    contest.rules = {**contest.rules, "pass_total": "80", "below_pass": "panel"}
    ids = session.scalars(select(Application.id).where(Application.contest_id == contest.id).order_by(Application.id))
    return {**made, "weak": ids.all()[1]}


@pytest.fixture
def world(prepared: Prepared) -> Iterator[World]:
    made = prepared(below_the_total)
    with time_machine.travel(MOMENT, tick=False):
        yield made


def form(page: str) -> dict[str, str]:
    names = ("csrf_token", "version", "request_key")
    found = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in names}
    return {name: match[1] for name, match in found.items() if match}


def placing(store: Store, world: World):
    with store() as session:
        record, ranking = compute_ranking(session, world["contest"])
        number = session.get_one(Application, world["weak"]).number
        row = next(row for row in ranking.rows if row.number == number)
        return next(item.panel for item in record.applications if item.number == number), row


def test_the_chair_decides_and_another_decision_takes_its_place(world: World, store: Store, sign_in: SignIn) -> None:
    chair, page = sign_in(world["chair"]), f"{PATH}/{world['weak']}"
    assert AWAITS in chair.get(PATH).text
    assert f'href="{page}/panel"' in chair.get(page).text
    assert placing(store, world)[1].needs == "panel"
    asked = chair.get(f"{page}/panel")
    assert "Итог ниже проходного балла 80: решает комиссия" in asked.text
    assert chair.post(f"{page}/panel", data=form(asked.text)).status_code == 422
    passes = {**form(asked.text), "verdict": "pass", "reason": "Протокол № 3"}
    answer = chair.post(f"{page}/panel", data=passes)
    assert (answer.status_code, answer.location) == (303, page)
    panel, row = placing(store, world)
    assert (panel, row.needs, row.passed) == (PanelDecision(PanelVerdict.PASS, "Протокол № 3"), None, True)
    assert "Комиссия допустила заявку" in chair.get(page).text
    stale = chair.post(f"{page}/panel", data={**passes, "request_key": "other", "reason": "Иначе"})
    assert (stale.status_code, "Иначе" in stale.text) == (409, True)
    secretary = sign_in(world["secretary"])
    again = {**form(secretary.get(f"{page}/panel").text), "verdict": "reject", "reason": "Протокол № 4"}
    assert secretary.post(f"{page}/panel", data=again).status_code == 303
    panel, row = placing(store, world)
    assert (panel.verdict, row.passed, row.outcome) == ("reject", False, "below_threshold")
    assert "комиссия оставила заявку ниже порога" in secretary.get(PATH).text
    with store() as session:
        records = session.scalars(select(JournalRecord).where(JournalRecord.event == "application.panel_decided")).all()
        assert [row.details for row in records] == [
            {"verdict": [None, "pass"], "reason": "Протокол № 3"},
            {"verdict": ["pass", "reject"], "reason": "Протокол № 4"},
        ]
        assert list(false_panel_decisions(session)) == []


def test_freezing_waits_for_the_panel(world: World, store: Store, sign_in: SignIn) -> None:
    secretary = sign_in(world["secretary"])
    blocked = secretary.post(f"{PATH}/freeze", data={"version": version(store, world)})
    assert (blocked.status_code, "ждут решения комиссии: 1" in blocked.text) == (422, True)


def test_others_and_other_applications_are_no_matter_of_the_panel(world: World, store: Store, sign_in: SignIn) -> None:
    observer, chair = sign_in(world["observer"]), sign_in(world["chair"])
    assert observer.get(f"{PATH}/{world['weak']}/panel").status_code == 403
    assert f'href="{PATH}/{world["weak"]}/panel"' not in observer.get(f"{PATH}/{world['weak']}").text
    best = chair.get(f"{PATH}/{world['best']}/panel")
    assert "Комиссии решать нечего" in best.text
    with store() as session:
        number = session.get_one(Application, world["best"]).version
    data = {"verdict": "pass", "reason": "r", "version": str(number), "request_key": "k"}
    assert chair.post(f"{PATH}/{world['best']}/panel", data=data).status_code in (409, 422)
    with store() as session:
        assert session.get_one(Application, world["best"]).panel_verdict is None
        contest = session.get_one(Contest, world["contest"])
        contest.status = "ranking_frozen"
    assert chair.get(f"{PATH}/{world['weak']}/panel").status_code in (409, 422)


def test_a_decision_that_nobody_put_down_is_found(world: World, store: Store) -> None:
    with store() as session:
        note_state(session, session.get_one(Contest, world["contest"]), by=By(CONSOLE, MOMENT))
        session.execute(
            update(Application).where(Application.id == world["weak"]).values(panel_verdict="pass", panel_reason="r")
        )
        found = [offence.found for offence in false_panel_decisions(session)]
        assert found == ["the panel's decision is on no record"]
