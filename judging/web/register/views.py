"""The routes of the area."""

from typing import Any

from flask import abort

from judging.domain.access import Permission
from judging.queries import scopes
from judging.web.access import requires
from judging.web.register.blueprint import blueprint

__all__ = ["blueprint"]


@blueprint.get("/staff/contests/<code>/applications")
@requires(Permission.SEE_REGISTER, scopes.contest_scope)
def index(code: str) -> Any:
    """index."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/applications/<int:application_id>")
@requires(Permission.SEE_REGISTER, scopes.application_in_contest_scope)
def show(code: str, application_id: int) -> Any:
    """show."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/applications/<int:application_id>/admission")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def admit(code: str, application_id: int) -> Any:
    """admit."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/applications/<int:application_id>/rejection")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def reject(code: str, application_id: int) -> Any:
    """reject."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/applications/<int:application_id>/reinstatement")
@requires(Permission.ADMIT_APPLICATION, scopes.application_in_contest_scope)
def reinstate(code: str, application_id: int) -> Any:
    """reinstate."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/applications/<int:application_id>/withdrawal")
@requires(Permission.WITHDRAW_APPLICATION, scopes.application_in_contest_scope)
def withdraw(code: str, application_id: int) -> Any:
    """withdraw."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/admission")
@requires(Permission.ADMIT_APPLICATION, scopes.contest_scope)
def admission(code: str) -> Any:
    """admission."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/admission")
@requires(Permission.ADMIT_APPLICATION, scopes.contest_scope)
def admit_many(code: str) -> Any:
    """admit_many."""
    return abort(404)


@blueprint.get("/staff/contests/<code>/reviews/<int:review_id>")
@requires(Permission.SEE_ALL_REVIEWS, scopes.review_in_contest_scope)
def review(code: str, review_id: int) -> Any:
    """review."""
    return abort(404)


@blueprint.post("/staff/contests/<code>/reviews/<int:review_id>/return")
@requires(Permission.RETURN_REVIEW, scopes.review_in_contest_scope)
def return_review(code: str, review_id: int) -> Any:
    """return_review."""
    return abort(404)
