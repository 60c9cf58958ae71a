"""Requests within this process or over HTTP: processor time of the very request, its queries, its bytes."""

import gc
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from flask.testing import FlaskClient

from bench.web.bare import bare_app
from bench.web.contests import CHAIR, JUDGE, SECRETARY, contest_file
from bench.web.scenarios import SCENARIOS, Person, Scenario, Wire
from bench.web.served import Connected, Served, server
from config import Config
from judging import exports
from judging.adapters.serving.memory import settle
from judging.app import create_app
from judging.extensions import db
from judging.models import User
from tests.faults.site import cookie
from tests.recording import statements


@dataclass
class Inside:
    """A test client, signed in as somebody."""

    client: FlaskClient

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send one request; the whole answer is read."""
        answer = self.client.open(path, method=method, data=body or None, headers=dict(headers))
        return answer.status_code, answer.data


@dataclass
class Figures:
    """What a scenario cost at one size, each time."""

    cpu: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    size: int = 0

    @property
    def milliseconds(self) -> float:
        """The median of the processor milliseconds."""
        return statistics.median(self.cpu) * 1000


Results = dict[str, dict[int, Figures]]


class Site:
    """The application over one contest, and the people who look at it."""

    def __init__(self, applications: int, folder: Path) -> None:
        file = folder / f"{applications}.sqlite3"
        contest_file(applications, file)
        own = folder / str(applications)
        environment = {"INSTANCE_DIR": str(own), "SECRET_KEY": "f" * 40, "DATABASE_URL": f"sqlite:///{file}"}
        self.environment = environment
        self.app = create_app(Config.from_environment(environment))
        self.cookies: dict[int, str] = {}
        with self.app.app_context():
            for number in (CHAIR, SECRETARY, JUDGE):
                self.cookies[number] = cookie(db.session, self.app, db.session.get_one(User, number))
            db.session.commit()
        self.people = {number: Person(Inside(self._client(number))) for number in self.cookies}

    def over_http(self, served: Served) -> None:
        """Let the same people ask this server from now on."""
        self.people = {number: Person(Connected(served.port, cookie)) for number, cookie in self.cookies.items()}

    def _client(self, number: int) -> FlaskClient:
        client = self.app.test_client()
        name, _, value = self.cookies[number].partition("=")
        client.set_cookie(name, value)
        return client


@dataclass
class Asked:
    """A contest at a size with the people who ask for its pages, and the clock of the process that answers."""

    people: Mapping[int, Person]
    cpu: Callable[[], float] = time.process_time

    def once(self, scenario: Scenario, figures: Figures, *, warm: bool) -> None:
        """Do a scenario; note what it cost."""
        person = self.people[scenario.who]
        if scenario.prepare is not None:
            scenario.prepare(person)
        before, asked = person.taken, _asked(person.wire)
        with statements() as executed:
            gc.collect(0)
            start = self.cpu()
            scenario.act(person)
            took = self.cpu() - start
        if warm or scenario.weight > 1:
            figures.cpu.append(took)
            within = sum(not statement.startswith("BEGIN") for statement in executed)
            figures.queries.append(within or _asked(person.wire) - asked)
        figures.size = person.taken - before


def measured(
    sizes: Sequence[int], rounds: int, folder: Path, only: str = "", *, http: bool = False
) -> tuple[float, Results]:
    """Do every scenario at every size in turn, ``rounds`` times; return the bare page's milliseconds and the rest.

    Files of large contests, which the worker writes, are written within their request like all others. With ``http``
    each size has a server of its own, and the bare page one, too.
    """
    exports.LARGE = sys.maxsize
    sites = {size: Site(size, folder) for size in sizes}
    with ExitStack() as stack:
        places, bare = {size: Asked(site.people) for size, site in sites.items()}, Asked({0: _bare_person()})
        if http:
            for size, site in sites.items():
                served = stack.enter_context(server(site.environment))
                site.over_http(served)
                places[size] = Asked(site.people, served.cpu)
            served = stack.enter_context(server({}, bare=True))
            bare = Asked({0: Person(Connected(served.port))}, served.cpu)
        settle()
        return _rounds(places, bare, [scenario for scenario in SCENARIOS if only in scenario.name], rounds)


def _rounds(
    places: Mapping[int, Asked], bare: Asked, scenarios: Sequence[Scenario], rounds: int
) -> tuple[float, Results]:
    results: Results = {scenario.name: defaultdict(Figures) for scenario in scenarios}
    unit, page = Figures(), Scenario("bare", 0, lambda person: person.get("/"))
    for number in range(rounds + 1):
        for scenario in scenarios:
            if number % scenario.weight == (1 if scenario.weight > 1 and number else 0):
                for size, place in places.items():
                    if size <= scenario.most:
                        place.once(scenario, results[scenario.name][size], warm=number > 0)
        for _ in range(5):
            bare.once(page, unit, warm=number > 0)
    return unit.milliseconds, results


def _bare_person() -> Person:
    return Person(Inside(bare_app().test_client()))


def _asked(wire: Wire) -> int:
    """How many statements the answers that came over this wire have taken so far, where it is told."""
    return wire.queries if isinstance(wire, Connected) else 0
