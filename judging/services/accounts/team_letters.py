"""The letters about teams: English templates, and how they reach some of a team."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from judging.domain.errors import N_
from judging.queries.applications import Reader
from judging.services import letters
from judging.services.letters import Wording

INVITE_MATE = Wording(
    N_("An invitation to the team “%(team)s”"),
    N_(
        "Hello, %(name)s!\n\n"
        "%(inviter)s invites you to the cluster team “%(team)s”, which prepares applications for contests of joint"
        " projects of industrial clusters.\n"
        "Your role in the team: %(role)s.\n\n"
        "To accept, open the page and press the button on it:\n\n%(link)s\n\n"
        "The link works until %(until)s. If the invitation is not for you, do nothing.\n"
    ),
)
MATE_JOINED = Wording(
    N_("%(person)s has joined the team “%(team)s”"),
    N_("%(person)s (%(email)s) has accepted the invitation and is in the team “%(team)s” now.\n"),
)
REMOVED = Wording(
    N_("You are no longer in the team “%(team)s”"),
    N_(
        "Hello!\n\n%(by)s has removed you from the team “%(team)s”. Its applications are closed to you now.\n"
        "If this is a mistake, write to the lead of the team.\n"
    ),
)
MATE_LEFT = Wording(
    N_("%(person)s has left the team “%(team)s”"),
    N_("%(person)s has left the team “%(team)s”. Sections that were assigned to this person are free again.\n"),
)
LEAD_HANDED = Wording(
    N_("You lead the team “%(team)s” now"),
    N_(
        "Hello!\n\n%(by)s has handed the lead of the team “%(team)s” over to you. From now on you submit its"
        " applications, take people in and give roles.\n"
    ),
)
ASKS_TO_JOIN = Wording(
    N_("%(person)s asks to be taken into the team “%(team)s”"),
    N_(
        "%(person)s (%(email)s) has registered and asks to be taken into the team “%(team)s”.\n\n"
        "Accept or refuse on the page of the team: %(page)s\n"
        "If you do not know this person, refuse: until you accept, nothing of the team is shown to them.\n"
    ),
)
TAKEN_IN = Wording(
    N_("You are in the team “%(team)s” now"),
    N_("Hello!\n\nYou have been taken into the team “%(team)s”. Its applications: %(page)s\n"),
)
NOT_TAKEN_IN = Wording(
    N_("The answer to your request to join a team"),
    N_(
        "Hello!\n\nYour request to join the team “%(team)s” was not accepted.\n"
        "You can make a team of your own: %(page)s\n"
    ),
)
MENDED = Wording(
    N_("An administrator invites somebody to your team “%(team)s”"),
    N_(
        "Hello!\n\nAn administrator has invited %(person)s (%(email)s) to the team “%(team)s” as its lead.\n"
        "Reason: %(reason)s\n\nIf you know of no reason for this, write to the organiser of the contest at once.\n"
    ),
)


def tell(
    session: Session, people: Iterable[Reader], wording: Wording, *, key: str, now: datetime, **params: object
) -> None:
    """Write to each of these people; ``key`` names the occasion."""
    for person in people:
        letters.write(
            session,
            wording,
            key=f"{key}:{person.id}",
            recipient=person.email,
            locale=person.locale,
            params=params,
            now=now,
        )
