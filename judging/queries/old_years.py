"""Texts of a copied contest that still name a year of the one that it was copied from."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from judging.adapters.settings import settings_object
from judging.domain.errors import Refused
from judging.domain.lifecycle import ContestStatus
from judging.domain.settings.documents import NamedYear, named_years
from judging.models import Contest
from judging.queries.contest_settings import settings_of_contest


def old_years(session: Session, contest: Contest) -> tuple[NamedYear, ...]:
    """Return the texts of a draft that name a year of its base before its own; nothing of any other contest."""
    base = session.get(Contest, contest.copied_from_id) if contest.copied_from_id is not None else None
    if base is None or contest.status != ContestStatus.DRAFT:
        return ()
    first, last = (at.astimezone(ZoneInfo(base.timezone)).year for at in (base.applications_open, base.review_close))
    opens = contest.applications_open.astimezone(ZoneInfo(contest.timezone)).year
    years = range(first, min(last + 1, opens))
    try:
        document = settings_object(settings_of_contest(session, contest))
    except Refused:
        return ()
    return named_years(document, years) if years else ()
