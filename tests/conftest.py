"""Fixtures: the application on each database, sessions, signed-in clients."""

import gc
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from config import Config
from judging.adapters import translations
from judging.app import create_app
from judging.extensions import db
from judging.models import SignIn, User
from judging.models.engine import reads_only, writing
from judging.web.access import token_hash
from tests import costly, factories, pages, sharing
from tests.databases import database, workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("unhurried", deadline=None, max_examples=50)
settings.register_profile("quick", deadline=None, max_examples=25)  # of `make check`
settings.load_profile("unhurried")
"""No test is about time: an example may take long where the machine has much to do."""

Store = Callable[[], AbstractContextManager[Session]]

T = TypeVar("T")


class Prepared(Protocol):
    """See :func:`prepared`."""

    def __call__(self, fill: Callable[[Session], T], /) -> T:
        """Have in the database what ``fill`` makes."""


LONG = ("browser", "office", "slow")
"""The marks of tests that take long."""
MEMORY, PLENTY = Path("/dev/shm"), 4 * 2**30
"""A disk takes some milliseconds for each commit; in memory, where there is enough of it, a commit takes none."""


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # till all is collected: nothing of it goes away
    if not hasattr(config, "workerinput") and not translations.is_compiled():
        subprocess.run([sys.executable, "bin/messages.py", "--compile"], cwd=config.rootpath, check=True)
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= PLENTY:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Deal the modules with long tests out to the workers and let each begin with its own, so that none ends alone.

    At first every worker has the next so many of all tests (``--dist worksteal``). Of a module with long tests those
    that are marked ``first`` come before the others, whatever their order is.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = {item.path for item in items if "journeys" in item.path.parts or any(map(item.get_closest_marker, LONG))}
    modules: dict[Path, list[pytest.Item]] = {path: [] for path in sorted(long)}
    for item in items:
        modules.get(item.path, []).append(item)
    for own in modules.values():
        own.sort(key=lambda item: item.get_closest_marker("first") is None)
    others = (item for item in items if item.path not in long)
    dealt = []
    for place in range(workers):
        share = list(chain(*list(modules.values())[place::workers]))
        size = len(items) * (place + 1) // workers - len(items) * place // workers
        dealt += [*share, *islice(others, max(0, size - len(share)))]
    items[:] = [*dealt, *others]


def pytest_collection_finish() -> None:
    """What is there before the first test stays: no search for garbage looks at it again, and those are few."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite,postgresql", help="the databases to test on, comma between")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("--databases").split(",")
        marked = metafunc.definition.get_closest_marker("databases")
        only = marked.args if marked else getattr(metafunc.module, "DATABASES", kinds)
        metafunc.parametrize("database_kind", [kind for kind in kinds if kind in only], scope="session")


@pytest.fixture(autouse=True, scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all workers."""
    base = tmp_path_factory.getbasetemp()
    sharing.folder = (base.parent if hasattr(request.config, "workerinput") else base) / "shared"
    sharing.folder.mkdir(exist_ok=True)
    return sharing.folder


@pytest.fixture(autouse=True, scope="session")
def compiled_templates(shared: Path) -> None:
    """Templates are compiled once, however many applications the tests make, and however many workers there are."""
    folder = shared / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for all tests of this process; everybody in it has a window and cookies of their own."""
    from tests.browser import chromium

    with chromium() as started:
        yield started


@cache
def application(kind: str) -> Flask:
    """The application on one database, made once a process."""
    config = Config(
        secret_key="x" * 40,
        database_url=database(kind).url,
        instance_dir=workspace(),
        storage_url=f"file://{workspace() / 'documents'}",
        testing=True,
        extra={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False, "SERVER_NAME": "localhost"},
    )
    app = create_app(config)
    pages.watch(app)
    return app


def let_go(app: Flask, kind: str) -> None:
    """Close the connections to a database that is laid anew."""
    if not database(kind).keeps_connections:
        with app.app_context():
            db.engine.dispose()


def emptied(kind: str) -> Flask:
    """The application of this process with nothing in its database and nothing remembered of what was there."""
    app = application(kind)
    let_go(app, kind)
    database(kind).empty()
    app.extensions["standings"].clear()
    app.extensions["tallies"].clear()
    return app


@pytest.fixture
def app(database_kind: str) -> Iterator[Flask]:
    """The application on an empty, migrated database; CSRF and rate limits are switched on where they are tested."""
    app = emptied(database_kind)
    costly.watch()
    costly.faults.clear()
    pages.faults.clear()
    yield app
    assert costly.faults == []
    assert pages.faults == []
    reads_only.set(False)
    let_go(app, database_kind)


@pytest.fixture
def store(app: Flask) -> Store:
    """``with store() as session:`` a session of its own that commits at the end. Close it before a request."""
    with app.app_context():
        make = db.sessionmaker

    @contextmanager
    def opened() -> Iterator[Session]:
        with writing(), make() as session, session.begin():
            yield session

    return opened


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    """One session for a whole test of services or queries, with no request beside it."""
    with store() as session:
        yield session


_prepared: dict[tuple[str, Callable[[Session], object]], tuple[str, object, int]] = {}
"""What :func:`prepared` keeps, by database and by what made it: its name there, what was given back, and how far the
factories had counted.
"""


@pytest.fixture
def prepared(app: Flask, database_kind: str, store: Store) -> Prepared:
    """``prepared(fill)`` calls ``fill`` with a session, in a test that has written nothing yet, and gives its result.

    That is done once a process; for every later test the same rows are laid into its database, in a fraction of the
    time. ``fill`` gives back ids and texts, and follows from nothing but itself.
    """
    kept, base = _prepared, database(database_kind)

    def laid(fill: Callable[[Session], T]) -> T:
        known = kept.get((database_kind, fill))
        if known is None:
            with store() as session:
                made = fill(session)
            let_go(app, database_kind)
            name = f"prepared_{len(kept)}"
            base.keep(name)
            kept[database_kind, fill] = name, deepcopy(made), factories.count_on()
            return made
        let_go(app, database_kind)
        name, given, number = known
        base.restore(name)
        factories.count_on(number)
        return cast("T", deepcopy(given))

    return laid


@contextmanager
def filled(kind: str, fill: Callable[[Session], object]) -> Iterator[Flask]:
    """The application with what ``fill`` makes in its database, for the tests of a whole module.

    None of them may use ``app``, which empties the database: each has a session by :func:`taken_back`.
    """
    app = emptied(kind)
    with app.app_context(), writing(), db.sessionmaker() as session, session.begin():
        fill(session)
    yield app
    let_go(app, kind)


@contextmanager
def taken_back(app: Flask) -> Iterator[Session]:
    """A session of which nothing stays."""
    with app.app_context():
        make = db.sessionmaker
    with writing(), make() as session:
        yield session
        session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, store: Store) -> Callable[[int], FlaskClient]:
    """``sign_in(user_id)`` gives a browser with that person signed in."""

    def signed_in(user_id: int) -> FlaskClient:
        token, moment = secrets.token_urlsafe(32), datetime.now(UTC)
        with store() as session:
            user = session.get_one(User, user_id)
            session.add(
                SignIn(
                    user=user,
                    token_hash=token_hash(token),
                    created_at=moment,
                    expires_at=moment + timedelta(days=3650),
                )
            )
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return signed_in
