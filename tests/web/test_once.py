"""A form that arrives twice is carried out once, and both presses get an answer that can be followed."""

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import Application, Document, RequestKey
from judging.services.applications import application_submit
from tests import factories
from tests.adapters.test_filetypes import PDF
from tests.conftest import Store
from tests.web import test_applications
from tests.web.test_applications import World, events, form_of

SignInAs = Callable[[int], FlaskClient]
moment, world = test_applications.moment, test_applications.world


def test_a_second_press_while_the_first_is_under_way_is_led_to_the_same_page(
    store: Store,
    sign_in: SignInAs,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = f"/applications/{world.application}"
    data = form_of(sign_in(world.person), f"{path}/check")
    inside, answers = threading.Event(), []
    real = application_submit.submit_application

    def slow(*given: Any, **named: Any) -> Application:
        inside.set()
        second.join(0.3)
        return real(*given, **named)

    def press() -> None:
        answers.append(clients.pop().post(f"{path}/submission", data=data))

    def press_again() -> None:
        inside.wait(10)
        press()

    monkeypatch.setattr(application_submit, "submit_application", slow)
    clients = [sign_in(world.person), sign_in(world.person)]
    first, second = threading.Thread(target=press), threading.Thread(target=press_again)
    for thread in (second, first):
        thread.start()
    for thread in (first, second):
        thread.join()
    assert [(a.status_code, a.location) for a in answers] == [(303, f"{path}/receipt")] * 2
    assert events(store) == ["application.submitted"]


def test_many_presses_at_once_are_one(store: Store, sign_in: SignInAs, world: World) -> None:
    path = f"/applications/{world.application}"
    data = form_of(sign_in(world.person), f"{path}/check")
    clients = [sign_in(world.person) for _ in range(6)]
    barrier, answers = threading.Barrier(6), []

    def press(client: FlaskClient) -> None:
        barrier.wait(10)
        answers.append(client.post(f"{path}/submission", data=data))

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(a.status_code, a.location) for a in answers} == {(303, f"{path}/receipt")}
    assert events(store) == ["application.submitted"]


def test_where_a_form_led_is_stored_with_what_it_did(store: Store, sign_in: SignInAs, world: World) -> None:
    path = f"/applications/{world.application}"
    data = form_of(sign_in(world.person), f"{path}/check")
    sign_in(world.person).post(f"{path}/submission", data=data)
    with store() as session:
        assert session.scalars(select(RequestKey.location)).all() == [f"{path}/receipt"]


def test_a_form_that_led_to_no_page_of_its_own_says_that_it_was_dealt_with(
    store: Store,
    sign_in: SignInAs,
    world: World,
) -> None:
    """One file was taken and one refused: the answer is a page, and no address to lead a second press to."""
    client, path = sign_in(world.person), f"/applications/{world.application}/documents/contracts"

    def press() -> Any:
        files = [(io.BytesIO(PDF), "a.pdf"), (io.BytesIO(b"no"), "b.pdf")]
        data = {"request_key": "twice-and-in-part", "file": files}
        return client.post(path, data=data, content_type="multipart/form-data")

    first, second = press(), press()
    assert (first.status_code, second.status_code) == (422, 200)
    assert "Эта форма уже обработана" in second.text
    with store() as session:
        assert len(session.scalars(select(Document).where(Document.filename == "a.pdf")).all()) == 1


def test_the_form_of_another_person_is_not_carried_out_for_one(
    store: Store,
    sign_in: SignInAs,
    world: World,
) -> None:
    with store() as session:
        session.add(RequestKey(key="theirs", user_id=None, location="/elsewhere", created_at=factories.MOMENT))
    path = f"/applications/{world.application}/submission"
    answer = sign_in(world.person).post(path, data={"request_key": "theirs", "version": "1"})
    assert (answer.status_code, "Эта форма уже обработана" in answer.text, events(store)) == (409, True, [])


def test_a_refused_form_can_be_sent_again(store: Store, sign_in: SignInAs, world: World) -> None:
    client, path = sign_in(world.person), f"/applications/{world.application}"
    data = form_of(client, f"{path}/check")
    stale = client.post(f"{path}/submission", data=data | {"version": "99"})
    again = client.post(f"{path}/submission", data=data)
    assert (stale.status_code, again.status_code) == (409, 303)
