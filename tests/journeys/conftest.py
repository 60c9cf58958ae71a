"""An application of a journey's own; when one fails, the report says what everybody had before them."""

import shutil
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Error

from config import Config
from judging.app import create_app
from judging.extensions import db
from tests.databases import migrated
from tests.journeys.people import Person, Stage


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application as it is served, on an empty SQLite file that the module's own tests fill."""
    folder = tmp_path_factory.mktemp("journey")
    url = f"sqlite:///{shutil.copyfile(migrated(), folder / 'judging.sqlite3')}"
    made = create_app(
        Config(secret_key="z" * 40, database_url=url, instance_dir=folder, storage_url=f"file://{folder / 'documents'}")
    )
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    if isinstance(stage, Stage) and report.when == "call" and report.failed:
        report.sections += [(f"{person.name} at {person.page.url}", seen(person)) for person in stage.present]
    return report


def seen(person: Person) -> str:
    """The words of the page that is open, or why they cannot be read."""
    try:
        return person.page.locator("body").inner_text(timeout=2000)
    except Error as error:
        return f"the page does not answer: {error.message}"
