"""Who of a team works on an application: the roles at it, and who is to fill in which section."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, aliased

from judging.domain.forms.form import ApplicationForm, FieldKind
from judging.domain.teams import ApplicationRole, TeamRole, role_at_application
from judging.models import Application, ApplicationMember, ApplicationSection, SectionWork, User
from judging.models.base import table_of
from judging.queries.teams import members_of


@dataclass(frozen=True)
class Mate:
    """A person of the team at one application."""

    id: int
    name: str
    email: str
    team_role: TeamRole
    role: ApplicationRole
    active: bool

    @property
    def writes(self) -> bool:
        """Whether they fill in sections."""
        return self.role is not ApplicationRole.READER


def mates_of(session: Session, application: Application) -> list[Mate]:
    """Return everybody of the team with what they are at the application: two selects."""
    if application.team_id is None:
        return []
    table = table_of(ApplicationMember).c
    rows = session.execute(select(table.user_id, table.role).where(table.application_id == application.id))
    given = {row.user_id: ApplicationRole(row.role) for row in rows}
    return [
        Mate(one.id, one.name, one.email, one.role, role_at_application(one.role, given.get(one.id)), one.active)
        for one in members_of(session, application.team_id)
    ]


def leads_of(session: Session, application: Application) -> list[str]:
    """Return the names of those who can submit an application: its own leads before those of the whole team."""
    mates = [one for one in mates_of(session, application) if one.role is ApplicationRole.LEAD and one.active]
    return [one.name for one in sorted(mates, key=lambda one: one.team_role is TeamRole.LEAD)]


@dataclass(frozen=True)
class Work:
    """A section: who is to fill it in, and who marked it as done when. ``changed``: another changed it since then."""

    assignee_id: int | None = None
    assignee: str = ""
    done_at: datetime | None = None
    done_by_id: int | None = None
    done_by: str = ""
    changed: bool = False


def works_of(session: Session, application: Application, form: ApplicationForm) -> dict[str, Work]:
    """Return who works on which section, by its code; sections that nobody was named for are not among them.

    A section that another than who marked it changed afterwards, or whose files came or went, says so.
    """
    found = {}
    slots = {section.code: _slots(section.fields) for section in form.sections}
    for row in session.execute(_works(), {"application": application.id}):
        work = Work(
            row.assignee_id, row.assignee or "", row.done_at, row.done_by_id, row.done_by or ""
        )  # fmt: skip
        if work.done_at is not None:
            typed = row.saved_at is not None and row.saved_at > work.done_at and row.saved_by_id != work.done_by_id
            work = replace(work, changed=typed or _files_changed(application, slots.get(row.code, ()), work))
        found[row.code] = work
    return found


def _slots(fields: Any) -> frozenset[str]:
    return frozenset(field.code for field in fields if field.kind is FieldKind.FILE)


def _files_changed(application: Application, slots: Any, work: Work) -> bool:
    done = work.done_at
    return any(
        file.slot in slots
        and done is not None
        and (
            (file.uploaded_at > done and file.uploaded_by_id != work.done_by_id)
            or (file.removed_at is not None and file.removed_at > done >= file.uploaded_at)
        )
        for file in application.documents
    )


@cache
def _works() -> Select[Any]:
    assignee, done = aliased(table_of(User)), aliased(table_of(User))
    work, section = table_of(SectionWork), table_of(ApplicationSection)
    columns: tuple[Any, ...] = (
        work.c.code, work.c.assignee_id, work.c.done_at, work.c.done_by_id, assignee.c.name.label("assignee"),
        done.c.name.label("done_by"), section.c.saved_at, section.c.saved_by_id,
    )  # fmt: skip
    same = (section.c.application_id == work.c.application_id) & (section.c.code == work.c.code)
    joined = work.outerjoin(assignee, assignee.c.id == work.c.assignee_id)
    joined = joined.outerjoin(done, done.c.id == work.c.done_by_id).outerjoin(section, same)
    return select(*columns).select_from(joined).where(work.c.application_id == bindparam("application"))
