"""The page on which a team looks at its set as the officer will."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from judging.models import Application
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.services.test_applications import whole_draft
from tests.web.test_assignment import text_of

DATABASES = ("sqlite",)
"""A page; what it says is tried on both databases in tests/queries/test_kits.py."""


@pytest.fixture(autouse=True)
def moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


def test_points_computed_points_files_and_likenesses_stand_on_one_page(
    store: Store, sign_in: Callable[[int], FlaskClient]
) -> None:
    with store() as session:
        draft = whole_draft(session, factories.contest(session))
        same = [
            factories.document(session, draft, slot=slot, sha256="a" * 64) for slot in ("charter", "financial_model")
        ]
        key, person, name = draft.id, draft.team.members[0].user_id, same[0].filename  # type: ignore[union-attr]  # it has a team
    client = sign_in(person)
    page = text_of(client.get(f"/applications/{key}/kit").text)
    assert "Пункты формальной проверки" in page
    assert "узнаете с итогами" in page
    assert f"{name} :" in page
    assert f'href="/applications/{key}/kit"' in client.get(f"/applications/{key}/check").text
    with store() as session:
        session.get_one(Application, key).status = "withdrawn"
    assert client.get(f"/applications/{key}/kit").headers["Location"] == f"/applications/{key}"


def test_sections_that_ask_for_members_wait_for_the_cluster(
    store: Store, sign_in: Callable[[int], FlaskClient]
) -> None:
    with store() as session:
        contest = factories.contest(session)
        cluster = factories.cluster(session, contest, factories.team(session), members=0)
        draft = Application(
            contest=contest,
            cluster=cluster,
            team_id=cluster.team_id,
            status="draft",
            created_at=MOMENT,
            updated_at=MOMENT,
        )
        session.add(draft)
        session.flush()
        key, person = draft.id, draft.team.members[0].user_id  # type: ignore[union-attr]  # it has a team
    page = sign_in(person).get(f"/applications/{key}").text
    assert page.count("Пока нельзя начать") == 1
    assert "Нельзя начать, пока в кластере нет организаций" in page
    assert f"/applications/{key}/participants" not in page


def test_every_line_of_the_page_of_checks_leads_to_its_field(
    store: Store, sign_in: Callable[[int], FlaskClient]
) -> None:
    with store() as session:
        draft = whole_draft(session, factories.contest(session))
        draft.title = ""
        key, person = draft.id, draft.team.members[0].user_id  # type: ignore[union-attr]  # it has a team
        member = draft.cluster.members[0].organisation.name
        code, cluster_version = draft.contest.code, draft.cluster.version
    client = sign_in(person)
    page = client.get(f"/applications/{key}/check").text
    assert member in text_of(page)
    links = set(re.findall(r'href="(/[^"]*#[^"]+)"', page.split("<main")[1]))
    assert len(links) > 25
    pages = {address: client.get(address).text for address in {link.partition("#")[0] for link in links}}
    assert [link for link in links if f'id="{link.partition("#")[2]}"' not in pages[link.partition("#")[0]]] == []
    data = {"name": "Кластер", "region": "16", "industry": "литьё", "version": cluster_version}
    saved = client.post(f"/contests/{code}/cluster?back={key}", data=data)
    assert (saved.status_code, saved.headers["Location"]) == (303, f"/applications/{key}/check")
    forged = client.post(f"/contests/{code}/cluster?back={key + 7}", data=data | {"version": cluster_version + 1})
    assert (forged.status_code, forged.headers["Location"]) == (303, f"/contests/{code}/cluster")
