"""What the page that asks for the password once more says it is about: who would get which role, and where."""

from flask import request

from judging.domain.access import ROLE_LABELS, STAFF_ROLES, Role
from judging.extensions import db
from judging.models import Contest, GrantRequest, User
from judging.web.request_bounds import as_id
from judging.web.templating import translate


def role_of_person(user_id: int) -> str:
    """A role that is asked for somebody with an account."""
    user = db.session.get(User, user_id)
    return _line(user.name, user.email) if user else ""


def role_asked_for(request_id: int) -> str:
    """A role that another administrator asked for."""
    asked = db.session.get(GrantRequest, request_id)
    return "" if asked is None else _words(asked.name, asked.email, Role(asked.role), asked.contest_id)


def invitation() -> str:
    """A role of somebody who is to be invited, as it was typed."""
    return _line(request.form.get("name", ""), request.form.get("email", ""))


def _line(name: str, email: str) -> str:
    """The role and the contest as they were chosen in the form; nothing where the form has no such role."""
    role = request.form.get("role", "")
    if role not in STAFF_ROLES:
        return name.strip()
    return _words(name, email, Role(role), request.form.get("contest_id", type=as_id))


def _words(name: str, email: str, role: Role, contest_id: int | None) -> str:
    contest = db.session.get(Contest, contest_id) if contest_id else None
    where = contest.title if contest else translate("All contests")
    return " · ".join((name.strip(), email.strip(), translate(ROLE_LABELS[role]), where))
