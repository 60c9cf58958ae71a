"""Nominations of a draft contest: each on a form of its own, with the weights of the criteria in it."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.domain.access import Permission
from judging.domain.gates import Act, require
from judging.extensions import db
from judging.models import Contest, Nomination
from judging.queries import contests, scopes
from judging.services import contests as services
from judging.web.access import by_request, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import edit_beside
from judging.web.contests.forms import MoveForm
from judging.web.contests.nomination_forms import NominationForm, first_data, nomination_data, nomination_form
from judging.web.editing import carry_out
from judging.web.home.terms import criterion_cards
from judging.web.locks import lock_of, locked
from judging.web.once import once

PATH = "/staff/contests/<code>/rules/nominations"


@blueprint.get(PATH + "/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_nomination(code: str) -> str:
    """The form of a new nomination, filled with what the contest has."""
    contest = contests.by_code(db.session, code)
    require(Act.EDIT_RULES, contest.status)
    return _page(contest, _empty(contest), None)


@blueprint.post(PATH + "/new")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def add_nomination(code: str) -> Any:
    """Add a nomination after the others."""
    contest = contests.by_code(db.session, code)
    form = nomination_form(contest)()
    again = url_for("contests.new_nomination", code=code)
    edit = edit_beside(contest, form, partial(_page, contest, form, None), lambda: _empty(contest), again)
    return carry_out(
        edit,
        lambda: services.add_nomination(
            db.session, contest.id,
            services.NominationChange(form.nomination(), version=form.stated_version), by=by_request(),
        ),
        gettext("The nomination is added."),
        _list(code),
    )  # fmt: skip


@blueprint.get(PATH + "/<int:nomination_id>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_nomination(code: str, nomination_id: int) -> str:
    """The form of a nomination; grey with the reason once the rules are frozen."""
    contest = contests.by_code(db.session, code)
    row = _row(contest, nomination_id)
    return _page(contest, _stored(contest, row), row)


@blueprint.post(PATH + "/<int:nomination_id>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_nomination(code: str, nomination_id: int) -> Any:
    """Keep a nomination of a draft contest."""
    contest = contests.by_code(db.session, code)
    row = _row(contest, nomination_id)
    form = nomination_form(contest)(data=_data(contest, row))
    again = url_for("contests.edit_nomination", code=code, nomination_id=nomination_id)
    edit = edit_beside(contest, form, partial(_page, contest, form, row), lambda: _stored(contest, row), again)
    return carry_out(
        edit,
        lambda: services.change_nomination(
            db.session, contest.id, nomination_id,
            services.NominationChange(form.nomination(), version=form.stated_version), by=by_request(),
        ),
        gettext("The nomination is saved."),
        _list(code),
    )  # fmt: skip


@blueprint.post(PATH + "/<int:nomination_id>/removal")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def remove_nomination(code: str, nomination_id: int) -> Response:
    """Remove a nomination; the last one leaves the contest without any."""
    contest, form = contests.by_code(db.session, code), MoveForm()
    services.remove_nomination(db.session, contest.id, nomination_id, version=form.stated_version, by=by_request())
    db.session.commit()
    flash(gettext("The nomination is removed."), "success")
    return redirect(_list(code), code=303)


@blueprint.post(PATH + "/<int:nomination_id>/position")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def move_nomination(code: str, nomination_id: int) -> Response:
    """Move a nomination up or down."""
    contest, form = contests.by_code(db.session, code), MoveForm()
    services.move_nomination(
        db.session, contest.id, nomination_id, -1 if form.direction.data == "up" else 1,
        version=form.stated_version, by=by_request(),
    )  # fmt: skip
    db.session.commit()
    return redirect(_list(code), code=303)


def _list(code: str) -> str:
    return url_for("contests.rules", code=code, _anchor="nominations")


def _row(contest: Contest, nomination_id: int) -> Nomination:
    found = next((row for row in contest.nominations if row.id == nomination_id), None)
    return found if found is not None else abort(404)


def _data(contest: Contest, row: Nomination) -> dict[str, Any]:
    values = dict(zip((one.id for one in contest.nominations), contests.nominations_of(contest), strict=True))
    return nomination_data(contest, values[row.id])


def _empty(contest: Contest) -> NominationForm:
    return nomination_form(contest)(formdata=None, data=first_data(contest) | {"version": contest.version})


def _stored(contest: Contest, row: Nomination) -> NominationForm:
    return nomination_form(contest)(formdata=None, data=_data(contest, row) | {"version": contest.version})


def _page(contest: Contest, form: NominationForm, row: Nomination | None) -> str:
    lock = lock_of(Act.EDIT_RULES, contest)
    locked(form, lock)
    return render_template(
        "contests/edit_nomination.html", contest=contest, form=form, row=row, cards=criterion_cards(contest), lock=lock
    )
