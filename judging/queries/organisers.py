"""Who holds the contests of this installation, as their public pages say it: for the consent and the foot of pages."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ContestStatus
from judging.domain.public_page import page_of
from judging.models import Contest

MOST = 5
"""Organisers that are named on one page."""
OVER = (ContestStatus.DRAFT, ContestStatus.RESULTS_PUBLISHED, ContestStatus.CANCELLED)


@dataclass(frozen=True)
class Organiser:
    """Who holds contests, with the words of the newest of them: its ``code``, contacts, policy on personal data."""

    name: str
    code: str
    contacts: str
    data_policy: str


def organisers(session: Session) -> list[Organiser]:
    """The organisers of the contests that go on, each once, the newest contest first; those that are not named none."""
    query = (
        select(Contest.code, Contest.public_page)
        .where(Contest.published_at.is_not(None), Contest.status.not_in(OVER), Contest.trial.is_(False))
        .order_by(Contest.published_at.desc(), Contest.id.desc())
    )
    named: dict[str, Organiser] = {}
    for code, document in session.execute(query):
        page = page_of(document)
        if page.organiser and page.organiser not in named:
            named[page.organiser] = Organiser(page.organiser, code, page.contacts, page.data_policy)
    return list(named.values())[:MOST]
