"""The demonstration's team works together: a second and a third person, the head, and sections shared among them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By
from judging.domain.lifecycle import ApplicationStatus
from judging.domain.teams import ApplicationRole, TeamRole
from judging.models import Application, ApplicationSection, Contest, Team, TeamMember, User
from judging.services.applications.application_roles import give_role
from judging.services.applications.section_work import assign_section, mark_section
from judging.services.demo.stages import OPEN

MATES: Mapping[str, tuple[str, TeamRole]] = {
    "gilyazov@example.org": ("Гилязов Ренат Ильдарович", TeamRole.MEMBER),
    "kupriyanova@example.org": ("Куприянова Ольга Павловна", TeamRole.MEMBER),
    "sharafutdinov@example.org": ("Шарафутдинов Марат Ильясович", TeamRole.HEAD),
}
WHOLE = "participants"
"""The section of the draft that is filled in already."""
CONTRIBUTOR, READER = "gilyazov@example.org", "kupriyanova@example.org"


def share_work(session: Session, team: Team, now: datetime) -> None:
    """Put the mates into the team and share the sections of its draft among them; they sign in with the team's word."""
    lead = team.members[0].user
    people: dict[str, User] = {}
    for email, (name, role) in MATES.items():
        person = User(
            email=email, name=name, password_hash=lead.password_hash, email_confirmed_at=now, created_at=now,
            locale="ru",
        )  # fmt: skip
        team.members.append(TeamMember(user=person, joined_at=now, role=role.value))
        people[email] = person
    session.flush()
    leading = By(Actor(lead.id, lead.name, team_ids=frozenset({team.id}), leads=frozenset({team.id})), now)
    helper = people[CONTRIBUTOR]
    helping = By(Actor(helper.id, helper.name, team_ids=frozenset({team.id})), now)
    for application in _drafts(session, team):
        give_role(session, application.id, people[READER].id, ApplicationRole.READER, by=leading)
        saved = select(ApplicationSection.code).where(ApplicationSection.application_id == application.id)
        for place, code in enumerate(session.scalars(saved.order_by(ApplicationSection.code)).all()):
            assign_section(session, application.id, code, (helper if place % 2 == 0 else lead).id, by=leading)
            if code == WHOLE:
                mark_section(session, application.id, code, done=True, by=helping)


def _drafts(session: Session, team: Team) -> list[Application]:
    mine = select(Application).join(Contest, Contest.id == Application.contest_id)
    wanted = (
        Application.team_id == team.id,
        Contest.code == OPEN,
        Application.status == ApplicationStatus.DRAFT,
    )
    return list(session.scalars(mine.where(*wanted).order_by(Application.id)))
