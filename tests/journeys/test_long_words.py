"""Names without a single space: no page becomes wider than the screen, at both widths."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from judging.domain.access import Role
from judging.extensions import db
from judging.models import Application, Cluster, Contest, Organisation
from tests.browser import WIDTHS, Look, live_server
from tests.demo_site import cookies, demo_app

WORD = "Сверхдлинноенаименованиеорганизациибезпробеловидефисов"
NAMES: tuple[Any, ...] = (Contest.title, Application.title, Cluster.name, Organisation.name)
PAGES = [
    (Role.PUBLIC, "/"),
    (Role.TEAM, "/applications"),
    (Role.TEAM, "/contests/PP41-2027/cluster"),
    (Role.EXPERT, "/reviews"),
    (Role.SECRETARY, "/staff/contests/PP41-2026"),
]


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with demo_app() as made:
        with made.app_context():
            for name in NAMES:
                for row in db.session.scalars(select(name.class_)):
                    setattr(row, name.key, WORD + getattr(row, name.key)[:20])
            db.session.commit()
        yield made


def test_a_name_of_one_long_word_makes_no_page_wide(app: Flask, browser: Browser) -> None:
    who, faults = cookies(app), []
    with live_server(app) as base:
        for role, path in PAGES:
            cookie = who[role]
            look = Look(browser, base, {"judging": cookie} if cookie else None)
            look.open(path)
            assert WORD in look.page.content()
            for width in WIDTHS:
                look.resize(width)
                faults += look.measure()
            look.close()
    assert faults == []
