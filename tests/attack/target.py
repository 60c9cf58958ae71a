"""What is attacked: a server of its own with a draft to upload to, a ranking to compare with, and an expert at work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from judging.adapters.archive import read_archive
from judging.domain.access import CONSOLE, By
from judging.exports import RankingExport
from judging.exports.workbook import ranked_workbook
from judging.extensions import db
from judging.queries.rankings import compute_ranking
from judging.services.archives import load_contest
from tests import factories
from tests.attack.browser import Browser
from tests.faults.site import Site, cookie, make_site

GOLDEN = Path(__file__).parents[1] / "data" / "golden-1.json"


@dataclass(frozen=True)
class Answer:
    """A status (0: the connection ended without one), and the page."""

    status: int
    page: str


@dataclass(frozen=True)
class Attack:
    """One attempt: its title, what sends it, and the statuses that are right."""

    title: str
    send: Callable[[int], Answer]
    statuses: Sequence[int]


@dataclass
class Target:
    """An installation to be attacked; cookies are ``name=value``."""

    site: Site
    secretary: str
    book: bytes
    contest: str

    def browser(self, port: int, who: str = "") -> Browser:
        """A browser with somebody signed in: the secretary, unless another cookie is given."""
        return Browser(port, who or self.secretary)

    def stranger(self, port: int) -> Browser:
        """A browser with nobody signed in."""
        return Browser(port, "")

    @property
    def draft(self) -> int:
        """An application that exists."""
        return self.site.uploads[0][1]

    @property
    def review(self) -> int:
        """A review that exists."""
        return self.site.sheets[0][1]


def make_target(folder: Path, database_url: str = "") -> Target:
    """Make the installation; its example contest has the ranking that workbooks are compared with."""
    site = make_site(folder, database_url, sheets=2, drafts=0, uploads=1)
    with site.app.app_context():
        contest = load_contest(db.session, read_archive(GOLDEN.read_bytes()), by=By(CONSOLE, datetime.now(UTC)))
        secretary = cookie(db.session, site.app, factories.user(db.session, "secretary"))
        db.session.commit()
        ranking = compute_ranking(db.session, contest.id)
        book = ranked_workbook(RankingExport(*ranking, made_at=datetime.now(UTC), made_by="—"))
        code = contest.code
        db.engine.dispose()
    return Target(site, secretary, book, code)
