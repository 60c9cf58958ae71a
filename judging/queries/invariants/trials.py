"""Checks of trial contests: what is one says so, and nobody who exists has anything in it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.domain.trials import is_reserved, is_trial_code
from judging.models import Cluster, Contest, Expert, Grant, TeamMember
from judging.queries.invariants.checks import Offence


def unmarked_trials(session: Session) -> Iterator[Offence]:
    """Yield trials whose code does not say so, and real contests whose code says that they are trials."""
    for row in session.execute(select(Contest.id, Contest.code, Contest.trial).order_by(Contest.id)):
        if row.trial != is_trial_code(row.code):
            words = "a trial" if row.trial else "a real contest"
            yield Offence("contest", row.id, f"{row.code}: is {words}, and its code says otherwise")


def people_in_trials(session: Session) -> Iterator[Offence]:
    """Yield what people with accounts, or with addresses of their own, have in trials."""
    experts = select(Expert.id, Expert.email, Expert.user_id).join(Contest, Contest.id == Expert.contest_id)
    for row in session.execute(experts.where(Contest.trial).order_by(Expert.id)):
        if row.user_id is not None or not is_reserved(row.email):
            yield Offence("expert", row.id, f"{row.email} is of a trial and is somebody")
    members = (
        select(TeamMember.user_id, TeamMember.team_id)
        .join(Cluster, Cluster.team_id == TeamMember.team_id)
        .join(Contest, Contest.id == Cluster.contest_id)
        .where(Contest.trial)
        .distinct()
    )
    for user_id, team_id in session.execute(members.order_by(TeamMember.user_id)):
        yield Offence("user", user_id, f"is in the team {team_id}, which works in a trial")
    grants = select(Grant.id, Grant.role).join(Contest, Contest.id == Grant.contest_id)
    for grant_id, role in session.execute(grants.where(Contest.trial).order_by(Grant.id)):
        yield Offence("grant", grant_id, f"the role {role} is given in a trial")
