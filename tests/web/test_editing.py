"""One way of carrying out a form: refused beside its fields, overtaken, partly kept, or done."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, get_flashed_messages
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired

from judging.domain.errors import Fault, Refused
from judging.extensions import db
from judging.models import User
from judging.services.concurrency import Stale
from judging.web.editing import Edit, carry_out
from judging.web.forms import Form
from tests import factories

TYPED = {"name": "Ли Анна", "age": "30"}


class Card(Form):
    """A form of two fields."""

    name = StringField(validators=[InputRequired("Enter a name")])
    age = IntegerField()


@pytest.fixture
def form(app: Flask) -> Iterator[Callable[..., Card]]:
    """A form as a browser sends it."""
    with app.test_request_context("/", method="POST"):
        yield lambda **typed: Card(formdata=MultiDict(typed), meta={"csrf": False})


def added() -> None:
    """An act that writes a row."""
    factories.user(db.session, email="li@example.org")


def stored() -> int:
    db.session.expire_all()
    return db.session.query(User).filter_by(email="li@example.org").count()


def edit(card: Card, **pages: Callable[[], str]) -> Edit[Card]:
    """The form's pages say in what state it is."""
    return Edit(card, show=lambda: f"{card.name.data}: {card.errors}", **pages)  # type: ignore[arg-type]


def test_what_is_carried_out_is_committed_and_led_on(form: Callable[..., Card]) -> None:
    def act() -> str:
        added()
        return "7"

    answer: Any = carry_out(edit(form(**TYPED)), act, lambda found: f"Saved {found}", lambda found: f"/cards/{found}")
    assert (answer.status_code, answer.location, get_flashed_messages(), stored()) == (303, "/cards/7", ["Saved 7"], 1)


def test_a_form_that_is_refused_by_its_fields_is_shown_and_nothing_done(form: Callable[..., Card]) -> None:
    answer = carry_out(edit(form(age="30")), added, "Saved", "/")
    assert (answer, get_flashed_messages(), stored()) == (("None: {'name': ['Enter a name']}", 422), [], 0)


def test_what_the_domain_refuses_stands_beside_its_fields_and_nothing_is_kept(form: Callable[..., Card]) -> None:
    def act() -> None:
        added()
        raise Refused([Fault("age", "Too young"), Fault("elsewhere", "Not today")])

    answer = carry_out(edit(form(**TYPED)), act, "Saved", "/")
    shown = "Ли Анна: {'age': ['Too young'], '': ['Not today']}"
    assert (answer, get_flashed_messages(), stored()) == ((shown, 422), [], 0)


def overtaken() -> None:
    added()
    raise Stale(User(id=1))  # type: ignore[arg-type]  # only its being there counts


def test_a_form_that_somebody_overtook_is_compared_and_nothing_is_kept(form: Callable[..., Card]) -> None:
    answer = carry_out(edit(form(**TYPED), compare=lambda: "both"), overtaken, "Saved", "/")
    assert (answer, get_flashed_messages(), stored()) == (("both", 409), [], 0)


def test_a_form_over_nothing_stored_leaves_that_to_the_page_of_errors(form: Callable[..., Card]) -> None:
    with pytest.raises(Stale):
        carry_out(edit(form(**TYPED)), overtaken, "Saved", "/")


def test_of_a_form_that_is_kept_in_part_the_legible_part_is_stored_and_the_rest_shown(
    form: Callable[..., Card],
) -> None:
    answer = carry_out(edit(form(age="30"), partly=lambda: "kept in part"), added, "Saved", "/")
    assert (answer, get_flashed_messages(), stored()) == (("kept in part", 422), [], 1)
