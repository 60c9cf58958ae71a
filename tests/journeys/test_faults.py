"""Server or browser die while people work: nothing acknowledged is lost or there twice; at length: make faults, typing.

The rounds of typing have a thread of their own: where a browser of the tests is open, this one has a loop already.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from judging.extensions import db
from judging.queries.invariants import INVARIANTS, lost_files
from tests.faults import typing
from tests.faults.rounds import run
from tests.faults.server import Server
from tests.faults.site import Site, make_site

SEED = 20261129


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path, sheets=2, drafts=24, uploads=1)


def test_what_was_acknowledged_before_a_kill_is_there_once(site: Site) -> None:
    tally = run(site, Server(site.environment), 2, random.Random(SEED))
    with site.app.app_context():
        facts = (*INVARIANTS, lost_files(site.app.extensions["storage"]))
        violated = [str(offence) for fact in facts for offence in fact.find(db.session) if not fact.warning]
        db.session.rollback()
        db.engine.dispose()
    assert (tally.rounds, tally.acknowledged.total() > 0, tally.lost, tally.doubled, violated) == (2, True, [], [], [])


@pytest.mark.slow
@pytest.mark.browser
def test_what_was_typed_into_a_section_when_server_or_browser_died_is_there_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as own:
        tally = own.submit(typing.run, tmp_path, ("server", "browser"), SEED, 0.3).result()
    assert (tally.rounds.total(), tally.acknowledged > 0, tally.lost, tally.doubled) == (2, True, [], [])


@pytest.mark.slow
@pytest.mark.browser
def test_a_sheet_is_submitted_once_though_the_server_is_killed_meanwhile(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as own:
        tally = own.submit(typing.run, tmp_path, ("submit",), SEED, 0.3, "sheet").result()
    assert (tally.rounds.total(), tally.acknowledged > 0, tally.lost, tally.doubled) == (1, True, [], [])
