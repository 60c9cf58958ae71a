"""The components in a real browser, in every state: nothing the accessibility checker minds, nothing off the page."""

import functools
import http.server
import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'"
pytestmark = pytest.mark.browser


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


def _gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gallery", ROOT / "bin" / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gallery")
    _gallery().draw(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ru-RU")
    yield opened
    opened.close()


def _violations(page: Page, *, contrast: bool = True) -> list[tuple[str, list[str]]]:
    """What axe finds; the contrast of colours, half of its work, is the same at every width."""
    page.evaluate(AXE)
    rules = {"color-contrast": {"enabled": contrast}}
    options = {"resultTypes": ["violations"], "runOnly": RULES, "rules": rules}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [(violation["id"], [str(node["target"]) for node in violation["nodes"]]) for violation in found]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["index", "refusal", "error-409"])
def test_drawn_pages_pass_the_accessibility_checker_and_fit_the_screen(
    page: Page, address: str, name: str, width: int
) -> None:
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/{name}.html")
    found = _violations(page, contrast=width == 1280)
    assert (found, page.evaluate("document.documentElement.scrollWidth"), messages) == ([], width, [])


def test_open_dialog_passes_the_accessibility_checker_and_gives_the_focus_back(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.locator("#reject summary").click()
    assert (_violations(page), page.locator("dialog[open]").count()) == ([], 1)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('details').id") == "reject"


def test_error_summary_has_the_focus_and_leads_to_the_field(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')") is True
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "inn"


def test_digits_choose_marks_and_the_total_follows(page: Page, address: str) -> None:
    page.route("**/autosave", lambda route: route.fulfill(json={"version": 4, "saved_at_text": "14:33"}))
    page.goto(f"{address}/index.html")
    assert page.locator("[data-score-value]").inner_text() == "8,00"
    page.locator("#E1-0").focus()
    page.keyboard.type("10")
    page.locator("#E3-0").focus()
    page.keyboard.press("7")
    assert page.locator("input[name=E1]:checked").input_value() == "10"
    assert page.locator("[data-score-value]").inner_text() == "26,75"
    page.locator("#E1 [data-mark-clear]").click()
    assert page.locator("[data-score-value]").inner_text() == "16,75"


def test_autosave_says_when_and_sends_the_version(page: Page, address: str) -> None:
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data)
        route.fulfill(json={"version": 3 + len(sent), "saved_at_text": "14:33"})

    page.route("**/autosave", answer)
    page.goto(f"{address}/index.html")
    page.locator("#E1-4").check(force=True)
    page.wait_for_selector(".autosave--saved")
    page.wait_for_timeout(1500)
    version = page.locator("#review-17 [name=version]").input_value()
    assert (len(sent), 'name="version"\r\n\r\n3\r\n' in sent[0], version) == (1, True, "4")
    assert "14:33" in page.locator("[data-autosave-status]").inner_text()


def test_text_that_did_not_reach_the_server_comes_back(page: Page, address: str) -> None:
    page.route("**/autosave", lambda route: route.abort())
    page.goto(f"{address}/index.html")
    page.locator("#review-17 textarea").fill("Образец испытан")
    page.wait_for_selector(".autosave--failed")
    page.reload()
    assert page.locator("#review-17 textarea").input_value() == "Образец испытан"
    assert "autosave--failed" in page.locator("[data-autosave-status]").get_attribute("class")


def test_conflict_is_shown_and_saving_stops(page: Page, address: str) -> None:
    tries: list[int] = []

    def answer(route: Route) -> None:
        tries.append(1)
        route.fulfill(status=409, json={"html": "<p data-conflict-panel tabindex='-1'>обе версии</p>"})

    page.route("**/autosave", answer)
    page.goto(f"{address}/index.html")
    page.locator("#review-17 textarea").fill("Моя версия")
    page.wait_for_selector("[data-conflict] >> text=обе версии")
    page.locator("#review-17 textarea").fill("Моя версия, дальше")
    page.wait_for_timeout(1500)
    assert (len(tries), page.locator("#review-17 textarea").input_value()) == (1, "Моя версия, дальше")


def test_rows_are_added_removed_and_numbered_anew(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.locator("[data-repeat-add]").click()
    page.locator("[data-repeat-remove]").first.click()
    names = page.locator("[data-repeat] input").evaluate_all("inputs => inputs.map(input => input.name)")
    assert names == [f"participants-{row}-{part}" for row in range(2) for part in ("name", "inn")]
    assert page.locator("[data-repeat] legend").all_inner_texts() == ["Участник 1", "Участник 2"]


def test_ticked_rows_are_counted(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.locator("[name=ids]").first.check()
    assert page.locator("[data-bulk-count]").inner_text() == "1"
