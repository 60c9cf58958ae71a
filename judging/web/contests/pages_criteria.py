"""Criteria of a draft contest: one form for each kind."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from judging.adapters.preset import GENERAL, read_preset
from judging.domain.access import Permission
from judging.domain.gates import Act, require
from judging.domain.rubric import ExpertCriterion
from judging.extensions import db
from judging.models import Contest, Criterion
from judging.queries import contests, scopes
from judging.services import contests as services
from judging.web.access import by_request, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import edit_beside
from judging.web.contests.criterion_forms import FORMS, CriterionForm, level_data, lists_of
from judging.web.contests.forms import MoveForm
from judging.web.contests.rows import blank_row, rows_changed
from judging.web.contests.untouched_numbers import known_numbers
from judging.web.criterion_headings import known_groups
from judging.web.editing import carry_out
from judging.web.locks import lock_of, locked
from judging.web.once import once


@blueprint.get("/staff/contests/<code>/rules/criteria/new/<kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def new_criterion(code: str, kind: str) -> str:
    """An empty form of one kind of criterion."""
    contest = contests.by_code(db.session, code)
    require(Act.EDIT_RULES, contest.status)
    return _page(contest, _empty(contest, kind), None)


@blueprint.post("/staff/contests/<code>/rules/criteria/new/<kind>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def add_criterion(code: str, kind: str) -> Any:
    """Add a criterion at the end of the rubric."""
    contest = contests.by_code(db.session, code)
    form = _form_class(kind)(contest)
    if rows_changed(*lists_of(form)):
        return _page(contest, form, None)
    again = url_for("contests.new_criterion", code=code, kind=kind)
    edit = edit_beside(contest, form, partial(_page, contest, form, None), lambda: _empty(contest, kind), again)
    return carry_out(
        edit,
        lambda: services.add_criterion(
            db.session, contest.id,
            services.CriterionChange(form.criterion(), form.texts(), version=form.stated_version), by=by_request(),
        ),
        gettext("The criterion is added."),
        url_for("contests.rules", code=code, _anchor="criteria"),
    )  # fmt: skip


@blueprint.get("/staff/contests/<code>/rules/criteria/<int:criterion_id>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_criterion(code: str, criterion_id: int) -> str:
    """The form of a criterion; grey with the reason once the rules are frozen."""
    contest = contests.by_code(db.session, code)
    row = _row(contest, criterion_id)
    return _page(contest, _stored(contest, row), row)


@blueprint.post("/staff/contests/<code>/rules/criteria/<int:criterion_id>")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_criterion(code: str, criterion_id: int) -> Any:
    """Keep a criterion of a draft."""
    contest = contests.by_code(db.session, code)
    row = _row(contest, criterion_id)
    form = FORMS[row.kind](contest, data=known_numbers(FORMS[row.kind], row, request.form))
    form.stored = row.guidance
    if rows_changed(*lists_of(form)):
        return _page(contest, form, row)
    again = url_for("contests.edit_criterion", code=code, criterion_id=criterion_id)
    edit = edit_beside(contest, form, partial(_page, contest, form, row), lambda: _stored(contest, row), again)
    return carry_out(
        edit,
        lambda: services.change_criterion(
            db.session, contest.id, criterion_id,
            services.CriterionChange(form.criterion(), form.texts(), version=form.stated_version), by=by_request(),
        ),
        gettext("The criterion is saved."),
        url_for("contests.rules", code=code, _anchor="criteria"),
    )  # fmt: skip


@blueprint.post("/staff/contests/<code>/rules/criteria/<int:criterion_id>/removal")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def remove_criterion(code: str, criterion_id: int) -> Response:
    """Remove a criterion from the rubric."""
    contest, form = contests.by_code(db.session, code), MoveForm()
    services.remove_criterion(db.session, contest.id, criterion_id, version=form.stated_version, by=by_request())
    db.session.commit()
    flash(gettext("The criterion is removed."), "success")
    return redirect(url_for("contests.rules", code=code, _anchor="criteria"), code=303)


@blueprint.post("/staff/contests/<code>/rules/criteria/<int:criterion_id>/position")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def move_criterion(code: str, criterion_id: int) -> Response:
    """Move a criterion up or down."""
    contest, form = contests.by_code(db.session, code), MoveForm()
    services.move_criterion(
        db.session, contest.id, criterion_id, -1 if form.direction.data == "up" else 1,
        version=form.stated_version, by=by_request(),
    )  # fmt: skip
    db.session.commit()
    return redirect(url_for("contests.rules", code=code, _anchor="criteria"), code=303)


def _form_class(kind: str) -> type[CriterionForm]:
    found = FORMS.get(kind)
    return found if found is not None else abort(404)


def _row(contest: Contest, criterion_id: int) -> Criterion:
    found = next((row for row in contest.criteria if row.id == criterion_id), None)
    return found if found is not None else abort(404)


def _empty(contest: Contest, kind: str) -> CriterionForm:
    """A new criterion's form; a scale starts with the preset's general levels in words."""
    form_class = _form_class(kind)
    levels = read_preset().descriptors.get(GENERAL, []) if kind == ExpertCriterion.kind else []
    data = {"version": contest.version, "levels": [level_data(item) for item in levels]}
    return form_class(contest, formdata=None, data=data)


def _stored(contest: Contest, row: Criterion) -> CriterionForm:
    form_class = FORMS[row.kind]
    return form_class(contest, formdata=None, data=form_class.data_of(row) | {"version": contest.version})


def _page(contest: Contest, form: CriterionForm, row: Criterion | None) -> str:
    lock = lock_of(Act.EDIT_RULES, contest)
    locked(form, lock)
    blanks = {rows.short_name: blank_row(rows) for rows in lists_of(form)}
    groups = known_groups(contests.criteria_of(contest))
    return render_template(
        "contests/edit_criterion.html", contest=contest, form=form, row=row, blanks=blanks, groups=groups, lock=lock
    )
