"""What a score sheet of a contest asks beside its marks: the form, grey once the rules are frozen."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.gates import Act
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.services.contests import change_sheet
from judging.web.access import by_request, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import comparison
from judging.web.contests.forms import SheetForm, sheet_data
from judging.web.editing import Edit, carry_out
from judging.web.locks import lock_of, locked
from judging.web.once import once


@blueprint.get("/staff/contests/<code>/rules/sheet")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_sheet(code: str) -> str:
    """The form of what a score sheet asks."""
    contest = contests.by_code(db.session, code)
    return _page(contest, _stored(contest))


@blueprint.post("/staff/contests/<code>/rules/sheet")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_sheet(code: str) -> Any:
    """Keep what the score sheets of a draft ask."""
    contest = contests.by_code(db.session, code)
    form, again = SheetForm(), url_for("contests.edit_sheet", code=code)
    edit = Edit(
        form,
        show=partial(_page, contest, form),
        compare=lambda: comparison(contest, form, lambda: _stored(contest), again),
    )
    return carry_out(
        edit,
        lambda: change_sheet(db.session, contest.id, form.sheet(), version=form.stated_version, by=by_request()),
        gettext("The score sheet is saved."),
        url_for("contests.rules", code=code, _anchor="sheet"),
    )


def _stored(contest: Contest) -> SheetForm:
    return SheetForm(formdata=None, data=sheet_data(contests.sheet_of(contest)) | {"version": contest.version})


def _page(contest: Contest, form: SheetForm) -> str:
    lock = lock_of(Act.EDIT_RULES, contest)
    locked(form, lock)
    return render_template("contests/edit_sheet.html", contest=contest, form=form, lock=lock)
