"""A change of a published form on its pages: how many teams are written to is said before, and the letters say what."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import Letter
from judging.queries import contests
from tests import factories
from tests.conftest import Store
from tests.factories import MOMENT
from tests.forms import sample
from tests.web.test_form_editor import PLACE, hidden, put, send, upload
from tests.web.test_form_editor import document as form_document

DATABASES = ("sqlite",)
SignIn = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def moment() -> Iterator[Any]:
    with time_machine.travel(MOMENT, tick=False):
        yield


def with_teams(store: Store, number: int, **values: Any) -> list[int]:
    """A published contest under the sample's form with drafts of so many teams."""
    put(store, sample().form, status="published", opens=-1)
    with store() as session:
        contest = contests.by_code(session, "DRAFT")
        contest.applications_close = MOMENT + timedelta(days=5)
        for name, value in values.items():
            setattr(contest, name, value)
        clusters = [factories.cluster(session, contest, factories.team(session)) for _ in range(number)]
        drafts = [factories.application(session, contest, cluster, "draft") for cluster in clusters]
        return [one.id for one in drafts]


def bodies(store: Store) -> list[str]:
    with store() as session:
        return list(session.scalars(select(Letter.body).order_by(Letter.id)))


def confirmed(client: FlaskClient, page: str, path: str) -> Any:
    return client.post(path, data=hidden(page) | {"confirmed": "1", "reason": "Письмо Минпромторга"})


def test_the_page_says_how_many_teams_are_written_to_and_the_letter_has_the_lines_of_the_difference(
    secretary: FlaskClient, store: Store
) -> None:
    keys = with_teams(store, 2)
    path = f"{PLACE}/fields/requested"
    asked = send(secretary, path, greatest="200 000 000", label="Субсидия & помощь")
    assert "Письмо с этими изменениями и причиной получат 2 команды, у которых есть заявка в конкурсе." in asked.text
    assert bodies(store) == []
    assert confirmed(secretary, asked.text, path).status_code == 303
    first, second = (body.replace("\u00a0", " ") for body in bodies(store))
    assert "– «Финансирование» → «Субсидия», слова: Субсидия → Субсидия & помощь\n" in first
    assert "– «Финансирование» → «Субсидия», не больше: 100 000 000 ₽ → 200 000 000 ₽\n" in first
    assert "Причина: Письмо Минпромторга" in first
    assert [body.rpartition("/")[2] for body in (first, second)] == [str(key) for key in keys]


def test_words_alone_and_a_contest_without_teams_write_to_nobody(secretary: FlaskClient, store: Store) -> None:
    with_teams(store, 0)
    path = f"{PLACE}/fields/requested"
    looser = send(secretary, path, greatest="200 000 000")
    assert "Заявок в конкурсе ещё нет ни у одной команды: писем не будет." in looser.text
    worded = send(secretary, path, label="Помощь")
    assert "Писем не будет: для заявителей меняются только слова." in worded.text
    assert confirmed(secretary, worded.text, path).status_code == 303
    assert bodies(store) == []


def test_a_file_in_the_place_of_a_published_form_says_so_before_it_is_stored(
    secretary: FlaskClient, store: Store
) -> None:
    with_teams(store, 1)
    raw = form_document()
    raw["sections"][0]["fields"].append({"code": "site", "kind": "text", "label": "Площадка", "counts": "words"})
    seen = upload(secretary, raw)
    asked = secretary.post(f"{PLACE}/replacement", data=hidden(seen.text), content_type="multipart/form-data")
    assert "получит 1 команда, у которой есть заявка" in asked.text
    assert confirmed(secretary, asked.text, f"{PLACE}/replacement").status_code == 303
    (body,) = bodies(store)
    assert "– «Проект» → «Площадка», добавлено: Площадка (Текст)\n" in body


def test_in_a_trial_nothing_is_sent_and_the_page_says_so(secretary: FlaskClient, store: Store) -> None:
    with_teams(store, 1, trial=True)
    asked = send(secretary, f"{PLACE}/fields/requested", greatest="200 000 000")
    assert "Это пробный конкурс: письма составляются и хранятся, но не отправляются." in asked.text
