"""The texts of a contest's public page, on pages of its secretary: before and after it is announced."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from judging.domain.access import Permission
from judging.domain.gates import Act
from judging.domain.public_page import PublicPage, page_of
from judging.extensions import db
from judging.models import Contest
from judging.queries import contests, scopes
from judging.services.contests.public_page import change_public_page
from judging.web.access import by_request, requires
from judging.web.contests.blueprint import blueprint
from judging.web.contests.comparison import edit_beside
from judging.web.contests.forms import StoredForm
from judging.web.contests.public_forms import PublicTextsForm, SelfCheckForm
from judging.web.contests.rows import blank_row, rows_changed
from judging.web.editing import carry_out
from judging.web.locks import lock_of, locked
from judging.web.once import once

PATH = "/staff/contests/<code>/rules"


@blueprint.get(PATH + "/self-check")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_self_check(code: str) -> str:
    """The form of the questions of the self-check."""
    contest = contests.by_code(db.session, code)
    return _check_page(contest, _stored_check(contest))


@blueprint.post(PATH + "/self-check")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_self_check(code: str) -> Any:
    """Keep the questions of the self-check."""
    contest, form = contests.by_code(db.session, code), SelfCheckForm()
    if rows_changed(form.self_check):
        return _check_page(contest, form)
    show, stored = partial(_check_page, contest, form), partial(_stored_check, contest)
    return _saved(
        contest,
        (form, show, stored, url_for("contests.edit_self_check", code=code)),
        lambda page: replace(page, self_check=form.questions()),
        gettext("The self-check is saved."),
    )


@blueprint.get(PATH + "/public-page")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
def edit_public_texts(code: str) -> str:
    """The form of organiser, contacts, data policy and answered questions."""
    contest = contests.by_code(db.session, code)
    return _texts_page(contest, _stored_texts(contest))


@blueprint.post(PATH + "/public-page")
@requires(Permission.EDIT_CONTEST, scopes.contest_scope)
@once
def save_public_texts(code: str) -> Any:
    """Keep organiser, contacts, data policy and answered questions."""
    contest, form = contests.by_code(db.session, code), PublicTextsForm()
    if rows_changed(form.answered):
        return _texts_page(contest, form)
    show, stored = partial(_texts_page, contest, form), partial(_stored_texts, contest)
    return _saved(
        contest,
        (form, show, stored, url_for("contests.edit_public_texts", code=code)),
        lambda page: replace(page, **form.values()),
        gettext("The texts of the public page are saved."),
    )


Shown = tuple[StoredForm, Callable[[], str], Callable[[], StoredForm], str]
"""A form; its page; the same form of what is stored; the address of the form."""


def _saved(contest: Contest, shown: Shown, changed: Callable[[PublicPage], PublicPage], done: str) -> Any:
    form, show, stored, again = shown
    return carry_out(
        edit_beside(contest, form, show, stored, again),
        lambda: change_public_page(
            db.session, contest.id, changed(page_of(contest.public_page)), version=form.stated_version, by=by_request()
        ),
        done,
        url_for("contests.rules", code=contest.code, _anchor="public-page"),
    )


def _stored_check(contest: Contest) -> SelfCheckForm:
    rows = [asdict(one) for one in page_of(contest.public_page).self_check]
    return SelfCheckForm(formdata=None, data={"version": contest.version, "self_check": rows})


def _stored_texts(contest: Contest) -> PublicTextsForm:
    page = page_of(contest.public_page)
    texts = {name: getattr(page, name) for name in ("organiser", "contacts", "data_policy")}
    rows = [asdict(one) | {"on": date.fromisoformat(one.on)} for one in page.answered]
    return PublicTextsForm(formdata=None, data={"version": contest.version, "answered": rows, **texts})


def _check_page(contest: Contest, form: SelfCheckForm) -> str:
    lock = lock_of(Act.CHANGE_PUBLIC_PAGE, contest)
    locked(form, lock)
    blank = blank_row(form.self_check)
    return render_template("contests/edit_self_check.html", contest=contest, form=form, blank=blank, lock=lock)


def _texts_page(contest: Contest, form: PublicTextsForm) -> str:
    lock = lock_of(Act.CHANGE_PUBLIC_PAGE, contest)
    locked(form, lock)
    blank = blank_row(form.answered)
    return render_template("contests/edit_public_texts.html", contest=contest, form=form, blank=blank, lock=lock)
