"""Junk at every door: whatever is sent, the answer says what is wrong; it is never an error of the server.

One world (the one of test_access_matrix); nothing is ever committed, so that every request meets the same data. The
forms are the ones that the pages themselves offer, with one or all of their fields replaced by junk. Whoever comes to a
page first sends most of the junk, those after send a little; each database gets junk of its own. On PostgreSQL those
four send it who are offered most forms, to every page once; on SQLite everybody, and those who are kept out too.
"""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from judging import jobs
from judging.extensions import db
from judging.services.accounts import password_hashing
from tests.conftest import emptied
from tests.factories import MOMENT
from tests.web.test_access_matrix import ARGUMENTS, SIGNED_IN, expected, populate, rules

PERSONAS = ("visitor", "team", "expert", "undeclared", "secretary", "chair", "administrator")
PARTS = 2
"""Into how many tests the filled forms are dealt out."""
MOST_OFFERED = ("team", "expert", "secretary", "administrator")
JUNK = (
    "", " ", "\x00", "a\x00b", "NaN", "-Infinity", "1e400", "-1", "0", "9" * 30, "9" * 5000, str(2**31), str(2**63),
    "10000-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30", "31.02.2026 25:61", "0001-01-01",
    "х" * 10_000, "'\"<script>%s%(x)s{{7*7}}", "../../etc/passwd", "%", "_\\", "٣", "²", "\u202e\ufeff\u200b\ud7ff",
    "😀" * 400, "1,5", "1.2.3", "0x10", "-" + "9" * 30, "None", "\r\nBcc: x@example.org", "a@b", "HERE", "1:2:3", ":",
)  # fmt: skip
SHORT = tuple(text for text in JUNK if len(text) <= 100)
"""What fits into a query: a longer one is refused before it is read."""
NUMBERS = (2**31, 10**30)
WORDS = ("a\x00b", "х" * 3000, "9" * 40)
"""Junk in addresses: what the one database or the other does not take."""
QUERY = ("page", "sort", "query", "state", "filter", "since", "until", "person", "kind", "expert", "id", "next", "view")
NAMES = ("", "a\x00.pdf", "..", "CON.pdf", "х" * 300 + ".pdf", 'q"\\;\r\nX: y.pdf', "a.pdf", "a.pdf/..", ".pdf")
BODIES = (b"\xff\xfe=\xff&%ff=%fe&version=%00&" + b"&" * 1000 + b"%" * 50, b"a" * 20_000)
FORM = "application/x-www-form-urlencoded"
ENDING = {"accounts.sign_out", "accounts.sign_out_everywhere", "accounts.revoke_session"}


@dataclass
class Door:
    """A form of a page: where it goes, what its fields held; ``files`` are fields that take files."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Doors(HTMLParser):
    """The forms of a page and the addresses of its links."""

    def __init__(self) -> None:
        super().__init__()
        self.doors: list[Door] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(known.get("href", ""))
        elif tag == "form":
            self.doors.append(Door(known.get("action", ""), known.get("method", "get").lower()))
        elif self.doors and tag in {"input", "select", "textarea", "button"} and known.get("name"):
            kept = self.doors[-1].files if known.get("type") == "file" else self.doors[-1].fields
            kept.append(known["name"] if kept is self.doors[-1].files else (known["name"], known.get("value", "1")))


@dataclass(frozen=True)
class Site:
    """The application with its world, a browser of each persona, and the pages that were met."""

    app: Flask
    ids: dict[str, int]
    kind: str
    met: dict[str, dict[str, Doors]] = field(default_factory=dict)

    @property
    def personas(self) -> tuple[str, ...]:
        return PERSONAS if self.kind == "sqlite" else MOST_OFFERED

    def client(self, persona: str) -> FlaskClient:
        browser = self.app.test_client()
        if persona != "visitor":
            signer = self.app.session_interface.get_signing_serializer(self.app)
            browser.set_cookie("judging", str(signer.dumps({"_user_id": f"token-of-{persona}", "_fresh": True})))
        return browser

    def path(self, rule: Rule, **changed: str | int) -> str:
        known = {"code": "HERE", **ARGUMENTS, **self.ids} | changed
        return str(rule.build({name: known[name] for name in rule.arguments})[1])

    def addresses(self, persona: str) -> Iterator[str]:
        """The address of every page that a persona may see, of the submitted application and of the draft."""
        for rule in rules(self.app):
            if "GET" not in rule.methods or rule.endpoint == "home.favicon" or persona not in expected(self.app, rule):
                continue
            for application in ("application_id", "draft_id") if "application_id" in rule.arguments else ("",):
                yield self.path(rule, **({"application_id": self.ids[application]} if application else {}))

    def pages(self, persona: str) -> dict[str, Doors]:
        """What is on every page that a persona gets, by its address."""
        if persona not in self.met:
            browser = self.client(persona)
            answers = {path: browser.get(path, buffered=True) for path in self.addresses(persona)}
            assert [path for path, answer in answers.items() if answer.status_code == 500] == []
            self.met[persona] = {path: parsed(answer) for path, answer in answers.items() if answer.status_code == 200}
        return self.met[persona]


@pytest.fixture(scope="module")
def site(database_kind: str) -> Iterator[Site]:
    app = emptied(database_kind)
    with app.app_context(), db.sessionmaker() as session, session.begin():
        ids, _ = populate(session, app)
    assert set(PERSONAS) <= {"visitor", *SIGNED_IN}
    with time_machine.travel(MOMENT, tick=False), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "commit", Session.flush)
        patch.setattr(jobs, "run_plan", lambda plan_id: False)  # it would wait for the commit that never comes
        patch.setattr(password_hashing, "_hasher", lambda: PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        patch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        yield Site(app, ids, database_kind)
    with app.app_context():
        db.engine.dispose()


def parsed(answer) -> Doors:
    found = Doors()
    if answer.mimetype == "text/html":
        found.feed(answer.text)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_forms_filled_with_junk(site: Site, part: int) -> None:
    browsers, faults = {name: site.client(name) for name in site.personas}, []
    dealt = [(persona, *one) for persona in site.personas for one in junk_for(site, persona)][part::PARTS]
    for persona, action, kind, data in dealt:
        answer = browsers[persona].post(action, data=data, content_type=kind, buffered=True)
        if answer.status_code >= 500:
            faults.append(f"POST {action} as {persona}: {answer.status_code} {short(data)}")
    assert (PARTS * len(dealt) > 200, faults) == (True, [])


def junk_for(site: Site, persona: str) -> Iterator[tuple[str, str, dict[str, object]]]:
    """What a persona sends, to which address and as what: much where nobody before was offered the form."""
    chance = random.Random(f"20261122 {site.kind} {persona}")
    before = site.personas[: site.personas.index(persona)]
    known = {action for one in before for action in doors_of(site, one)}
    for action, door in doors_of(site, persona).items():
        for data in islice(fillings(door, chance), 2 if action in known else None):
            yield action, "multipart/form-data" if door.files else FORM, data


def doors_of(site: Site, persona: str) -> dict[str, Door]:
    """Every form that a persona is offered, by its address; those that end sessions come from elsewhere."""
    found: dict[str, Door] = {}
    adapter = site.app.url_map.bind("localhost")
    for page, met in site.pages(persona).items():
        for door in met.doors:
            action = door.action or page
            if door.method == "post" and adapter.match(urlsplit(action).path, "POST")[0] not in ENDING:
                found.setdefault(action, door)
    return found


def fillings(door: Door, chance: random.Random) -> Iterator[dict[str, object]]:
    """The form with nothing in it, with every field junk, and with one field junk beside a sound one given twice."""
    plain = dict(door.fields)
    plain.pop("request_key", None)
    yield {}
    yield {name: chance.choice(JUNK) for name in plain} | files(door, chance)
    if plain:
        name, other = chance.choice(sorted(plain)), chance.choice(sorted(plain))
        twice = {other: [plain[other], chance.choice(JUNK)]}
        yield plain | twice | {name: chance.choice(JUNK), "request_key": chance.choice(JUNK)} | files(door, chance)


def files(door: Door, chance: random.Random) -> dict[str, object]:
    content = chance.choice((b"", b"%PDF-1.7 x", b"PK\x03\x04" + b"\xff" * 40, b"\x00" * 9))
    return {name: (io.BytesIO(content), chance.choice(NAMES)) for name in door.files}


@pytest.mark.databases("sqlite")
def test_bodies_that_are_no_forms(site: Site) -> None:
    faults = []
    adapter = site.app.url_map.bind("localhost")
    browsers = {name: site.client(name) for name in PERSONAS}
    for rule in rules(site.app):
        if "POST" not in rule.methods or rule.endpoint in ENDING:
            continue
        path = site.path(rule)
        assert adapter.match(path, "POST")[0] == rule.endpoint
        let_in, kept_out = sides(site, rule)
        for persona, bodies in ((let_in, BODIES), (kept_out, BODIES[:1])):
            for body in bodies if persona else ():
                answer = browsers[persona].post(path, data=body, content_type=FORM, buffered=True)
                if answer.status_code >= 500:
                    faults.append(f"POST {path} as {persona}: {answer.status_code} {body[:30]!r}")
    assert faults == []


def sides(site: Site, rule: Rule) -> tuple[str, str]:
    """One who may come in by a route and one who is signed in and may not; an empty name where there is none."""
    may = [name for name in PERSONAS if name in expected(site.app, rule)]
    others = [name for name in PERSONAS[1:] if name not in may]
    return may[-1] if may else "", random.Random(rule.endpoint).choice(others) if others else ""


def test_junk_in_query_strings(site: Site) -> None:
    chance, faults, known = random.Random(f"59 {site.kind}"), [], set()
    for persona in site.personas:
        browser = site.client(persona)
        for page, met in site.pages(persona).items():
            names = sorted({*QUERY, *names_in(met, page)})
            queries = [
                [(name, chance.choice(SHORT)) for name in names],
                [(chance.choice(names), chance.choice(JUNK)), ("page", "9" * 30)],
            ]
            for query in () if page in known else queries if site.kind == "sqlite" else queries[:1]:
                answer = browser.get(f"{page}?{urlencode(query)}&%ff=%fe", buffered=True)
                if answer.status_code >= 500:
                    faults.append(f"GET {page} as {persona}: {answer.status_code} {short(dict(query))}")
            known.add(page)
    assert faults == []


def asked(answer, page: str) -> set[str]:
    """The parameters that the page's own search forms and links use."""
    return names_in(parsed(answer), page)


def names_in(found: Doors, page: str) -> set[str]:
    names = {name for door in found.doors if door.method == "get" for name, _ in door.fields}
    own = [urlsplit(link).query for link in found.links if urlsplit(link).path in ("", page)]
    return names | {name for query in own for name, _ in parse_qsl(query)}


def test_junk_in_addresses(site: Site) -> None:
    faults = []
    browsers = {name: site.client(name) for name in PERSONAS}
    for place, rule in enumerate(rules(site.app)):
        method = "GET" if "GET" in rule.methods else "POST"
        let_in, kept_out = sides(site, rule)
        for name in sorted(rule.arguments - {"act", "extension"}):
            values = NUMBERS if f"<int:{name}>" in rule.rule else (WORDS[0], WORDS[1 + place % 2])
            for persona, value in [(let_in, value) for value in values] + [(kept_out, values[0])]:
                path = site.path(rule, **{name: value})
                answer = browsers[persona or "team"].open(path, method=method, buffered=True)
                if answer.status_code >= 500:
                    faults.append(f"{method} {path[:80]} as {persona}: {answer.status_code}")
    assert faults == []


def short(data: dict) -> str:
    return str({name: value if len(str(value)) < 60 else f"{str(value)[:50]}…" for name, value in data.items()})
