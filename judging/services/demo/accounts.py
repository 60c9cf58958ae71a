"""The demonstration's people. One password for all, printed at the start; addresses end in example.org."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.access import Actor, By, Role
from judging.models import Contest, Expert, Grant, Team, TeamMember, User
from judging.services.accounts import Invitation, ask_invitation, ask_role
from judging.services.accounts.password_hashing import hash_password

PASSWORD = "klaster-2026-demo"  # noqa: S105 -- a demonstration's password, printed by `make run`


@dataclass(frozen=True)
class Account:
    """A demonstration account as it is printed: who, with which address, in which role."""

    role: Role
    email: str
    name: str


STAFF = (
    Account(Role.SECRETARY, "secretary@example.org", "Соколова Елена Викторовна"),
    Account(Role.CHAIR, "chair@example.org", "Громов Андрей Николаевич"),
    Account(Role.OBSERVER, "observer@example.org", "Лебедева Ирина Сергеевна"),
    Account(Role.ADMINISTRATOR, "admin@example.org", "Фомин Дмитрий Олегович"),
    Account(Role.ADMINISTRATOR, "admin2@example.org", "Ефимова Марина Петровна"),
)
OBSERVER = STAFF[2]
INVITED = Account(Role.SECRETARY, "nikitina@example.org", "Никитина Ольга Сергеевна")
"""Who is to be invited when an administrator has approved it; there is no account of this address."""
TEAM = Account(Role.TEAM, "team@example.org", "Хайруллина Алсу Маратовна")
EXPERT = Account(Role.EXPERT, "a.beryozkina@example.org", "Берёзкина Анна Львовна")


def demo_accounts() -> Sequence[Account]:
    """One account of each role, in the order in which people try them; two of administrators, for roles take two."""
    return (TEAM, EXPERT, *STAFF)


def make_accounts(session: Session, *, now: datetime) -> Team:
    """Add staff, the team and an account for every expert of every contest; return the team."""
    password = hash_password(PASSWORD)
    for account in STAFF:
        person = _person(session, account.email, account.name, password, now)
        person.grants.append(Grant(role=account.role.value, contest_id=None, granted_at=now))
    team = Team(name="Камский машиностроительный кластер", created_at=now)
    team.members.append(
        TeamMember(user=_person(session, TEAM.email, TEAM.name, password, now), joined_at=now, role="lead")
    )
    session.add(team)
    _make_experts(session, password, now)
    session.flush()
    return team


def ask_for_roles(session: Session, *, now: datetime) -> None:
    """Leave one role awaiting each administrator: an invitation, and a role of somebody with an account."""
    first, second = (
        session.scalars(select(User).where(User.email == account.email)).one()
        for account in STAFF
        if account.role is Role.ADMINISTRATOR
    )
    contests = {contest.code: contest.id for contest in session.scalars(select(Contest))}
    ask_invitation(
        session,
        Invitation(email=INVITED.email, name=INVITED.name, role=INVITED.role, contest_id=contests["PP41-2026-2"]),
        by=By(Actor(second.id, second.name), now - timedelta(minutes=20)),
    )
    observer = session.scalars(select(User).where(User.email == OBSERVER.email)).one()
    ask_role(
        session,
        observer,
        Role.CHAIR,
        contest_id=contests["PP41-2028"],
        by=By(Actor(first.id, first.name), now - timedelta(minutes=5)),
    )


def _make_experts(session: Session, password: str, now: datetime) -> None:
    """One account for each address, tied to that expert's card in every contest."""
    people: dict[str, User] = {}
    for expert in session.scalars(select(Expert).order_by(Expert.id)):
        if expert.email not in people:
            people[expert.email] = _person(session, expert.email, expert.name, password, now)
        expert.user = people[expert.email]
        expert.invited_at = expert.accepted_at = now


def _person(session: Session, email: str, name: str, password: str, now: datetime) -> User:
    person = User(email=email, name=name, password_hash=password, email_confirmed_at=now, created_at=now, locale="ru")
    session.add(person)
    return person
