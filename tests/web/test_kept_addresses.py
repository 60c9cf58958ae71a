"""Addresses that are kept are those that Flask builds, under every prefix and for every way of asking."""

from typing import Any

from flask import Flask, request, url_for
from flask.app import Flask as Original

from judging.web.kept_addresses import Addresses

ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("home.index", {}),
    ("scoring.sheet", {"review_id": 7}),
    ("scoring.sheet", {"review_id": 8}),
    ("scoring.save", {"review_id": 7, "tab": "a&b"}),
    ("register.index", {"code": "Отбор 1", "status": None}),
    ("register.index", {"code": "Отбор 1", "status": "admitted", "page": 2}),
    ("register.index", {"code": "Отбор 1", "page": True}),
    ("register.index", {"code": "Отбор 1", "page": 1}),
    ("register.index", {"code": "Отбор 1", "page": ["1", "2"]}),
    ("scoring.sheet", {"review_id": 7, "_anchor": "application"}),
    ("scoring.sheet", {"review_id": 7, "_external": True}),
    (".queue", {}),
)


def test_kept_addresses_are_those_that_flask_builds(app: Flask) -> None:
    def said() -> list[tuple[str, str]]:
        return [(url_for(endpoint, **values), Original.url_for(app, endpoint, **values)) for endpoint, values in ASKED]

    found = []
    for root in ("", "/judging", ""):
        with app.test_request_context("/reviews", environ_overrides={"SCRIPT_NAME": root}):
            assert request.script_root == root
            found.append(said() + said())
    assert [[ours for ours, _ in each] for each in found] == [[theirs for _, theirs in each] for each in found]
    assert [each[1][0] for each in found] == ["/reviews/7", "/judging/reviews/7", "/reviews/7"]


def test_what_is_long_or_not_plain_is_built_anew_and_not_kept(app: Flask) -> None:
    addresses = Addresses(app)
    with app.test_request_context("/"):
        for next_page in ("/reviews", "/reviews?" + "q" * 5_000, "/реестр" * 100):
            expected = Original.url_for(app, "accounts.sign_in", next=next_page)
            assert addresses.url_for("accounts.sign_in", next=next_page) == expected
    assert list(addresses._kept) == [("", "accounts.sign_in", ("next", "/reviews"))]


def test_an_address_outside_a_request_is_whole(app: Flask) -> None:
    app.config["SERVER_NAME"] = "judging.example"
    try:
        with app.app_context():
            assert url_for("scoring.sheet", review_id=7) == Original.url_for(app, "scoring.sheet", review_id=7)
    finally:
        app.config["SERVER_NAME"] = None
