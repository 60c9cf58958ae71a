"""Whether the form of a contest can be changed at all now; what kinds of change are allowed is asked of each."""

from judging.domain.lifecycle import NotPossible
from judging.models import Contest
from judging.services.forms.form_store import require_allowed
from judging.web.clock import arrived


def require_editable(contest: Contest) -> None:
    """Raise :class:`NotPossible` once the ranking of the contest is made up."""
    require_allowed(contest, (), arrived())


def editable_now(contest: Contest) -> bool:
    """Whether any kind of change is allowed."""
    try:
        require_editable(contest)
    except NotPossible:
        return False
    return True
