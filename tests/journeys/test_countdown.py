"""What is left until a deadline is right in Chromium whatever its clock and time zone say, and without JavaScript."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from judging.extensions import db
from judging.web.templating import moscow
from tests import factories
from tests.browser import Look, live_server

pytestmark = pytest.mark.browser
Opened = Callable[..., Any]
LEFT = timedelta(hours=2, minutes=13, seconds=58)
WRONG_CLOCK = """shift => {
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + shift) }
    static now() { return Real.now() + shift }
  }
}"""
MISTAKEN = """by => {
  const shown = document.querySelector("[data-left]")
  shown.dataset.left = Number(shown.dataset.left) + by
}"""
CLOCKS = [
    ("Europe/Moscow", timedelta(0)),
    ("America/Los_Angeles", timedelta(hours=-11)),
    ("Pacific/Kiritimati", timedelta(days=400)),
    ("Asia/Kathmandu", timedelta(days=-4000)),
]


IMPATIENT = """(() => {
  const real = window.setTimeout.bind(window)
  window.setTimeout = (act, wait, ...rest) => real(act, Math.min(wait ?? 0, 1000), ...rest)
})()"""
"""Nobody waits for half a minute until the countdown looks at its clock again."""


@pytest.fixture
def deadline(app: Flask) -> datetime:
    """The close of a contest that everybody sees, in two hours, thirteen minutes and a little."""
    close = datetime.now(UTC) + LEFT
    with app.app_context():
        contest = factories.contest(
            db.session, applications_open=close - timedelta(days=9), applications_close=close,
            review_close=close + timedelta(days=9),
        )  # fmt: skip
        app.config["SHOWN"] = f"/contests/{contest.code}"
        db.session.commit()
    return close


@pytest.fixture
def opened(app: Flask, browser: Browser, deadline: datetime) -> Iterator[Opened]:
    """Opens the contest's page in a browser with another time zone, another clock, or no JavaScript."""
    with live_server(app) as base:

        @contextmanager
        def open_page(
            zone: str = "Europe/Moscow", shift: timedelta = timedelta(0), java_script: bool = True
        ) -> Iterator[Page]:
            context = browser.new_context(locale="ru-RU", timezone_id=zone, java_script_enabled=java_script)
            page, faults = context.new_page(), []
            page.on("pageerror", lambda error: faults.append(str(error)))
            if java_script:
                page.add_init_script(f"({WRONG_CLOCK})({shift / timedelta(milliseconds=1):.0f})")
                page.add_init_script(IMPATIENT)
            page.goto(base + app.config["SHOWN"], wait_until="load")
            yield page
            context.close()
            assert faults == []

        yield open_page


@pytest.mark.parametrize(("zone", "shift"), CLOCKS, ids=lambda value: str(value))
def test_what_is_left_hangs_on_neither_the_zone_nor_the_clock_of_the_browser(
    opened: Opened, zone: str, shift: timedelta
) -> None:
    with opened(zone, shift) as page:
        expect(page.locator(".countdown__left")).to_have_text("осталось 2 часа 13 минут", ignore_case=True)
        differs = page.evaluate("() => [new Date().getTimezoneOffset(), Date.now()]")
    assert abs(differs[1] / 1000 - (datetime.now(UTC) + shift).timestamp()) < 60
    assert (differs[0] == -180) == (zone == "Europe/Moscow")


@pytest.mark.parametrize(("zone", "shift"), CLOCKS, ids=lambda value: str(value))
def test_the_deadline_is_said_in_moscow_time_everywhere(
    app: Flask, opened: Opened, deadline: datetime, zone: str, shift: timedelta
) -> None:
    with app.test_request_context(headers={"Accept-Language": "ru"}):
        words = moscow(deadline)
    with opened(zone, shift) as page:
        expect(page.locator(".countdown__deadline")).to_have_text(words)


def test_it_counts_down_by_the_monotonic_clock_while_the_clock_is_set(opened: Opened) -> None:
    with opened() as page:
        left = page.locator(".countdown__left")
        page.evaluate("""() => {
          const real = performance.now.bind(performance)
          window.passed = 0
          performance.now = () => real() + window.passed
        }""")
        page.evaluate("() => { window.passed = 3600_000 + 13 * 60_000 + 58_000 }")
        expect(left).to_have_text(re.compile(r"осталось (59|58) минут \d+ секунд"))
        page.evaluate("() => { const real = Date.now; Date.now = () => real() + 86_400_000 }")
        page.evaluate("() => { window.passed += 3600_000 }")
        expect(left).to_have_text("Закрыто")


def test_after_a_sleep_the_servers_clock_is_asked(opened: Opened) -> None:
    """The monotonic clock stands still while some machines sleep: more would seem to be left than is."""
    with opened("Asia/Tokyo", timedelta(days=-3)) as page:
        left = page.locator(".countdown__left")
        page.evaluate(
            "() => { const e = document.querySelector('[data-left]'); e.dataset.left = +e.dataset.left + 7200_000 }"
        )
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        expect(left).to_have_text("осталось 2 часа 13 минут", ignore_case=True)
        page.evaluate(
            "() => { const e = document.querySelector('[data-left]'); e.dataset.left = +e.dataset.left - 3600_000 }"
        )
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        expect(left).to_have_text("осталось 1 час 13 минут", ignore_case=True)


def test_without_scripts_the_instant_and_what_was_left_stand_there(
    app: Flask, opened: Opened, deadline: datetime
) -> None:
    with app.test_request_context(headers={"Accept-Language": "ru"}):
        words = moscow(deadline)
    with opened("America/Los_Angeles", java_script=False) as page:
        expect(page.locator(".countdown__deadline")).to_have_text(words)
        expect(page.locator(".countdown__left")).to_have_text("осталось 2 часа 13 минут", ignore_case=True)


def test_the_page_is_quiet_and_fits(app: Flask, browser: Browser, deadline: datetime) -> None:
    with live_server(app) as base:
        look = Look(browser, base)
        look.open(app.config["SHOWN"])
        faults = look.check()
        look.resize(390)
        faults += look.measure()
        look.close()
    assert faults == []
