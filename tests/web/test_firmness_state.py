"""Which report a page shows and whose time it tells, when marks are changed and changed back."""

from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from judging.domain.jobs import JobKind
from judging.models import Contest, FirmnessReport
from judging.queries.firmness import present_digest
from tests.conftest import Store
from tests.factories import MOMENT
from tests.web.remembered import remembered
from tests.web.test_assignment import text_of
from tests.web.test_firmness import PATH, SignIn, World, large, world
from tests.working import work_next

DATABASES = ("sqlite",)
"""Pages and forms: their services are tried on both databases, and test_never_500 asks both for every page."""

__all__ = ["large", "remembered", "world"]


def budget(store: Store, world: World, amount: int) -> None:
    with store() as session:
        contest = session.get_one(Contest, world["contest"])
        contest.budget = amount
        contest.ranking_revision += 1


def calculated(app: Flask) -> None:
    with app.app_context():
        assert work_next(JobKind.FIRMNESS)


def test_a_report_of_data_that_came_back_tells_its_own_time(
    app: Flask, large: World, sign_in: SignIn, store: Store
) -> None:
    client = sign_in(large["secretary"])
    for hour, amount in enumerate((100, 200)):
        budget(store, large, amount)
        with time_machine.travel(MOMENT + timedelta(hours=hour), tick=False):
            client.post(f"{PATH}/calculation", data={"request_key": str(hour)})
            calculated(app)
    assert "Рассчитано 15 марта 2026 г., 13:00 МСК." in text_of(client.get(PATH).text)
    budget(store, large, 100)
    assert "Рассчитано 15 марта 2026 г., 12:00 МСК." in text_of(client.get(PATH).text)


def test_what_is_calculated_already_is_not_calculated_again(
    app: Flask, large: World, sign_in: SignIn, store: Store
) -> None:
    client = sign_in(large["secretary"])
    client.post(f"{PATH}/calculation", data={"request_key": "a"})
    calculated(app)
    answer = client.post(f"{PATH}/calculation", data={"request_key": "b"})
    assert (answer.status_code, answer.location) == (303, PATH)
    with store() as session:
        assert session.scalars(select(FirmnessReport.status)).all() == ["ready"]


def test_a_report_that_another_version_wrote_in_another_way_is_none(
    app: Flask, large: World, sign_in: SignIn, store: Store
) -> None:
    with store() as session:
        digest = present_digest(session, large["contest"])
        session.add(
            FirmnessReport(
                contest_id=large["contest"], status="ready", digest=digest, document={"contest": "F-1"},
                requested_by="x", requested_at=MOMENT, finished_at=MOMENT,
            )
        )  # fmt: skip
    client = sign_in(large["observer"])
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert "Устойчивость этого рейтинга ещё не рассчитана" in answer.text
    client.post(f"{PATH}/calculation")
    calculated(app)
    assert digest[:16] in client.get(PATH).text
