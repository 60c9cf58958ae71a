"""The setting of who sees whose marks and when: any before publication, only a stricter one after."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.gates import Act
from judging.domain.lifecycle import ContestStatus
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.services.contests.visibility import change_visibility
from judging.web.access import by_request, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import edit_beside
from judging.web.contests.visibility_forms import VisibilityForm, stored_visibility
from judging.web.editing import carry_out
from judging.web.locks import lock_of, locked
from judging.web.once import once

PATH = "/staff/contests/<code>/rules/visibility"


@blueprint.get(PATH)
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_visibility(code: str) -> str:
    """The form of who sees marks and names, and when."""
    contest = contests.by_code(db.session, code)
    return _page(contest, stored_visibility(contest))


@blueprint.post(PATH)
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_visibility(code: str) -> Any:
    """Keep who sees marks and names, and when."""
    contest = contests.by_code(db.session, code)
    form = VisibilityForm(contest)
    again = url_for("contests.edit_visibility", code=code)
    return carry_out(
        edit_beside(contest, form, partial(_page, contest, form), partial(stored_visibility, contest), again),
        lambda: change_visibility(
            db.session, contest.id, form.visibility(), version=form.stated_version, by=by_request()
        ),
        gettext("Who sees whose marks is saved."),
        url_for("contests.rules", code=code, _anchor="visibility"),
    )


def _page(contest: Contest, form: VisibilityForm) -> str:
    lock = lock_of(Act.CHANGE_VISIBILITY, contest)
    locked(form, lock)
    return render_template(
        "contests/edit_visibility.html", contest=contest, form=form, lock=lock,
        contest_status=ContestStatus(contest.status),
    )  # fmt: skip
