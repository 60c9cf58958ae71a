"""The close of acceptance at a busy server: the moment of arrival decides. At length, 200 and 200: `make faults`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.__main__ import closed, deadline_site, served
from tests.faults.site import Site


@pytest.fixture
def site(database_kind: str, tmp_path: Path) -> Site:
    return deadline_site(database_kind, tmp_path, 12)


@pytest.fixture
def running(site: Site) -> Iterator[tuple[Site, int]]:
    with served(site, workers=2) as started:
        yield started


def test_what_was_sent_before_the_close_is_taken_and_what_was_sent_after_it_is_refused(
    database_kind: str, running: tuple[Site, int]
) -> None:
    outcome, missed = closed(database_kind, *running, before=2, locked=3)
    assert not missed, outcome
