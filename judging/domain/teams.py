"""Teams: what a person is in a team and at one of its applications, and the bounds of both."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from judging.domain.collation import search_key
from judging.domain.errors import N_


class TeamRole(StrEnum):
    """What a person is in a team. A head reads and certifies; who certifies is never who submits."""

    LEAD = "lead"
    MEMBER = "member"
    HEAD = "head"


class ApplicationRole(StrEnum):
    """What a person of the team is at one application."""

    LEAD = "lead"
    CONTRIBUTOR = "contributor"
    READER = "reader"


TEAM_ROLE_LABELS: Mapping[TeamRole, str] = {
    TeamRole.LEAD: N_("Leads the team"),
    TeamRole.MEMBER: N_("Member of the team"),
    TeamRole.HEAD: N_("Head of the organisation"),
}

APPLICATION_ROLE_LABELS: Mapping[ApplicationRole, str] = {
    ApplicationRole.LEAD: N_("Leads the application"),
    ApplicationRole.CONTRIBUTOR: N_("Fills it in"),
    ApplicationRole.READER: N_("Only reads"),
}

MOST_MEMBERS = 30
MOST_INVITATIONS = 30
"""Invitations of one team that wait at the same time."""
MOST_REQUESTS = 30
"""Requests to join one team that wait at the same time."""
INVITATION_LASTS = timedelta(days=14)
REQUEST_LASTS = timedelta(days=30)
LONGEST_REMARKS = 4000
"""Characters of what a head asks to correct."""
LONGEST_REASON = 1000


def role_at_application(team_role: TeamRole, given: ApplicationRole | None) -> ApplicationRole:
    """Return what a person of the team is at an application; ``given`` is the role that was given to them there.

    The team's lead always leads, a head of the organisation only reads; everybody else fills in unless told otherwise.
    """
    if team_role is TeamRole.LEAD:
        return ApplicationRole.LEAD
    if team_role is TeamRole.HEAD:
        return ApplicationRole.READER
    return given or ApplicationRole.CONTRIBUTOR


def same_name(one: str, other: str) -> bool:
    """Say whether two names of teams are the same one, in whatever spelling."""
    return search_key(one) == search_key(other)
