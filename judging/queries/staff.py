"""The staff of a contest as people: whom letters about it go to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from judging.domain.access import Role
from judging.models import Grant, User


@dataclass(frozen=True)
class StaffMember:
    """Somebody with a staff role in a contest, or in all."""

    user_id: int
    name: str
    email: str
    locale: str
    role: Role


def staff_of(session: Session, contest_id: int, roles: Sequence[Role]) -> list[StaffMember]:
    """Everybody active who has one of these roles in the contest; once for each role, the first role first."""
    query = (
        select(User.id, User.name, User.email, User.locale, Grant.role)
        .join(Grant, Grant.user_id == User.id)
        .where(User.active, Grant.role.in_(roles), or_(Grant.contest_id == contest_id, Grant.contest_id.is_(None)))
        .distinct()
    )
    found = [StaffMember(row.id, row.name, row.email, row.locale, Role(row.role)) for row in session.execute(query)]
    return sorted(found, key=lambda one: (roles.index(one.role), one.user_id))
