"""Public pages."""

from flask import Blueprint

from judging.domain.access import PUBLIC_PAGE, Permission
from judging.queries import scopes
from judging.web.access import requires

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def index() -> str:
    """Every public contest."""
    return ""


@blueprint.post("/language")
@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def set_language() -> str:
    """Change the language."""
    return ""


@blueprint.get("/contests/<code>")
@requires(Permission.SEE_PUBLIC, scopes.contest_scope)
def contest(code: str) -> str:
    """The terms of a contest."""
    return code


@blueprint.get("/contests/<code>/results")
@requires(Permission.SEE_RESULTS, scopes.results_scope)
def results(code: str) -> str:
    """The published results of a contest."""
    return code


@blueprint.get("/favicon.ico")
@requires(Permission.SEE_PUBLIC, PUBLIC_PAGE)
def favicon() -> str:
    """The icon."""
    return ""
