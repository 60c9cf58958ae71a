"""Who may not act in a trial: teams of people, whose work is never wiped."""

from judging.domain.access import By
from judging.domain.errors import N_
from judging.domain.lifecycle import NotPossible
from judging.models import Contest


def refuse_people(contest: Contest, by: By) -> None:
    """Raise ``NotPossible`` where somebody with an account would enter something of a team's into a trial."""
    if contest.trial and by.actor.user_id is not None:
        raise NotPossible(N_("This is a trial contest: its teams are invented, and nobody applies to it."))
