"""Pages of a contest that came with an archive: what was submitted is read, its files are named as not kept here."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.domain.access import CONSOLE, By
from judging.models import Application, Review
from judging.services.archives import load_contest
from tests import factories
from tests.conftest import Store
from tests.submitted import whole_contest

DATABASES = ("sqlite",)
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SAID = "Сам файл в этой установке не хранится: заявка загружена из архива."
SAID_EN = "The file itself is not kept in this installation: the application came with an archive."


@dataclass(frozen=True)
class World:
    """Ids of the first applications of the contest, of a secretary, an expert, and the expert's review."""

    applications: list[int]
    secretary: int
    expert: int
    review: int


@pytest.fixture
def world(store: Store) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False):
        with store() as session:
            contest = load_contest(session, whole_contest(), by=By(CONSOLE, NOW))
            keys = session.scalars(select(Application.id).order_by(Application.number)).all()
            review = session.scalars(select(Review).filter_by(application_id=keys[0], status="submitted")).first()
            assert review is not None
            expert = factories.user(session)
            review.expert.user_id, review.status, review.submitted_at = expert.id, "accepted", None
            secretary = factories.user(session, "secretary", contest)
            made = World(list(keys), secretary.id, expert.id, review.id)
        yield made


def text(client: FlaskClient, path: str, language: str = "ru") -> str:
    """The words of a page."""
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.headers.get("Location")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_the_staff_read_the_answers_and_the_names_of_the_files(
    world: World, sign_in: Callable[[int], FlaskClient]
) -> None:
    client = sign_in(world.secretary)
    base = f"/staff/contests/GOLDEN-1/applications/{world.applications[0]}"
    words = text(client, base)
    assert f"Паспорт.pdf 12,1 КБ {SAID} SHA-256 {'a' * 64}" in words
    assert f"Паспорт 2.pdf 1 байт {SAID} SHA-256 {'b' * 64}" in words
    assert "Иные средства 10 ₽" in words
    assert words.count(SAID) == 2
    receipt = text(client, f"{base}/submissions/2")
    assert receipt.count(SAID) == 2
    assert whole_contest().applications[0].submissions[1].sha256 in receipt
    data = client.get(f"{base}/submissions/1/data")
    assert data.get_json() == whole_contest().applications[0].submissions[0].document
    compared = text(client, f"{base}/submissions")
    assert "Рабочие места" in compared
    first = text(client, f"/staff/contests/GOLDEN-1/applications/{world.applications[1]}")
    assert f"Письмо.pdf 7 байт {SAID} SHA-256 {'c' * 64}" in first


def test_no_page_leads_to_a_file_that_is_not_here(world: World, sign_in: Callable[[int], FlaskClient]) -> None:
    client = sign_in(world.secretary)
    for key in world.applications:
        for path in ("", "/submissions", "/marks"):
            page = client.get(f"/staff/contests/GOLDEN-1/applications/{key}{path}").get_data(as_text=True)
            assert 'href="/documents/' not in page


def test_the_expert_reads_the_answers_and_the_names_of_the_files(
    world: World, sign_in: Callable[[int], FlaskClient]
) -> None:
    words = text(sign_in(world.expert), f"/reviews/{world.review}")
    assert f"Паспорт.pdf 12,1 КБ {SAID} SHA-256 {'a' * 64}" in words
    assert "Льёт и обрабатывает" in words
    assert "Оснастка" in words


def test_it_is_said_in_english_as_well(world: World, sign_in: Callable[[int], FlaskClient]) -> None:
    client = sign_in(world.secretary)
    client.set_cookie("locale", "en")
    path = f"/staff/contests/GOLDEN-1/applications/{world.applications[0]}/submissions/2"
    with client.session_transaction() as kept:
        kept["locale"] = "en"
    assert text(client, path, "en").count(SAID_EN) == 2
