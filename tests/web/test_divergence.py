"""The page of a divergence: figures that are the domain's, the proposal confirmed, another taken, or dismissed."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.models import Contest, Expert, Review
from tests.conftest import Store
from tests.factories import MOMENT
from tests.services.test_additional_call import diverging, hand_in, search, state
from tests.web.test_assignment import text_of

DATABASES = ("sqlite",)
"""Pages and forms: the services are tried on both databases in test_additional_call."""


@pytest.fixture(autouse=True)
def _moment() -> Iterator[None]:
    with time_machine.travel(MOMENT, tick=False):
        yield


def opened(app: Flask, store: Store) -> tuple[str, int, int, int]:
    """The address of the divergence, the proposed review, its version, and the other free expert."""
    with store() as session:
        application_id, last = diverging(session)
        code = session.scalars(select(Contest.code)).one()
    hand_in(store, last)
    assert search(app)
    with store() as session:
        review = session.scalars(select(Review).where(Review.additional)).one()
        other = session.scalars(select(Expert.id).where(Expert.email == "free0@example.org")).one()
        return f"/staff/contests/{code}/progress/divergences/{application_id}", review.id, review.version, other


def test_the_page_lays_the_figures_out_against_the_rule(app: Flask, store: Store, secretary: FlaskClient) -> None:
    page, *_ = opened(app, store)
    shown = text_of(secretary.get(page).text)
    assert "Разница итогов 30,00" in shown
    assert "Допускается правилами, не более 12,50" in shown
    assert "2 8 6 слишком далеко" in shown
    assert text_of(secretary.get(page.rpartition("/")[0]).text).count("Подтвердить эксперта…") == 1


def test_the_proposal_is_confirmed_or_another_takes_it(app: Flask, store: Store, secretary: FlaskClient) -> None:
    page, review, version, other = opened(app, store)
    data = {"review_id": review, "version": version, "expert_id": other, "request_key": "k"}
    stale = secretary.post(f"{page}/confirmation", data=data | {"version": version + 1, "request_key": "s"})
    answers = [secretary.post(f"{page}/confirmation", data=data) for _ in range(2)]
    assert [stale.status_code, *((one.status_code, one.location) for one in answers)] == [409, (303, page), (303, page)]
    assert state(store)["additional"] == [("free0@example.org", "assigned")]
    late = secretary.post(f"{page}/confirmation", data=data | {"request_key": "l"})
    assert (late.status_code, "Этого предложения уже нет" in late.text) == (422, True)


def test_a_proposal_is_dismissed_with_a_reason_alone(app: Flask, store: Store, secretary: FlaskClient) -> None:
    page, review, version, _ = opened(app, store)
    data = {"review_id": review, "version": version}
    without = secretary.post(f"{page}/dismissal", data=data | {"why": " ", "request_key": "a"})
    assert (without.status_code, state(store)["calls"]) == (422, [("proposed", "free1@example.org")])
    done = secretary.post(f"{page}/dismissal", data=data | {"why": "Решит комиссия", "request_key": "b"})
    assert (done.status_code, done.location) == (303, page)
    assert "Решит комиссия" in secretary.get(page).text
    assert "Решит комиссия" in secretary.get(page.rpartition("/")[0]).text
