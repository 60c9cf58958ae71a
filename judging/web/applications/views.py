"""A cluster team's applications: the list, the task list of one, its submission and its receipt."""

from flask import abort
from werkzeug.wrappers import Response

from judging.domain.access import DESK, Permission
from judging.queries import scopes
from judging.web.access import requires
from judging.web.applications.blueprint import blueprint
from judging.web.once import once


@blueprint.get("/applications")
@requires(Permission.SEE_OWN_APPLICATIONS, DESK)
def mine() -> str:
    """The team's applications and the contests open now."""
    abort(404)


@blueprint.post("/contests/<code>/applications")
@requires(Permission.CREATE_APPLICATION, scopes.team_contest_scope)
@once
def start(code: str) -> Response:
    """Begin an application."""
    abort(404)


@blueprint.get("/contests/<code>/cluster")
@requires(Permission.EDIT_TEAM, scopes.team_contest_scope)
def cluster(code: str) -> str:
    """The team's cluster in the contest."""
    abort(404)


@blueprint.get("/applications/<int:application_id>")
@requires(Permission.SEE_APPLICATION, scopes.application_scope)
def show(application_id: int) -> str:
    """The task list of a draft, the status line of what was submitted."""
    abort(404)


@blueprint.get("/applications/<int:application_id>/receipt")
@requires(Permission.SUBMIT_APPLICATION, scopes.application_scope)
def receipt(application_id: int) -> str:
    """The receipt."""
    abort(404)


@blueprint.get("/documents/<int:document_id>")
@requires(Permission.SEE_DOCUMENTS, scopes.document_scope)
def document(document_id: int) -> Response:
    """A stored file."""
    abort(404)
