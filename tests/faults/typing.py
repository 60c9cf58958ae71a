"""People type into a section or a score sheet in a real browser while something dies.

That is the server, the browser, the network, the session, the page, the disk, or nothing; a sheet is submitted, too.

Every word is typed once and is like no other, so each can be looked for: what the page called saved must be there
once; where the browser lives, all that was typed must be there in the end. At length: ``make typing``.
"""

import argparse
import os
import random
import resource
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sqlalchemy import update

from judging.extensions import db
from judging.models import SignIn
from tests.browser import FLAGS, chromium_path
from tests.databases import migrated_database
from tests.faults.server import Server
from tests.faults.site import Site, cookie, make_site
from tests.faults.written import Section, Sheet, read

FAULTS = ("server", "browser", "offline", "session", "devices", "reload", "back")
NOTED = """() => {
  const form = document.querySelector("form[data-autosave-url]")
  const text = () => [...form.querySelectorAll("textarea, input[type=text]")].map(one => one.value).join(" ")
  window.acknowledged = ""
  window.typedNow = text
  form.addEventListener("saved", () => { window.acknowledged = text() })
}"""
TWICE = """async () => {
  const form = document.querySelector("main form[method=post]")
  const sent = () => fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" })
  await Promise.all([sent(), sent()])
}"""
WAITING = "Object.keys(localStorage).filter(key => key.startsWith('draft:')).length"
PATIENCE = 40.0


@dataclass
class Tally:
    """What came of it, in words: each is typed once."""

    rounds: Counter[str] = field(default_factory=Counter)
    typed: int = 0
    acknowledged: int = 0
    unsent: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.rounds.items()))
        return (
            f"rounds {self.rounds.total()} ({kinds}), words typed {self.typed}, acknowledged {self.acknowledged}, "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}; typed within seconds of a killed browser and not "
            f"acknowledged yet: {self.unsent}"
        )


@dataclass
class Device:
    """A Chromium of its own with a profile that outlives it; its death is that of the whole process group."""

    playwright: Playwright
    profile: Path
    process: subprocess.Popen[bytes] | None = None
    browser: Browser | None = None

    def open(self, base: str, path: str, signed_in: str) -> Page:
        """Start it if it does not run, and open the page."""
        if self.browser is None:
            self._start()
        assert self.browser is not None
        context = self.browser.contexts[0] if self.browser.contexts else self.browser.new_context()
        name, _, value = signed_in.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": base}])
        page = context.new_page()
        page.goto(base + path)
        page.evaluate(NOTED)
        return page

    def kill(self) -> None:
        """Kill -9 it, its renderers too."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.browser = self.process = None

    def _start(self) -> None:
        port = self.profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        line = [chromium_path(), *FLAGS, "--no-sandbox", "--headless", "--no-first-run", "--remote-debugging-port=0",
                f"--user-data-dir={self.profile}", "about:blank"]  # fmt: skip
        self.process = subprocess.Popen(line, process_group=0, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while not (port.exists() and port.read_text().strip()):
            assert time.monotonic() < end, "the browser did not start"
            time.sleep(0.05)
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port.read_text().split()[0]}")


@dataclass
class Typing:
    """One round after another at one draft."""

    site: Site
    server: Server
    work: Section | Sheet
    devices: tuple[Device, Device]
    chance: random.Random
    pace: float = 1.0
    tally: Tally = field(default_factory=Tally)
    number: int = 0
    expected: set[str] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def round(self, fault: str) -> None:
        """Type, let something die at a random moment while typing goes on, mend it, and look."""
        page = self.devices[0].open(self.base, self.work.path, self._signed_in())
        typed = self._type(page, self.chance.choice(self.work.fields), self.chance.randint(2, 8))
        if self.chance.random() < 0.5:
            typed |= self._row(page)
        self._wait(page, 0, 2500)
        typed |= getattr(self, f"_{fault}")(page)
        self.tally.rounds[fault] += 1
        self.tally.typed += len(typed)
        if fault == "browser":
            page = self.devices[0].open(self.base, self.work.path, self._signed_in())
        self._settle(page)
        self._look(page, typed, whole=fault != "browser")
        page.close()

    def _wait(self, page: Page, least: float, most: float) -> None:
        """Let some milliseconds pass, in a hurry fewer."""
        page.wait_for_timeout(self.chance.uniform(least, most) * self.pace)

    def _word(self) -> str:
        """A word with a point behind it: one that broke off in the middle is none."""
        self.number += 1
        return f"слово{self.number}."

    def _type(self, page: Page, place: str, count: int) -> set[str]:
        words = [self._word() for _ in range(count)]
        control = page.locator(place)
        control.focus()
        page.keyboard.press("Control+End")
        for word in words:
            page.keyboard.type(f" {word}", delay=self.chance.choice([0, 10, 40]))
        return set(words)

    def _row(self, page: Page) -> set[str]:
        word = self._word()
        self.work.add(page, word)
        return {word}

    def _server(self, page: Page) -> set[str]:
        """Kill the server, type on, and start it again."""
        self.server.kill()
        typed = self._type(page, self.work.fields[1], 3)
        self._wait(page, 0, 1500)
        self.server.start()
        return typed

    def _browser(self, page: Page) -> set[str]:
        """Kill the browser in the middle of a word, or when it has been quiet for a moment."""
        typed = self._type(page, self.work.fields[0], self.chance.randint(1, 4))
        self._wait(page, 0, 3000)
        self.expected |= _words(page.evaluate("window.acknowledged"))
        self.devices[0].kill()
        return typed

    def _offline(self, page: Page) -> set[str]:
        """Take the network away, type on, and give it back."""
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        none = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        wire.send("Network.emulateNetworkConditions", none)
        typed = self._type(page, self.work.fields[1], 3)
        self._wait(page, 500, 2500)
        wire.send("Network.emulateNetworkConditions", {**none, "offline": False, "downloadThroughput": -1,
                                                       "uploadThroughput": -1})  # fmt: skip
        return typed

    def _session(self, page: Page) -> set[str]:
        """End every session, type on, and sign in again in another tab."""
        with self.site.app.app_context():
            db.session.execute(update(SignIn).values(revoked_at=datetime.now(UTC)))
            db.session.commit()
            db.engine.dispose()
        typed = self._type(page, self.work.fields[0], 3)
        self._wait(page, 500, 2500)
        name, _, value = self._signed_in().partition("=")
        page.context.add_cookies([{"name": name, "value": value, "url": self.base}])
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        return typed

    def _devices(self, page: Page) -> set[str]:
        """Type on another device: at the same time where the work is merged, else in turn."""
        if not self.work.merges:
            self._settle(page)
        other = self.devices[1].open(self.base, self.work.path, self._signed_in())
        typed = self._type(other, self.work.beside, 1) | self._row(other)
        if self.work.merges:
            typed |= self._row(page)
        self._settle(other)
        other.close()
        if not self.work.merges:
            page.reload()
            page.evaluate(NOTED)
        return typed

    def _reload(self, page: Page) -> set[str]:
        """Load the page anew in the middle of typing."""
        typed = self._type(page, self.work.fields[0], 3)
        self._wait(page, 0, 1500)
        page.reload()
        page.evaluate(NOTED)
        return typed

    def _back(self, page: Page) -> set[str]:
        """Go to another page in the middle of typing, and come back by the browser's button."""
        typed = self._type(page, self.work.fields[1], 3)
        self._wait(page, 0, 1500)
        page.goto(f"{self.base}/account")
        page.go_back()
        page.evaluate(NOTED)
        return typed

    def _twice(self, page: Page) -> set[str]:
        """Submit the sheet by two requests of one form at one instant: it is submitted once."""
        assert isinstance(self.work, Sheet)
        self._settle(page)
        _, before = self.work.submissions()
        page.goto(f"{self.base}{self.work.path}/summary")
        page.evaluate(TWICE)
        status, after = self.work.submissions()
        self.tally.lost += ["a submission"] * (status != "submitted")
        self.tally.doubled += ["a submission"] * (after - before - 1)
        return self._taken_up(page)

    def _disk(self, page: Page) -> set[str]:
        """Let the disk be full for the server's files, type on, and make room; the page says why it waits."""
        running = self.server.processes[0].pid
        _, hard = resource.prlimit(running, resource.RLIMIT_FSIZE)
        resource.prlimit(running, resource.RLIMIT_FSIZE, (1, hard))
        typed = self._type(page, self.work.fields[0], 3)
        self._wait(page, 1500, 3000)
        resource.prlimit(running, resource.RLIMIT_FSIZE, (hard, hard))
        return typed

    def _submit(self, page: Page) -> set[str]:
        """Kill the server while the sheet is being submitted; it is submitted once, at the latest when tried again."""
        assert isinstance(self.work, Sheet)
        self._settle(page)
        _, before = self.work.submissions()
        page.goto(f"{self.base}{self.work.path}/summary")
        page.evaluate("document.querySelector('main form[method=post]').requestSubmit()")
        time.sleep(self.chance.uniform(0, 0.15))
        self.server.kill()
        self.server.start()
        if self.work.submissions()[0] != "submitted":
            page.goto(f"{self.base}{self.work.path}/summary")
            page.locator("main form[method=post] button").click()
            page.wait_for_url("**/receipt")
        _, after = self.work.submissions()
        self.tally.doubled += ["a submission"] * (after - before - 1)
        return self._taken_up(page)

    def _taken_up(self, page: Page) -> set[str]:
        """Look at what was submitted, have it given back, and go on."""
        assert isinstance(self.work, Sheet)
        self._look(page, set(), whole=False)
        self.work.return_it()
        page.goto(f"{self.base}{self.work.path}")
        page.evaluate(NOTED)
        return set()

    def _settle(self, page: Page) -> None:
        """Wait until nothing waits in the browser."""
        end = time.monotonic() + PATIENCE
        while page.evaluate(WAITING):
            if time.monotonic() > end:
                raise AssertionError(page.locator("[data-autosave-status]").inner_text())
            page.wait_for_timeout(50)

    def _look(self, page: Page, typed: set[str], *, whole: bool) -> None:
        """Find every word in the database: once."""
        stored = Counter(self.work.stored().split())
        acknowledged = self.expected | _words(page.evaluate("window.acknowledged") or "")
        self.expected = acknowledged | (typed if whole else set())
        self.tally.acknowledged += len({*typed} & {*stored})
        self.tally.unsent += 0 if whole else len({*typed} - {*stored})
        self.tally.lost += sorted(word for word in self.expected if not stored[word])
        self.tally.doubled += sorted(word for word, times in stored.items() if _is_word(word) and times > 1)
        self.expected = {word for word in stored if _is_word(word)}

    def _signed_in(self) -> str:
        def signed() -> str:
            found = cookie(db.session, self.site.app, self.work.person())
            db.session.commit()
            return found

        return read(self.site.app, signed)


def _words(text: str) -> set[str]:
    return {word for word in text.split() if _is_word(word)}


def _is_word(text: str) -> bool:
    return text.startswith("слово") and text.endswith(".")


@contextmanager
def typing(folder: Path, seed: int, pace: float = 1.0, kind: str = "section", url: str = "") -> Iterator[Typing]:
    """An installation with one section or sheet to be filled in, a server, and two devices."""
    site = make_site(folder / "instance", url, sheets=0, drafts=0, uploads=0)

    def made() -> Section | Sheet:
        work = (Sheet if kind == "sheet" else Section).made(site.app, db.session)
        db.session.commit()
        return work

    work = read(site.app, made)
    server = Server(site.environment, workers=3 if url else 1)
    server.start()
    with sync_playwright() as playwright:
        devices = Device(playwright, folder / "one"), Device(playwright, folder / "two")
        for device in devices:
            device.profile.mkdir()
        try:
            yield Typing(site, server, work, devices, random.Random(seed), pace)
        finally:
            for device in devices:
                if device.process is not None:
                    device.kill()
            server.kill()


def run(
    folder: Path, faults: Sequence[str], seed: int, pace: float = 1.0, kind: str = "section", url: str = ""
) -> Tally:
    """Let each of the faults happen once, in this order; ``pace``: how long is waited in between."""
    with typing(folder, seed, pace, kind, url) as one:
        for fault in faults:
            one.round(fault)
        return one.tally


def faults_of(kind: str, database: str) -> tuple[str, ...]:
    """What can happen to work of this kind on this database; whose disk is full can be said of an SQLite file alone."""
    return FAULTS + ("disk",) * (database == "sqlite") + ("submit", "twice") * (kind == "sheet")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make typing", description="Type while something dies, and look.")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--kinds", default="section,sheet", help="what is written into")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--faults", help="what happens, in turn; then in any order")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    given = parser.parse_args()
    pairs = [(kind, database) for kind in given.kinds.split(",") for database in given.databases.split(",")]
    return max(_typed(kind, database, given) for kind, database in pairs)


def _typed(kind: str, database: str, given: argparse.Namespace) -> int:
    chance, started = random.Random(given.seed), time.monotonic()
    kinds = given.faults.split(",") if given.faults else faults_of(kind, database)
    faults = [kinds[n % len(kinds)] for n in range(given.rounds)]
    chance.shuffle(faults)
    with tempfile.TemporaryDirectory(prefix="judging-typing-") as folder:
        url = migrated_database("judging_typing") if database == "postgresql" else ""
        tally = run(Path(folder), faults, given.seed, kind=kind, url=url)
    print(f"{kind}, {database}, seed {given.seed}: {tally}; {time.monotonic() - started:.0f} s", flush=True)
    for line in [f"lost {one}" for one in tally.lost] + [f"doubled {one}" for one in tally.doubled]:
        print(line)
    return int(bool(tally.lost or tally.doubled))


if __name__ == "__main__":
    sys.exit(main())
