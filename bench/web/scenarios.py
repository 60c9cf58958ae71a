"""What people do, one line a scenario, over any wire: in the process or over HTTP."""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from bench.web.contests import CHAIR, CODE, JUDGE, PASSWORD, SECRETARY

STAFF = f"/staff/contests/{CODE}"
TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*?value="(\d+)"')
FETCH = {"X-Requested-With": "fetch"}
EVERY_SIZE = (50, 500, 5_000, 20_000)
FORM = "application/x-www-form-urlencoded"


class Wire(Protocol):
    """Sends a request of somebody who is signed in; returns the status, and the whole body."""

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send one request."""
        ...


@dataclass
class Person:
    """Somebody in front of a browser; pages fill in the token and the version of the next form."""

    wire: Wire
    token: str = ""
    version: int = 0
    taken: int = 0
    memory: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> bytes:
        """Open a page."""
        return self._told(self.wire.send("GET", path, b"", {}), path, 200)

    def read(self, path: str) -> None:
        """Open a page and keep what its form needs; never part of what is measured."""
        page = self.get(path).decode()
        if found := TOKEN.search(page):
            self.token = found[1]
        if found := VERSION.search(page):
            self.version = int(found[1])

    def post(self, path: str, fields: Mapping[str, object], status: int, **headers: str) -> bytes:
        """Send a form."""
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        sent = {"Content-Type": FORM, "X-CSRFToken": self.token} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self._told(self.wire.send("POST", path, body, sent), path, status)

    def _told(self, answer: tuple[int, bytes], path: str, wanted: int) -> bytes:
        status, body = answer
        self.taken += len(body)
        if status != wanted:
            plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body.decode("utf-8", "replace")))
            raise SystemExit(f"{path} answered {status} instead of {wanted}: {plain[:400]}")
        return body


Act = Callable[[Person], object]


@dataclass(frozen=True)
class Scenario:
    """One thing that somebody does; ``prepare`` comes before each time and is not measured.

    ``weight``: every how many rounds it is done; ``most``: the largest contest it is done in; ``goal``: processor
    milliseconds at 500 and at 5,000 applications.
    """

    name: str
    who: int
    act: Act
    prepare: Act | None = None
    weight: int = 1
    most: int = EVERY_SIZE[-1]
    goal: tuple[float, float] | None = None


def page(name: str, who: int, path: str, goal: tuple[float, float] | None = None, weight: int = 1) -> Scenario:
    """A page that is looked at."""
    return Scenario(name, who, lambda person: person.get(path), weight=weight, goal=goal)


def _of_page(path: str) -> Act:
    return lambda person: person.read(path)


def _sheet(person: Person) -> str:
    """The judge's first open sheet."""
    if "sheet" not in person.memory:
        person.memory["sheet"] = re.findall(r'href="(/reviews/\d+)"', person.get("/reviews").decode())[0]
    return person.memory["sheet"]


def _read_sheet(person: Person) -> None:
    person.read(_sheet(person))


def _typed(person: Person) -> dict[str, object]:
    return {
        "version": person.version, "recommendation": "support", **{f"mark-E{n}": 7 for n in range(1, 9)},
        **{f"comment-E{n}": f"Станок и стенд готовы, {secrets.token_hex(8)}." for n in range(1, 9)},
    }  # fmt: skip


def _saved(person: Person) -> None:
    person.post(f"{_sheet(person)}/draft?tab=bench", _typed(person), 303)


def _saved_whole(person: Person) -> None:
    _saved(person)
    person.get(_sheet(person))


def _autosaved(person: Person) -> None:
    person.post(f"{_sheet(person)}/draft?tab=bench", _typed(person), 200, X_Requested_With="fetch")


def _sign_in(person: Person) -> None:
    person.read("/sign-in")
    email = f"person{JUDGE:05}@example.org"
    person.post("/sign-in", {"email": email, "password": PASSWORD}, 303)
    person.get("/")


def download(key: str, goal: tuple[float, float] | None, weight: int, most: int = EVERY_SIZE[-1]) -> Scenario:
    """A file of the downloads menu, as the secretary takes it."""
    path = f"{STAFF}/ranking/downloads/{key}"
    act: Act = lambda person: person.post(path, {}, 200)  # noqa: E731 -- one line a scenario
    return Scenario(key, SECRETARY, act, _of_page(f"{STAFF}/ranking/check"), weight, most, goal)


SCENARIOS = (
    page("judge's home", JUDGE, "/", (8, 8)),
    page("judge's list", JUDGE, "/reviews", (8, 10)),
    Scenario("score sheet", JUDGE, lambda person: person.get(_sheet(person)), goal=(10, 10)),
    Scenario("save, whole", JUDGE, _saved_whole, _read_sheet, goal=(12, 12)),
    Scenario("save, POST only", JUDGE, _saved, _read_sheet),
    Scenario("autosave", JUDGE, _autosaved, _read_sheet),
    page("chair's home", CHAIR, "/", (10, 12)),
    page("contest board", SECRETARY, STAFF, (15, 20)),
    page("ranking, 100 rows", SECRETARY, f"{STAFF}/ranking", (25, 40)),
    page("register", SECRETARY, f"{STAFF}/applications"),
    page("register, searched", SECRETARY, f"{STAFF}/applications?q=станок"),
    page("register, by title", SECRETARY, f"{STAFF}/applications?sort=title"),
    page("application", SECRETARY, f"{STAFF}/applications/20"),
    page("assignment", SECRETARY, f"{STAFF}/assignment", weight=2),
    page("assignment, experts", SECRETARY, f"{STAFF}/assignment?view=experts", weight=2),
    page("progress", SECRETARY, f"{STAFF}/progress", weight=2),
    page("divergences", SECRETARY, f"{STAFF}/progress/divergences", weight=4),
    page("experts", SECRETARY, f"{STAFF}/experts"),
    page("conflicts", SECRETARY, f"{STAFF}/conflicts"),
    page("journal", SECRETARY, f"{STAFF}/journal"),
    page("contest, public", JUDGE, f"/contests/{CODE}"),
    download("reviews-csv", (40, 350), 5),
    download("marks-csv", (60, 500), 5),
    download("ranking-csv", None, 5),
    download("ranking-xlsx", (2_000, 12_000), 20, 5_000),
)
"""In the order of the report; people and goals are those of the table in docs/performance.md."""
