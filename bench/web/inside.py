"""Requests within this process: processor time of the very request, its queries, its bytes."""

import gc
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, render_template_string
from flask.testing import FlaskClient

from bench.web.contests import CHAIR, JUDGE, SECRETARY, contest_file
from bench.web.scenarios import SCENARIOS, Person, Scenario
from config import Config
from judging import exports
from judging.adapters.serving.memory import settle
from judging.app import create_app
from judging.extensions import db
from judging.models import User
from tests.faults.site import cookie
from tests.recording import statements

BARE = """<!doctype html><title>{{ title }}</title><table>{% for row in rows %}<tr><th>{{ row.number }}</th><td>
<a href="/applications/{{ row.number }}">{{ row.title }}</a></td><td>{{ row.cluster }}</td><td>{{ row.sum }}</td>
<td>{{ row.status }}</td></tr>{% endfor %}</table>"""
"""A page of a hundred rows, 22 kB, from values that are there: what Flask and Jinja cost."""


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

    def _client(self, number: int) -> FlaskClient:
        client = self.app.test_client()
        name, _, value = self.cookies[number].partition("=")
        client.set_cookie(name, value)
        return client


def bare_app() -> Flask:
    """An application with one page, the unit of the report."""
    app = Flask("bare")
    rows = [
        {"number": f"{n:05}", "title": "Производство редукторов для станков " * 2, "cluster": "Камский кластер",
         "sum": "120 000 000 ₽", "status": "допущена"} for n in range(100)
    ]  # fmt: skip

    @app.get("/")
    def show() -> str:
        return render_template_string(BARE, title="Заявки", rows=rows)

    return app


def measured(sizes: Sequence[int], rounds: int, folder: Path, only: str = "") -> tuple[float, Results]:
    """Do every scenario at every size in turn, ``rounds`` times; return the bare page's milliseconds and the rest.

    Files of large contests, which the worker writes, are written within their request like all others.
    """
    exports.LARGE = sys.maxsize
    sites = {size: Site(size, folder) for size in sizes}
    scenarios = [scenario for scenario in SCENARIOS if only in scenario.name]
    results: Results = {scenario.name: defaultdict(Figures) for scenario in scenarios}
    bare, unit = bare_app().test_client(), Figures()
    settle()
    for number in range(rounds + 1):
        for scenario in scenarios:
            if number % scenario.weight == (1 if scenario.weight > 1 and number else 0):
                for size, site in sites.items():
                    if size <= scenario.most:
                        _once(scenario, site.people[scenario.who], results[scenario.name][size], warm=number > 0)
        _bare(bare, unit, warm=number > 0)
    return unit.milliseconds, results


def _once(scenario: Scenario, person: Person, figures: Figures, *, warm: bool) -> None:
    if scenario.prepare is not None:
        scenario.prepare(person)
    before = person.taken
    with statements() as executed:
        gc.collect(0)
        start = time.process_time()
        scenario.act(person)
        took = time.process_time() - start
    if warm or scenario.weight > 1:
        figures.cpu.append(took)
        figures.queries.append(sum(not statement.startswith("BEGIN") for statement in executed))
    figures.size = person.taken - before


def _bare(client: FlaskClient, figures: Figures, *, warm: bool) -> None:
    for _ in range(5):
        start = time.process_time()
        client.get("/").get_data()
        if warm:
            figures.cpu.append(time.process_time() - start)
