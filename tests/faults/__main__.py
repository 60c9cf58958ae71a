"""``python -m tests.faults [--rounds N] [--seed N] [--databases sqlite,postgresql]``; exit 1 if amiss."""

import argparse
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.databases import migrated_database
from tests.faults.deadline import Close, close
from tests.faults.rounds import run, verified
from tests.faults.server import Server
from tests.faults.site import Site, make_site

CLOSE_TOGETHER = 200
"""Submissions sent before the close, and as many after it."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description="Kill the server again and again, and look.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--databases", default="sqlite,postgresql")
    given = parser.parse_args()
    print(f"seed {given.seed}")
    return max(faults_of(kind, given.rounds, given.seed) for kind in given.databases.split(","))


def faults_of(kind: str, rounds: int, seed: int) -> int:
    """Run the rounds on one database; print what came of it and return 1 where something is lost, doubled or amiss."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="judging-faults-") as folder:
        url = migrated_database("judging_faults") if kind == "postgresql" else ""
        site = make_site(Path(folder), url, drafts=60 * rounds, sheets=4, uploads=3)
        server = Server(site.environment, workers=3 if url else 1, worker=True)
        tally = run(site, server, rounds, random.Random(seed))
        amiss = verified(site)
    _, missed = deadline_of(kind, CLOSE_TOGETHER)
    print(f"{kind}: {tally}; verify --files {'holds' if not amiss else 'DOES NOT HOLD'}; "
          f"{time.monotonic() - started:.0f} s", flush=True)  # fmt: skip
    for line in [f"lost {one}" for one in tally.lost] + [f"doubled {one}" for one in tally.doubled] + [amiss]:
        if line:
            print(line)
    return int(bool(tally.lost or tally.doubled or amiss or missed))


def deadline_of(kind: str, number: int) -> tuple[Close, bool]:
    """Send that many submissions before the close and as many after it; print and return what came of it."""
    with (
        tempfile.TemporaryDirectory(prefix="judging-deadline-") as folder,
        served(deadline_site(kind, Path(folder), number), workers=3) as (site, port),
    ):
        return closed(kind, site, port, before=4, locked=6)


def deadline_site(kind: str, folder: Path, number: int) -> Site:
    """An installation on a database of that kind with drafts for twice that many submissions."""
    url = migrated_database("judging_deadline") if kind == "postgresql" else ""
    return make_site(folder, url, drafts=2 * number, sheets=0, uploads=0)


@contextmanager
def served(site: Site, *, workers: int) -> Iterator[tuple[Site, int]]:
    """Have a site served, on PostgreSQL by so many ``workers``; gives its port too."""
    server = Server(site.environment, workers=workers if site.environment["DATABASE_URL"] else 1)
    server.start()
    try:
        yield site, server.port
    finally:
        server.stop()


def closed(kind: str, site: Site, port: int, *, before: float, locked: float) -> tuple[Close, bool]:
    """Let a contest close, see :func:`tests.faults.deadline.close`; print and return what came of it.

    Seconds: the first submissions leave ``before`` the close, and the database is ``locked`` from then on.
    """
    outcome = close(site, port, before=before, locked=locked)
    print(f"{kind}: deadline: {outcome}; {'as it must be' if outcome.whole else f'AMISS: {outcome!r}'}", flush=True)
    return outcome, not outcome.whole


if __name__ == "__main__":
    sys.exit(main())
