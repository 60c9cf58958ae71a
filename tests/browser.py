"""A real Chromium against a server on loopback: pages are opened, checked with axe, and photographed.

``live_server(app)`` serves the application in a thread; ``Chromium()`` is one browser; ``Look`` opens pages as a person
and collects what is wrong with them: console errors, serious axe findings, sideways scrolling.
"""

import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AXE = Path(__file__).resolve().parent / "vendor" / "axe-core" / "axe.min.js"
AXE_AT = "/axe-of-the-tests.js"
"""Where a live server has axe, so that a browser fetches and compiles it once, not once a page."""
WIDTHS = (1280, 390)
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
PLACES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip


def chromium_path() -> str:
    """Where the browser is; raises ``RuntimeError`` that says what to install."""
    for place in (os.environ.get("CHROMIUM", ""), *PLACES):
        found = shutil.which(place) if place else None
        if found:
            return found
    raise RuntimeError(
        "No Chromium was found. Install chromium-headless-shell or chromium, or set CHROMIUM=/path/to/chromium."
    )


class QuietHandler(WSGIRequestHandler):
    """Requests are not logged, and come one after the other over a connection, as from a server behind a proxy."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: Any) -> None:
        """Say nothing."""


def with_axe(app: Flask) -> "WSGIApplication":
    """The application, and axe beside it."""

    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != AXE_AT:
            return app(environ, start_response)
        kept = ("Cache-Control", "max-age=86400, immutable")
        start_response("200 OK", [("Content-Type", "text/javascript; charset=utf-8"), kept])
        return [AXE.read_bytes()]

    return served


@contextmanager
def live_server(app: Flask) -> Iterator[str]:
    """Serve ``app`` on a free loopback port; gives its address. SERVER_NAME must not be set."""
    server = make_server("127.0.0.1", 0, with_axe(app), threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """One headless browser."""
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        try:
            yield browser
        finally:
            browser.close()


MOST_STEPS = 60
"""A page with more to stop at is walked so far; what comes further down is more of the same."""
BEFORE_THE_WALK = """most => {
  const around = e =>
    [e, e.parentElement, e.nextElementSibling, e.closest("label"), e.labels?.[0], e.closest("td, th, li")]
  const drawn = s => [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor,
    s.color, s.textDecorationLine, s.opacity, s.transform, s.clipPath, s.top, s.left].join()
  const look = e => around(e).filter(Boolean).map(one =>
    ["", "::before", "::after"].map(part => drawn(getComputedStyle(one, part || null))).join(";")).join("|")
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex], audio, video"
  const stops = [...document.querySelectorAll(kinds)]
    .filter(e => e.tabIndex >= 0 && !e.matches(":disabled") && !e.closest("[inert]"))
  const walk = {stops, reached: new Set(), unseen: [], before: new Map(stops.slice(0, most).map(e => [e, look(e)]))}
  document.documentElement.style.setProperty("scroll-behavior", "auto")
  document.addEventListener("focusin", ({target}) => {
    if (walk.reached.has(target)) return
    walk.reached.add(target)
    if (walk.before.has(target) && walk.before.get(target) === look(target)) walk.unseen.push(target)
  })
  document.activeElement?.blur()
  window.scrollTo(0, 0)
  window.theWalk = walk
  const within = {date: 4, time: 3, "datetime-local": 6}  // of a date, day, month, year and calendar are stops, too
  return stops.filter(e => e.checkVisibility({visibilityProperty: true}))
    .reduce((sum, e) => sum + (within[e.type] ?? 1), 3)
}"""
AFTER_THE_WALK = """whole => {
  const {stops, reached, unseen} = window.theWalk
  const short = e => e.outerHTML.slice(0, 160)
  const known = e => reached.has(e) || (e.type === "radio" && stops.some(o => o.name === e.name && reached.has(o)))
  const left = whole ? stops.filter(e => e.checkVisibility({visibilityProperty: true}) && !known(e)) : []
  const told = (what, elements) => elements.map(e => [what, short(e)])
  document.activeElement?.blur()
  return [...told("the focus is not seen", unseen), ...told("not reached by Tab", left)]
}"""


@dataclass
class Look:
    """One person's browser: every page opened through it is listened to."""

    browser: Browser
    base: str
    cookie: dict[str, str] | None = None
    width: int = 1280
    faults: list[str] = field(default_factory=list)
    contrast: bool = True

    def __post_init__(self) -> None:
        self.context: BrowserContext = self.browser.new_context(
            viewport={"width": self.width, "height": 900}, locale="ru-RU", timezone_id="Europe/Moscow"
        )
        if self.cookie:
            self.context.add_cookies([{"name": k, "value": v, "url": self.base} for k, v in self.cookie.items()])
        self.page: Page = self.context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: script error: {error}"))

    def _note_console(self, message: Any) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.faults.append(f"{self.page.url}: console: {message.text}")

    def open(self, path: str) -> Page:
        """Open a page and wait until it is quiet: its fonts are there, and what is drawn with them."""
        self.page.goto(self.base + path, wait_until="load")
        self.page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        return self.page

    def follow(self, control: Locator) -> None:
        """Press what leads to another page, or to this one anew, and wait until it is there."""
        with self.page.expect_navigation(wait_until="load"):
            control.click()

    def resize(self, width: int) -> None:
        """Make the window so wide; the page that is open is laid out anew."""
        self.width = width
        self.page.set_viewport_size({"width": width, "height": 900})

    def check(self) -> list[str]:
        """What is wrong with the page that is open: axe and sideways scrolling.

        The contrast of colours, which is half of axe's work and the same at every width, is looked at in a wide window,
        and only where ``contrast`` says so: that of every page and every component is looked at by the tests over them.
        """
        found = self.page.evaluate(
            "async ([place, contrast]) => (await import(place), "
            "await axe.run(document, {resultTypes: ['violations'], runOnly: "
            "['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], "
            "rules: {'color-contrast': {enabled: contrast}}})).violations"
            ".map(v => [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))])",
            [AXE_AT, self.contrast and self.width >= WIDTHS[0]],
        )
        faults = [f"{self.page.url} @{self.width}: {impact} {name}: {nodes}" for impact, name, nodes in found]
        self.faults += faults
        return [*faults, *self.measure()]

    def measure(self) -> list[str]:
        """Whether the page that is open scrolls sideways."""
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults = [f"{self.page.url} @{self.width}: scrolls sideways by {wide}px"] if wide > 0 else []
        self.faults += faults
        return faults

    def walk(self) -> list[str]:
        """What is wrong with the open page for somebody without a mouse, who walks through it with the Tab key.

        Every control and link that can be seen is reached (of a group of radio buttons one), nothing holds the walker,
        and wherever the focus is, something about the element or what stands around it looks otherwise than before.
        """
        steps = self.page.evaluate(BEFORE_THE_WALK, MOST_STEPS)
        for _ in range(min(steps, MOST_STEPS)):
            self.page.keyboard.press("Tab")
        found = self.page.evaluate(AFTER_THE_WALK, steps <= MOST_STEPS)
        faults = [f"{self.page.url} @{self.width}: {what}: {element}" for what, element in found]
        self.faults += faults
        return faults

    def photograph(self, path: Path) -> None:
        """Save the whole page as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)

    def close(self) -> None:
        """Close this person's browser."""
        self.context.close()
