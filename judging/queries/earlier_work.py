"""What a team did in other contests and can begin with: its applications, and its organisations by their ИНН."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.forms.form import ApplicationForm
from judging.domain.lifecycle import ApplicationStatus
from judging.models import Application, Contest, Organisation
from judging.models.base import table_of
from judging.queries.answers import answers_of
from judging.queries.forms import compiled_form_of
from judging.queries.submissions import last_submitted

MOST_APPLICATIONS = 100
"""Earlier applications that are offered, the latest ones."""
MOST_ORGANISATIONS = 200
"""Organisations of earlier contests that are offered."""


@dataclass(frozen=True)
class EarlierApplication:
    """An application of the team in another contest; ``number`` is None where it was never submitted."""

    id: int
    title: str
    number: str | None
    status: ApplicationStatus
    contest_title: str
    at: datetime


@dataclass(frozen=True)
class KnownOrganisation:
    """What the team said of an organisation last."""

    id: int
    inn: str
    ogrn: str
    name: str
    region: str
    contest_title: str


def earlier_applications(session: Session, contest_id: int, team_id: int) -> list[EarlierApplication]:
    """Return the team's applications in other contests that have a title, the one last worked on first."""
    mine, contests = table_of(Application).c, table_of(Contest).c
    columns: tuple[Any, ...] = (
        mine.id, mine.title, mine.number, mine.status, contests.title.label("contest_title"), mine.submitted_at,
        mine.updated_at,
    )  # fmt: skip
    rows = session.execute(
        select(*columns)
        .join_from(table_of(Application), table_of(Contest), contests.id == mine.contest_id)
        .where(mine.team_id == team_id, mine.contest_id != contest_id, mine.title != "", contests.trial.is_(False))
        .order_by(mine.updated_at.desc(), mine.id.desc())
        .limit(MOST_APPLICATIONS)
    )
    return [
        EarlierApplication(
            row.id, row.title, row.number, ApplicationStatus(row.status), row.contest_title,
            row.submitted_at or row.updated_at,
        )
        for row in rows
    ]  # fmt: skip


def last_answers(session: Session, application: Application) -> tuple[ApplicationForm, Mapping[str, Any]]:
    """Return the form and the answers of an application: of what was submitted last, of a draft what stands in it."""
    if application.submitted_at is None:
        compiled = compiled_form_of(application.contest)
        return compiled.form, answers_of(application, compiled)
    last = last_submitted(session, application)
    return last.form.form, last.answers


def earlier_organisations(session: Session, contest_id: int, team_id: int) -> list[KnownOrganisation]:
    """Return the organisations of the team in other contests whose ИНН this contest's cluster lacks, by their name.

    Of several with one ИНН the one of the latest contest.
    """
    known = known_organisations(session, team_id, other_than=contest_id)
    mine = table_of(Organisation).c
    inn: Any = mine.inn
    there = set(session.scalars(select(inn).where(mine.contest_id == contest_id, mine.team_id == team_id)))
    found = [one for one in known.values() if one.inn not in there]
    return found[:MOST_ORGANISATIONS]


def known_organisations(
    session: Session, team_id: int, *, other_than: int | None = None, inn: str | None = None
) -> dict[str, KnownOrganisation]:
    """Return by ИНН what the team said of its organisations last, in the order of their names.

    ``other_than``: not in this contest; ``inn``: of one organisation alone. What other teams said is not asked for.
    """
    mine, contests = table_of(Organisation).c, table_of(Contest).c
    columns: tuple[Any, ...] = (
        mine.id, mine.inn, mine.ogrn, mine.name, mine.region, mine.sort_name, contests.title.label("contest_title"),
    )  # fmt: skip
    wanted = (
        select(*columns)
        .join_from(table_of(Organisation), table_of(Contest), contests.id == mine.contest_id)
        .where(mine.team_id == team_id, contests.trial.is_(False))
        .order_by(contests.applications_close.desc(), mine.id.desc())
    )
    if other_than is not None:
        wanted = wanted.where(mine.contest_id != other_than)
    if inn is not None:
        wanted = wanted.where(mine.inn == inn)
    last: dict[str, Any] = {}
    for row in session.execute(wanted):
        last.setdefault(row.inn, row)
    ordered = sorted(last.values(), key=lambda row: (row.sort_name, row.inn))
    return {
        row.inn: KnownOrganisation(row.id, row.inn, row.ogrn, row.name, row.region, row.contest_title)
        for row in ordered
    }
