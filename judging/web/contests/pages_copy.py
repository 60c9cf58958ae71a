"""A new contest with the settings of an earlier one."""

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission, Role
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests
from judging.queries.scopes import new_contest_scope
from judging.services.contest_settings import ContestCopy, copied_staff, copy_contest
from judging.web.access import by_request, current_actor, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.forms import CopyForm
from judging.web.editing import Edit, carry_out
from judging.web.once import once
from judging.web.templating import label


@blueprint.get("/staff/contests/<code>/copy")
@requires(Permission.CREATE_CONTEST, new_contest_scope)
def new_copy(code: str) -> str:
    """What is copied and what is not, and the form of the new contest."""
    return _page(contests.by_code(db.session, code), CopyForm())


@blueprint.post("/staff/contests/<code>/copy")
@requires(Permission.CREATE_CONTEST, new_contest_scope)
@once
def copy(code: str) -> Any:
    """Make the draft."""
    base, form = contests.by_code(db.session, code), CopyForm()
    made = (form.code.data or "").strip()
    return carry_out(
        Edit(form, show=lambda: _page(base, form)),
        lambda: copy_contest(
            db.session, base.id, ContestCopy(made, form.opens.data, bool(form.staff.data)), by=by_request()
        ),
        gettext("The draft is created. Check the dates and texts and publish the contest."),
        lambda _: url_for("contests.overview", code=made),
    )


def _page(base: Contest, form: CopyForm) -> str:
    staff = copied_staff(db.session, base.id, current_actor().user_id)
    return render_template(
        "contests/new_copy.html",
        contest=base,
        form=form,
        staff=[(grant.user.name, label(Role(grant.role))) for grant in staff],
    )
