"""When a journey fails, the report says what everybody had before them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Error

from tests.journeys.people import Person, Stage


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
