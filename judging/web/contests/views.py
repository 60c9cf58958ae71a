"""A contest in the hands of its secretary: create, edit, publish."""

from flask import Blueprint

from judging.domain.access import DESK, Permission, Scope
from judging.queries import scopes
from judging.web.access import requires

blueprint = Blueprint("contests", __name__)


@blueprint.get("/staff/contests")
@requires(Permission.SEE_CONTESTS, DESK)
def index() -> str:
    """index."""
    return ""


@blueprint.get("/staff/contests/new")
@requires(Permission.CREATE_CONTEST, Scope())
def new() -> str:
    """new."""
    return ""


@blueprint.post("/staff/contests/new")
@requires(Permission.CREATE_CONTEST, Scope())
def create() -> str:
    """create."""
    return ""


@blueprint.get("/staff/contests/from-archive")
@requires(Permission.CREATE_CONTEST, Scope())
def from_archive() -> str:
    """from_archive."""
    return ""


@blueprint.post("/staff/contests/from-archive")
@requires(Permission.CREATE_CONTEST, Scope())
def load_archive() -> str:
    """load_archive."""
    return ""


@blueprint.get("/staff/contests/<code>")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def overview(code: str) -> str:
    """overview."""
    return ""


@blueprint.get("/staff/contests/<code>/rules")
@requires(Permission.SEE_CONTEST, scopes.contest_scope)
def rules(code: str) -> str:
    """rules."""
    return ""


@blueprint.get("/staff/contests/<code>/rules/general")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_general(code: str) -> str:
    """edit_general."""
    return ""


@blueprint.post("/staff/contests/<code>/rules/general")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def save_general(code: str) -> str:
    """save_general."""
    return ""


@blueprint.get("/staff/contests/<code>/rules/scoring")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_scoring(code: str) -> str:
    """edit_scoring."""
    return ""


@blueprint.post("/staff/contests/<code>/rules/scoring")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def save_scoring(code: str) -> str:
    """save_scoring."""
    return ""


@blueprint.get("/staff/contests/<code>/rules/criteria/new/<kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_criterion(code: str, kind: str) -> str:
    """new_criterion."""
    return ""


@blueprint.post("/staff/contests/<code>/rules/criteria/new/<kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def add_criterion(code: str, kind: str) -> str:
    """add_criterion."""
    return ""


@blueprint.get("/staff/contests/<code>/rules/criteria/<int:criterion_id>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_criterion(code: str, criterion_id: int) -> str:
    """edit_criterion."""
    return ""


@blueprint.post("/staff/contests/<code>/rules/criteria/<int:criterion_id>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def save_criterion(code: str, criterion_id: int) -> str:
    """save_criterion."""
    return ""


@blueprint.post("/staff/contests/<code>/rules/criteria/<int:criterion_id>/removal")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def remove_criterion(code: str, criterion_id: int) -> str:
    """remove_criterion."""
    return ""


@blueprint.post("/staff/contests/<code>/rules/criteria/<int:criterion_id>/position")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def move_criterion(code: str, criterion_id: int) -> str:
    """move_criterion."""
    return ""


@blueprint.get("/staff/contests/<code>/publication")
@requires(Permission.PUBLISH_CONTEST, scopes.contest_scope)
def publication(code: str) -> str:
    """publication."""
    return ""


@blueprint.post("/staff/contests/<code>/publication")
@requires(Permission.PUBLISH_CONTEST, scopes.contest_scope)
def publish(code: str) -> str:
    """publish."""
    return ""


@blueprint.get("/staff/contests/<code>/cancellation")
@requires(Permission.CANCEL_CONTEST, scopes.contest_scope)
def cancellation(code: str) -> str:
    """cancellation."""
    return ""


@blueprint.post("/staff/contests/<code>/cancellation")
@requires(Permission.CANCEL_CONTEST, scopes.contest_scope)
def cancel(code: str) -> str:
    """cancel."""
    return ""


@blueprint.get("/staff/contests/<code>/schedule")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def extension(code: str) -> str:
    """extension."""
    return ""


@blueprint.post("/staff/contests/<code>/schedule")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def reschedule(code: str) -> str:
    """reschedule."""
    return ""
