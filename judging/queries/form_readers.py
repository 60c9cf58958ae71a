"""Who is written to about a change of a contest's form: the people of every team that has an application under it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, Contest, TeamMember, User
from judging.models.base import table_of

CONCERNED = (ApplicationStatus.DRAFT, ApplicationStatus.SUBMITTED, ApplicationStatus.ADMITTED)
"""Applications whose team is told; a rejected or withdrawn one is over."""


@dataclass(frozen=True)
class FormReader:
    """Somebody of such a team with the applications that the letter leads to; ``mark`` tells readers apart."""

    mark: str
    email: str
    locale: str
    applications: tuple[int, ...]


def teams_concerned(session: Session, contest: Contest) -> int:
    """Return how many teams are written to; of a trial, how many invented contacts have a letter made out to them."""
    table = table_of(Application).c
    of: Any = table.contact_email if contest.trial else table.team_id
    counted = select(func.count(of.distinct())).where(*_concerned(contest))
    return session.scalar(counted.where(of != "") if contest.trial else counted) or 0


def form_readers(session: Session, contest: Contest) -> list[FormReader]:
    """Return the people of those teams whose account is open, each once; of a trial its invented contacts."""
    applications, members, users = (table_of(model).c for model in (Application, TeamMember, User))
    columns: tuple[Any, ...]
    if contest.trial:
        columns = (applications.contact_email, applications.contact_email, applications.id)
        asked = select(*columns).where(applications.contact_email != "").order_by(applications.id)
        rows = [("ru", *row) for row in session.execute(asked.where(*_concerned(contest)))]
    else:
        columns = (users.locale, users.id, users.email, applications.id)
        found = (
            select(*columns)
            .join(members.team_id.table, members.team_id == applications.team_id)
            .join(users.id.table, users.id == members.user_id)
            .where(*_concerned(contest), users.active.is_(True))
            .order_by(users.id, applications.id)
        )
        rows = [tuple(row) for row in session.execute(found)]
    mine: dict[tuple[str, Any, str], list[int]] = defaultdict(list)
    for locale, mark, email, application in rows:
        mine[locale, mark, email].append(application)
    return [FormReader(str(mark), email, locale, tuple(keys)) for (locale, mark, email), keys in mine.items()]


def _concerned(contest: Contest) -> tuple[Any, ...]:
    table = table_of(Application).c
    return table.contest_id == contest.id, table.status.in_([one.value for one in CONCERNED])
