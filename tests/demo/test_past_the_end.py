"""A page past the end of a list is its last page: a bookmark outlives the rows that were on it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from judging.domain.access import Role
from tests.demo_site import cookies, demo_app

OLD, YEAR = "/staff/contests/PP41-2025", "/staff/contests/PP41-2026"
LISTS = [
    *((Role.SECRETARY, f"{YEAR}/{page}") for page in (
        "applications?", "experts?", "conflicts?", "journal?", "ranking?", "progress?", "assignment?",
        "assignment?view=experts&", "assignment/heat-map?experts=99&",
    )),
    (Role.SECRETARY, "/staff/contests?"),
    (Role.SECRETARY, f"{OLD}/firmness?"),
    (Role.SECRETARY, f"{OLD}/firmness/experts?"),
    (Role.SECRETARY, f"{OLD}/journal?"),
    (Role.ADMINISTRATOR, "/staff/jobs?state=done&"),
    (Role.ADMINISTRATOR, "/people?"),
    (Role.ADMINISTRATOR, "/letters?"),
    (Role.ADMINISTRATOR, "/journal?"),
]  # fmt: skip
RANGE = re.compile(r'<p class="pagination__range">([0-9]+)–([0-9]+) из ([0-9]+)</p>')


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Flask, dict[Role, str | None]]]:
    with demo_app() as app:
        yield app, cookies(app)


@pytest.mark.parametrize(("role", "address"), LISTS)
def test_a_page_past_the_end_is_the_last_one(
    site: tuple[Flask, dict[Role, str | None]], role: Role, address: str
) -> None:
    app, cookie = site
    client = app.test_client()
    client.set_cookie("judging", cookie[role] or "")
    text = client.get(f"{address}page=99").get_data(as_text=True)
    ranges = [tuple(map(int, found)) for found in RANGE.findall(text)]
    assert ranges
    assert [(first <= last == total, "<td" in text) for first, last, total in ranges] == [(True, True)] * len(ranges)
