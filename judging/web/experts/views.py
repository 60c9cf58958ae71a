"""The routes of the area."""

from typing import Any

from flask import abort

from judging.domain.access import Permission
from judging.queries import scopes
from judging.web.access import requires
from judging.web.experts.blueprint import blueprint

__all__ = ["blueprint"]


@blueprint.get("/staff/contests/<code>/experts")
@requires(Permission.SEE_EXPERTS, scopes.contest_scope)
def index(code: str) -> Any:
    """index."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/experts/new")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
def new(code: str) -> Any:
    """new."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/experts/new")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
def create(code: str) -> Any:
    """create."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/experts/<int:expert_id>")
@requires(Permission.SEE_EXPERTS, scopes.expert_in_contest_scope)
def edit(code: str, expert_id: int) -> Any:
    """edit."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/experts/<int:expert_id>")
@requires(Permission.MANAGE_EXPERTS, scopes.expert_in_contest_scope)
def save(code: str, expert_id: int) -> Any:
    """save."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/experts/<int:expert_id>/removal")
@requires(Permission.MANAGE_EXPERTS, scopes.expert_in_contest_scope)
def remove(code: str, expert_id: int) -> Any:
    """remove."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/experts/<int:expert_id>/invitation")
@requires(Permission.MANAGE_EXPERTS, scopes.expert_in_contest_scope)
def invite(code: str, expert_id: int) -> Any:
    """invite."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/experts/invitations")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
def invitations(code: str) -> Any:
    """invitations."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/experts/invitations")
@requires(Permission.MANAGE_EXPERTS, scopes.contest_scope)
def invite_all(code: str) -> Any:
    """invite_all."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/conflicts")
@requires(Permission.SEE_CONFLICTS, scopes.contest_scope)
def conflicts(code: str) -> Any:
    """conflicts."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/conflicts/new")
@requires(Permission.MANAGE_CONFLICTS, scopes.contest_scope)
def new_conflict(code: str) -> Any:
    """new_conflict."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/conflicts/new")
@requires(Permission.MANAGE_CONFLICTS, scopes.contest_scope)
def add_conflict(code: str) -> Any:
    """add_conflict."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/conflicts/<int:conflict_id>")
@requires(Permission.SEE_CONFLICTS, scopes.conflict_in_contest_scope)
def conflict(code: str, conflict_id: int) -> Any:
    """conflict."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/conflicts/<int:conflict_id>/lifting")
@requires(Permission.MANAGE_CONFLICTS, scopes.conflict_in_contest_scope)
def lift_conflict(code: str, conflict_id: int) -> Any:
    """lift_conflict."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/conflicts/detection")
@requires(Permission.MANAGE_CONFLICTS, scopes.contest_scope)
def detect(code: str) -> Any:
    """detect."""
    return abort(404)
