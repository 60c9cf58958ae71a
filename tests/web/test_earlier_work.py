"""What a team takes over from other contests: an application as the base of a draft, and its organisations."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Application, Contest, JournalRecord, Organisation
from tests import factories
from tests.conftest import Prepared, Store
from tests.factories import MOMENT
from tests.web.test_assignment import text_of

DATABASES = ("sqlite",)
"""Pages and forms; what is taken over is tried on both databases in tests/services/test_earlier_answers.py."""
BASE = "/contests/NOW/applications/base"
EARLIER = "/contests/NOW/cluster/organisations/earlier"


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


@dataclass(frozen=True)
class World:
    """A team with a submitted application in contest WAS, and a stranger's beside it; NOW is open."""

    person: int
    earlier: int
    number: str | None
    foreign: int
    inns: tuple[str, ...]
    foreign_inn: str


def populate(session: Session) -> World:
    was, _ = (
        factories.contest(session, code="WAS", title="Конкурс прошлого года"),
        factories.contest(session, code="NOW"),
    )
    teams = [factories.team(session) for _ in range(2)]
    mine, theirs = (
        factories.application(session, was, factories.cluster(session, was, team), status="submitted", title=title)
        for team, title in zip(teams, ("Линия литья чугуна", "Чужой проект"), strict=True)
    )
    inns = [tuple(member.organisation.inn for member in application.cluster.members) for application in (mine, theirs)]
    return World(teams[0].members[0].user_id, mine.id, mine.number, theirs.id, inns[0], inns[1][0])


@pytest.fixture
def world(prepared: Prepared) -> World:
    return prepared(populate)


@pytest.fixture
def client(world: World, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    return sign_in(world.person)


def inns(store: Store, code: str) -> list[str]:
    """The ИНН of the organisations in a contest."""
    with store() as session:
        wanted = select(Organisation.inn).join(Contest, Contest.id == Organisation.contest_id)
        return sorted(session.scalars(wanted.where(Contest.code == code)))


def test_a_draft_begins_with_the_answers_and_the_cluster_of_an_earlier_application(
    client: FlaskClient, store: Store, world: World
) -> None:
    page = text_of(client.get(BASE).text)
    assert "Линия литья чугуна" in page
    assert "Чужой проект" not in page
    answer = client.post(BASE, data={"application": world.earlier})
    with store() as session:
        draft = session.scalars(select(Application).where(Application.status == "draft")).one()
        assert answer.headers["Location"] == f"/applications/{draft.id}"
        assert (draft.title, draft.contest.code, draft.number, draft.previous_id) == (
            "Линия литья чугуна",
            "NOW",
            None,
            None,
        )
        assert draft.documents == []
        assert not draft.consent_truth
        record = session.scalars(select(JournalRecord).where(JournalRecord.event == "application.created")).one()
        assert (record.details["begun_from"], record.details["copied_from"]) == (world.number, "WAS")
    assert set(world.inns) < set(inns(store, "NOW"))


@pytest.mark.parametrize("chosen", ["", "none", "foreign", "999999"])
def test_nothing_but_an_earlier_application_of_the_team_can_be_chosen(
    client: FlaskClient, store: Store, world: World, chosen: str
) -> None:
    answer = client.post(BASE, data={"application": str(world.foreign) if chosen == "foreign" else chosen})
    assert answer.status_code == 422
    with store() as session:
        assert session.scalars(select(Application.status)).all() == ["submitted", "submitted"]


def test_organisations_of_another_contest_are_ticked_and_added(client: FlaskClient, store: Store, world: World) -> None:
    client.post("/contests/NOW/cluster", data={"name": "Кластер", "region": "16", "industry": "литьё"})
    assert "4 организации прошлых конкурсов, которых здесь ещё нет" in text_of(client.get("/contests/NOW/cluster").text)
    assert client.post(EARLIER, data={}).status_code == 422
    with store() as session:
        wanted = session.scalars(
            select(Organisation.id).where(Organisation.inn.in_(world.inns[:2])).order_by(Organisation.id)
        ).all()
        foreign = session.scalars(select(Organisation.id).where(Organisation.inn == world.foreign_inn)).one()
    assert client.post(EARLIER, data={"organisations": [*wanted, foreign]}).status_code == 422
    assert client.post(EARLIER, data={"organisations": wanted}).status_code == 303
    assert inns(store, "NOW") == sorted(world.inns[:2])


def filled(client: FlaskClient, inn: str) -> tuple[int, str]:
    data: dict[str, Any] = {"inn": inn, "name": "Набрано", "member": "y"}
    answer = client.post("/contests/NOW/cluster/organisations/by-inn", data=data)
    return answer.status_code, answer.text


def test_an_organisation_is_filled_in_by_what_the_team_said_of_it(
    client: FlaskClient, store: Store, world: World
) -> None:
    client.post("/contests/NOW/cluster", data={"name": "Кластер", "region": "16", "industry": "литьё"})
    with store() as session:
        known = session.scalars(select(Organisation).where(Organisation.inn == world.inns[0])).one()
        name, ogrn = known.name.replace('"', "&#34;"), known.ogrn
    status, page = filled(client, world.inns[0])
    assert (status, name in page, f'value="{ogrn}"' in page) == (200, True, True)
    assert "Заполнено по данным конкурса «Конкурс прошлого года»" in page


def test_nobody_learns_by_an_inn_what_other_teams_entered(client: FlaskClient, world: World) -> None:
    client.post("/contests/NOW/cluster", data={"name": "Кластер", "region": "16", "industry": "литьё"})
    unknown = factories.inn(9901)
    client.get("/contests/NOW/cluster")  # it says that the cluster is saved
    theirs, nobodys = filled(client, world.foreign_inn), filled(client, unknown)
    assert theirs[0] == 200
    pages = [
        re.sub(r'name="request_key"[^>]*>', "", page).replace(inn, "ИНН")
        for page, inn in ((theirs[1], world.foreign_inn), (nobodys[1], unknown))
    ]
    assert pages[0] == pages[1]
    assert 'value="Набрано"' in theirs[1]
    assert filled(client, "123")[0] == 422
