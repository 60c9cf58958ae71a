"""The texts of a contest's public page: changed before and after it is announced, whole, each change on record."""

from typing import Any

from sqlalchemy.orm import Session

from judging.domain.access import By
from judging.domain.errors import Refused
from judging.domain.events import Event
from judging.domain.gates import Act
from judging.domain.public_page import PublicPage, page_document, page_faults
from judging.models import Contest
from judging.services import audit
from judging.services.concurrency import check_version
from judging.services.holding import hold


def change_public_page(session: Session, contest_id: int, page: PublicPage, *, version: int, by: By) -> Contest:
    """Store the texts. Raises :class:`Refused` with the keys of their document, ``Stale`` and ``GateClosed``."""
    contest = hold(session, contest_id, Act.CHANGE_PUBLIC_PAGE)
    check_version(contest, version)
    faults = page_faults(page)
    if faults:
        raise Refused(list(faults))
    put_public_page(session, contest, page, by=by)
    return contest


def put_public_page(session: Session, contest: Contest, page: PublicPage, *, by: By) -> None:
    """Store texts that have no faults; the caller holds the contest."""
    before, after = contest.public_page, page_document(page)
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    if not names:
        return
    details: dict[str, Any] = {name: [before.get(name), after.get(name)] for name in names}
    contest.public_page = after
    audit.record(
        session, Event.PUBLIC_PAGE_CHANGED, by=by, subject=contest, label=contest.title, contest_id=contest.id,
        details=details,
    )  # fmt: skip
