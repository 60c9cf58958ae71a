"""The demonstration as a site: one application with everything in it, and every page that each role can reach by links.

Pages are found by following links from the home page, as people do, one address for each (role, route); so a page that
nothing leads to is not found, and a test can say so.
"""

import re
import secrets
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from config import Config
from judging.app import create_app
from judging.domain.access import Role
from judging.domain.jobs import JobKind
from judging.extensions import db
from judging.models import SignIn, User
from judging.services.demo import demo_accounts, load_demo
from judging.web.access import token_hash
from tests.databases import migrated, workspace
from tests.sharing import made_once
from tests.working import work_next

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
FILE = "demo.sqlite3"
MOST_PAGES = 3000
OUTSIDE = 6


@dataclass(frozen=True)
class Found:
    """A page that ``role`` reached: the route's endpoint and one address of it; ``is_page`` False for a download.

    ``kinds`` are the kinds of elements that the page has.
    """

    role: Role
    endpoint: str
    path: str
    is_page: bool
    kinds: frozenset[tuple[str, str]]


class Collector(HTMLParser):
    """Collects the kinds of elements that a page has: tags with each of their classes, and with each attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _ in attrs}
        self.found |= {(tag, f".{name}") for name in (dict(attrs).get("class") or "").split()}


def kinds(text: str) -> frozenset[tuple[str, str]]:
    """The kinds of elements of a page."""
    page = Collector()
    page.feed(text)
    return frozenset(page.found)


@contextmanager
def demo_app() -> Iterator[Flask]:
    """An application on a database of its own with the demonstration in it, CSRF and limits on as in real life."""
    with tempfile.TemporaryDirectory(prefix="judging-demo-") as own:
        place = Path(own) / "site"
        shutil.copytree(made_once("demonstration", workspace(), _load), place)
        with _app(place) as app:
            yield app


def _load(place: Path) -> None:
    """Make a folder with the demonstration as it is when it has just been loaded."""
    place.mkdir()
    shutil.copyfile(migrated(), place / FILE)
    with _app(place) as app, app.app_context():
        load_demo(db.session, app.extensions["storage"], now=datetime.now(UTC))
        db.session.commit()
        while work_next(JobKind.PLANS):
            pass


@contextmanager
def _app(place: Path) -> Iterator[Flask]:
    app = create_app(
        Config(
            secret_key="y" * 40,
            database_url=_url(place),
            instance_dir=place,
            storage_url=f"file://{place / 'documents'}",
        )
    )
    yield app
    with app.app_context():
        db.engine.dispose()


def _url(place: Path) -> str:
    return f"sqlite:///{place / FILE}"


def cookies(app: Flask) -> dict[Role, str | None]:
    """The session cookie of the first demonstration account of each role, signed in; None for a visitor."""
    emails = {account.role: account.email for account in reversed(demo_accounts())}
    return {Role.PUBLIC: None} | {role: cookie_of(app, email) for role, email in emails.items()}


def cookie_of(app: Flask, email: str) -> str:
    """Sign a person in and return the value of the session cookie."""
    token, moment = secrets.token_urlsafe(32), datetime.now(UTC)
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        db.session.add(
            SignIn(
                user_id=user.id,
                token_hash=token_hash(token),
                created_at=moment,
                expires_at=moment + timedelta(days=1),
            )
        )
        db.session.commit()
    serializer = app.session_interface.get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"_user_id": token, "_fresh": True}))


def reachable(app: Flask, role: Role, cookie: str | None) -> list[Found]:
    """Every route that ``role`` reaches by links, with its fullest page; asserts that each page met answers 200.

    A route is followed once in each contest, and :data:`OUTSIDE` times where no contest is named in its address.
    """
    client = app.test_client()
    if cookie:
        client.set_cookie("judging", cookie)
    queue, seen, met = deque(["/"]), {"/"}, Counter[tuple[str, str]]()
    fullest: dict[str, tuple[int, str, str]] = {}
    while queue and len(seen) < MOST_PAGES:
        path = queue.popleft()
        place = place_of(app, path)
        if place is None or met[place] >= (1 if place[1] else OUTSIDE):
            continue
        answer = client.get(path)
        if answer.status_code in (302, 303):
            queue.extend(fresh_links(f'<a href="{answer.location}">', path, seen))
            continue
        assert answer.status_code == 200, f"{role}: {path} answers {answer.status_code}"
        met[place] += 1
        text = answer.text if answer.mimetype == "text/html" else ""
        fullest[place[0]] = max(fullest.get(place[0], (0, "", "")), (len(answer.data), path, text))
        queue.extend(fresh_links(text, path, seen))
    return [Found(role, endpoint, path, bool(text), kinds(text)) for endpoint, (_, path, text) in fullest.items()]


def fresh_links(html: str, base: str, seen: set[str]) -> list[str]:
    """The local links of a page that were not seen yet; they count as seen from now on."""
    fresh = []
    for href in LINK.findall(html):
        parts = urlsplit(unescape(href))
        if parts.netloc or parts.scheme:
            continue
        path = (parts.path or base.split("?")[0]) + (f"?{parts.query}" if parts.query else "")
        if path not in seen:
            seen.add(path)
            fresh.append(path)
    return fresh


def place_of(app: Flask, path: str) -> tuple[str, str] | None:
    """The route of a path and the contest it is in; None for static files and what is no route."""
    try:
        endpoint, arguments = app.url_map.bind("localhost").match(path.split("?")[0], method="GET")
    except HTTPException:
        return None
    return None if endpoint == "static" else (str(endpoint), str(arguments.get("code", "")))
