"""Whether the marks of experts, and what can be told from them, are shown to the person who looks at a page."""

from judging.domain.access import Permission, Scope
from judging.models import Contest
from judging.web.access import allowed, sight_of


def marks_are_shown(contest: Contest) -> bool:
    """Whether the one who looks may see the marks of this contest's sheets: of every sheet that was handed in."""
    return allowed(Permission.SEE_ALL_REVIEWS, Scope(contest_id=contest.id)) and sight_of(contest).shows(None)
