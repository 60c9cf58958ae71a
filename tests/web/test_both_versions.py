"""Both versions of a form: what is equal does not count as different, however it was typed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField

from judging.web.both_versions import VersionRow, version_rows
from judging.web.forms import DayField, DecimalField, Form, MoneyField, MoscowTimeField


class Terms(Form):
    """A form of what can be typed in more than one way."""

    budget = MoneyField("Budget")
    pass_mark = DecimalField("Passing mark")
    places = IntegerField("Places")
    begins = DayField("Begins")
    closes = MoscowTimeField("Closes")


STORED = {
    "budget": 123456789,
    "pass_mark": Decimal("62.50"),
    "places": 7,
    "begins": date(2027, 3, 1),
    "closes": datetime(2027, 2, 10, 15, 0, tzinfo=UTC),
}


def rows(app: Flask, *, stored: dict[str, Any] = STORED, **typed: str) -> list[VersionRow]:
    with app.test_request_context("/", method="POST"):
        mine = Terms(formdata=MultiDict(typed), meta={"csrf": False})
        return version_rows(mine, Terms(formdata=None, data=stored, meta={"csrf": False}))


def test_equal_values_typed_otherwise_are_shown_alike(app: Flask) -> None:
    found = rows(
        app, budget="1234567.89 руб.", pass_mark="62,500", places="007", begins="01.03.2027", closes="10.02.2027 18:00"
    )
    assert found == [
        VersionRow("Budget", "1\u00a0234\u00a0567,89", "1\u00a0234\u00a0567,89"),
        VersionRow("Passing mark", "62,5", "62,5"),
        VersionRow("Places", "7", "7"),
        VersionRow("Begins", "01.03.2027", "01.03.2027"),
        VersionRow("Closes", "10.02.2027 18:00", "10.02.2027 18:00"),
    ]


def test_what_cannot_be_read_and_what_differs_by_seconds_is_shown_as_it_is(app: Flask) -> None:
    closes = datetime(2027, 2, 10, 20, 59, 59, tzinfo=UTC)
    typed = {"budget": "много", "pass_mark": "", "places": "x", "begins": "31.02.2027", "closes": "2027-02-10T23:59"}
    assert rows(app, stored={**STORED, "closes": closes}, **typed) == [
        VersionRow("Budget", "много", "1\u00a0234\u00a0567,89"),
        VersionRow("Passing mark", "", "62,5"),
        VersionRow("Places", "x", "7"),
        VersionRow("Begins", "31.02.2027", "01.03.2027"),
        VersionRow("Closes", "10.02.2027 23:59", "10.02.2027 23:59:59"),
    ]
